"""What is said beside a figure is a row of its own: a lone "agrees" means the sentence."""

import pytest

from detente.claims.reading import read
from detente.claims.record import Record

from . import readings_sentences
from .readings import A, beside, C, figure, lone_agree, rows, said, U


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record that ships, whatever the user of this machine added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETENTE_HOME", str(tmp_path_factory.mktemp("home")))
        return Record.open()


EXPORTS = "South Korea's exports to China"
SURPLUS = "South Korea's trade surplus with China"
DEFICIT = "South Korea's trade deficit with China"

# The amount is right in each; what is said beside it is not, or cannot be known.
FALSE = {
    "direction": [
        f"{EXPORTS} rose to $124.8 billion in 2023.",
        f"{EXPORTS} fell to $162.9 billion in 2018.".replace("162.9", "162.1"),
        f"{DEFICIT} narrowed to $18 billion in 2023.",
        f"{SURPLUS} narrowed to $62.8 billion in 2013.",
        f"{SURPLUS} widened to $29 billion in 2019.",
        f"{EXPORTS} recovered in 2023 to $124.8 billion.",
        f"{EXPORTS} were $124.8 billion in 2023, up from $155.7 billion in 2022.",
        f"{EXPORTS} were $124.8 billion in 2023, up from 2022.",
        f"{EXPORTS} were $124.8 billion in 2023, an increase on 2022.",
        "South Korea's growing exports to China were $124.8 billion in 2023.",
        "South Korea's shrinking trade surplus with China was $62.8 billion in 2013.",
        f"{EXPORTS} remained at $124.8 billion in 2023.",
        "By 2023 South Korea's exports to China had risen to $124.8 billion from $162.1 billion in 2018.",
        "South Korea saw its exports to China climb to $124.8 billion in 2023.",
    ],
    "extremum": [
        f"{SURPLUS} peaked in 2018 at $55.6 billion.",
        f"{EXPORTS} were $124.8 billion in 2023, the highest since 2009.",
        f"{EXPORTS} were $124.8 billion in 2023, the lowest since 2009.",
        f"{EXPORTS} were $124.8 billion in 2023, the highest in a decade.",
        f"{EXPORTS} were $124.8 billion in 2023, the lowest in 20 years.",
        f"{EXPORTS} reached a ten-year high of $124.8 billion in 2023.",
        f"{EXPORTS} were $124.8 billion in 2023, a peak.",
    ],
    "record": [
        f"{SURPLUS} was $55.6 billion in 2018, its largest ever.",
        f"{SURPLUS} was $55.6 billion in 2018, an all-time high.",
        f"{EXPORTS} were $124.8 billion in 2023, unprecedented.",
        f"{EXPORTS} hit a record low of $124.8 billion in 2023.",
        f"{SURPLUS}, $55.6 billion in 2018, has never been larger.",
        f"{EXPORTS} were $124.8 billion in 2023 (a record).",
    ],
    "streak": [
        f"{DEFICIT} was $18 billion in 2023, its second in a row.",
        f"{DEFICIT} was $18 billion in 2023, the third straight year.",
        f"{EXPORTS} fell for the fourth year running to $124.8 billion in 2023.",
        f"{EXPORTS} were $124.8 billion in 2023, a fifth straight fall.",
        f"{EXPORTS} were $124.8 billion in 2023, having risen every year since 2018.",
        f"{SURPLUS} was $55.6 billion in 2018, the third surplus in a row.",
    ],
    "first": [
        f"{DEFICIT} was $18 billion in 2023, the first since 1998.",
        f"{DEFICIT} was $18 billion in 2023, the first ever.",
        f"{EXPORTS} fell for the first time since 2016 to $124.8 billion in 2023.",
        f"{EXPORTS} exceeded $160 billion in 2021 for the first time.",
    ],
    "comparison": [
        f"{SURPLUS} was $55.6 billion in 2018, larger than the $62.8 billion of 2013.",
        f"{EXPORTS}, at $124.8 billion in 2023, exceeded its imports.",
        f"{EXPORTS} were $124.8 billion in 2023, more than in 2022.",
        f"{EXPORTS} were $124.8 billion in 2023, beating 2022.",
        f"{EXPORTS} were $124.8 billion in 2023, more than Japan's.",
        "South Korea's 2018 trade surplus with China of $55.6 billion was larger than that of 2013.",
    ],
    "multiple": [
        f"{EXPORTS} doubled to $124.8 billion in 2023.",
        f"{EXPORTS} were $124.8 billion in 2023, twice that of 2022.",
        f"{EXPORTS} tripled from $69.5 billion in 2006 to $142.1 billion in 2017.",
        f"{EXPORTS} were $124.8 billion in 2023, a fourfold increase from 2019.",
    ],
    "place": [
        f"{EXPORTS}, its largest export market, were $124.8 billion in 2023.",
        f"{EXPORTS} were $124.8 billion in 2023, second only to those to the United States.",
        f"{EXPORTS} were $124.8 billion in 2023, its third-best year.",
    ],
    "share": [
        f"{EXPORTS} were $124.8 billion in 2023, half of it chips.",
        f"{EXPORTS} were $124.8 billion in 2023, most of which was machinery.",
        f"{EXPORTS} were $124.8 billion in 2023, led by chips.",
    ],
    "unread": [
        f"{EXPORTS} were $124.8 billion in 2023 and have grown ever since.",
        f"{EXPORTS} were $124.8 billion in 2023: a rise.",
        f"{EXPORTS} were $124.8 billion in 2023, i.e. they rose.",
        "South Korea's imports from China were $142.8 billion in 2023, a surplus.",
    ],
}  # fmt: skip
ALL_FALSE = [(kind, text) for kind, texts in FALSE.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), ALL_FALSE, ids=[text for _, text in ALL_FALSE])
def test_finding_3_the_digits_are_right_and_the_sentence_is_not(
    kind: str, text: str, record: Record
) -> None:
    assert figure(text, record) == A or kind == "multiple", rows(text, record)
    verdict = beside(text, record)
    assert verdict.get(kind, U) in (C, U) and verdict, verdict
    assert not lone_agree(text, record)


# What is said beside the figure holds too: each row agrees.
TRUE = {
    "direction": [
        f"{EXPORTS} fell to $124.8 billion in 2023.",
        f"{SURPLUS} widened to $62.8 billion in 2013.",
        f"{EXPORTS} were $124.8 billion in 2023, down from $155.7 billion in 2022.",
        "South Korea swung to a deficit of $18 billion with China in 2023 from a surplus of $1.2 "
        "billion in 2022.",
        f"From $162.1 billion in 2018, {EXPORTS} fell to $124.8 billion in 2023.",
    ],
    "extremum": [
        f"{SURPLUS} peaked in 2013 at $62.8 billion.",
        f"{EXPORTS} were $162.1 billion in 2018, the highest in ten years.",
        f"{SURPLUS} was $55.6 billion in 2018, the largest since 2013.",
    ],
    "record": [
        f"{DEFICIT} was $18 billion in 2023, the largest ever.",
        f"{EXPORTS} were a record $162.1 billion in 2018.",
    ],
    "streak": [
        f"{EXPORTS} fell to $124.4 billion in 2016, a third straight fall.",
        f"{EXPORTS} fell for the third year running to $124.4 billion in 2016.",
        f"{EXPORTS} rose to $162.1 billion in 2018, the second rise in a row.",
    ],
    "first": [
        f"{DEFICIT} was $18 billion in 2023, the first since 1992.",
        f"{EXPORTS} exceeded $160 billion for the first time in 2018.",
    ],
    "comparison": [
        f"{EXPORTS} were $124.8 billion in 2023, less than in 2022.",
        f"{EXPORTS}, at $124.8 billion in 2023, were smaller than its imports.",
        f"{EXPORTS} in 2018 exceeded the $124.8 billion of 2023.",
    ],
    "multiple": [
        f"{EXPORTS} doubled from $69.5 billion in 2006 to $142.1 billion in 2017.",
        f"{SURPLUS} was $62.8 billion in 2013, twice that of 2009.",
        f"{SURPLUS} almost halved from $55.6 billion in 2018 to $29 billion in 2019.",
    ],
}  # fmt: skip
ALL_TRUE = [(kind, text) for kind, texts in TRUE.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), ALL_TRUE, ids=[text for _, text in ALL_TRUE])
def test_what_is_said_beside_a_figure_holds(kind: str, text: str, record: Record) -> None:
    assert C not in said(text, record), rows(text, record)
    assert beside(text, record)[kind] == A, rows(text, record)


def test_a_year_that_is_not_stored_decides_nothing(record: Record) -> None:
    """Korean customs lack 2020: "the highest since 2018" of 2021 could be refuted by it alone."""
    verdict = beside(f"{EXPORTS} were $162.9 billion in 2021, the highest since 2007.", record)
    assert verdict["extremum"] == U


def test_what_the_next_sentence_takes_up(record: Record) -> None:
    assert not lone_agree(f"{EXPORTS} were $124.8 billion in 2023. It was a record.", record)
    assert lone_agree(f"{EXPORTS} were $124.8 billion in 2023. Chip prices fell.", record)


def test_a_reason_is_no_claim_about_the_figure(record: Record) -> None:
    for reason in ("as chip prices fell", "amid falling demand", "due to weaker prices of chips"):
        assert said(f"{EXPORTS} were $124.8 billion in 2023, {reason}.", record) == [A]


def test_each_predicate_goes_to_its_own_figure(record: Record) -> None:
    text = (
        f"{EXPORTS} fell to $124.8 billion in 2023, and imports fell to $142.8 billion, the highest "
        "ever."
    )
    (record_row,) = [one for one in read(text, record) if one.kind == "record"]
    assert record_row.value == 142.8 and record_row.verdict.value != A


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("South Korea's exports to China fell 9.3 percent in 2016, a third straight fall.", A),
        ("South Korea's exports to China fell 9.3 percent in 2016, a fifth straight decline.", C),
        ("South Korea's exports to China fell 19.8 percent in 2023, the first fall since 2019.", C),
    ],
)
def test_streaks_of_a_rate(text: str, verdict: str, record: Record) -> None:
    assert figure(text, record) == A
    assert verdict in beside(text, record).values()


def test_the_level_of_a_rate_is_no_change(record: Record) -> None:
    """Growth that slowed to 14.1 percent did not fall by 14.1 percent."""
    assert said(
        "Growth of South Korea's exports to China slowed to 14.1 percent in 2018.", record
    ) == [U]
    assert figure("South Korea's exports to China fell to 19.8 percent in 2023.", record) == U


@pytest.mark.parametrize("text", readings_sentences.FALSE)
def test_a_sceptics_false_sentence_never_reads_as_true(text: str, record: Record) -> None:
    assert not lone_agree(text, record), rows(text, record)


@pytest.mark.parametrize("text", readings_sentences.TRUE)
def test_a_sceptics_true_sentence_is_never_contradicted(text: str, record: Record) -> None:
    assert C not in said(text, record), rows(text, record)


def test_most_true_sentences_are_borne_out(record: Record) -> None:
    borne_out = [text for text in readings_sentences.TRUE if A in said(text, record)]
    assert len(borne_out) >= 0.8 * len(readings_sentences.TRUE)


@pytest.mark.parametrize(
    ("sentence", "kind", "verdict"),
    [
        (f"{EXPORTS} fell to $124.8 billion in 2023, the lowest since 2009.", "direction", A),
        (f"{EXPORTS} fell to $124.8 billion in 2023, the lowest since 2009.", "extremum", C),
        (f"{EXPORTS} fell to $124.8 billion in 2023, for the first time since 2016.", "direction", A),
        (f"{EXPORTS} grew to $142.1 billion in 2017, the first rise since 2013.", "direction", A),
        (f"{EXPORTS} rose to $162.1 billion in 2018 from 2009.", "direction", A),
        # 124.43 in 2016 and 124.8 in 2023 differ by less than a revision.
        (f"{EXPORTS} fell to $124.8 billion in 2023, the smallest since 2015.", "extremum", U),
        (f"{EXPORTS} were $124.8 billion in 2023, larger than in 2016.", "comparison", U),
    ],
)  # fmt: skip
def test_a_movement_starts_where_it_is_said_to_and_a_revision_decides_nothing(
    record: Record, sentence: str, kind: str, verdict: str
) -> None:
    found = {one.kind: one.verdict.value for one in read(sentence, record)}
    assert found[kind] == verdict
