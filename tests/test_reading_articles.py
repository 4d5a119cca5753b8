"""Articles: the pair, the year and the flow are carried; other books are other books."""

from collections import Counter

import pytest

from detente.claims.harmonised import harmonised_flows, USUAL_GAP, WIDE_GAP
from detente.claims.judge import judge
from detente.claims.ledger import load_ledger
from detente.claims.reading import read
from detente.claims.record import Record
from detente.report.claims import brief_claims, untested_claims

from .readings import A, C, figure, rows, said, U


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record that ships, whatever the user of this machine added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETENTE_HOME", str(tmp_path_factory.mktemp("home")))
        return Record.open()


# Wire copy of our own in which every figure is true and stored: figures that agree, figures in all.
STORIES = {
    "a year's trade": (
        """South Korea's trade with China shrinks

SEOUL - South Korea's exports to China fell 19.8 percent in 2023 to $124.8 billion, the lowest since 2016, the trade ministry said on Monday.

Imports from China dropped 7.6 percent to $142.8 billion in the same year, leaving a deficit of $18 billion, the first since 1992.

A year earlier, South Korea had posted a surplus of $1.2 billion with its neighbour. The surplus peaked at $62.8 billion in 2013.

Exports had stood at $155.7 billion in 2022 and $162.9 billion in 2021, when two-way trade surpassed $300 billion.

In 2018 Seoul sold $162.1 billion of goods to China and bought $106.5 billion, for a surplus of $55.6 billion.""",
        13,
    ),
    "they and that year": (
        """China and South Korea: a trade story in figures

South Korea's exports to China rose 14.2 percent to $142.1 billion in 2017.

In 2019 they slumped to $136.2 billion. Imports came to $107.2 billion that year, so that the surplus fell to $29 billion from $55.6 billion in 2018.

By 2021 shipments had recovered to $162.9 billion. In 2022 they slipped to $155.7 billion, and in 2023 to $124.8 billion.

Chinese customs record larger flows: China imported $162.5 billion of goods from South Korea in 2023.""",
        10,
    ),
    "a column": (
        """The Chinese market, ten years on

For most of two decades, China was South Korea's largest export market. Shipments to China grew from $18.2 billion in 2001 to $145.9 billion in 2013.
The surplus widened to a record $62.8 billion that year.
In 2016, when Seoul agreed to host a US missile shield, exports to China were $124.4 billion, down from $137.1 billion in 2015.
Exports exceeded $160 billion in 2018 and again in 2021.""",
        6,
    ),
    "other pairs": (
        """U.S. exports to China were $153.8 billion in 2022 and $147.8 billion in 2023, according to the Census Bureau. They fell to $143.5 billion in 2024.

Japan's exports to China were $144.5 billion in 2022. Taiwan exported $120.6 billion of goods to China in 2022.""",
        5,
    ),
    "China's side": (
        """China-South Korea trade hits $362.8bn

BEIJING (Xinhua) -- Trade between China and South Korea totaled 362.8 billion U.S. dollars in 2022, customs data showed.

China's exports to South Korea reached 162.6 billion dollars, while its imports from South Korea stood at 200.2 billion dollars in 2022.

China's trade deficit with South Korea narrowed to 37.5 billion dollars in 2022 from 63 billion dollars in 2021.""",
        4,
    ),
    "whose goods went down": (
        """US-China trade war: what the numbers say

The United States exported $153.8 billion of goods to China in 2022. That fell to $147.8 billion in 2023 and to $143.5 billion in 2024.

China's exports to the United States were $582.8 billion in 2022 and dropped to $501.2 billion in 2023, before rising to $525.6 billion in 2024.

Japan sold $144.5 billion worth of goods to China in 2022 but only $126.4 billion in 2023.
Taiwan's shipments to China slid from $120.6 billion in 2022 to $95.7 billion in 2023.""",
        9,
    ),
    "twenty years": (
        """Analysis: Twenty years of Korea-China trade

In 2003, South Korea exported $35.1 billion of goods to China; by 2013 the figure was $145.9 billion, more than four times as much.
Imports rose from $21.9 billion to $83.1 billion over the same period.
The bilateral surplus, $13.2 billion in 2003, climbed to a record of $62.8 billion in 2013.
After THAAD, exports rebounded to $142.1 billion in 2017, a 14.2 percent increase, and hit a new high of $162.1 billion in 2018.""",
        7,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_finding_13_true_figures_of_a_story_agree(name: str, record: Record) -> None:
    text, wanted = STORIES[name]
    verdicts = Counter(
        one.verdict.value for one in rows(text, record) if one.kind in ("money", "percent")
    )
    assert verdicts[A] >= wanted, [
        (one.text, one.found) for one in rows(text, record) if one.verdict.value != A
    ]
    assert C not in said(text, record)


@pytest.mark.parametrize("name", STORIES)
def test_wrong_figures_of_a_story_never_agree(name: str, record: Record) -> None:
    """The same stories with every amount a fifth up: what is carried bears nothing out."""
    text, _ = STORIES[name]
    wrong = _raised(text)
    money = [one for one in rows(wrong, record) if one.kind == "money"]
    bounds = ("surpass", "exceed")
    agree = [one for one in money if one.verdict.value == A]
    assert all(any(word in one.text for word in bounds) for one in agree), agree


def _raised(text: str) -> str:
    import re

    return re.sub(r"(\d+\.?\d*)(?=bn| billion)", lambda match: f"{float(match[1]) * 1.2:.1f}", text)


@pytest.mark.parametrize(
    "text",
    [
        "South Korea sold $124.8 billion of goods to China in 2023.",
        "South Korea shipped $124.8 billion of goods to China in 2023.",
        "South Korea sent $124.8 billion worth of goods to China in 2023.",
        "South Korea's shipments to China came to $124.8 billion in 2023.",
        "Sales to China by South Korea were $124.8 billion in 2023.",
        "South Korea bought $142.8 billion of goods from China in 2023.",
        "South Korea's purchases from China came to $142.8 billion in 2023.",
        "South Korea purchased $142.8 billion in goods from China in 2023.",
        "China bought $162.5 billion of goods from South Korea in 2023.",
        "China bought $162.5 billion of South Korean goods in 2023.",
        "South Korea's trade with China was $267.6 billion in 2023.",
        "South Korea did $267.6 billion of trade with China in 2023.",
    ],
)
def test_finding_13_buying_selling_and_shipping_are_flows(text: str, record: Record) -> None:
    assert said(text, record) == [A]


@pytest.mark.parametrize(
    "text",
    [
        "Samsung sold $124.8 billion of goods to China in 2023.",
        "South Korea sold $124.8 billion of chips to China in 2023.",
        "South Korea sold $124.8 billion of bonds to China in 2023.",
        "South Korea bought a stake of $142.8 billion from China in 2023.",
        "South Korea sent $124.8 billion in aid to China in 2023.",
        "South Korean carmakers shipped $124.8 billion of goods to China in 2023.",
    ],
)
def test_what_is_sold_by_others_or_is_no_goods_is_not_tested(text: str, record: Record) -> None:
    assert A not in said(text, record) and C not in said(text, record)


def test_a_third_country_is_not_given_the_pair_of_the_text(record: Record) -> None:
    text = (
        "South Korea's exports to China were $124.8 billion in 2023.\n\n{} $124.8 billion in 2023."
    )
    for words in ("Vietnam's exports reached", "Japan's exports came to", "Chip exports reached"):
        assert said(text.format(words), record) == [A, U], words
    assert said(text.format("Exports reached"), record) == [A, A]


def test_what_is_carried_never_contradicts(record: Record) -> None:
    text = "South Korea's exports to China fell in 2023.\n\nExports reached $131.9 billion in 2023."
    assert said(text, record) == [U]


def test_a_year_named_only_as_since_when_is_no_year_of_the_figure(record: Record) -> None:
    text = "South Korea's exports to China were $162.1 billion, the highest since 2018."
    assert A not in said(text, record)


def test_finding_8_evidence_of_another_book_does_not_contradict() -> None:
    """0-16 is on Korean customs; China's 36 billion, of the other sign, says nothing against it."""
    judged = judge(load_ledger(), Record.open())
    for name in ("0-12", "0-15", "0-16"):
        verdicts = {one.finding.verdict.value for one in judged if one.claim.id == name}
        assert C not in verdicts, name
    other = [one.finding.found for one in judged if "it is another book" in one.finding.found]
    assert any("chinese customs" in found and "korean customs" in found for found in other)


def test_finding_8_the_same_book_still_contradicts() -> None:
    judged = judge(load_ledger(), Record.open())
    surplus = [one.finding.verdict.value for one in judged if one.claim.id == "0-14"]
    assert surplus == [A, C, C, A]


def test_finding_8_claims_without_a_verdict_are_counted_in_the_brief() -> None:
    judged = judge(load_ledger(), Record.open())
    shown = {row["id"]: row for row in brief_claims(judged, ["KOR", "CHN"])}
    missing = untested_claims(judged, ["KOR", "CHN"])
    assert "0-16" in missing and "0-16" not in shown
    assert (U in {verdict for verdict, _ in shown["0-12"]["evidence"]}) is True
    about = {
        one.claim.id
        for one in judged
        if one.claim.countries and {*one.claim.countries} <= {"KOR", "CHN"}
    }
    assert about == {*shown, *missing}


def test_the_gap_between_books_is_as_measured(record: Record) -> None:
    """The bounds that are printed, measured again on every flow that both books hold."""
    flows = harmonised_flows()
    gaps = []
    for reporter, partner, basis in record.pairs():
        for flow, ends in (("exports", (reporter, partner)), ("imports", (partner, reporter))):
            points = record.yearly(reporter, partner, flow, basis).points
            gaps += [
                abs(flows[(*ends, year)].value / points[year].value - 1)
                for year in points
                if (*ends, year) in flows
            ]
    gaps.sort()
    assert len(gaps) >= 40
    assert gaps[len(gaps) // 2] == pytest.approx(USUAL_GAP, abs=0.02)
    assert gaps[int(0.9 * len(gaps))] == pytest.approx(WIDE_GAP, abs=0.06)


def test_a_pair_without_customs_is_shown_on_the_harmonised_book(record: Record) -> None:
    (one,) = rows("Germany's exports to China were $110.2 billion in 2019.", record)
    assert one.verdict.value == U and "harmonised" in one.found and "another book" in one.found
    (one,) = rows("U.S. imports from China were $453.4 billion in 2022.", record)
    assert one.verdict.value == A and "harmonised" in one.found
    assert figure("U.S. imports from China were $353.4 billion in 2022.", record) == U


def test_harmonised_totals_are_goods_of_the_shipped_worlds(record: Record) -> None:
    from detente.calibrate.baseline import load_baseline

    world = load_baseline("world-2019")
    goods = [world.sector_index[code] for code in world.sector_groups["goods"]]
    origin, destination = world.country_index["USA"], world.country_index["CHN"]
    stored = record.yearly("USA", "CHN", "exports", "harmonised").points[2019].value
    assert stored == pytest.approx(float(world.economy.trade[origin, destination, goods].sum()))
    assert read("", record) == []
