"""Periods: part of a year is not the year, and a year counts only where its neighbours let it."""

import io
import json
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from detente import cli
from detente._core import ClaimError
from detente.claims.reading import document_text, read
from detente.claims.reading.neighbours import AFTER_AMOUNT, AFTER_YEAR, BEFORE_YEAR
from detente.claims.reading.spans import spans
from detente.claims.reading.text import LONGEST, sentences
from detente.claims.record import Record

from .claims_record import trade


UNTESTABLE = "cannot be tested"
TRUE, FALSE = "$124.8 billion", "$129.8 billion"
MONTHLY = {2017: 128_270.0, 2018: 150_220.0, 2023: 113_900.0}
"""January to November, million US$; the months are made up, their sums of 2017 and 2018 are not."""
YEARLY = {2017: 142_120.0, 2018: 162_125.0, 2023: 124_800.0}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """What every machine has: the record that ships, whatever its user added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETENTE_HOME", str(tmp_path_factory.mktemp("home")))
        return Record.open()


@pytest.fixture(scope="module")
def monthly() -> Record:
    """Exports to China by month: eleven equal ones, and what is left of the year in December."""
    months = [
        (year, month, MONTHLY[year] / 11 if month < 12 else whole - MONTHLY[year])
        for year, whole in YEARLY.items()
        for month in range(1, 13)
    ]
    series = ("KOR", "CHN", "exports")
    rows = [
        *((*series, "A", f"{year}-01-01", value, "korean customs", "final") for year, value in YEARLY.items()),
        *((*series, "M", f"{year}-{month:02d}-01", value, "korean customs", "final") for year, month, value in months),
    ]  # fmt: skip
    empty = pd.DataFrame(columns=["country", "indicator", "year", "value", "unit"])
    return Record(trade(rows), empty)


def verdicts(text: str, record: Record) -> list[str]:
    return [one.verdict.value for one in read(text, record) if one.kind in ("money", "percent")]


def exports(period: str, amount: str = TRUE) -> str:
    return f"South Korea's exports to China were {amount} {period}."


C20 = [
    "in 2023Q4", "in Dec. 2023", "in 2023/12", "in 2023 to date", "in 2023/24", "since 2023",
    "at an annualized rate in 2023", "by mid-2023",
]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        *(exports(period) for period in C20),
        exports("in Jan.-Nov. 2018", "$150.2 billion"),
        exports("over eleven months of 2017", "$128.3 billion"),
    ],
)
def test_c20_part_of_a_year_is_not_the_year(sentence: str, record: Record) -> None:
    assert verdicts(sentence, record) == [UNTESTABLE]


@pytest.mark.parametrize(
    ("sentence", "said", "meant"),
    [
        (exports("in Jan.-Nov. 2018", "$150.2 billion"), "agrees", ""),
        (exports("over eleven months of 2017", "$128.3 billion"), "agrees", ""),
        (exports("in the first eleven months of 2017", "$128.3 billion"), "agrees", ""),
        (exports("in 2023Q4"), "contradicts", "the whole of 2023"),
        (exports("in Dec. 2023"), "contradicts", "the whole of 2023"),
        (exports("in 2023/12"), "contradicts", "the whole of 2023"),
        (exports("in 2023/24"), UNTESTABLE, ""),
        (exports("in 2023 to date"), UNTESTABLE, ""),
        (exports("in Q1 2018", "$41 billion"), "agrees", ""),
        (exports("in the first half of 2018", "$81.9 billion"), "agrees", ""),
        (exports("in H1 2018", "$75 billion"), "contradicts", ""),
        (exports("in 4Q 2018", "$39.2 billion"), "agrees", ""),
        (exports("in the year to March 2018", "$13.7 billion"), UNTESTABLE, ""),
        (exports("in the 12 months through June 2018", "$13.7 billion"), UNTESTABLE, ""),
        (exports("in 2018"), "contradicts", "2023"),
    ],
)
def test_c20_with_the_months_stored(sentence: str, said: str, meant: str, monthly: Record) -> None:
    (found,) = [one for one in read(sentence, monthly) if one.kind == "money"]
    assert (found.verdict.value, found.probably) == (said, meant)


WHOLE = [
    "in 2023", "during 2023", "for 2023", "throughout 2023", "across 2023", "in calendar 2023",
    "in the calendar year 2023", "in the year 2023", "in full-year 2023", "in the full year 2023",
    "in all of 2023", "in the whole of 2023", "in the course of 2023", "in 2023 as a whole",
    "in 2023 alone", "in 2023 overall", "in '23", "(2023)", "in 2023 (full year)",
    "in 2023, according to customs data", "in 2023 amid weak demand", "in 2023 [sic]",
    "in 2023 against $155.7 billion in 2022", "in 2023, down from $155.7bn a year earlier",
    "in 2023, down from a year earlier", "in 2023, the ministry said in January",
    "in 2023, customs data showed on January 1, 2024", "in 2023 and $133 billion in 2024",
]  # fmt: skip


@pytest.mark.parametrize("period", WHOLE)
def test_the_whole_year_in_many_words(period: str, record: Record) -> None:
    assert verdicts(exports(period), record)[0] == "agrees"


PARTS = [
    "in FY2023", "in FY 2023", "in FY'23", "in fiscal 2023", "in the fiscal year 2023",
    "in the 2023 fiscal", "in the 2023 fiscal year", "in tax year 2023", "in marketing year 2023",
    "in 2Q 2023", "in 4Q23", "in Q4, 2023", "in 2023 Q3", "in 2023-H1", "in 2023 H1", "in 1H23",
    "in the fourth quarter of 2023", "in the September quarter 2023", "in quarter 4 of 2023",
    "in late 2023", "in early 2023", "in mid 2023", "in the spring of 2023", "in summer 2023",
    "in pre-2023", "in post-2023", "in Lunar 2023", "in Christmas 2023", "in Golden Week 2023",
    "in the year to March 2023", "in the year ended June 2023", "in the year from April 2023",
    "in the 12 months through June 2023", "in the five months to May 2023", "in 2023–24",
    "between 2022 and 2023", "in 2022 and 2023", "in 2023 or 2022", "from 2022 to 2023",
    "in Jan-Nov 2023", "in January-November 2023", "in Jan through Nov, 2023", "in 2023-12",
    "in 2023 (Jan-Jun)", "in 2023 through November", "in 2023, January-November,", "in Dec '23",
    "in 2023 YTD", "in 2023 so far", "in the first nine months of 2023", "in 2023E", "in 2023F",
    "in 2023p", "in 2023 (E)", "in 2023*", "in 2023¹", "in 2023.12", "in the 2023s", "in c. 2023",
    "on 31 December 2023", "on Dec. 31, 2023", "as of 2023", "in most of 2023", "for much of 2023",
    "in the rest of 2023", "by the end of 2023", "at end-2023", "in the run-up to 2023",
    "in a 2023 month", "in each month of 2023", "a month in 2023", "on average in 2023",
    "in 2023 prices", "in 2023 dollars", "in 2023, seasonally adjusted", "in the 2023 season",
    "in 2023's first half", "in 2023's final months", "in 2023 half-year", "over the holidays in 2023",
    "in two years to 2023", "in the three years through 2023", "in 2023 on a fiscal basis",
    "in 2023 but for May", "in 2023M12", "in year-to-2023", "in 2023-ish", "in cumulative 2023",
]  # fmt: skip


@pytest.mark.parametrize("period", PARTS)
@pytest.mark.parametrize("amount", [TRUE, FALSE])
def test_what_is_not_the_whole_year(period: str, amount: str, record: Record) -> None:
    texts = [
        exports(period, amount),
        f"{period[0].upper()}{period[1:]}, South Korea's exports to China were {amount}.",
    ]
    assert {said for text in texts for said in verdicts(text, record)} == {UNTESTABLE}


@pytest.mark.parametrize(
    "text",
    [
        "In 2023 to date, Seoul has been busy. South Korea's exports to China were $124.8 billion.",
        "FY2023 was a bad year. South Korea's exports to China were $124.8 billion.",
        "On Jan 18, 2023, leaders met. South Korea's exports to China were $124.8 billion.",
        "Late 2023 was calm. South Korea's exports to China were $124.8 billion.",
        "Exports have fallen since 2023. South Korea's exports to China were $124.8 billion in Q4.",
        "South Korea's exports to China were $124.8 billion in\nfiscal 2023.",
        "South Korea's exports to China were $124.8 billion in the first half of\n2023.",
        "South Korea's exports to China were $124.8\nmillion in 2023/24.",
    ],
)
def test_no_year_is_taken_from_what_is_none(text: str, record: Record) -> None:
    assert set(verdicts(text, record)) == {UNTESTABLE}


def test_a_rate_of_change_is_not_of_the_year_before_its_base(record: Record) -> None:
    """ "From a year earlier" names the base of a change, not the year of the change."""
    text = "In 2023 South Korea's exports to China fell 19.8 percent from a year earlier."
    assert verdicts(text, record) == ["agrees"]


MONTHS = "Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec January March July September".split()
PERIODS = st.one_of(
    st.builds("in {}{} {}".format, st.sampled_from(MONTHS), st.sampled_from(["", "."]), st.just(2023)),
    st.builds(
        "in {}{}{} 2023".format,
        st.sampled_from(MONTHS),
        st.sampled_from(["-", "–", " to ", " through ", ".-"]),
        st.sampled_from(MONTHS),
    ),
    st.builds("in {}{}{}".format, st.sampled_from("Q1 Q2 Q3 Q4 H1 H2".split()), st.sampled_from([" ", ", ", "/", "-", " of "]), st.just(2023)),
    st.builds("in {}{}{}".format, st.just(2023), st.sampled_from([" ", "-", "/", ":", ""]), st.sampled_from("Q1 Q2 Q3 Q4 H1 H2 1Q 4Q S1 W50 M12".split())),
    st.builds(
        "in the {} {} of 2023".format,
        st.sampled_from("first second third last final latter early closing opening worst best 1st 2nd".split()),
        st.sampled_from("quarter half month week third part months days".split()),
    ),
    st.builds(
        "in {} {}".format,
        st.sampled_from("fiscal financial lunar FY academic late early mid pre post crop Hijri projected partial H2 peak".split()),
        st.sampled_from(["2023", "year 2023", "'23", "2023/24", "2023-24"]),
    ),
    st.builds("in 2023{}".format, st.sampled_from("E F e f p r * † ¹ ² -ish + s a/b /24 -24 –24 .5 % M12".split())),
    st.builds("in the {} {} 2023".format, st.sampled_from(["year", "12 months", "two years", "period", "quarter"]),
              st.sampled_from(["to", "through", "ended", "ending", "until", "up to", "to March", "to June", "ending in May"])),
)  # fmt: skip


@given(PERIODS, st.sampled_from([TRUE, FALSE]), st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_form_of_another_period_leaves_a_verdict(
    record: Record, period: str, amount: str, first: bool
) -> None:
    """Thousands of forms of months, quarters, halves, fiscal years, marks and runs of months."""
    text = exports(period, amount)
    if first:
        text = f"{period[0].upper()}{period[1:]}, South Korea's exports to China were {amount}."
    assert set(verdicts(text, record)) <= {UNTESTABLE}, text


TOKENS = st.one_of(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9),
    st.sampled_from(
        "Fiscal Lunar Ramadan partial typical projected H1 Q3 FY YTD CAGR pre post mid late early half "
        "quarter season term session Diwali Easter harvest crop tax school academic".split()
    ),
)


@given(
    TOKENS,
    st.sampled_from(["before", "after", "joined", "prefixed"]),
    st.sampled_from([TRUE, FALSE]),
)
@settings(max_examples=400, deadline=None)
def test_nothing_unknown_beside_a_year_leaves_a_verdict(
    record: Record, token: str, place: str, amount: str
) -> None:
    if token in BEFORE_YEAR | AFTER_YEAR | AFTER_AMOUNT:
        return
    year = {
        "before": f"{token} 2023",
        "after": f"2023 {token}",
        "joined": f"2023{token}",
        "prefixed": f"{token}-2023",
    }[place]
    for text in (
        exports(f"in {year}", amount),
        f"In {year}, South Korea's exports to China were {amount}.",
        f"South Korea's {year} exports to China were {amount}.",
    ):
        assert set(verdicts(text, record)) <= {UNTESTABLE}, text


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2023Q4", "2023-10/2023-12"), ("Q1 of 2018", "2018-01/2018-03"), ("2Q 2020", "2020-04/2020-06"),
        ("H2 2019", "2019-07/2019-12"), ("first half of 2018", "2018-01/2018-06"),
        ("last quarter of 2018", "2018-10/2018-12"), ("last half of 2018", "2018-07/2018-12"),
        ("Jan.-Nov. 2018", "2018-01/2018-11"), ("from January to June, 2018", "2018-01/2018-06"),
        ("through September 2018", "2018-01/2018-09"), ("Sept. 2018", "2018-09"), ("2018/07", "2018-07"),
        ("07/2018", "2018-07"), ("May 2018", "2018-05"), ("first nine months of 2018", "2018-01/2018-09"),
        ("November to January 2018", ""), ("year to March 2018", ""),
    ],
)  # fmt: skip
def test_spans_of_months(written: str, period: str) -> None:
    (found,) = spans(f"in the {written} it was", None)
    assert found.period == period
    assert bool(found.why_not) == (not period)


def test_the_year_of_the_document_dates_a_span() -> None:
    (found,) = spans("through November this year", 2025)
    assert found.period == "2025-01/2025-11"
    assert not spans("through November this year", None)[0].period


ENCODED = "South Korea’s exports – “$124.8 billion” in 2023 – fell, says the café’s owner.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_of_other_programs_are_read(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes(ENCODED.encode(encoding))
    assert document_text(tmp_path / "text.txt") == ENCODED


def test_big_endian_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes(b"\xfe\xff" + ENCODED.encode("utf-16-be"))
    assert document_text(tmp_path / "text.txt") == ENCODED


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("한국의 수출 $124.8 billion", "cp949"), ("日本の輸出", "shift_jis"), ("出口 1,248亿", "gbk"),
        ("экспорт", "cp1251"), ("Korea’s exports “$5bn”", "mac_roman"), ("exportação", "latin-1"),
        ("łódź", "cp1250"), ("plain text", "utf-16-le"),
    ],
)  # fmt: skip
def test_an_encoding_that_is_not_certain_is_refused(
    text: str, encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_bytes(text.encode(encoding))
    with pytest.raises(ClaimError) as error:
        document_text(tmp_path / "text.txt")
    assert str(error.value).count(". ") == 0 and "text.txt" in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"), [(exports("in 2023").encode(), ["agrees"]), (b"", None)]
)
def test_standard_input_is_read(
    content: bytes,
    said: list[str] | None,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`detente check -`, from the outside."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    monkeypatch.setattr(sys, "argv", ["detente", "check", "-", "--format", "json"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out, err = capsys.readouterr()
    if said is None:
        assert stop.value.code == 2 and "standard input is empty" in err and not out
    else:
        assert [one["verdict"] for one in json.loads(out)["rows"]] == said


def test_half_a_character_of_utf_16_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ClaimError, match="UTF-16"):
        document_text(tmp_path / "text.txt")


def test_a_line_broken_for_its_width_is_one_sentence() -> None:
    text = "South Korea's exports to China were $124.8\nbillion in 2023.\n\nHeadline\nBody text starts."
    assert [(one.line, one.text) for one in sentences(text)] == [
        (1, "South Korea's exports to China were $124.8 billion in 2023."),
        (4, "Headline"),
        (5, "Body text starts."),
    ]


@given(
    st.lists(
        st.sampled_from(
            ["$124.8 billion", "exports", "in fiscal 2023", "62 820 million dollars", "the total"]
        ),
        min_size=80,
        max_size=200,
    )
)
@settings(max_examples=50, deadline=None)
def test_a_long_line_is_never_cut_within_an_amount(parts: list[str]) -> None:
    found = [one.text for one in sentences(" and ".join(parts))]
    assert max(map(len, found)) <= LONGEST
    assert sum(text.count("$124.8 billion") for text in found) == parts.count("$124.8 billion")
    whole = "62 820 million dollars"
    assert sum(text.count(whole) for text in found) == parts.count(whole)
