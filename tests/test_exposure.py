"""Exposure: against closed forms, differences and identities; third parties; years; the command."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from detente import geo
from detente._core import DataError, Deficits
from detente.about import About
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.calibrate.yearly import economy_of
from detente.closure import Closure
from detente.equilibrium import (
    exposure_matrix,
    exposure_of,
    exposure_to,
    OneSectorExposure,
    productivity_of,
    solve,
    welfare_hat,
)
from detente.geo.exposure import Exposure, setting
from detente.geo.exposure_by_year import build, by_year, matrices, SHIPPED, YEARS
from detente.geo.third_parties import _sums
from detente.report.exposure import DEFICITS, exposure_table
from detente.scenario import load_scenario, parse_scenario
from detente.simulation import simulate
from detente.world import Baseline, Economy, Shock

from . import test_cli
from .test_cli import assert_refused, everything, Run
from .worlds import COUNTRIES, dataset, economy


detente = test_cli.detente
# The linear systems are solved to 1e-10 of their largest entry.
CLOSED_FORM = 1e-8
# A central difference over a thousandth of solutions good to 1e-10.
MOVE, DIFFERENCE = 1e-3, 2e-6
ROUNDING = 1e-9
# The matrices are kept in single precision.
FLOAT32 = 1e-6
SHORT = Closure(labour_immobility=jnp.array(1.0))


def one_sector(seed: int, countries: int = 6) -> tuple[Economy, np.ndarray, float]:
    """A balanced world of one sector without inputs or tariffs: the setting of the closed form."""
    random = np.random.default_rng(seed)
    flows = random.lognormal(sigma=1.0, size=(countries, countries))
    flows[np.diag_indices(countries)] *= 8.0
    # Scaled until what each country sells is what it buys.
    for _ in range(2000):
        scale = np.sqrt(flows.sum(axis=0) / flows.sum(axis=1))
        flows = flows * scale[:, None] / scale[None, :]
    theta = float(random.uniform(2.0, 8.0))
    world = Economy(
        jnp.asarray(flows[:, :, None]), jnp.zeros((countries, countries, 1)),
        jnp.zeros((countries, 1, 1)), jnp.asarray([theta]),
    )  # fmt: skip
    return world, flows, theta


def welfare(world: Economy, log_cost: np.ndarray, closure: Closure) -> np.ndarray:
    found = solve(world, Shock.of(world.tariff, jnp.exp(jnp.asarray(log_cost))), closure)
    assert int(found.status) == 0
    return np.log(np.asarray(welfare_hat(world, found)))


# --- The Jacobian -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_jacobian_is_the_closed_form(seed: int) -> None:
    """Kleinman, Liu and Redding on random one-sector worlds: productivity, and every cost."""
    world, flows, theta = one_sector(seed)
    form = OneSectorExposure(flows, theta)
    np.testing.assert_allclose(
        exposure_matrix(world), form.to_productivity[1], atol=CLOSED_FORM, rtol=0
    )
    for country in (0, 3):
        slope = np.asarray(exposure_of(world, jnp.asarray(country)))[:, :, 0]
        for pair in ((1, country), (country, 2), (4, 5), (country, country)):
            cost = np.zeros_like(flows)
            cost[pair] = 1.0
            expected = form.to_costs(cost)[1][country]
            np.testing.assert_allclose(slope[pair], expected, atol=CLOSED_FORM, rtol=0)


def test_the_closed_form_is_homogeneous() -> None:
    """Growth of everyone raises real income one for one and no wage over another."""
    incomes, real = OneSectorExposure(*one_sector(9)[1:]).to_productivity
    np.testing.assert_allclose(incomes.sum(axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose(real.sum(axis=1), 1.0, atol=1e-12)


@pytest.mark.parametrize("closure", [Closure(), SHORT], ids=["long", "short"])
def test_the_jacobian_is_that_of_differences(closure: Closure) -> None:
    """With sectors, inputs, tariffs and deficits, where there is no closed form."""
    world = economy(1)
    matrix = np.asarray(exposure_matrix(world, closure))
    for country in range(5):
        direction = np.asarray(productivity_of(country, world))
        up, down = (welfare(world, by * direction, closure) for by in (MOVE, -MOVE))
        difference = (up - down) / (2 * MOVE)
        np.testing.assert_allclose(matrix[:, country], difference, atol=DIFFERENCE, rtol=0)


@pytest.mark.parametrize("closure", [Closure(), SHORT], ids=["long", "short"])
def test_backward_and_forward_agree(closure: Closure) -> None:
    """A row by one pass back and a column by one pass forward are those of the matrix."""
    world = economy(2)
    matrix = np.asarray(exposure_matrix(world, closure))
    row = -np.asarray(exposure_of(world, jnp.asarray(1), closure)).sum(axis=(1, 2))
    column = exposure_to(world, productivity_of(1, world), closure)
    np.testing.assert_allclose(matrix[1], row, atol=ROUNDING, rtol=0)
    np.testing.assert_allclose(matrix[:, 1], column, atol=ROUNDING, rtol=0)


@pytest.mark.parametrize("closure", [Closure(), SHORT], ids=["long", "short"])
def test_growth_of_all_raises_all_alike(closure: Closure) -> None:
    """Without inputs by one for one, tariffs and deficits or not: every price falls, no share moves."""
    world = economy(3, inputs=False)
    np.testing.assert_allclose(exposure_matrix(world, closure).sum(axis=1), 1.0, atol=CLOSED_FORM)


def test_inputs_multiply_growth() -> None:
    """By one over the share of value added where it is the same everywhere."""
    world = economy(4)
    shares = np.asarray(world.input_share)
    even = shares / shares.sum(axis=1, keepdims=True) * 0.3
    world = eqx.tree_at(lambda old: old.input_share, world, jnp.asarray(even))
    assert float(world.final_demand.min()) > 0
    sums = np.asarray(exposure_matrix(world)).sum(axis=1)
    np.testing.assert_allclose(sums, 1 / 0.7, atol=CLOSED_FORM)


@pytest.mark.parametrize("seed", [0, 1])
def test_without_tariffs_the_world_gains_what_hulten_says(seed: int) -> None:
    """Income-weighted over countries, growth is worth the output of those that grow: all else is
    a transfer. A trade cost is worth the flow."""
    world = economy(seed, tariffs=False)
    income, output = np.asarray(world.income), np.asarray(world.output).sum(axis=1)
    total = income @ np.asarray(exposure_matrix(world))
    np.testing.assert_allclose(total, output, rtol=CLOSED_FORM)
    slopes = sum(
        income[country] * np.asarray(exposure_of(world, jnp.asarray(country)))
        for country in range(5)
    )
    np.testing.assert_allclose(slopes, -np.asarray(world.trade), rtol=1e-7)


def test_who_hardly_trades_is_hardly_exposed() -> None:
    """Both ways: abroad is nothing to it, and it is nothing abroad; growth at home is its own."""
    world = economy(5, inputs=False, balanced=True, tariffs=False)
    trade = np.asarray(world.trade).copy()
    abroad = ~np.eye(5, dtype=bool)
    for line in (np.s_[2, :], np.s_[:, 2]):
        part = trade[line]
        part[abroad[2]] *= 1e-9
    world = eqx.tree_at(lambda old: old.trade, world, jnp.asarray(trade))
    matrix = np.asarray(exposure_matrix(world))
    np.testing.assert_allclose(matrix[2], np.eye(5)[2], atol=1e-7)
    np.testing.assert_allclose(matrix[:, 2], np.eye(5)[2], atol=1e-7)


# --- Labelled -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def test_rows_are_what_simulations_do(baseline: Baseline) -> None:
    """Pairs, imports and exports against whole runs of a written trade cost; labels in place."""
    found = geo.exposure(baseline, "KOR", ("CHN",))
    cuts = found.cuts.set_index(["horizon", "one", "other"]).effect
    sectors = found.sectors.set_index(["horizon", "sector"])

    def run(horizon: str, *flows: tuple, sector: str = "") -> float:
        chosen = ["all"] if not sector else [sector]
        ends = []
        for size in (MOVE, -MOVE):
            policies = {
                f"p{place}": {
                    "kind": "trade_cost", "exporters": [origin], "importers": [destination],
                    "sectors": "all" if not sector else chosen, "change": float(np.expm1(-size)),
                }
                for place, (origin, destination) in enumerate(flows)
            }  # fmt: skip
            document = {"title": "T", "policies": policies, "horizon": horizon}
            outcome = simulate(baseline, parse_scenario(document, "test"))
            ends.append(np.log1p(float(outcome.welfare.sel(country="KOR")) / 100))
        return (ends[0] - ends[1]) / (2 * MOVE)

    for horizon in ("short", "long"):
        both = run(horizon, ("JPN", "USA"), ("USA", "JPN"))
        assert cuts[horizon, "JPN", "USA"] == pytest.approx(both, abs=DIFFERENCE)
        row = sectors.loc[horizon, "ELE"]
        assert row.imports == pytest.approx(
            run(horizon, ("CHN", "KOR"), sector="ELE"), abs=DIFFERENCE
        )
        assert row.exports == pytest.approx(
            run(horizon, ("KOR", "CHN"), sector="ELE"), abs=DIFFERENCE
        )
    growth = found.partners.set_index(["horizon", "partner"]).from_its_growth
    for horizon in ("short", "long"):
        assert sectors.its_growth[horizon].sum() == pytest.approx(growth[horizon, "CHN"], abs=1e-12)


def test_partners_are_the_row_and_the_column_of_the_matrix(baseline: Baseline) -> None:
    found = geo.exposure(baseline, "JPN").partners
    for horizon in ("short", "long"):
        played = setting(baseline, horizon)
        matrix = np.asarray(exposure_matrix(played.economy, played.closure))
        rows = found[found.horizon == horizon].set_index("partner")
        assert list(rows.index) == COUNTRIES
        np.testing.assert_allclose(rows.from_its_growth, matrix[2], atol=ROUNDING)
        np.testing.assert_allclose(rows.from_ours, matrix[:, 2], atol=ROUNDING)


def test_a_scenario_lends_its_settings_and_not_its_policies(baseline: Baseline) -> None:
    wall = {"wall": {"kind": "prohibition", "exporters": ["CHN"], "sectors": ["goods"]}}
    lent = parse_scenario(
        {"title": "T", "policies": wall, "adjustment": {"relative_elasticity": 0.5}}, "test"
    )
    plain = replace(baseline, economy=eqx.tree_at(
        lambda old: old.trade_elasticity, baseline.economy, 0.5 * baseline.economy.trade_elasticity))  # fmt: skip
    given = geo.exposure(baseline, "KOR", scenario=lent).partners
    same = geo.exposure(plain, "KOR").partners
    long = given.horizon == "long"
    np.testing.assert_allclose(
        given.from_its_growth[long], same.from_its_growth[long], atol=ROUNDING
    )


def test_removed_deficits_are_those_of_the_balanced_world(baseline: Baseline) -> None:
    found = geo.exposure(baseline, "KOR", deficits="removed").partners
    fixed = geo.exposure(baseline, "KOR").partners
    assert np.abs(found.from_its_growth - fixed.from_its_growth).max() > 1e-3
    balanced = baseline_from_dataset(dataset(economy(balanced=True, tariffs=False)))
    one, other = (geo.exposure(balanced, "KOR", deficits=d).partners for d in ("removed", "fixed"))
    np.testing.assert_allclose(one.from_its_growth, other.from_its_growth, atol=CLOSED_FORM)


def test_third_parties_are_a_run(baseline: Baseline) -> None:
    levy = {"levy": {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "change": 0.1}}
    scenario = parse_scenario({"title": "T", "focus": ["KOR", "CHN"], "policies": levy}, "test")
    found = geo.third_parties(baseline, scenario)
    for horizon in ("short", "long"):
        outcome = simulate(baseline, scenario.model_copy(update={"horizon": horizon}))
        rows = found.countries[found.countries.horizon == horizon].set_index("country")
        np.testing.assert_allclose(rows.welfare, outcome.welfare, atol=1e-9)
        sums = found.sums.set_index("horizon").loc[horizon]
        value = outcome.equivalent_variation.to_series()
        assert sums.total == pytest.approx(value.sum(), rel=1e-9)
        assert sums.gains - sums.losses == pytest.approx(sums.total, rel=1e-9)
        assert sums.of_parties == pytest.approx(value[["KOR", "CHN"]].sum(), rel=1e-9)
        assert sums.of_parties + sums.of_third_parties == pytest.approx(sums.total, rel=1e-9)
        assert sums.gainers == int((value > 0).sum()) and sums.losers == int((value < 0).sum())
        assert rows.share_of_gains.sum() == pytest.approx(1.0)


def test_a_transfer_by_terms_of_trade_is_zero_sum_and_a_melting_cost_is_not() -> None:
    """To first order in a world without tariffs: a small tariff costs the world nothing, a real
    cost the flow that it is put on."""
    free = baseline_from_dataset(dataset(economy(tariffs=False)))
    size = 1e-4
    target = {"importers": ["KOR"], "exporters": ["CHN"], "sectors": ["ELE"], "change": size}
    total = {
        kind: geo.third_parties(
            free,
            parse_scenario({"title": "T", "policies": {"p": {"kind": kind, **target}}}, "test"),
        ).sums.set_index("horizon")
        for kind in ("tariff", "trade_cost")
    }
    flow = float(free.economy.trade[1, 0, 1])
    for horizon in ("short", "long"):
        lost = total["trade_cost"].total[horizon]
        assert lost == pytest.approx(-size * flow, rel=1e-2)
        assert abs(total["tariff"].total[horizon]) < 1e-2 * size * flow
        assert total["tariff"].lost_per_dollar[horizon] == pytest.approx(1.0, rel=2e-2)


def test_nothing_is_nobodys_gain(baseline: Baseline) -> None:
    found = geo.third_parties(baseline, parse_scenario({"title": "T", "policies": {}}, "test"))
    assert (found.sums.gainers == 0).all() and (found.sums.losers == 0).all()


# --- By year ------------------------------------------------------------------------------------


def test_the_shipped_years_have_the_identities_of_the_matrix() -> None:
    """Growth of all by one percent raises no one's income by less than one percent."""
    rows = by_year("KOR", COUNTRIES[:4])
    assert sorted(set(rows.year)) == list(YEARS) == list(range(2011, 2023))
    assert set(rows.horizon) == {"short", "long"}
    own = rows[rows.partner == "KOR"].exposure
    assert (own > 1).all() and (own < 4).all()
    # In 2022 the shares are those that the flows of that year give.
    shares = rows[(rows.year == 2022) & (rows.horizon == "long")].set_index("partner").trade_share
    assert 0.2 < shares["CHN"] < 0.27 and shares["KOR"] == 0


@pytest.mark.shared
def test_the_shipped_years_are_those_of_the_sources(raw_directory: Path) -> None:
    """Not bit for bit: the technology that fits every year depends on which years there are."""
    made = build(load_baseline("compact-2022"), raw_directory)
    with xr.open_dataset(SHIPPED, engine="scipy") as shipped:
        np.testing.assert_allclose(made.exposure, shipped.exposure, atol=1e-6)


def test_the_years_of_other_worlds_name_the_nearest() -> None:
    with pytest.raises(DataError, match=r"'KRO'.*'KOR'"):
        by_year("KRO", ["CHN"])
    for rule in ("proportional", "saving"):
        with pytest.raises(DataError, match=f"removed or fixed, not {rule}"):
            by_year("KOR", ["CHN"], rule)


@pytest.fixture(scope="module")
def worlds() -> xr.Dataset:
    """The worlds of 2018 to 2022 that ship with the flip."""
    place = SHIPPED.parents[1] / "episodes" / "goods-2018-2022.nc"
    return xr.load_dataset(place, engine="scipy", mmap=False)


def world_of_goods(base: Baseline, worlds: xr.Dataset) -> Baseline:
    return replace(
        base, economy=economy_of(worlds, 2022), sectors=tuple(map(str, worlds.sector.values)),
        sector_groups={}, published_elasticities={}, restrictiveness=None,
    )  # fmt: skip


def test_a_shipped_year_is_that_of_the_goods_that_ship(worlds: xr.Dataset) -> None:
    """The flip's worlds of 2018 to 2022 have a technology of their own: the same to a tenth."""
    world = world_of_goods(load_baseline("compact-2022"), worlds)
    found = geo.exposure(world, "KOR", deficits="removed").partners
    long = found[found.horizon == "long"].set_index("partner").from_its_growth
    rows = by_year("KOR", ["CHN", "USA", "JPN"])
    rows = rows[(rows.year == 2022) & (rows.horizon == "long")].set_index("partner").exposure
    for partner in ("CHN", "USA", "JPN"):
        assert rows[partner] == pytest.approx(long[partner], rel=0.1)


def test_matrices_of_a_year_hold_what_one_country_at_a_time_gives(worlds: xr.Dataset) -> None:
    """Each cell under its labels: the year, the rule, the horizon, who is affected, who grows."""
    base = load_baseline("compact-2022")
    made = matrices(base, worlds.sel(year=[2022]))
    world = world_of_goods(base, worlds)
    flows = np.asarray(world.economy.trade).sum(axis=2)
    korea, china = world.country_index["KOR"], world.country_index["CHN"]
    both = np.delete(flows[korea] + flows[:, korea], korea).sum()
    for deficits in ("removed", "fixed"):
        found = geo.exposure(world, "KOR", deficits=deficits).partners
        wanted = found.set_index(["horizon", "partner"]).from_its_growth
        cells = made.exposure.sel(year=2022, deficits=deficits, affected="KOR", growing="CHN")
        for horizon in ("long", "short"):
            cell = float(cells.sel(horizon=horizon))
            assert cell == pytest.approx(wanted[horizon, "CHN"], rel=FLOAT32)
    share = float(made.trade_share.sel(year=2022, affected="KOR", growing="CHN"))
    assert share == pytest.approx((flows[korea, china] + flows[china, korea]) / both, rel=FLOAT32)


# --- The command --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["exposure", "KRO"], ("'KRO'", "'KOR'")),
        (["exposure", "KOR", "--to", "CHM"], ("'CHM'", "'CHN'")),
        (["exposure", "KOR", "--deficits", "fixd"], ("'fixd'", "'fixed'")),
        (["exposure", "KOR", "--by-year", "--to", "CHM"], ("'CHM'", "'CHN'")),
        (["exposure", "KOR", "--of-scenario", "china-korea/good"], ("china-korea/goods-upgrade",)),
        (["exposure", "KOR", "--by-year", "--of-scenario", "x"], ("choose one",)),
        (["exposure", "KOR", "--chart", "x.gif"], ("x.gif",)),
        (["exposure", "KRO", "--of-scenario", "china-korea/goods-upgrade"], ("'KRO'",)),
        (["exposure", "KOR", "--to", "KOR"], ("the country itself",)),
        (["exposure", "KOR", "--set", "a.b=1"], ("--set changes nothing here",)),
        (["exposure", "KOR", "--sources", "x"], ("--sources changes nothing here",)),
        (["exposure", "KOR", "--by-year", "--baseline", "x"], ("--baseline", "--by-year")),
        (["exposure", "KOR", "--of-scenario", "x", "--to", "CHN"], ("--to", "--of-scenario")),
    ],
)
def test_what_cannot_be_asked_is_said(
    arguments: list, named: tuple, detente: Run, home: Path
) -> None:
    before = everything(home)
    assert_refused(detente(*arguments), *named)
    assert everything(home) == before


def test_the_command_prints_what_it_computes(detente: Run, home: Path) -> None:
    found = detente("exposure", "KOR", "--to", "CHN", "--format", "json", "--out", "x.csv")
    answer = json.loads(found.out)
    assert answer["about"]["baseline"] == "compact-2022" and answer["about"]["basis"]
    base = load_baseline("compact-2022")
    direct = geo.exposure(base, "KOR", ("CHN",))
    got = {(row["horizon"], row["partner"]): row["from_its_growth"] for row in answer["partners"]}
    for row in direct.partners.to_dict("records"):
        assert got[row["horizon"], row["partner"]] == pytest.approx(
            row["from_its_growth"], abs=1e-9
        )
    assert (home / "x.csv").read_text().startswith("partner,")
    table = detente("exposure", "KOR", "--chart", "x.svg").out
    assert "China" in table and (home / "x.svg").read_text().startswith("<svg")


ALL_LOSE = "china-korea/taiwan-contingency"


def test_the_command_tells_third_parties_and_years(detente: Run, home: Path) -> None:
    text = detente("exposure", "JPN", "--of-scenario", "china-korea/goods-upgrade").out
    said = " ".join(text.split())
    assert "Japan" in said and "Third parties together" in said and "sum is positive" in said
    direct = geo.third_parties(
        load_baseline("compact-2022"), load_scenario("china-korea/goods-upgrade")
    )
    assert f"{int(direct.sums.losers.iloc[0])} lose" in said
    cut_off = " ".join(detente("exposure", "KOR", "--of-scenario", ALL_LOSE).out.split())
    assert "In the short run none gains and 20 lose US$" in cut_off and "sum is negative" in cut_off
    assert "In the long run none gains and 20 lose US$" in cut_off and "nan" not in cut_off
    chips = [f"--set={kind}.enabled=false" for kind in ("logic", "memory", "other")]
    trade = " ".join(detente("exposure", "KOR", "--of-scenario", ALL_LOSE, *chips).out.split())
    assert "1 gains US$" in trade and "US$ 1,729 lost for every dollar gained" in trade
    rows = json.loads(detente("exposure", "KOR", "--by-year", "--format", "json").out)["rows"]
    assert {row["partner"] for row in rows} == {"CHN", "USA"} and len(rows) == 48


def test_where_nobody_gains_no_dollar_of_gains_has_a_loss() -> None:
    rows = pd.DataFrame(
        {"equivalent_variation": [-3.0, 0.0], "welfare": [-0.1, 0.0], "party": [True, False]}
    )
    (row,) = _sums(rows).to_dict("records")
    assert np.isnan(row["lost_per_dollar"]) and row["losses"] == 3.0 and row["gains"] == 0.0
    assert (row["gainers"], row["losers"]) == (0, 1)
    assert (row["of_parties"], row["of_third_parties"]) == (-3.0, 0.0)


def test_every_way_in_which_deficits_adjust_has_its_words() -> None:
    assert DEFICITS.keys() == set(get_args(Deficits))


@pytest.mark.parametrize(("without", "said"), [(-0.1, "the sign turns"), (0.1, "another sign")])
def test_whose_sign_turns_without_deficits_is_said(without: float, said: str) -> None:
    """Both rules of deficits are printed where none is asked for."""

    def made(of_japan: float) -> Exposure:
        partners = pd.DataFrame(
            {"horizon": "long", "partner": ["KOR", "CHN", "JPN"], "name": ["K", "C", "J"],
             "from_its_growth": [1.0, 0.2, of_japan], "from_ours": [1.0, 0.1, 0.1]}
        )  # fmt: skip
        rows = pd.concat([partners, partners.assign(horizon="short")], ignore_index=True)
        names = {"KOR": "South Korea", "CHN": "China", "JPN": "Japan"}
        nothing = pd.DataFrame({"horizon": [], "one": [], "other": [], "effect": []})
        about = About(baseline="a", country_names=names, own={"deficits": "fixed"})
        return Exposure("KOR", about, rows, nothing, pd.DataFrame({"partner": []}))

    page = exposure_table(made(0.3), made(without))
    lines = [str(part) for part in page.parts]
    assert any(said in line for line in lines)
    assert any("Japan" in line and "turns" in line for line in lines) == (without < 0)
    headings = str(page.parts[4])
    assert "no deficits" in headings and "no deficits" not in str(exposure_table(made(0.3)).parts)
