"""The full world of 2022, built from its sources: identities, and how far the compact one is off."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import detente
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.wedges import CLOSED
from detente.data.stri import read_restrictiveness
from detente.equilibrium import solve
from detente.scenario import load_scenario
from detente.simulation import prepare, require_solution
from detente.world import Baseline, Shock

from .test_security_library import NAMES


# Stated in docs/explanation/aggregation.md: percentage points of welfare, for Korea and China. The
# goods that are left to free are worth 0.01, so that an error of that size would hide the answer.
AGGREGATION_ERROR = 0.002

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def full(raw_directory: Path) -> Baseline:
    return baseline_from_dataset(detente.build_world("world-2022", raw_directory))


def test_identities_hold_to_rounding(full: Baseline) -> None:
    economy = full.economy
    income = economy.value_added + economy.tariff_revenue + economy.deficit
    size = economy.income
    np.testing.assert_allclose(income, size, rtol=1e-12)
    np.testing.assert_allclose(economy.final_share.sum(axis=1), 1.0, rtol=1e-12)
    assert abs(float(economy.deficit.sum())) < 1e-12 * float(size.sum())
    shares = np.asarray(economy.expenditure_share).sum(axis=0)
    bought = np.asarray(economy.expenditure) > 0
    np.testing.assert_allclose(shares[bought], 1.0, rtol=1e-12)
    costs = economy.value_added_share + economy.input_share.sum(axis=1)
    np.testing.assert_allclose(costs, 1.0, rtol=1e-12)
    assert float(economy.final_demand.min()) >= 0


def test_no_shock_is_exact_in_one_step(full: Baseline) -> None:
    found = solve(full.economy, Shock.none(full.economy))
    assert int(found.steps) == 1
    np.testing.assert_allclose(found.price_hat, 1.0, rtol=1e-13)


@pytest.mark.parametrize("name", ["services-opening", "goods-upgrade"])
def test_the_compact_world_agrees(name: str, full: Baseline) -> None:
    scenario = detente.load_scenario(f"china-korea/{name}")
    fine = detente.simulate(full, scenario)
    coarse = detente.simulate(detente.load_baseline("compact-2022"), scenario)
    for code in ("KOR", "CHN"):
        a, b = (float(o.welfare.sel(country=code)) for o in (fine, coarse))
        assert np.sign(a) == np.sign(b)
        assert abs(a - b) < AGGREGATION_ERROR
    # By direction: as levied, both sides sell 11.7 bn more, and what is left of the balance has no
    # sign.
    for way in ({"origin": "KOR", "destination": "CHN"}, {"origin": "CHN", "destination": "KOR"}):
        about, exactly = (
            float((o.trade_after - o.trade_before).sel(way).sum("sector")) for o in (coarse, fine)
        )
        assert about == pytest.approx(exactly, rel=0.1)


def test_groups_stand_for_the_regions_of_the_compact_world(full: Baseline) -> None:
    """The same file plays on both: what the compact world calls FIN is K in the full one."""
    scenario = detente.load_scenario("china-korea/phase-two")
    outcome: xr.Dataset = detente.simulate(full, scenario)
    assert outcome.attrs["solved"]
    assert len(full.country_groups["EU27"]) == 27


def test_the_cost_of_restrictions_is_the_one_the_scenarios_state(raw_directory: Path) -> None:
    """The scenarios' log trade cost of 1.54 per point of the index: OECD says that halving
    the distance to the best performer cuts costs by 17 % on average outside its members, in the
    fields that it could estimate; a closed field has no distance that an estimate could know."""
    left_out = ["ASBRD", "ASMOT", "ASSOU", "CO", "DS"]
    members_outside = "BRA CHN IDN IND KAZ MYS PER PHL RUS SGP THA VNM ZAF".split()
    score = read_restrictiveness(raw_directory, 2022).sum("policy_area", skipna=False)
    gap = (score - score.min("country")).where(score < CLOSED).drop_sel(sector=left_out)
    gap = gap.mean("sector")
    half = 0.5 * float(gap.sel(country=members_outside).mean())
    assert -np.log(1 - 0.17) / half == pytest.approx(1.54, abs=0.005)
    policy = detente.load_scenario("china-korea/services-opening").policies["services"]
    assert policy.cost_per_stri_point == 1.54


@pytest.mark.parametrize("name", NAMES)
def test_blocs_and_crises_are_solved_on_the_full_world(full: Baseline, name: str) -> None:
    """Their names mean something there, and the largest shocks of the library have a solution."""
    require_solution(prepare(full, load_scenario(f"china-korea/{name}")))
