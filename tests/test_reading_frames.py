"""Harmless frames of the press: who says so, headings, lists, flashes, and what is taken up."""

import pytest

from detente.claims.reading import read, Reading
from detente.claims.record import Record

from .score_press import shipped_record


TRADE = "South Korea's exports to China"


@pytest.fixture(scope="module")
def record() -> Record:
    return shipped_record()


def money(text: str, record: Record) -> list[Reading]:
    return [one for one in read(text, record) if one.kind in ("money", "percent")]


def verdicts(text: str, record: Record) -> list[str]:
    return [one.verdict.value for one in money(text, record)]


AGREES = {
    "dateline": f"SEOUL, Jan. 2 (Yonhap) -- {TRADE} were $124.8 billion in 2023.",
    "dateline of a city": f"BEIJING, March 14 - {TRADE} were $124.8 billion in 2023.",
    "day of release": f"{TRADE} were $124.8 billion in 2023, figures released on 2 January showed.",
    "flash": "*SOUTH KOREA 2023 EXPORTS TO CHINA AT $124.8 BLN - MINISTRY",
    "flash of a rate": "S.KOREA 2023 EXPORTS TO CHINA FELL 19.8 PCT",
    "headline": "SOUTH KOREA'S EXPORTS TO CHINA WERE $162.1 BILLION IN 2018",
    "bullet": "Trade with China in 2018\n- South Korea's imports from China: $106.5 billion",
    "bullet of a star": "South Korea and China in 2023\n* South Korea's deficit with China: $18 billion",
    "list": f"{TRADE}, in billions of dollars: 124.8 in 2023.",
    "list of millions": f"{TRADE} (in US$ million): 162,125 (2018).",
    "answer": f"Q: What were {TRADE} in 2018?\nA: They were $162.1 billion.",
    "whole year": f"{TRADE} came to $124.8 billion from January to December 2023.",
    "January through December": f"{TRADE} came to $162.1 billion, January-December 2018.",
    "approached": f"{TRADE} neared $125 billion in 2023.",
    "short": f"{TRADE} fell just short of $125 billion in 2023.",
    "touched": f"{TRADE} touched $162.1 billion in 2018.",
    "reminder": f"A quick reminder that {TRADE} were $124.8 billion in 2023.",
    "more than the year before": f"{TRADE} were 14.1 percent higher than in 2017 in 2018.",
    "a further rate": f"{TRADE} rose another 14.1 percent in 2018.",
    "rate of a noun": f"{TRADE} saw a decline of 19.8 percent in 2023.",
    "since is no base": f"{TRADE} fell 19.8 percent in 2023, the steepest fall since 2009.",
    "relative clause": "The $62.8 billion surplus that South Korea had with China in 2013 was gone "
    "by 2023.",
    "balance with a sign": "South Korea's trade balance with China was -$18.0 billion in 2023.",
    "inched": f"{TRADE} crept down to $155.7 billion in 2022.",
    "not since": f"{TRADE} were $162.9 billion in 2021 and have not recovered since.",
    "excess": f"{TRADE} were in excess of $120 billion in 2023.",
    "range": f"{TRADE} were somewhere between $120 billion and $130 billion in 2023.",
    "foreign bracket": f"{TRADE} were US$124.8 billion (NT$3.9 trillion) in 2023.",
    "put at": f"Korean customs put {TRADE} at $124.8 billion in 2023.",
}  # fmt: skip


@pytest.mark.parametrize("text", AGREES.values(), ids=AGREES)
def test_a_true_figure_in_a_harmless_frame_agrees(text: str, record: Record):
    assert verdicts(text, record)[0] == "agrees"


CONTRADICTS = {
    "flash": "*SOUTH KOREA 2023 EXPORTS TO CHINA AT $134.8 BLN - MINISTRY",
    "bullet": "Trade with China in 2018\n- South Korea's imports from China: $116.5 billion",
    "list": f"{TRADE}, in billions of dollars: 134.8 in 2023.",
    "parallel clause": f"{TRADE} were $124.8 billion in 2023, while imports from China were "
    "$152.8 billion.",
    "parallel pair": "Japan's exports to China were $126.4 billion in 2023, and South Korea's "
    "exports to China $134.8 billion.",
    "its": f"{TRADE} were $124.8 billion in 2023. Its imports from China were $152.8 billion in "
    "2023.",
    "they": f"{TRADE} were $124.8 billion in 2023. They were $175.7 billion in 2022.",
    "from it": "In 2018 South Korea sold $162.1 billion of goods to China and bought $116.5 billion "
    "from it.",
    "the same year": f"{TRADE} were $124.8 billion in 2023. In the same year imports from China "
    "were $152.8 billion.",
    "less than": f"{TRADE} were 14.1 percent lower than in 2017 in 2018.",
    "range": f"{TRADE} were anywhere from $130 billion to $140 billion in 2023.",
}


@pytest.mark.parametrize("text", CONTRADICTS.values(), ids=CONTRADICTS)
def test_a_false_figure_in_a_harmless_frame_contradicts(text: str, record: Record):
    assert verdicts(text, record)[-1] == "contradicts"


OPEN = {
    "third country": f"{TRADE} were $124.8 billion in 2023. Japan trades with China. "
    "Exports to China were $140 billion in 2022.",
    "exports to nobody": f"{TRADE} were $124.8 billion in 2023. Its exports were $130 billion in "
    "2022.",
    "they of a product": "South Korea's exports of chips to China were $39.4 billion in 2018. They "
    "were $140 billion in 2019.",
    "another subject between": f"{TRADE} were $124.8 billion in 2023. Traders sent goods. They "
    "were $140 billion in 2022.",
    "then": f"{TRADE} were $162.1 billion in 2018, and imports from China then rose to "
    "$116.5 billion.",
    "forecast heading": f"Outlook for 2018\n- {TRADE}: $162.1 billion",
    "product heading": f"Chips in 2018\n- {TRADE}: $150 billion",
    "heading of a part": f"Trade in the first half of 2018\n- {TRADE}: $162.1 billion",
    "plus": f"{TRADE}: +$124.8 billion in 2023.",
    "unsigned balance": "South Korea's trade balance with China was $18.0 billion in 2023.",
    "two books": "Chinese customs put imports from South Korea at $162.5 billion in 2023, and "
    "Korean customs put South Korea's exports to China at $124.8 billion.",
    "list of yuan": f"{TRADE}, in billions of yuan: 124.8 in 2023.",
    "another fraction": f"{TRADE} were 14.1 percent more than its exports to Japan in 2018.",
    "dollars of another": "SOUTH KOREA'S EXPORTS TO CHINA WERE C$124.8 BILLION IN 2023",
    "month in capitals": "SOUTH KOREA'S EXPORTS TO CHINA IN MAY 2018 WERE $13.6 BLN",
    "a further amount": f"{TRADE} rose a further $124.8 billion in 2023.",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_what_may_be_of_something_else_stays_open(text: str, record: Record):
    assert "contradicts" not in verdicts(text, record)
    assert verdicts(text, record)[-1:] in ([], ["cannot be tested"])


def test_those_to_another_country_are_of_that_country(record: Record):
    text = "U.S. exports to China were $147.8 billion in 2023 and those to Canada $352.8 billion."
    assert [one.what for one in money(text, record)] == [
        "exports, the United States and China", "exports, the United States and Canada"
    ]  # fmt: skip


def test_a_year_later_and_earlier_are_other_years(record: Record):
    text = f"{TRADE} were $162.1 billion in 2018; a year later they were $136.2 billion."
    assert [one.period for one in money(text, record)] == ["2018", "2019"]
    text = f"{TRADE} were $162.1 billion in 2018. They were $142.1 billion a year earlier."
    assert [one.period for one in money(text, record)] == ["2018", "2017"]


def test_what_has_not_come_back_is_a_claim_of_its_own(record: Record):
    rows = read(f"{TRADE} were $162.9 billion in 2021 and have not recovered since.", record)
    assert {one.kind: one.verdict.value for one in rows} == {
        "money": "agrees", "unread": "cannot be tested"
    }  # fmt: skip


def test_reasons_are_true(record: Record):
    part = money(
        f"{TRADE} were $162.1 billion in 2018, of which $39.4 billion of it chips.", record
    )
    assert all("'it'" not in one.found for one in part)
    (balance,) = money("South Korea's trade balance with China was $18.0 billion in 2023.", record)
    assert balance.found == "a balance without a sign may be a surplus or a deficit"
