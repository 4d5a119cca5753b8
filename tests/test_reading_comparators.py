"""The slot between a flow and its figure: exceeded, no more than, twice, nowhere near."""

import pytest
from hypothesis import given, HealthCheck, settings, strategies as st

from detente.claims.record import Record

from .readings import A, C, figure, lone_agree, said, U


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record that ships, whatever the user of this machine added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETENTE_HOME", str(tmp_path_factory.mktemp("home")))
        return Record.open()


# Flow, what the record has of it in billions, and its year.
EXPORTS = ("South Korea's exports to China", 124.8, 2023, "were")
SURPLUS = ("South Korea's trade surplus with China", 55.64, 2018, "was")
DEFICIT = ("South Korea's trade deficit with China", 18.0, 2023, "was")
SUBJECTS = (EXPORTS, SURPLUS, DEFICIT)

ABOVE = (
    "exceeded|topped|surpassed|passed|crossed|broke|broke through|beat|BE larger than|BE greater than"
    "|BE higher than|BE bigger than|BE more than|BE well above|stood above|BE in excess of"
    "|BE upwards of|BE north of|BE over|amounted to more than|came to over|totalled more than"
    "|had surpassed|easily exceeded|narrowly topped|BE just over|BE no less than|BE not less than"
    "|BE at least|BE no lower than|BE no smaller than|did not fall below|never dropped below"
    "|eclipsed|breached|cleared|came in above|BE worth more than|outstripped|stayed above"
    "|BE a minimum of|exceeded the mark of"
).split("|")
BELOW = (
    "fell short of|BE less than|BE lower than|BE smaller than|BE below|BE under|did not exceed"
    "|did not reach|failed to reach|failed to top|never exceeded|BE no more than|BE not more than"
    "|BE no greater than|BE no higher than|BE at most|stayed below|remained under|came in below"
    "|BE well below|BE just under|did not surpass|BE shy of|BE a maximum of|trailed"
).split("|")


def sentence(subject: tuple[str, float, int, str], words: str, amount: float) -> str:
    name, _, year, be = subject
    return f"{name} {words.replace('BE', be)} ${amount:g} billion in {year}."


@pytest.mark.parametrize("words", ABOVE)
def test_finding_1_a_lower_bound(words: str, record: Record) -> None:
    """ "Exceeded $120 billion" is true of 124.8; it was read as an equality and contradicted."""
    for subject in SUBJECTS:
        lower, higher = round(0.93 * subject[1], 1), round(1.12 * subject[1], 1)
        assert figure(sentence(subject, words, lower), record) == A, sentence(subject, words, lower)
        assert C in said(sentence(subject, words, higher), record)


@pytest.mark.parametrize("words", BELOW)
def test_finding_2_an_upper_bound(words: str, record: Record) -> None:
    for subject in SUBJECTS:
        lower, higher = round(0.9 * subject[1], 1), round(1.1 * subject[1], 1)
        assert figure(sentence(subject, words, higher), record) == A
        assert C in said(sentence(subject, words, lower), record)


EQUALS = (
    "were|came to|stood at|totalled|totaled|amounted to|reached|hit|were worth|were valued at"
    "|equalled|came in at|were put at|added up to|were recorded at|ended at|were around|were about"
    "|were roughly|were close to|were nearly|were some"
).split("|")


@pytest.mark.parametrize("words", EQUALS)
def test_an_equality(words: str, record: Record) -> None:
    assert figure(f"{EXPORTS[0]} {words} $124.8 billion in 2023.", record) == A
    assert figure(f"{EXPORTS[0]} {words} $148.1 billion in 2023.", record) == C


# Each beside the true amount: the sentence is false, or says nothing of the amount itself.
NOT_EQUAL = (
    "were nowhere near|were twice|were double|were triple|were half of|were half|were less than half of"
    "|were more than double|were three times|were a third of|were two thirds of|were only half"
    "|were a fraction of|were $30 billion more than|were $20 billion less than|were $2 billion short of"
    "|were 10 percent of|were 20 percent below|were ten times|were many times|were anything but"
    "|were hardly|were scarcely|were a far cry from|were miles from|were not|were never|weren't"
    "|could have been|should have been|were supposed to be|were not even|were not close to"
    "|were a long way from|were a tenth of|were multiples of|fell by|dropped|rose by|grew by|were cut by"
    "|missed a target of|beat forecasts of|exceeded forecasts of|were different from|averaged"
    "|were up to|were as much as|would be|may be|surged by|lost|were within|grew to within reach of"
).split("|")


@pytest.mark.parametrize("words", NOT_EQUAL)
def test_finding_2_words_that_change_the_amount(words: str, record: Record) -> None:
    """A multiple, a fraction, a difference or a word of no list: no verdict from the digits."""
    text = f"{EXPORTS[0]} {words} $124.8 billion in 2023."
    assert A not in said(text, record), text


AFTER = (
    " lower| higher than in 2000| below target| short| per month| per capita| each"
    "|, all of it semiconductors|, all of it chips|, entirely chips|, excluding cars|, without chips"
    "|, not counting chips|, of semiconductors alone| for services| of cars| excluding Hong Kong"
    "|, a claim the ministry denied|, which is untrue|, an exaggeration|, a number later debunked"
    "|, though the true figure was higher|, or so it was claimed|, not"
).split("|")


@pytest.mark.parametrize("words", AFTER)
def test_finding_2_words_after_the_figure(words: str, record: Record) -> None:
    text = f"{EXPORTS[0]} were $124.8 billion{words} in 2023."
    late = f"{EXPORTS[0]} were $124.8 billion in 2023{words}."
    assert A not in said(late if words.startswith(",") else text, record)


BEFORE = (
    "The idea that|It is untrue that|Nobody believes that|Critics doubt that|It is not true that"
    "|Officials denied that|Contrary to reports that|There is no evidence that|It is a myth that"
    "|Rumours that|It is hard to believe that|Few accept that|Imagine that|Half of|A third of|Twice"
    "|Prices of|The fall in|Services in|Without chips,|Apart from cars,|Fears that|Had"
).split("|")


@pytest.mark.parametrize("words", BEFORE)
def test_finding_2_words_before_the_flow(words: str, record: Record) -> None:
    assert A not in said(f"{words} {EXPORTS[0]} were $124.8 billion in 2023.", record)


@pytest.mark.parametrize(
    "words",
    ["That is false.", "This is not true.", "Not so.", "The figure is wrong.", "The claim was debunked.",
     "The ministry later denied it."],
)  # fmt: skip
def test_a_denial_in_the_next_sentence(words: str, record: Record) -> None:
    assert A not in said(f"{EXPORTS[0]} were $124.8 billion in 2023. {words}", record)


def test_a_speaker_does_not_matter(record: Record) -> None:
    for words in (
        "The ministry said that",
        "According to Yonhap,",
        "Data released on Monday show that",
    ):
        assert said(f"{words} {EXPORTS[0]} were $124.8 billion in 2023.", record) == [A]


@pytest.mark.parametrize(
    ("verb", "holds"),
    [("had", True), ("posted", True), ("recorded", True), ("racked up", True), ("notched up", True),
     ("lost", False), ("shed", False), ("gave up", False), ("pledged", False), ("demanded", False),
     ("missed", False), ("invested", False)],
)  # fmt: skip
def test_finding_2_lost_exports_are_no_exports(verb: str, holds: bool, record: Record) -> None:
    text = f"South Korea {verb} $124.8 billion in exports to China in 2023."
    assert (said(text, record) == [A]) is holds


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("$120 billion or more", A), ("$120 billion-plus", A), ("$120 billion and above", A),
     ("$130 billion or more", C), ("$130 billion or less", A), ("$120 billion at most", C),
     ("the $120 billion mark", A)],
)  # fmt: skip
def test_a_comparator_after_the_figure(words: str, verdict: str, record: Record) -> None:
    assert figure(f"{EXPORTS[0]} reached {words} in 2023.", record) == verdict


def test_a_bound_that_is_the_figure_itself_is_no_verdict(record: Record) -> None:
    """124.8 is not less than 124.8, and rounding hides on which side it lies."""
    assert figure(f"{EXPORTS[0]} were less than $124.8 billion in 2023.", record) == U
    assert figure(f"{EXPORTS[0]} were no more than $124.8 billion in 2023.", record) == A


def test_the_words_that_are_not_understood_are_named(record: Record) -> None:
    from detente.claims.reading import read

    (one,) = read(f"{EXPORTS[0]} were nowhere near $124.8 billion in 2023.", record)
    assert one.found == "what 'nowhere' makes of the figure is not understood"


@pytest.mark.parametrize(
    "text",
    [
        "South Korea's exports to China were $124.66 billion in 2023.",
        "South Korea's exports to China were $132.9 billion in 2024.",
        "South Korea's imports from China were $142.86 billion in 2023.",
        "South Korea's exports to China were $155.79 billion in 2022.",
        "South Korea's surplus with China was $55.7 billion in 2018.",
        "South Korea's exports to China rose 14.2 percent in 2018.",
        "South Korea's exports to China exceeded $125 billion in 2023.",
    ],
)
def test_finding_7_a_revision_does_not_contradict(text: str, record: Record) -> None:
    (one,) = [row for row in _money(text, record)]
    assert one.verdict.value in (A, U)
    assert (
        one.verdict.value == A or "within the usual revision" in one.found or "bound" in one.found
    )


def _money(text: str, record: Record) -> list:
    from .readings import rows

    return [one for one in rows(text, record) if one.kind in ("money", "percent")]


def test_finding_7_more_than_a_revision_contradicts(record: Record) -> None:
    assert figure("South Korea's exports to China were $127.8 billion in 2023.", record) == C
    assert figure("South Korea's surplus with China was $57.2 billion in 2018.", record) == C


_FACTORS = st.floats(0.8, 1.22).filter(lambda factor: abs(factor - 1) > 0.03)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    subject=st.sampled_from(SUBJECTS),
    words=st.sampled_from([*((one, 1) for one in ABOVE), *((one, -1) for one in BELOW)]),
    factor=_FACTORS,
)
def test_no_bound_is_read_the_wrong_way(
    subject: tuple[str, float, int, str], words: tuple[str, int], factor: float, record: Record
) -> None:
    """Whatever the bound: never an agreement with a false one, never a contradiction of a true one."""
    comparator, way = words
    text = sentence(subject, comparator, round(factor * subject[1], 1))
    holds = way * (subject[1] - round(factor * subject[1], 1)) > 0
    verdict = figure(text, record)
    assert verdict != (C if holds else A), text


_INSERTED = st.lists(
    st.sampled_from(
        "not never hardly twice half almost all none of the a only lost chips services per month "
        "nowhere near more less than exceeded short false by to from and but no longer without"
        .split()
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=_INSERTED, after=st.booleans())
def test_no_words_beside_a_wrong_figure_make_it_agree(
    words: list[str], after: bool, record: Record
) -> None:
    """148.1 is no figure of the record: no words around it make an equality of it."""
    extra = " ".join(words)
    place = f"$148.1 billion {extra}" if after else f"{extra} $148.1 billion"
    text = f"{EXPORTS[0]} were {place} in 2023."
    bound = any(word in extra for word in ("less", "more", "exceeded", "short", "no"))
    assert bound or not lone_agree(text, record), text


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=_INSERTED)
def test_words_that_deny_beside_a_true_figure_leave_no_agreement(
    words: list[str], record: Record
) -> None:
    denying = {
        "not",
        "never",
        "hardly",
        "twice",
        "half",
        "lost",
        "nowhere",
        "false",
        "none",
        "without",
    }
    text = f"{EXPORTS[0]} were {' '.join(words)} $124.8 billion in 2023."
    if denying & set(words) and "more" not in words and "less" not in words:
        assert not lone_agree(text, record), text
