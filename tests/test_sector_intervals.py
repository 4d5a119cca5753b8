"""Intervals of sectors and of the bilateral account: those of the same draws, solved one by one."""

import json
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest
import xarray as xr

import detente
from detente.about import About
from detente.calibrate.baseline import baseline_from_dataset
from detente.claims import judge, kept_ranges, load_ledger, Model, Record
from detente.claims.computed import EffectCheck
from detente.ensemble import kept, play_draws, sample, simulate_draws
from detente.export.played import tables_of
from detente.outcome import load_outcome, save, to_nested
from detente.report import charts
from detente.report.claims import claims_section
from detente.report.figures import figures
from detente.report.section import Words
from detente.report.sureness import changes
from detente.report.tables import summary_table
from detente.report.uncertainty import driver_frame
from detente.scenario import Scenario
from detente.schema import conform
from detente.world import Baseline

from .test_uncertainty import (
    _as_scenario,
    all_but,
    COST,
    DECLARED,
    QUOTA_AND_MORE,
    scenario_of,
)
from .worlds import dataset, economy, SECTORS, with_other_bases


# Two solves of one equilibrium, each to a relative residual of 1e-10, in percent or million US$.
SAME = 1e-6
ITEMS = {"CAR": [0], "ELE": [1], "BUS": [2], "goods": [0, 1], "services": [2], "total": [0, 1, 2]}


@pytest.fixture(scope="module")
def world() -> Baseline:
    return baseline_from_dataset(with_other_bases(dataset(economy())), "synthetic")


@pytest.fixture(scope="module")
def outcome(world: Baseline) -> xr.Dataset:
    return simulate_draws(world, DECLARED)


def declared(draws: int, **settings: Any) -> Scenario:
    asked = {"draws": draws, "level": 0.8, **settings}
    given = QUOTA_AND_MORE.model_dump(mode="json", exclude_none=True)
    return scenario_of(
        *given["policies"].values(), focus=["CHN", "KOR"], adjustment=given["adjustment"],
        uncertainty=asked,
    )  # fmt: skip


def quantile(values: np.ndarray, part: float) -> np.ndarray:
    """Hazen's, written out: the draw of rank i of n stands for the part (i - 1/2) / n."""
    ordered = np.sort(values, axis=0)
    ranks = (np.arange(len(values)) + 0.5) / len(values)
    columns = ordered.reshape(len(values), -1)
    found = [np.interp(part, ranks, column) for column in columns.T]
    return np.reshape(found, ordered.shape[1:])


def test_intervals_are_those_of_the_draws_one_by_one(world: Baseline) -> None:
    """Each draw written as a scenario of its own, solved alone, and its account added up here."""
    scenario = declared(7)
    draws = sample(scenario, world)
    output, sides = [], []
    by_country: dict[str, list[np.ndarray]] = {name: [] for name in kept.BY_COUNTRY}
    for position in range(len(draws)):
        alone = detente.simulate(*_as_scenario(world, draws.at(np.array([position]))))
        output.append(alone.output.values)
        for name, values in by_country.items():
            values.append(alone[name].values)
        change = (alone.trade_after - alone.trade_before).values
        # The account of China with Korea, the second and the first country.
        sold, bought = (
            [change[way][at].sum() for at in ITEMS.values()] for way in ((1, 0), (0, 1))
        )
        sides.append([sold, bought, np.subtract(sold, bought)])
    found = simulate_draws(world, scenario)
    assert (found.account_country, found.account_partner) == ("CHN", "KOR")
    assert list(found.item.values) == list(ITEMS)
    for end, part in (("low", 0.1), ("median", 0.5), ("high", 0.9)):
        for name, values in by_country.items():
            expected = quantile(np.array(values), part)
            np.testing.assert_allclose(found[f"{name}_{end}"], expected, atol=SAME)
        expected = quantile(np.array(output), part)
        np.testing.assert_allclose(found[f"output_{end}"][:2], expected[:2], atol=SAME)
        assert np.isnan(found[f"output_{end}"][2:]).all()
        expected = quantile(np.array(sides), part)
        np.testing.assert_allclose(found[f"account_change_{end}"], expected, atol=SAME)


def test_wages_and_prices_have_their_range_in_the_table(outcome: xr.Dataset) -> None:
    shown = str(summary_table(outcome).parts)
    assert ": real GDP" in shown and ": real wage" in shown and ": consumer prices" in shown
    older = outcome.drop_vars([name for name in outcome if str(name).startswith("real_wage_")])
    shown = str(summary_table(older).parts)
    assert ": real wage" not in shown and ": consumer prices" in shown


def test_in_every_draw_what_is_sold_is_what_is_produced(world: Baseline) -> None:
    """Flows by destination add up to output, whose volume and cost come apart from them."""
    scenario = declared(2)
    draws = sample(scenario, world)
    every = [(here, there) for here in range(5) for there in range(5)]
    measure = kept.Kept(tuple(range(5)), tuple(every))
    measured = jax.tree.map(lambda leaf: leaf[:, 0], play_draws(world, [scenario], draws, measure))
    for position in range(len(draws)):
        alone = detente.simulate(*_as_scenario(world, draws.at(np.array([position]))))
        sold = measured["flows"][position].reshape(5, 5, 3).sum(axis=1)
        volume = 1 + measured["output"][position] / 100
        value = alone.output_before * volume * (1 + alone.unit_cost / 100)
        np.testing.assert_allclose(sold, value - alone.output_before, atol=SAME)


def test_where_nothing_differs_the_interval_is_the_point(world: Baseline) -> None:
    still = {"hold": all_but("size"), "size": [1.0, 1.0 + 1e-10]}
    found = simulate_draws(world, declared(3, **still))
    for end in ("low", "median", "high"):
        np.testing.assert_allclose(found[f"output_{end}"][:2], found.output[:2], atol=SAME)
        np.testing.assert_allclose(found[f"account_change_{end}"], found.account_change, atol=SAME)
    change = (found.trade_after - found.trade_before).sel(origin="CHN", destination="KOR")
    np.testing.assert_allclose(found.account_change.sel(side="exports")[:3], change, atol=SAME)


@pytest.mark.parametrize("focus", [["KOR"], ["KOR", "JPN", "USA"]])
def test_the_account_is_of_the_pair_that_is_shown(world: Baseline, focus: list[str]) -> None:
    found = simulate_draws(world, scenario_of(COST, focus=focus, uncertainty={"draws": 2}))
    pair = found.account_country, found.account_partner
    route = {"country": pair[0], "partner": pair[1]}
    moved = (found.balance_after - found.balance_before).sel(route).item()
    total = found.account_change.sel(side="balance", item="total").item()
    assert total == pytest.approx(moved) and pair[0] in focus
    assert np.isfinite(found.output_low.sel(country=focus)).all()


def test_what_there_is_no_room_for_is_not_claimed(
    world: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 2 * 3 * 3 * 2)
    found = simulate_draws(world, declared(3))
    assert "account_change_low" in found and "output_low" in found
    alone = detente.simulate(world, declared(3))
    assert "account_change" in alone and "account_change_low" not in alone
    monkeypatch.setattr(kept, "MOST_KEPT", 1)
    found = simulate_draws(world, declared(3))
    assert "welfare_low" in found
    assert not {"account_change_low", "output_low"} & set(found.data_vars)
    assert "Between\n" not in detente.brief(found)


def test_the_outcome_keeps_them_in_its_file(outcome: xr.Dataset, tmp_path: Any) -> None:
    assert conform(outcome, "outcome") == []
    assert outcome.output_low.attrs["units"] == "percent"
    assert outcome.account_change_high.attrs["units"] == "million US$"
    save(outcome, tmp_path / "outcome.nc")
    xr.testing.assert_allclose(load_outcome(tmp_path / "outcome.nc"), outcome)
    nested = json.loads(json.dumps(to_nested(outcome), allow_nan=False))
    assert nested["account_country"] == "KOR" and nested["account_partner"] == "CHN"
    low = nested["account_change_low"]["balance"]["total"]
    assert low == outcome.account_change_low.sel(side="balance", item="total").item()
    assert nested["output_high"]["USA"]["CAR"] is None


def test_tables_have_them_with_units_and_meanings(outcome: xr.Dataset) -> None:
    tables = {one.name: one for one in tables_of(outcome)}
    account, sectors = tables["account"], tables["sectors"]
    assert set(account.frame.country) == {"KOR"} and set(account.frame.partner) == {"CHN"}
    assert all(one.description for table in (account, sectors) for one in table.columns)
    row = account.frame.set_index(["side", "item"]).loc[("imports", "goods")]
    ends = outcome.sel(side="imports", item="goods")
    assert row.account_change_low == ends.account_change_low
    assert {"output_low", "output_median", "output_high"} <= set(sectors.frame)


def with_ends(outcome: xr.Dataset, low: float, high: float) -> xr.Dataset:
    """The outcome with those intervals of Korea's cars and of its balance with China."""
    changed = outcome.copy(deep=True)
    for end, value in (("low", low), ("high", high)):
        changed[f"output_{end}"].loc[{"country": "KOR", "sector": "CAR"}] = value
        changed[f"account_change_{end}"].loc[{"side": "balance", "item": "total"}] = 1000 * value
    return changed


def test_a_sector_of_either_sign_neither_rises_nor_falls(outcome: xr.Dataset) -> None:
    changed = with_ends(outcome, -0.21, 0.32)
    for own in (0.3, -0.2):
        changed["output"].loc[{"country": "KOR"}] = [own, 1.25, -1.25]
        for end, ends in (("low", [1.1, -1.4]), ("high", [1.4, -1.1])):
            changed[f"output_{end}"].loc[{"country": "KOR", "sector": SECTORS[1:]}] = ends
        said = next(line for line in detente.answer(changed) if line.startswith("In KOR, output"))
        assert said == (
            "In KOR, output rises most in ELE (about 1.2 %, between 1.1 and 1.4 %); it falls most "
            "in BUS (about 1 %); it may rise or fall in CAR "
            "(between −0.21 and +0.32 %)."
        )


def test_a_figure_outside_its_range_is_no_side_of_it(outcome: xr.Dataset) -> None:
    """The scenario's own figure rises where all draws fall: nothing is sure."""
    changed = with_ends(outcome, -0.4, -0.1)
    changed["output"].loc[{"country": "KOR", "sector": "CAR"}] = 0.2
    changed["output"].loc[{"country": "KOR", "sector": "BUS"}] = -1.0
    said = next(line for line in detente.answer(changed) if line.startswith("In KOR, output"))
    assert "may rise or fall in CAR (between −0.40 and +0.20 %)" in said


def test_a_balance_of_either_sign_neither_grows_nor_shrinks(outcome: xr.Dataset) -> None:
    said = lambda one: next(line for line in detente.answer(one) if line.startswith("KOR's trade"))
    route = {"country": "KOR", "partner": "CHN"}
    for before, after in ((5000.0, 5100.0), (-5000.0, -5100.0)):
        changed = with_ends(outcome, -0.2, 0.3)
        changed["balance_before"].loc[route] = before
        changed["balance_after"].loc[route] = after
        least, most = (200, 300) if before > 0 else (300, 200)
        side = "surplus" if before > 0 else "deficit"
        assert said(changed).startswith(
            f"KOR's trade {side} with CHN may shrink by US$ {least} million or grow by "
            f"US$ {most} million a year;"
        )
        sure = with_ends(outcome, -0.3, -0.2) if before < 0 else with_ends(outcome, 0.05, 0.15)
        sure["balance_before"].loc[route] = before
        sure["balance_after"].loc[route] = after
        assert f"trade {side} with CHN grows by US$ 100 million a year (between US$ " in said(sure)


def test_bars_of_sectors_and_flows_carry_their_ranges(outcome: xr.Dataset) -> None:
    data = charts.sector_data(outcome, "KOR").set_index("name")
    here = outcome.sel(country="KOR", sector="ELE")
    worth = here.output_before.item() / 100
    assert data.low["ELE"] == pytest.approx(here.output_low.item() * worth)
    assert data.high["ELE"] == pytest.approx(here.output_high.item() * worth)
    flows = charts.flow_data(outcome, "CHN", "KOR").set_index("name")
    ends = outcome.sel(side="imports", item="BUS")
    assert flows.low["BUS*"] == pytest.approx(ends.account_change_low.item())
    drawn = figures(outcome)
    for name in ("sectors", "flows"):
        rows = drawn[name].panels[0].specification
        assert rows is not None and all("least" in row for row in rows["datasets"]["rows"])
        assert "Lines over the bars hold the middle 80 % of 30 simulations." in drawn[name].caption
        assert "between" in drawn[name].panels[0].description


def test_what_is_estimated_carries_a_mark(world: Baseline, outcome: xr.Dataset) -> None:
    """Half of the services between countries are imputed here, and no goods."""
    part = outcome.account_imputed_share
    for side, route in (("exports", (0, 1)), ("imports", (1, 0))):
        flows = np.asarray(world.economy.trade)[route]
        here = part.sel(side=side)
        np.testing.assert_allclose(here[:5], [0, 0, 0.5, 0, 0.5])
        assert here[5].item() == pytest.approx(0.5 * flows[2] / flows.sum())
    both = np.asarray(world.economy.trade)[0, 1] + np.asarray(world.economy.trade)[1, 0]
    assert part.sel(side="balance", item="total") == pytest.approx(0.5 * both[2] / both.sum())
    page, means = detente.brief(outcome), "of the flow before is estimated rather than observed"
    assert "Services*" in page and "Goods*" not in page and page.count(means) == 2
    observed = replace(world, imputed_share=np.zeros(world.economy.trade.shape))
    for one in (observed, replace(world, imputed_share=None)):
        page = detente.brief(detente.simulate(one, scenario_of(COST, focus=["KOR", "CHN"])))
        assert "Services*" not in page and means not in page


def test_the_brief_has_a_range_beside_every_sector(outcome: xr.Dataset) -> None:
    page = detente.brief(outcome)
    assert "KOR: volume of output by sector" in page and "Flows that change most" in page
    plain = detente.brief(outcome.drop_vars([name for name in outcome if "_low" in str(name)]))
    assert "volume of output by sector" not in plain and "Lines over the bars" not in plain


def test_a_country_of_either_sign_neither_gains_nor_loses(outcome: xr.Dataset) -> None:
    """In the lead and elsewhere as in the title of the chart."""
    changed = outcome.copy(deep=True)
    for end, value in (("low", -0.2), ("high", 0.31)):
        changed[f"welfare_{end}"][:] = value
    lead, *lines = detente.answer(changed)
    own = "gain" if outcome.welfare.sel(country="CHN") > 0 else "loss"
    assert f"CHN may gain or lose: the scenario's own figure is a {own} of about" in lead
    assert "KOR may gain or lose" in lead and "KOR gains" not in lead and "KOR loses" not in lead
    said = next(line for line in lines if line.startswith("Elsewhere, "))
    assert "may gain or lose (in the scenario itself " in said and " most" not in said


def test_an_assumption_that_moves_a_figure_one_way_is_said_to(outcome: xr.Dataset) -> None:
    """Its whole interval is on one side of the scenario's own figure, or holds it."""
    changed = outcome.copy(deep=True)
    here = {"country": "KOR"}
    changed["welfare"].loc[here] = own = 0.5
    changed["equivalent_variation"].loc[here] = 1e6
    ends = {"size": (0.2, 0.9, ""), "tariffs": (0.3, own, "only downwards"),
            "nests": (own, 0.7, "only upwards"), "rents": (own, own, "")}  # fmt: skip
    for name in changed.assumption.values:
        low, high, _ = ends.get(name, (0.45, 0.55, ""))
        for end, value in (("low", low), ("median", low / 2 + high / 2), ("high", high)):
            changed[f"welfare_driver_{end}"].loc[{**here, "assumption": name}] = value
    frame = driver_frame(changed, "KOR")
    for name, (_, _, said) in ends.items():
        assert frame.side[name] == said
    assert list(frame.own.unique()) == [own] and frame["median"]["size"] == pytest.approx(0.55)
    lines = "\n".join(detente.answer(changed))
    assert "the size of the policies (+0.20 to +0.90 % with the rest as in the scenario)" in lines
    assert "(+0.30 to +0.50 %, only downwards)" in lines and "%, only upwards)" in lines
    page = detente.brief(changed)
    assert "How tariffs are averaged over lines: +0.30 to +0.50 %, only downwards" in page


def test_what_the_ledger_computes_is_called_a_median() -> None:
    """One scenario's own figure and the middle of its draws differ: the page says which is which."""
    judged = judge(load_ledger(), Record.open(Model((), kept_ranges())))
    drawn = [one for one in judged if isinstance(one.evidence.check, EffectCheck)]
    assert drawn and all(": median " in one.finding.found for one in drawn)
    (section,) = claims_section(judged, ["KOR", "CHN"], "", "")
    under = section.parts[-1]
    assert isinstance(under, Words) and "A median is of the ledger's own simulations" in under.text
    others = [one for one in judged if one not in drawn]
    (section,) = claims_section(others, ["KOR", "CHN"], "", "")
    assert "A median" not in str(section.parts[-1])


@pytest.mark.parametrize(
    ("gain", "ends", "begins"),
    [
        (0.2, (0.1, 0.3), "South Korea gains about"),
        (-0.2, (-0.3, -0.1), "South Korea loses about"),
        (0.2, (-0.1, 0.3), "South Korea may gain or lose: the central figure is a gain of"),
        (-0.1, (0.1, 0.3), "South Korea may gain or lose: the central figure is a loss of"),
    ],
)
def test_a_question_says_no_side_that_its_range_does_not_have(
    gain: float, ends: tuple[float, float], begins: str
) -> None:
    about = About(baseline_year=2022, country_names={"KOR": "South Korea"})
    assert changes(about, ["KOR"], gain, 1000 * gain, ends).startswith(begins)
