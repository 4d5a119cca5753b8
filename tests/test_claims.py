"""The ledger: every kind of check with all three verdicts, and the claims that ship."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from detente._core import ClaimError
from detente.claims import contradictions, counts, judge, ledger_frame, load_ledger, Record, Verdict
from detente.claims.checks import Check, CHECK_KINDS, run_check
from detente.claims.units import Amount, amount_of, Quantity, same, shown
from detente.scenario import available

from .claims_record import small_record, trade


AGREES, CONTRADICTS, UNTESTABLE = "agrees", "contradicts", "cannot be tested"
BALANCE = {"reporter": "KOR", "partner": "CHN", "flow": "balance", "basis": "korean customs"}
EXPORTS = BALANCE | {"flow": "exports"}
ELSEWHERE = BALANCE | {"partner": "JPN"}


def at(series: dict, period: int | str) -> dict:
    return series | {"period": str(period)}


def of(value: str, unit: str = "million US$", **more: object) -> dict:
    return {"value": Decimal(value), "unit": unit, **more}


def check(kind: str, **keys: object) -> dict:
    return {"kind": kind, **keys}


# Per kind: a check that holds, one that does not, one whose data are not there.
CASES = {
    "value": (
        check("value", observed=at(BALANCE, 2002), claimed=of("130")),
        check("value", observed=at(BALANCE, 2002), claimed=of("-130")),
        check("value", observed=at(BALANCE, 2003), claimed=of("130")),
    ),
    "identity": (
        check("identity", plus=[of("124.8")], minus=[of("142.8")], claimed=of("-18.0")),
        check("identity", plus=[of("124.8")], minus=[of("142.8")], claimed=of("18.0")),
        check("identity", plus=[at(EXPORTS, 2003)], minus=[of("1")], claimed=of("-18.0")),
    ),
    "growth": (
        check("growth", start=at(EXPORTS, 2000), end=at(EXPORTS, 2001), claimed=of("110", "percent")),
        check("growth", start=at(EXPORTS, 2000), end=at(EXPORTS, 2001), claimed=of("-110", "percent")),
        check("growth", start=at(EXPORTS, 2002), end=at(EXPORTS, 2003), claimed=of("10", "percent")),
    ),
    "ratio": (
        check("ratio", numerator=of("21"), denominator=at(EXPORTS, 2001), claimed=of("10", "percent")),
        check("ratio", numerator=of("21"), denominator=at(EXPORTS, 2001), claimed=of("20", "percent")),
        check("ratio", numerator=of("21"), denominator=at(EXPORTS, 2003), claimed=of("10", "percent")),
    ),
    "bound": (
        check("bound", observed=at(BALANCE, 2005), below=of("0")),
        check("bound", observed=at(BALANCE, 2005), above=of("0")),
        check("bound", observed=at(ELSEWHERE, 2005), above=of("0")),
    ),
    "direction": (
        check("direction", start=at(EXPORTS, 2002), end=at(EXPORTS, 2005), claimed="fall"),
        check("direction", start=at(EXPORTS, 2002), end=at(EXPORTS, 2005), claimed="rise"),
        check("direction", start=at(EXPORTS, 2002), end=at(EXPORTS, 2003), claimed="fall"),
    ),
    "record": (
        check("record", series=BALANCE, year=2002),
        check("record", series=BALANCE, year=2004),
        check("record", series=BALANCE, year=2003),
    ),
    "first_in_years": (
        check("first_in_years", series=BALANCE, year=2005, years=5),
        check("first_in_years", series=BALANCE, year=2005, years=6),
        check("first_in_years", series=BALANCE, year=2003, years=5),
    ),
    "in_a_row": (
        check("in_a_row", series=BALANCE, year=2002, state="surplus", times=2),
        check("in_a_row", series=BALANCE, year=2002, state="deficit", times=2),
        check("in_a_row", series=BALANCE, year=2004, state="surplus", times=3),
    ),
    "reached": (
        check("reached", series=EXPORTS, level=of("300"), by=2002),
        check("reached", series=EXPORTS, level=of("300"), by=2001),
        check("reached", series=EXPORTS, level=of("400")),
    ),
    "rank": (
        check("rank", **EXPORTS | {"partner": "USA"}, year=2005, among=["CHN"]),
        check("rank", **EXPORTS, year=2005, among=["USA"]),
        check("rank", **EXPORTS, year=2005, among=["USA", "JPN"]),
    ),
    "date": (
        check("date", happened="2015-12-20", claimed="2015-12"),
        check("date", happened="2016-08", claimed="2017"),
        check("date", happened="2015", claimed="2015-12"),
    ),
    "date_order": (
        check("date_order", earlier="2014-09", later="2014-12-01"),
        check("date_order", earlier="2014-12", later="2014-09"),
        check("date_order", earlier="2014", later="2014-12"),
    ),
    "elapsed": (
        check("elapsed", start="2014-07", end="2025-10", years=11),
        check("elapsed", start="2014-07", end="2025-10", years=12),
        None,
    ),
    "named": (
        check("named", found="South Korea", claimed="south korea"),
        check("named", found="South Korea", claimed="North Korea"),
        None,
    ),
}  # fmt: skip
MATRIX = [
    pytest.param(one, verdict, id=f"{kind}-{verdict}")
    for kind, three in CASES.items()
    for one, verdict in zip(three, (AGREES, CONTRADICTS, UNTESTABLE), strict=True)
    if one is not None
]


@pytest.mark.parametrize(("one", "verdict"), MATRIX)
def test_every_kind_of_check_gives_every_verdict(one: dict, verdict: str) -> None:
    found = run_check(TypeAdapter(Check).validate_python(one), small_record(), None)
    assert found.verdict == verdict, found.found
    assert found.found.startswith("needs ") == (verdict == UNTESTABLE)


def test_the_matrix_covers_every_kind() -> None:
    """Two kinds compare only what is written in the claim, so that nothing can be missing.

    What the model computes is in `test_claims_model`."""
    assert set(CASES) | {"computed", "answered"} == set(CHECK_KINDS)
    assert {kind for kind, three in CASES.items() if three[2] is None} == {"elapsed", "named"}


@pytest.mark.parametrize(
    ("printed", "measured", "equal"),
    [
        ("18", 18.4, True), ("18.0", 18.4, False), ("18.0", 18.04, True), ("55.6", 55.636, True),
        ("55.6", 55.66, False), ("300", 300.6, False),
    ],
)  # fmt: skip
def test_printed_digits_say_how_precise_a_figure_is(
    printed: str, measured: float, equal: bool
) -> None:
    said = amount_of(Quantity(value=Decimal(printed), unit="million US$"))
    assert same(said, Amount(measured, "million US$")) is equal


def test_figures_of_different_units_are_never_compared() -> None:
    with pytest.raises(ClaimError, match="cannot be compared"):
        same(Amount(1.0, "percent"), Amount(1.0, "percentage points"))


def test_amounts_are_shown_in_the_multiple_people_use() -> None:
    assert shown(Amount(-18000.0, "million US$")) == "−18 billion US$"
    assert shown(Amount(44.11, "million US$"), signed=True) == "+44.11 million US$"
    assert shown(Amount(1e6, "million won")) == "1 trillion won"


def test_a_rounded_figure_passes_its_rounding_on() -> None:
    rows = [
        ("KOR", "CHN", flow, "A", "2023-01-01", value, "korean customs", "rounded")
        for flow, value in (("exports", 124800.0), ("imports", 142800.0))
    ]
    series = Record(trade(rows), small_record().indicators).yearly(
        "KOR", "CHN", "balance", "korean customs"
    )
    assert series.at(2023) == Amount(-18000.0, "million US$", 100.0)


def test_a_final_figure_is_preferred_and_months_make_a_year() -> None:
    twice = [
        ("KOR", "CHN", "exports", "A", "2001-01-01", value, "korean customs", status)
        for value, status in ((1.0, "preliminary"), (2.0, "final"), (3.0, "rounded"))
    ]
    months = [
        ("KOR", "CHN", "exports", "M", f"2002-{month:02d}-01", 5.0, "korean customs", "final")
        for month in range(1, 13)
    ]
    record = Record(trade([*twice, *months]), small_record().indicators)
    series = record.yearly("KOR", "CHN", "exports", "korean customs")
    assert {year: one.value for year, one in series.points.items()} == {2001: 2.0, 2002: 60.0}


def test_a_span_of_months_is_a_sum_and_needs_every_month() -> None:
    record = small_record()
    span = record.span("KOR", "CHN", "balance", "korean customs", "2006-01/2006-11")
    assert span.value == pytest.approx(-22.0)
    one = check("value", observed=at(BALANCE, "2006-01/2006-12"), claimed=of("-24"))
    found = run_check(TypeAdapter(Check).validate_python(one), record, None)
    assert found.verdict == UNTESTABLE and "2006-01/2006-12" in found.found


def test_a_gap_between_two_surpluses_is_named_and_a_longer_one_refused() -> None:
    one = check("first_in_years", series=BALANCE, year=2005, years=5)
    found = run_check(TypeAdapter(Check).validate_python(one), small_record(), None)
    assert "2003 not stored" in found.found
    rows = small_record().trade
    holed = Record(rows[rows.period != "2002-01-01"], small_record().indicators)
    found = run_check(TypeAdapter(Check).validate_python(one), holed, None)
    assert found.verdict == UNTESTABLE


def test_the_ledger_holds_every_row_of_the_five_documents() -> None:
    rows = {"0": 26, "1": 11, "2": 25, "3": 26, "4": 17}
    expected = {
        f"{document}-{row:02d}" for document, last in rows.items() for row in range(1, last + 1)
    }
    ledger = load_ledger()
    assert set(ledger.claims) == expected
    assert [one.id for one in ledger.contradictions] == [f"X{number}" for number in range(1, 15)]


def test_claims_refer_to_scenarios_that_exist() -> None:
    named = {name for claim in load_ledger().claims.values() for name in claim.scenarios}
    assert named and named <= set(available())


def test_a_claim_without_a_check_is_never_tested() -> None:
    empty = Record(trade([]), small_record().indicators)
    for one in judge(load_ledger(), empty):
        if one.evidence.check is None:
            assert one.finding.verdict is Verdict.untestable


def test_without_stored_data_no_series_is_said_to_agree() -> None:
    """What is computed from the store names the missing series instead."""
    empty = Record(trade([]), small_record().indicators)
    for one in judge(load_ledger(), empty):
        if "stored" in one.evidence.source and one.evidence.check is not None:
            assert one.finding.verdict is Verdict.untestable
            assert "customs" in one.finding.found


def test_the_counts_add_up_and_the_frame_is_json() -> None:
    judged = judge(load_ledger(), small_record())
    frame = ledger_frame(judged)
    found = counts(judged)
    assert sum(found["evidence"].values()) == len(frame)
    assert frame.claim.nunique() == len(load_ledger().claims)
    json.loads(frame.to_json(orient="records"))


def test_no_sentence_is_copied_from_a_document(documents: Path) -> None:
    """Eight words in a row are a copy; titles are cited as they are."""
    texts = " ".join(path.read_text(encoding="utf-8") for path in documents.glob("*.txt"))
    known = _runs(texts)
    for claim in load_ledger().claims.values():
        assert not _runs(claim.says) & known, claim.id


def _runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9.]+", text.lower())
    return set(zip(*(words[start:] for start in range(length)), strict=False))


BROKEN = {
    "unknown kind": ('check = { kind = "levle" }', "unknown kind 'levle'"),
    "unknown unit": ('check = { kind = "value", observed = { value = 1, unit = "billion" } }', "not a known unit"),
    "neither": ("", "either a check or what it needs"),
    "bad date": ('check = { kind = "date", happened = "May", claimed = "2015" }', "not a date"),
    "unknown key": ('needs = "x", chek = 1', "not a known key"),
}  # fmt: skip


@pytest.mark.parametrize(("evidence", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_ledger_is_one_sentence(evidence: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "o"\ntitle = "t"\npublisher = "p"\npublished = "2026"\nreliability = "r"\n'
        '[[claims]]\nid = "o-01"\nkind = "number"\nsays = "s"\nspeaker = "n"\n'
        f'evidence = [{{ source = "s"{", " * bool(evidence)}{evidence} }}]\n'
    )
    with pytest.raises(ClaimError, match=re.escape(said)) as error:
        load_ledger(path)
    assert "o-01" in str(error.value)


def test_contradictions_keep_their_sides_apart() -> None:
    for one, findings in contradictions(load_ledger(), small_record()):
        assert len(one.positions) == len(findings) >= 2


def test_the_record_is_what_the_store_holds(home: Path) -> None:
    """On a fresh machine: the shipped annual record, and nothing about 2025."""
    record = Record.open()
    series = record.yearly("KOR", "CHN", "balance", "korean customs")
    assert series.at(2018).value == pytest.approx(55636.46, abs=0.02)
    assert 2025 not in series.points
