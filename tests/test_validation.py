"""The validation table: its file, its rules, what it says of what cannot be computed."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from detente import cli, commands
from detente._core import ScenarioError
from detente.calibrate.baseline import load_baseline
from detente.published import PublishedTarget, TargetCheck
from detente.report import terminal, validation_document, validation_frame, validation_table
from detente.scenario import available, load_scenario
from detente.validation import load_table, Row, RowCheck, Side, StudyTable, validate
from detente.validation._blocs import trade_between_blocs

from .worlds import dataset, economy, write


BLOCS = {"West": ["KOR", "JPN", "USA", "EU27"], "East": ["CHN", "RUS", "HKG"]}
# Poisson stops at a relative change in deviance of 1e-10.
ESTIMATED = 1e-4


def row(**fields) -> Row:
    target = {
        "id": "T1", "what": "a test", "published": "-1 %", "source": "a test",
        "measure": "welfare", "unit": "%",
    }  # fmt: skip
    target |= {name: fields.pop(name) for name in PublishedTarget.model_fields if name in fields}
    side = {"scenario": "china-korea/services-opening", "of": ["KOR"]}
    return Row.model_validate({"target": target, "side": side, "comparability": "all", **fields})


UNKNOWN = """
[[rows]]
side = { scenario = "china-korea/services-opening" }
comparability = "all"
target = { id = "T1", what = "x", published = "1", source = "x", measure = "wellfare", unit = "%" }
"""


@pytest.fixture(scope="module")
def checked() -> tuple[RowCheck, ...]:
    """Rows with known relations, on one world."""
    opening, mfn = "china-korea/services-opening", "china-korea/services-mfn"
    rows = (
        row(lowest=0.0, what="level"),
        row(lowest=1.0, what="missed"),
        row(side=Side(scenario=mfn, of=("KOR",)), less=Side(scenario=opening, of=("KOR",)),
            highest=0.0, what="order"),
        row(over=Side(scenario=opening, of=("KOR",)), what="ratio"),
        row(side=Side(scenario="china-korea/no-such"), what="absent"),
        row(side=Side(scenario=opening, of=("DEU",)), what="elsewhere"),
        row(worst_of=["JPN", "USA"], what="worst"),
        row(side=Side(scenario=opening), what="world"),
        row(measure="exports", what="exports"),
        row(measure="real_gdp", side=Side(scenario=opening, of=("KOR",)), what="volume"),
        row(measure="exports", side=Side(scenario=opening, of=("KOR", "CHN")), what="together"),
        row(measure="services", side=Side(scenario=opening, of=("KOR",), to=("CHN",)), what="sold"),
    )  # fmt: skip
    return validate(StudyTable(rows=rows))


def named(checked: tuple[RowCheck, ...], what: str) -> RowCheck:
    return next(one for one in checked if one.row.target.what == what)


def test_the_same_number_as_the_outcome_of_the_scenario(checked: tuple[RowCheck, ...]) -> None:
    outcome = commands.run("china-korea/services-opening", keep=False).outcome
    level = named(checked, "level").verdict
    assert level.ours == pytest.approx(float(outcome.welfare.sel(country="KOR")), rel=1e-9)
    spread = outcome.welfare_by_elasticity.sel(country="KOR")
    values = [*map(float, spread), level.ours]
    assert level.interval == pytest.approx((min(values), max(values)), rel=1e-7)
    others = [float(outcome.welfare.sel(country=code)) for code in ("JPN", "USA")]
    worst = named(checked, "worst").verdict.ours
    assert worst == pytest.approx(level.ours - min(others), rel=1e-9)
    sold = [outcome[name].sel(origin="KOR") for name in ("trade_before", "trade_after")]
    before, after = (float(one.sum() - one.sel(destination="KOR").sum()) for one in sold)
    exports = named(checked, "exports").verdict.ours
    assert exports == pytest.approx(100 * (after / before - 1), rel=1e-7)


def test_real_gdp_is_that_of_the_outcome_and_not_real_income(checked: tuple[RowCheck, ...]) -> None:
    outcome = commands.run("china-korea/services-opening", keep=False).outcome
    volume = named(checked, "volume").verdict.ours
    assert volume == pytest.approx(float(outcome.real_gdp.sel(country="KOR")), rel=1e-6)
    assert volume != pytest.approx(float(outcome.welfare.sel(country="KOR")), rel=0.5)


def test_an_item_that_is_cut_off_has_its_ranges_in_the_interval() -> None:
    """Beyond what elasticities do alone, and not where the ranges are one number each."""
    side = Side(scenario="china-korea/rare-earths-japan", of=("JPN",))
    known = ("stop.supply_share=0.6", "stop.cost_share=0.001", "stop.stocks=2",
             "stop.substitution=0.15", "stop.recovery=35")  # fmt: skip
    rows = (row(side=side, what="drawn"),
            row(side=side.model_copy(update={"overrides": known}), what="known"))  # fmt: skip
    found = validate(StudyTable(rows=rows))
    drawn, fixed = (named(found, what).verdict for what in ("drawn", "known"))
    assert drawn.interval is not None and fixed.interval is not None
    assert drawn.interval[0] < 10 * drawn.ours < drawn.ours < drawn.interval[1] < 0
    assert (
        1.5 * fixed.ours < fixed.interval[0] <= fixed.ours <= fixed.interval[1] < 0.5 * fixed.ours
    )


def test_services_sold_leave_trade_margins_out(checked: tuple[RowCheck, ...]) -> None:
    outcome = commands.run("china-korea/services-opening", keep=False).outcome
    world = load_baseline("compact-2022")
    margins = world.sector_groups.get("margins", ())
    sectors = [code for code in world.sector_groups["services"] if code not in margins]
    pair = {"origin": "KOR", "destination": "CHN", "sector": sectors}
    before, after = (
        float(outcome[name].sel(pair).sum()) for name in ("trade_before", "trade_after")
    )
    sold = named(checked, "sold").verdict.ours
    assert sold == pytest.approx(100 * (after / before - 1), rel=1e-6)
    exports = named(checked, "exports").verdict.ours
    assert exports is not None and sold is not None and sold > exports > 0


def test_groups_are_weighted_by_income(checked: tuple[RowCheck, ...]) -> None:
    outcome = commands.run("china-korea/services-opening", keep=False).outcome
    world = named(checked, "world").verdict.ours
    income = outcome.equivalent_variation / outcome.welfare * 100
    expected = 100 * float(outcome.equivalent_variation.sum() / income.sum())
    assert world == pytest.approx(expected, rel=1e-7)


def test_rules_decide_alone(checked: tuple[RowCheck, ...]) -> None:
    outcomes = {one.row.target.what: one.verdict.outcome for one in checked}
    assert outcomes["level"] == "pass" and outcomes["missed"] == "miss"
    assert outcomes["order"] == "pass"
    assert named(checked, "ratio").verdict.ours == pytest.approx(1.0)


def test_what_cannot_be_computed_says_why(checked: tuple[RowCheck, ...]) -> None:
    for what, word in (
        ("absent", "there is no scenario 'china-korea/no-such'"),
        ("elsewhere", "Germany"),
    ):
        one = named(checked, what)
        assert one.verdict.outcome == "not computed" and word in one.reason
        assert one.verdict.ours is None and one.verdict.interval is None


def test_reports_keep_every_row(checked: tuple[RowCheck, ...]) -> None:
    from rich.console import Console

    frame = validation_frame(checked)
    assert len(frame) == len(checked)
    said = json.loads(validation_document(checked))
    counts = said["about"]
    assert sum(counts.values()) == len(checked) == len(said["rows"])
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(terminal(validation_table(checked)))
    text = console.export_text()
    assert "miss" in text and "not computed" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_the_table_that_ships() -> None:
    """Every row says what it compares and with what; scenarios that are absent are named."""
    table = load_table()
    numbers = [*range(13, 21), *range(23, 32), 40]
    assert {one.target.id for one in table.rows} == {f"V{number}" for number in numbers}
    library = available()
    for one in table.rows:
        target = one.target
        assert target.lowest is not None or target.highest is not None
        assert target.source and target.published and target.unit and one.comparability
        for side in filter(None, (one.side, one.less, one.over)):
            if side.scenario in library:
                load_scenario(side.scenario, side.overrides)
            else:
                assert side.scenario in ("china-korea/rcep", "china-korea/cptpp-korea")


def test_a_row_that_may_pass_by_a_factor_has_a_range_that_holds_what_is_published() -> None:
    """Near the published number by luck is a miss; `inside` alone is a rule too."""
    target = {
        "id": "T1",
        "what": "a",
        "published": "-1",
        "source": "a",
        "measure": "a",
        "unit": "%",
    }
    both = PublishedTarget.model_validate(target | {"lowest": -2, "highest": -0.5, "inside": -1})
    alone = PublishedTarget.model_validate(target | {"inside": -1})
    cases = {
        (-0.8, (-1.2, -0.4)): "pass",
        (-0.8, (-0.9, -0.4)): "miss",
        (-0.1, (-2.0, 0.0)): "miss",
    }
    for (ours, interval), outcome in cases.items():
        assert TargetCheck(both, ours, interval).outcome == outcome
    assert TargetCheck(alone, -0.1, (-2.0, 0.0)).outcome == "pass"
    assert TargetCheck(both, -0.8).outcome == "miss"
    assert TargetCheck(both, None).rule == "−2 to −0.5, and our interval holds −1"


def test_factor_of_two_rows_hold_their_own_number() -> None:
    """Every test of a level by half and twice has the number inside too."""
    for one in load_table().rows:
        low, high = one.target.lowest, one.target.highest
        if low is None or high is None or one.target.other_concept or one.target.dropped:
            continue
        if low / high in (pytest.approx(4), pytest.approx(0.25)):
            middle = one.target.inside
            assert middle is not None and min(low, high) <= middle <= max(low, high), (
                one.target.what
            )


def test_a_miss_says_why_and_what_is_dropped_is_not_computed() -> None:
    rows = (row(lowest=1.0, what="missed"), row(what="gone", dropped="two figures contradict"))
    found = validate(StudyTable(rows=rows, causes={"T1": "the wedge is ours"}))
    assert [one.verdict.outcome for one in found] == ["miss", "dropped"]
    assert found[0].reason == "the wedge is ours" and found[1].verdict.ours is None
    page = "\n".join(map(str, validation_table(found).parts))
    assert "T1: the wedge is ours" in page and "T1: two figures contradict" in page


def test_every_row_that_misses_has_its_cause_in_the_table_that_ships() -> None:
    """As the page in the reference has them."""
    page = Path(__file__).parents[1] / "docs" / "reference" / "validation.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    missed = {line.split()[0] for line in lines if line.startswith(" V") and line.endswith(" miss")}
    assert missed and missed <= set(load_table().causes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": None},
        {"measure": "between_blocs"},
        {"measure": "well-being"},
        {"side": {"scenario": "china-korea/services-opening", "of": ["KOR"], "to": ["CHN"]}},
        {"measure": "duty", "side": None, "quantity": "rate of KOR on CHN"},
        {"measure": "duty", "quantity": "rate of KOR on CHN", "year": 2020},
        {"worst_of": ["JPN"], "less": {"scenario": "x"}},
    ],
)
def test_rows_that_make_no_sense_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        row(**wrong)


def test_a_broken_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "table.toml"
    path.write_text("rows = [{ id = 1 }]", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"table\.toml"):
        load_table(path)
    path.write_text(UNKNOWN, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"no measure 'wellfare'; did you mean 'welfare'"):
        load_table(path)
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_table(tmp_path / "absent.toml")


def flows(between: float, seed: int = 0) -> xr.DataArray:
    """Gravity that holds exactly, with trade between blocs times `between` from 2022 on."""
    random = np.random.default_rng(seed)
    codes = ["KOR", "JPN", "USA", "EU27", "CHN", "RUS", "HKG", "BRA", "IND"]
    years = [2019, 2020, 2021, 2022]
    seller, buyer = random.lognormal(size=(4, 9, 1)), random.lognormal(size=(4, 1, 9))
    trade = 100 * seller * buyer * random.lognormal(size=(1, 9, 9))
    side = np.array([next((n for n, m in BLOCS.items() if c in m), "") for c in codes])
    across = (side[:, None] != side[None]) & (side[:, None] != "") & (side[None] != "")
    trade[3] *= np.where(across, between, 1.0)
    return xr.DataArray(
        trade, coords={"year": years, "origin": codes, "destination": codes},
        dims=("year", "origin", "destination"),
    )  # fmt: skip


@pytest.mark.parametrize("between", [0.88, 1.0, 1.3])
def test_the_estimate_finds_what_was_put_in(between: float) -> None:
    pytest.importorskip("pyfixest", reason="estimation is an extra")
    found, (lowest, highest) = trade_between_blocs(BLOCS, flows(between))
    assert found == pytest.approx(100 * (between - 1), abs=ESTIMATED)
    assert lowest <= found + ESTIMATED and found <= highest + ESTIMATED


def test_a_verdict_without_a_number_passes_nothing(checked: tuple[RowCheck, ...]) -> None:
    one = named(checked, "level")
    assert replace(one.verdict, ours=float("nan")).outcome == "miss"


def test_duties_are_those_of_the_table_and_another_name_is_a_sentence() -> None:
    asked = {"measure": "duty", "side": None, "quantity": "rate of KOR on CHN", "lowest": 0.0}
    known, other = validate(StudyTable(rows=(row(**asked, year=2022), row(**asked, year=1999))))
    lowest, highest = known.verdict.interval
    assert lowest == known.verdict.ours < highest
    assert other.verdict.ours is None and "did you mean" in other.reason


@pytest.fixture
def detente(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """The command where the world is one that no row was written for."""
    write(dataset(economy()), home / "world.nc")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["detente", "validate", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run


def test_on_a_world_of_others_every_row_says_what_is_missing(detente, home: Path) -> None:
    code, out, _ = detente("--baseline", "world.nc", "--format", "json", "--out", "rows.csv")
    assert code == 0
    rows = json.loads(out)["rows"]
    # What is dropped is so on every world.
    tried = [one for one in rows if one["outcome"] != "dropped"]
    played = [one for one in tried if one["target"] not in ("V19", "V24", "V25")]
    assert played and all(one["outcome"] == "not computed" and one["reason"] for one in played)
    assert (home / "rows.csv").read_text(encoding="utf-8").count("not computed") >= len(played)


def test_nothing_is_computed_for_a_place_that_is_taken(detente, home: Path) -> None:
    (home / "rows.csv").touch()
    code, out, err = detente("--out", "rows.csv")
    assert code == 2 and not out and "exists already" in err


def test_a_world_that_is_not_there_is_a_sentence(detente) -> None:
    code, out, err = detente("--baseline", "compact-2202")
    assert code == 2 and not out and "compact-2022" in err
