"""Questions about an answer: what moves it, what it is made of, year by year; and their commands."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import equinox as eqx
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from detente import analysis, equilibrium
from detente._core import OutcomeError, ScenarioError, SolveError
from detente.analysis.path import years_of
from detente.analysis.sensitivity import STEP
from detente.calibrate.baseline import baseline_from_dataset
from detente.outcome import LINEAR
from detente.scenario import compile_shock, load_scenario, parse_scenario, Scenario
from detente.simulation import prepare, simulate
from detente.world import Baseline

from . import test_cli
from .test_cli import assert_refused, everything, Run
from .worlds import COUNTRIES, dataset, economy, SECTORS, write


detente = test_cli.detente
# A central difference over a thousandth is off by a millionth of the third derivative.
MOVE, DIFFERENCE = 1e-3, 2e-5
# Percent; solved to a residual of 1e-10.
SOLVED = 1e-7
SETTING = "2000, long run, synthetic basis."
"""What stands under every printed table: year, horizon and accounting basis of the world."""
# JSON is printed with ten decimals.
PRINTED = 1e-9
LEVY = {
    "kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "rate": 0.4,
    "phase_in": {"start": 2026, "years": 2},
}  # fmt: skip
BOYCOTT = {
    "kind": "taste", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["goods"], "change": -0.5,
    "phase_in": {"start": 2026}, "fade_out": {"start": 2027, "half_life": 2.0},
}  # fmt: skip
POLICIES = {"levy": LEVY, "boycott": BOYCOTT}
WALL = {"wall": {"kind": "trade_cost", "change": "1e11%"}}


def scenario(policies: dict | None = None, **settings: object) -> Scenario:
    chosen = POLICIES if policies is None else policies
    return parse_scenario({"title": "T", "name": "test", "policies": chosen} | settings, "test")


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


# --- What moves an answer -----------------------------------------------------------------------


FIXED = {"adjustment": {"entry": "fixed", "home_relative_elasticity": 0.6}}
ASKED: dict[str, tuple[str, dict]] = {
    "welfare": ("welfare.KOR", {}),
    "a flow in the short run": ("trade_after.CHN.KOR.ELE", {"horizon": "short"}),
    "welfare with fixed entry and nests": ("welfare.KOR", FIXED),
    "welfare without deficits": ("welfare.KOR", {"adjustment": {"deficits": "removed"}}),
}
KINDS = ("trade cost", "tariff", "trade elasticity", "baseline flow", "input share")


@pytest.fixture(scope="module")
def asked(baseline: Baseline) -> Callable[[str], pd.DataFrame]:
    found: dict[str, pd.DataFrame] = {}

    def rows(name: str) -> pd.DataFrame:
        of, settings = ASKED[name]
        if name not in found:
            found[name] = analysis.what_moves(baseline, scenario(**settings), of)
        return found[name]

    return rows


def number(outcome: xr.Dataset, of: str) -> float:
    variable, *labels = of.split(".")
    assert outcome.attrs["solved"] == 1
    return float(outcome[variable].sel(dict(zip(outcome[variable].dims, labels, strict=True))))


def moved(baseline: Baseline, policies: dict, settings: dict, row: dict, by: float) -> xr.Dataset:
    """The outcome with one input more by that part of it, by what a user would write."""
    at = lambda *dims: tuple((SECTORS if dim in ("sector", "input") else COUNTRIES).index(row[dim]) for dim in dims)  # fmt: skip
    if row["kind"] in ("trade cost", "tariff"):
        place = at("origin", "destination", "sector")
        rate = float(compile_shock(scenario(policies), baseline).tariff[place])
        change = by if row["kind"] == "trade cost" else (1 + rate) * by
        more = {
            "kind": row["kind"].replace(" ", "_"), "exporters": [row["origin"]],
            "importers": [row["destination"]], "sectors": [row["sector"]], "change": change,
        }  # fmt: skip
        return simulate(baseline, scenario(policies | {"more": more}, **settings))
    field, place = {
        "trade elasticity": lambda: ("trade_elasticity", at("sector")),
        "baseline flow": lambda: ("trade", at("origin", "destination", "sector")),
        "input share": lambda: ("input_share", at("country", "input", "sector")),
    }[row["kind"]]()
    world = baseline.economy
    values = getattr(world, field).at[place].multiply(1 + by)
    world = eqx.tree_at(lambda old: getattr(old, field), world, values)
    return simulate(replace(baseline, economy=world), scenario(policies, **settings))


def difference(baseline: Baseline, policies: dict, settings: dict, row: dict, of: str) -> float:
    """The effect of a row by a central difference of whole runs."""
    runs = (moved(baseline, policies, settings, row, by) for by in (MOVE, -MOVE))
    up, down = (number(run, of) for run in runs)
    return STEP * (up - down) / (2 * MOVE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ASKED)
def test_an_effect_is_that_of_moving_the_input(
    name: str, kind: str, asked, baseline: Baseline
) -> None:
    """Central differences of whole runs with the policies less those without, for the largest rows
    and a small one of each kind: a slope to another input, of another place, of the level, or with
    a part of the model held fixed."""
    (of, settings), rows = ASKED[name], asked(name)
    of_kind = rows[rows.kind == kind]
    assert len(of_kind) > 0
    for place in sorted({0, 1, len(of_kind) // 2}):
        row = of_kind.iloc[place].to_dict()
        played, unplayed = (
            difference(baseline, policies, settings, row, of) for policies in (POLICIES, {})
        )
        tolerance = DIFFERENCE * float(of_kind.with_policies.abs().max())
        for column, slope in (("effect", played - unplayed), ("with_policies", played)):
            np.testing.assert_allclose(
                row[column], slope, rtol=1e-4, atol=tolerance, err_msg=f"{column}: {row}"
            )


def test_a_barrier_that_policies_do_not_touch_moves_the_level_more_than_the_effect(
    asked: Callable[[str], pd.DataFrame],
) -> None:
    """What a barrier does with and without the policies alike is no part of what they do."""
    rows = asked("welfare")
    barriers = rows[rows.kind == "trade cost"]
    foreign = barriers[(barriers.origin == "ROW") & (barriers.destination == "KOR")]
    assert len(foreign) == len(SECTORS)
    assert (foreign.effect.abs() < 0.5 * foreign.with_policies.abs()).all()


def test_what_cannot_move_without_policies_moves_their_effect_alone(asked) -> None:
    """Welfare is a change: without policies it is none, whatever elasticities and flows are."""
    rows = asked("welfare")
    data = rows[rows.kind.isin(["trade elasticity", "baseline flow", "input share"])]
    np.testing.assert_allclose(data.effect, data.with_policies, atol=SOLVED)
    assert rows.attrs["difference"] == pytest.approx(rows.attrs["answer"], abs=SOLVED)


def test_no_policies_have_no_effect(baseline: Baseline) -> None:
    assert len(analysis.what_moves(baseline, scenario({}), "welfare.KOR")) == 0


@pytest.mark.parametrize("name", ASKED)
def test_rows_are_sorted_and_say_where_they_are(name: str, asked, baseline: Baseline) -> None:
    (of, settings), rows = ASKED[name], asked(name)
    size = rows.effect.abs().to_numpy()
    assert (size[:-1] >= size[1:]).all() and (size > 0).all()
    assert set(rows.kind) == set(KINDS)
    barriers = rows[rows.kind.isin(["trade cost", "tariff"])]
    assert (barriers.origin != barriers.destination).all()
    where = ["kind", "origin", "destination", "country", "input", "sector"]
    assert not rows.duplicated(where).any()
    assert rows.attrs["of"] == of
    assert rows.attrs["unit"] == ("percent" if of.startswith("welfare") else "million US$")
    answer = number(simulate(baseline, scenario(**settings)), of)
    without = number(simulate(baseline, scenario({}, **settings)), of)
    np.testing.assert_allclose(rows.attrs["answer"], answer, rtol=SOLVED)
    np.testing.assert_allclose(rows.attrs["difference"], answer - without, rtol=1e-6)


def test_a_flow_depends_most_on_its_own_barriers(asked) -> None:
    """Labels in another order than the array's would name another flow."""
    rows = asked("a flow in the short run")
    for kind in ("trade cost", "tariff"):
        first = rows[rows.kind == kind].iloc[0]
        assert (first.origin, first.destination, first.sector) == ("CHN", "KOR", "ELE")
        # The levy loses less of a flow that is smaller for another reason.
        assert first.with_policies < 0 < first.effect


@pytest.mark.parametrize(
    ("of", "named"),
    [
        ("welfre.KOR", ("'welfre'", "'welfare'")),
        ("welfare.KRO", ("'KRO'", "country", "'KOR'")),
        ("welfare", ("'welfare' must name country", "such as welfare.KOR")),
        ("welfare.KOR.CHN", ("must name country", "welfare.KOR")),
        ("trade_after.KOR.CHN.ELEC", ("'ELEC'", "sector", "'ELE'")),
        ("trade_after.KOR.CHN", ("origin and destination and sector", "trade_after.KOR.KOR.CAR")),
        ("trade.KOR.CHN.ELE", ("'trade'", "'trade_after'")),
    ],
)
def test_what_is_not_a_number_of_the_outcome_is_said(
    of: str, named: tuple, baseline: Baseline
) -> None:
    with pytest.raises(OutcomeError) as refusal:
        analysis.what_moves(baseline, scenario(), of)
    for name in named:
        assert name in str(refusal.value), str(refusal.value)


def test_what_nothing_moves_has_no_rows(baseline: Baseline) -> None:
    assert len(analysis.what_moves(baseline, scenario(), "rents.KOR")) == 0


@pytest.mark.parametrize("question", ["what_moves", "decompose"])
def test_what_was_not_solved_has_no_answer(question: str, baseline: Baseline) -> None:
    """As in an outcome, whose values are then missing."""
    asked = {"what_moves": lambda *given: analysis.what_moves(*given, "welfare.KOR"),
             "decompose": analysis.decompose}  # fmt: skip
    with pytest.raises(SolveError):
        asked[question](baseline, scenario(WALL))


# --- What it is made of, and when ---------------------------------------------------------------


def test_the_terms_are_those_of_the_engine_with_labels(baseline: Baseline) -> None:
    found = analysis.decompose(baseline, scenario())
    played = prepare(baseline, scenario())
    arrays = equilibrium.decompose(played.economy, played.shock, played.closure)
    assert set(found.data_vars) == set(vars(arrays))
    for name, data in found.items():
        np.testing.assert_allclose(data, 100 * np.asarray(getattr(arrays, str(name))), rtol=1e-12)
        assert data.attrs["units"] == "percentage points" and data.attrs["long_name"]
    assert found.terms_of_trade.dims == ("country", "partner", "sector")
    assert list(found.country.values) == list(found.partner.values) == COUNTRIES
    total = sum(data.sum([dim for dim in data.dims if dim != "country"]) for data in found.values())
    np.testing.assert_allclose(total, simulate(baseline, scenario()).welfare, atol=SOLVED)
    # Korea's own levy on China's goods is where its tariffs act.
    here = found.tariffs.sel(country="KOR", partner="CHN", sector=["CAR", "ELE"])
    assert float(here.sum()) < 0.8 * float(found.tariffs.sel(country="KOR").sum()) < 0


def test_each_year_of_the_short_run_is_a_run_of_that_year(baseline: Baseline) -> None:
    """Another order of years, or policies at the wrong date, would draw another line."""
    said: list[str] = []
    years = [2025, 2026, 2027, 2029]
    soon = scenario().model_copy(update={"horizon": "short"})
    found = analysis.follow(baseline, soon, years, said.append)
    assert said == ["2025", "2026", "2027", "2029"] and found.year.values.tolist() == years
    assert bool(found.solved.all())
    for year in years:
        alone = simulate(baseline, soon.model_copy(update={"year": year}))
        now = found.sel(year=year)
        for name, data in alone.items():
            if "destination" not in data.dims and name not in LINEAR:
                np.testing.assert_array_equal(now[name], data, err_msg=str(name))
    assert not {"trade_after", *LINEAR} & {*found} and "welfare" in found
    np.testing.assert_allclose(found.welfare.sel(year=2025), 0.0, atol=SOLVED)
    # What fades comes back: the boycotted sells more in 2029 than in 2027, and less than in 2025.
    wage = found.wage.sel(country="KOR")
    assert float(wage.sel(year=2027)) < float(wage.sel(year=2029))


def test_a_year_of_a_policy_that_stays_is_a_run_after_so_many_years(baseline: Baseline) -> None:
    """Two routes: the path year after year, and the horizon of that number of years. What is asked
    for does not move it: a path that is begun late has the years before it behind it."""
    begins = {"levy": LEVY | {"phase_in": {"start": 2026}}}
    found = analysis.follow(baseline, scenario(begins), [2025, 2026, 2028])
    np.testing.assert_allclose(found.welfare.sel(year=2025), 0.0, atol=SOLVED)
    for year, horizon in ((2026, 1), (2028, 3)):
        stays = scenario({"levy": {**LEVY, "phase_in": None}})
        alone = simulate(baseline, stays.model_copy(update={"horizon": horizon}))
        for name in ("welfare", "wage", "output", "price"):
            np.testing.assert_allclose(found.sel(year=year)[name], alone[name], atol=SOLVED)
    late = analysis.follow(baseline, scenario(begins), [2028])
    np.testing.assert_array_equal(late.welfare.sel(year=2028), found.welfare.sel(year=2028))


def test_what_has_faded_is_felt_until_suppliers_are_chosen_anew(baseline: Baseline) -> None:
    passing = {
        "levy": LEVY | {"phase_in": {"start": 2026}, "fade_out": {"start": 2027, "half_life": 0.1}}
    }
    found = analysis.follow(baseline, scenario(passing), range(2025, 2033))
    moved = np.abs(found.welfare.sel(year=slice(2028, 2032))).max("country").values
    assert moved[0] > 100 * SOLVED and (np.diff(moved) < 0).all()


def test_a_year_that_is_not_solved_is_marked(baseline: Baseline) -> None:
    later = {"wall": WALL["wall"] | {"phase_in": {"start": 2030}}}
    found = analysis.follow(baseline, scenario(later), [2029, 2030])
    assert found.solved.values.tolist() == [True, False]
    assert np.isfinite(found.welfare.sel(year=2029)).all()
    assert np.isnan(found.welfare.sel(year=2030)).all()


@pytest.mark.parametrize(
    ("policies", "start", "end", "first"),
    [
        (POLICIES, None, 2035, 2025),
        (POLICIES, 2020, 2030, 2020),
        ({"levy": LEVY | {"enabled": False}, "boycott": BOYCOTT | {"phase_in": None}}, None, 2035, 2026),
        ({"levy": {**LEVY, "phase_in": None}}, 2024, 2026, 2024),
        (POLICIES, None, 2025, 2025),
    ],
)  # fmt: skip
def test_a_path_begins_before_the_first_policy(policies, start, end, first) -> None:
    assert years_of(scenario(policies), start, end) == range(first, end + 1)


@pytest.mark.parametrize(
    ("policies", "start", "end", "sentence"),
    [
        ({"levy": {**LEVY, "phase_in": None}}, None, 2035, "no dates: no policy has a phase_in"),
        ({"levy": LEVY | {"enabled": False}}, None, 2035, "no dates"),
        (POLICIES, 2036, 2035, "begins in 2036, after its last year 2035"),
        (POLICIES, None, 2020, "begins in 2025, after its last year 2020"),
    ],
)
def test_a_path_that_cannot_be_is_said(policies, start, end, sentence) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        years_of(scenario(policies), start, end)


# --- Commands -----------------------------------------------------------------------------------


DATED = """
title = "A levy"
question = "Who pays?"
baseline = "world.nc"
focus = ["KOR", "CHN"]
"""


@pytest.fixture
def dated(home: Path) -> Scenario:
    """The same scenario as a file beside its world."""
    import tomli_w

    text = DATED + tomli_w.dumps({"policies": POLICIES})
    (home / "dated.toml").write_text(text, encoding="utf-8")
    return load_scenario("dated.toml")


def printed(ended: test_cli.Ended) -> str:
    assert (ended.code, ended.err) == (0, ""), ended
    return ended.out


def test_sensitivity_is_printed_and_kept(
    detente: Run, dated, home: Path, asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = asked("welfare")
    ask = ("sensitivity", "dated.toml", "--of", "welfare.KOR", "--top", "3")
    shown = json.loads(printed(detente(*ask, "--format", "json", "--out", "rows.csv")))
    assert shown["about"]["answer"] == pytest.approx(rows.attrs["answer"])
    assert (shown["about"]["of"], shown["about"]["unit"]) == ("welfare.KOR", "percent")
    assert [row["kind"] for row in shown["rows"]] == rows.kind[:3].tolist()
    np.testing.assert_allclose([row["effect"] for row in shown["rows"]], rows.effect[:3], rtol=1e-9)
    kept = pd.read_csv(home / "rows.csv")
    assert len(kept) == len(rows)
    np.testing.assert_allclose(kept.effect, rows.effect, rtol=1e-6, atol=1e-9)
    # Each derivative is compiled anew: what follows is about printing and refusing.
    monkeypatch.setattr(analysis, "what_moves", lambda *given: rows)
    table = printed(detente(*ask))
    assert SETTING in " ".join(table.split())
    assert "percentage points" in table and "move welfare of KOR by" in table
    assert "largest 3" in table
    first = rows.iloc[0]
    assert f"{first.origin} to {first.destination}: {first.sector}" in " ".join(table.split())
    before = everything(home)
    assert_refused(detente(*ask, "--out", "rows.csv"), "rows.csv exists already")
    assert_refused(detente(*ask, "--out", "no/rows.csv"), "no/rows.csv cannot be written")
    assert everything(home) == before


def test_policies_without_effect_are_said(detente: Run, dated, home: Path) -> None:
    ask = ("sensitivity", "dated.toml", "--of", "rents.KOR")
    assert "do nothing to rents of KOR" in " ".join(printed(detente(*ask)).split())
    shown = json.loads(printed(detente(*ask, "--format", "json", "--out", "none.csv")))
    assert shown["rows"] == [] and shown["about"]["difference"] == 0
    assert "effect" in (home / "none.csv").read_text(encoding="utf-8")


def test_a_decomposition_is_printed_and_kept(
    detente: Run, dated, home: Path, baseline: Baseline
) -> None:
    welfare = simulate(baseline, scenario()).welfare
    table = printed(detente("decompose", "dated.toml", "--out", "terms.csv"))
    assert SETTING in " ".join(table.split())
    for word in ("KOR", "CHN", "terms of trade", "taste", "welfare (exact)", "percentage points"):
        assert word in table
    assert f"{float(welfare.sel(country='KOR')):+.4f}".replace("-", "−") in table
    shown = json.loads(printed(detente("decompose", "dated.toml", "--format", "json")))
    kept = pd.read_csv(home / "terms.csv")
    assert (kept.value != 0).all() and list(kept) == [
        "country", "country_name", "term", "partner", "partner_name", "sector", "value",
    ]  # fmt: skip
    for code in COUNTRIES:
        exact = float(welfare.sel(country=code))
        own = [row["value"] for row in shown["rows"] if row["country"] == code]
        assert math.fsum(own) == pytest.approx(exact, abs=SOLVED)
        assert kept[kept.country == code].value.sum() == pytest.approx(exact, abs=SOLVED)
    before = everything(home)
    assert_refused(detente("decompose", "dated.toml", "--out", "terms.csv"), "exists already")
    assert everything(home) == before


def test_a_path_is_printed_kept_and_drawn(
    detente: Run, dated, home: Path, baseline: Baseline
) -> None:
    ask = ("path", "dated.toml", "--from", "2026", "--to", "2027")
    table = printed(detente(*ask, "--out", "years.csv", "--chart", "years.svg"))
    assert SETTING.replace("long run", "year after year") in " ".join(table.split())
    assert "long run" not in table
    years = analysis.follow(baseline, scenario(), [2026, 2027])
    welfare = years.welfare
    gdp = float(years.real_gdp.sel(year=2027, country="KOR"))
    assert table.count("real GDP") == 2 and "jobs" not in table
    assert f"{gdp:+.3f}".replace("-", "−") in table
    shown = json.loads(printed(detente(*ask, "--format", "json")))
    by_place = {(row["year"], row["country"]): row["welfare"] for row in shown["rows"]}
    assert shown["about"]["units"]["welfare"] == "percent"
    assert shown["about"]["horizon"] == "years"
    kept = pd.read_csv(home / "years.csv").set_index(["year", "country"])
    for year in (2026, 2027):
        for code in COUNTRIES:
            exact = float(welfare.sel(year=year, country=code))
            assert by_place[(year, code)] == pytest.approx(exact, abs=PRINTED)
            assert kept.welfare[(year, code)] == pytest.approx(exact, rel=1e-12)
        assert str(year) in table
    picture = (home / "years.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg") and "A levy" in picture
    assert "year after year" in picture and "long run" not in picture
    # Those in focus, each named where its line ends, and nobody else.
    for code in COUNTRIES:
        assert (f">{code}<" in picture) == (code in ("KOR", "CHN")), code


def test_a_path_of_few_shows_jobs_where_they_move(
    detente: Run, dated, home: Path, baseline: Baseline
) -> None:
    rigid = "adjustment.wage_floor.lowest=1"
    ask = ("path", "dated.toml", "--from", "2026", "--to", "2027", "--set", rigid)
    assert printed(detente(*ask)).count("jobs %") == 2


def test_a_chart_that_is_there_already_is_refused_before_anything_is_done(
    detente: Run, dated, home: Path
) -> None:
    (home / "years.svg").write_text("mine", encoding="utf-8")
    before = everything(home)
    ask = ("path", "dated.toml", "--from", "2026", "--to", "2026", "--out", "years.csv")
    assert_refused(detente(*ask, "--chart", "years.svg"), "years.svg exists already")
    assert everything(home) == before


def test_the_picture_of_a_path_is_what_its_name_says(detente: Run, dated, home: Path) -> None:
    ask = ("path", "dated.toml", "--from", "2026", "--to", "2026", "--out", "years.csv")
    before = everything(home)
    assert_refused(detente(*ask, "--chart", "years.gif"), "'years.gif'", "'.svg'")
    assert everything(home) == before
    printed(detente(*ask, "--chart", "years.png"))
    assert (home / "years.png").read_bytes().startswith(b"\x89PNG")
    (home / "years.csv").unlink()
    (home / "years.datapackage.json").unlink()
    printed(detente(*ask, "--chart", "years.html"))
    assert "<html" in (home / "years.html").read_text(encoding="utf-8").lower()


def test_questions_are_asked_of_the_world_that_is_named(detente: Run, dated, home: Path) -> None:
    write(dataset(economy(1)), home / "other.nc")
    other = baseline_from_dataset(dataset(economy(1)))
    exact = float(simulate(other, scenario()).welfare.sel(country="KOR"))
    named = ("--baseline", "other.nc", "--format", "json")
    shown = json.loads(printed(detente("decompose", "dated.toml", *named)))
    own = [row["value"] for row in shown["rows"] if row["country"] == "KOR"]
    assert math.fsum(own) == pytest.approx(exact, abs=SOLVED)
    shown = json.loads(printed(detente("sensitivity", "dated.toml", "--of", "welfare.KOR", *named)))
    assert shown["about"]["answer"] == pytest.approx(exact, abs=SOLVED)
    years = ("--from", "2027", "--to", "2027")
    shown = json.loads(printed(detente("path", "dated.toml", *years, *named)))
    welfare = analysis.follow(other, scenario(), [2027]).welfare
    assert [row["welfare"] for row in shown["rows"]] == pytest.approx(
        [float(welfare.sel(year=2027, country=row["country"])) for row in shown["rows"]], abs=SOLVED
    )


def test_what_governments_count_is_printed_beside_what_it_is(
    detente: Run, home: Path, baseline: Baseline
) -> None:
    asked = ("tariffs", "KOR", "--aim", "alone", "--rates", "sector", "--weight", "KOR.CAR=1.5")
    found = analysis.choose_tariffs(
        baseline, scenario({}), ("KOR",), aim="alone", rates="sector",
        mandate=analysis.Mandate(weights={"KOR.CAR": 1.5}),
    ).sel(country="KOR")  # fmt: skip
    code, out, err = detente(*asked, "--baseline", "world.nc")
    assert (code, err) == (0, "")
    told = " ".join(out.split())
    assert f"changes by {float(found.counted_welfare):+.2f} %" in told.replace("−", "-")
    assert f"{float(found.sector_income.sel(sector='CAR')):+.3f}" in told.replace("−", "-")
    assert f"{float(found.sector_weight.sel(sector='CAR')):.2f}" in told


def test_chosen_tariffs_are_printed_and_kept(detente: Run, home: Path, baseline: Baseline) -> None:
    ask = ("tariffs", "KOR", "--aim", "alone", "--baseline", "world.nc")
    found = analysis.choose_tariffs(baseline, scenario({}), ("KOR",), aim="alone")
    rate = float(found.tariff.sel(origin="CHN", destination="KOR", sector="CAR"))
    table = printed(detente(*ask, "--out", "rates.csv"))
    assert SETTING in " ".join(table.split())
    assert "KOR" in table and f"{rate:.2f}" in table and "First-order" in table
    shown = json.loads(printed(detente(*ask, "--format", "json")))
    for code in COUNTRIES:
        exact = float(found.welfare.sel(country=code))
        assert shown["welfare"][code] == pytest.approx(exact, abs=PRINTED)
    assert [row["tariff"] for row in shown["rows"]] == pytest.approx([rate] * 8)
    kept = pd.read_csv(home / "rates.csv")
    assert len(kept) == 8 and set(kept.destination) == {"KOR"}
    np.testing.assert_allclose(kept.tariff, rate, rtol=1e-9)
    before = everything(home)
    assert_refused(detente(*ask, "--out", "rates.csv"), "exists already")
    assert everything(home) == before


BAD = [
    (("sensitivity", "dated.toml"), ("--of",)),
    (("sensitivity", "dated.toml", "--of", "welfare.KRO"), ("'KRO'", "'KOR'")),
    (("sensitivity", "dated.toml", "--of", "welfare.KOR", "--top", "0"), ("--top",)),
    (("sensitivity", "nowhere.toml", "--of", "welfare.KOR"), ("nowhere.toml",)),
    (("decompose", "dated.toml", "--set", "levi.rate=1"), ("'levi'", "'levy'")),
    (("decompose", "dated.toml", "--set", 'focus=["KRO"]'), ("'KRO'", "'KOR'")),
    (("path", "dated.toml", "--from", "2036"), ("2036", "2035")),
    (("path", "levy.toml"), ("no dates", "--from")),
    (("path", "dated.toml", "--from", "soon"), ("--from",)),
    (("sensitivity", "dated.toml", "--of", "welfare.KOR", "--baseline", "no.nc"), ("no.nc",)),
    (("decompose", "dated.toml", "--baseline", "no.nc"), ("no.nc",)),
    (("path", "dated.toml", "--baseline", "no.nc"), ("no.nc",)),
    (("tariffs",), ("COUNTRY",)),
    (("tariffs", "KRO", "--baseline", "world.nc"), ("'KRO'", "'KOR'")),
    (("tariffs", "KOR", "--aim", "peace"), ("'peace'", "'war'")),
    (("tariffs", "KOR", "--rates", "two"), ("'two'", "'partner'")),
    (("tariffs", "KOR", "CHN", "--aim", "alone", "--baseline", "world.nc"), ("only one country",)),
    (("tariffs", "KOR", "--sector", "gods", "--baseline", "world.nc"), ("'gods'", "'goods'")),
    (("tariffs", "KOR", "--weight", "KOR.CAR", "--baseline", "world.nc"), ("KOR.AGR=1.5", "'KOR.CAR'")),
    (("tariffs", "KOR", "--weight", "KOR.CRA=2", "--baseline", "world.nc"), ("'CRA'", "'CAR'")),
    (("tariffs", "KOR", "--weight", "KOR.CAR=2", "--weight", "korea.CAR=3", "--baseline", "world.nc"),
     ("KOR.CAR", "twice")),
    (("tariffs", "KOR", "--baseline", "nowhere.nc"), ("nowhere.nc",)),
    (("tariffs", "KOR", "--scenario", "nowhere.toml"), ("nowhere.toml",)),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "named"), BAD)
def test_a_bad_question_is_one_sentence(arguments, named, detente: Run, dated, home: Path) -> None:
    before = everything(home)
    assert_refused(detente(*arguments), *named)
    assert everything(home) == before


def test_a_path_that_is_not_solved_ends_with_1(detente: Run, dated) -> None:
    wall = ("--set", "policies.wall.kind=trade_cost", "--set", "policies.wall.change=1e11%",
            "--set", "policies.wall.phase_in.start=2027")  # fmt: skip
    ended = detente(
        "path", "dated.toml", "--from", "2026", "--to", "2027", "--format", "json", *wall
    )
    assert (ended.code, ended.err) == (1, "")
    shown = json.loads(ended.out)
    welfare = {(row["year"], row["country"]): row["welfare"] for row in shown["rows"]}
    assert welfare[(2026, "KOR")] is not None
    assert all(welfare[(2027, code)] is None for code in COUNTRIES)
