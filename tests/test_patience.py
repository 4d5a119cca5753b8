"""Patience and time: closed forms against simulation, and what a few events can say."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from scipy.stats import poisson

from detente._core import DataError, ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.geo.patience import _annuity, critical_discount, Patience, patience, resisted
from detente.geo.spells import Durations, durations, exact_interval, generator, read_spells
from detente.record import events
from detente.world import Baseline

from .test_cli import detente as detente, Run as Run
from .worlds import dataset, economy


PAYOFF = st.floats(0.01, 10)


# --- Critical discount factors -----------------------------------------------------------------


@given(temptation=PAYOFF, loss=PAYOFF)
def test_grim_is_the_closed_form_and_makes_indifferent(temptation: float, loss: float) -> None:
    """At the critical factor the two streams, summed year by year, are worth the same."""
    delta = critical_discount(temptation, 0.0, -loss)
    assert delta == pytest.approx(temptation / (temptation + loss))
    years = delta ** np.arange(200_000) if delta > 0.99 else delta ** np.arange(20_000)
    if delta < 0.999:
        assert temptation - loss * years[1:].sum() == pytest.approx(0, abs=1e-6 * temptation + 1e-9)


@given(impatience=st.floats(1e-16, 0.5), length=st.integers(1, 40))
@example(impatience=1e-15, length=10)
def test_years_of_punishment_add_up(impatience: float, length: int) -> None:
    """Term by term; near a discount factor of one the closed form must not lose its digits."""
    discount = 1.0 - impatience
    terms = math.fsum(discount**year for year in range(1, length + 1))
    assert _annuity(discount, float(length)) == pytest.approx(terms, rel=1e-10)


@given(temptation=PAYOFF, loss=PAYOFF, length=st.integers(1, 12))
def test_a_punishment_of_some_years_makes_indifferent(
    temptation: float, loss: float, length: int
) -> None:
    delta = critical_discount(temptation, 0.0, -loss, float(length))
    if length * loss <= temptation:
        assert np.isnan(delta)
        return
    paid = sum(loss * delta**year for year in range(1, length + 1))
    assert paid == pytest.approx(temptation, rel=1e-8)


def test_longer_punishment_asks_for_less_patience_and_tends_to_grim() -> None:
    found = [critical_discount(1.0, 0.0, -1.5, length) for length in (1.0, 2.0, 5.0, 10.0, 200.0)]
    assert (np.diff(found) < 0).all()
    assert found[-1] == pytest.approx(critical_discount(1.0, 0.0, -1.5), rel=1e-9)


def test_who_is_not_tempted_needs_no_patience_and_who_loses_nothing_never_has_enough() -> None:
    assert critical_discount(0.5, 1.0, -1.0) == 0.0
    assert np.isnan(critical_discount(2.0, 1.0, 1.5))


def test_what_is_resisted_is_where_the_critical_factor_is_reached() -> None:
    bonus = resisted(1.0, 0.8, 0.2, 0.7)
    assert critical_discount(1.0 + bonus, 0.8, 0.2) == pytest.approx(0.7)


# --- Durations ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3, 12])
def test_the_interval_is_exact(count: int) -> None:
    """At its ends a Poisson count is as extreme as 2.5 %."""
    low, high = exact_interval(count, 2.0)
    assert poisson.cdf(count, 2.0 * high) == pytest.approx(0.025)
    if count:
        assert poisson.sf(count - 1, 2.0 * low) == pytest.approx(0.025)
    else:
        assert low == 0.0


def test_the_interval_covers() -> None:
    """Of counts drawn at a known rate, at least 95 % have it inside."""
    random = np.random.default_rng(0)
    rate, exposure = 0.3, 8.0
    inside = [
        low <= rate <= high
        for low, high in (
            exact_interval(int(n), exposure) for n in random.poisson(rate * exposure, 4000)
        )
    ]
    assert np.mean(inside) >= 0.95


@pytest.fixture(scope="module")
def record() -> Durations:
    return durations(("KOR", "CHN"))


def test_hazards_are_events_over_years(record: Durations) -> None:
    assert record.hazards.events.tolist() == [1, 1, 1]
    np.testing.assert_allclose(record.hazards.hazard * record.hazards.years, 1.0)
    days = (record.spells.until - record.spells.start).dt.days.sum() / 365.25
    assert record.hazards.years.sum() == pytest.approx(days)


def test_the_freeze_begins_with_the_event_of_the_record(record: Durations) -> None:
    happened = events()
    stop = happened[happened.event == "China stops package tours to Korea"].when.iloc[0]
    assert record.spells.loc[record.spells.state == "freeze", "start"].iloc[0] == stop


def test_the_chance_of_a_thaw_is_that_of_simulated_freezes(record: Durations) -> None:
    random = np.random.default_rng(1)
    rates = record.hazards.hazard.to_numpy()
    ended = random.exponential(1 / rates[1], 200_000)
    warm = ended + random.exponential(1 / rates[2], 200_000)
    for row in record.thaw((0.5, 1.0, 5.0)).itertuples():
        assert (ended < row.years).mean() == pytest.approx(row.ended, abs=0.005)
        assert (warm < row.years).mean() == pytest.approx(row.warm, abs=0.005)
        assert row.ended_low <= row.ended <= row.ended_high
        assert row.warm_low <= row.warm <= row.warm_high


def test_present_values_solve_their_equation_and_constant_payoffs_have_none_to_lose(
    record: Durations,
) -> None:
    payoff = np.array([0.6, 0.0, -0.2])
    value, low, high = record.present_value(payoff, 0.95)
    rates = record.hazards.hazard.to_numpy()
    rho = -np.log(0.95)
    np.testing.assert_allclose(rho * value, payoff + generator(rates) @ value, atol=1e-12)
    assert (low <= value).all() and (value <= high).all()
    flat, _, _ = record.present_value(np.ones(3), 0.95)
    np.testing.assert_allclose(flat, 1 / rho)


def test_present_value_is_that_of_simulated_relations(record: Durations) -> None:
    random = np.random.default_rng(2)
    payoff, rho, paths = np.array([0.6, 0.0, -0.2]), -np.log(0.9), 40_000
    rates = record.hazards.hazard.to_numpy()
    # From warm: warm, freeze, cool, warm, ... with these rates of leaving.
    order, leave = [0, 2, 1], {0: rates[0], 2: rates[1], 1: rates[2]}
    start, total = np.zeros(paths), np.zeros(paths)
    for step in range(120):
        state = order[step % 3]
        end = start + random.exponential(1 / leave[state], paths)
        total += payoff[state] * (np.exp(-rho * start) - np.exp(-rho * end)) / rho
        start = end
    central, _, _ = record.present_value(payoff, 0.9)
    assert total.mean() == pytest.approx(central[0], abs=5 * total.std() / np.sqrt(paths))


def test_pairs_without_a_record_and_spells_with_gaps_are_refused() -> None:
    with pytest.raises(DataError, match="CHN KOR"):
        durations(("USA", "JPN"))
    rows = [
        {"state": "warm", "start": "2014-01-01", "end": "2015-01-01", "observed_to": ""},
        {"state": "cool", "start": "2015-02-01", "end": "", "observed_to": "2016-01-01"},
    ]
    with pytest.raises(DataError, match="does not begin"):
        read_spells(rows)


# --- The question ------------------------------------------------------------------------------


# What the boycott of the library names, in a world of three sectors.
GROUPS = {
    "TOU": ["BUS"], "AVP": ["BUS"], "CUL": ["BUS"], "FOD": ["ELE"], "TEX": ["ELE"], "AUT": ["CAR"],
}  # fmt: skip


def world() -> Baseline:
    data = dataset(economy(3))
    data.attrs["sector_groups"] = json.dumps(GROUPS)
    return baseline_from_dataset(data)


@pytest.fixture(scope="module")
def asked() -> Patience:
    return patience(world(), ("KOR", "CHN"), sectors=("CAR", "ELE"), depth=1.0)


def test_the_cells_are_runs_of_the_engine(asked: Patience) -> None:
    """Both open is a free-trade agreement in those sectors; deviating leaves one's own tariffs."""
    from detente.scenario import parse_scenario
    from detente.simulation import simulate

    baseline = world()
    cells = asked.cells.set_index("side")
    opened = {
        "kind": "tariff", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CAR", "ELE"],
        "rate": 0.0,
    }  # fmt: skip
    back = opened | {"importers": ["KOR"], "exporters": ["CHN"]}
    for name, policies in {"deviate": {"a": opened}, "cooperate": {"a": opened, "b": back}}.items():
        outcome = simulate(baseline, parse_scenario({"title": "T", "policies": policies}, "T"))
        wanted = 100 * np.log1p(float(outcome.welfare.sel(country="KOR")) / 100)
        assert cells.loc["KOR", name] == pytest.approx(wanted, abs=1e-7)
    np.testing.assert_allclose(cells.soft, 0.0, atol=1e-9)


def test_a_boycott_cuts_the_quantity_by_the_part_that_it_says() -> None:
    from detente.equilibrium import solve
    from detente.geo.boycott import FALL, with_boycott
    from detente.scenario import without_policies
    from detente.simulation import prepare

    baseline = world()
    played = prepare(baseline, with_boycott(without_policies(), baseline, "CHN", "KOR"))
    found = solve(played.economy, played.shock, played.closure)
    cell = (0, 1, 2)
    quantity = float(found.trade[cell] / found.unit_cost_hat[0, 2] / played.economy.trade[cell])
    assert quantity == pytest.approx(1 - FALL, abs=1e-8)
    with pytest.raises(ScenarioError, match="country"):
        with_boycott(without_policies(), baseline, "CHX", "KOR")


def test_what_is_gone_already_cannot_be_boycotted() -> None:
    """A sentence; of what is only smaller, as large a part is held back."""
    from detente.equilibrium import solve
    from detente.geo.boycott import FALL, with_boycott
    from detente.scenario import parse_scenario
    from detente.simulation import prepare

    cost = {"kind": "trade_cost", "importers": ["CHN"], "exporters": ["KOR"], "sectors": "all"}
    stopped = {"kind": "prohibition", "importers": ["CHN"], "exporters": ["KOR"], "sectors": "all"}
    baseline, sold = world(), {}
    dearer = parse_scenario({"title": "T", "policies": {"a": cost | {"change": 1.0}}}, "T")
    for one in (dearer, with_boycott(dearer, baseline, "CHN", "KOR")):
        played = prepare(baseline, one)
        after = solve(played.economy, played.shock, played.closure)
        sold[len(one.policies)] = float(after.trade[0, 1, 2] / after.unit_cost_hat[0, 2])
    assert sold[3] / sold[1] == pytest.approx(1 - FALL, rel=1e-8)
    halted = parse_scenario({"title": "T", "policies": {"a": stopped}}, "T")
    with pytest.raises(ScenarioError, match=r"'boycott tours' states .* another policy stops"):
        with_boycott(halted, baseline, "CHN", "KOR")


def test_a_boycott_is_that_of_the_library_but_for_its_size_and_its_rent() -> None:
    from detente.geo.boycott import LIKE, with_boycott
    from detente.scenario import load_scenario, without_policies

    played = with_boycott(without_policies(), world(), "CHN", "KOR").policies
    for name, policy in load_scenario(LIKE).policies.items():
        free = {"markup", "quantity", "rent"} if name == "tours" else set()
        assert played[f"boycott {name}"].model_dump(exclude=free) == policy.model_dump(exclude=free)
    assert played["boycott tours"].rent == "nobody"


@pytest.mark.parametrize("numbers", [{"depth": 0.0}, {"depth": 1.5}, {"discount": 1.0}])
def test_numbers_out_of_range_are_refused(numbers: dict) -> None:
    with pytest.raises(ScenarioError, match="between 0 and 1"):
        patience(world(), ("KOR", "CHN"), **numbers)


def test_patience_is_printed_and_kept(detente: Run) -> None:
    data = dataset(economy(3))
    data.attrs["sector_groups"] = json.dumps(GROUPS)
    data.to_netcdf("world.nc", engine="scipy")
    arguments = ("patience", "--baseline", "world.nc", "--sector", "CAR", "--depth", "1")
    ended = detente(*arguments, "--out", "critical.csv")
    assert ended.code == 0, ended.err
    for words in ("cooperate", "resisted", "95 % interval", "3 changes of state"):
        assert words in ended.out
    assert "discount" in Path("critical.csv").read_text(encoding="utf-8")
    assert json.loads(detente(*arguments, "--format", "json").out)["about"]["events"] == 3
    bad = detente("patience", "KOR", "USA", "--baseline", "world.nc", "--sector", "CAR")
    assert bad.code == 2 and "no spells" in bad.err
