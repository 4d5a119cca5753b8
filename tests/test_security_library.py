"""The shipped scenarios of restraint, blocs and crisis: how they nest, and what must hold of them."""

from functools import cache

import numpy as np
import pytest

import detente
from detente._core import Status
from detente.equilibrium import certify, Equilibrium, solve, welfare_hat
from detente.scenario import available, load_scenario
from detente.simulation import Play, prepare


FAMILY = ("blocs-korea-west", "blocs-korea-east", "blocs-korea-neutral", "blocs-korea-hedged")
NAMES = (
    *FAMILY, "blocs-by-votes", "friend-shoring", "reshoring", "eu-china-cutoff",
    "eu-china-double-cost", "east-west-split", "hard-decoupling", "technology-wedge",
    "taiwan-contingency", "taiwan-blockade", "dual-use-japan", "rare-earths-japan", "urea-korea",
    "rare-earths-korea", "graphite-korea",
    "japan-boycott", "divide-and-reward", "korea-boycott", "affiliates-usa",
)  # fmt: skip


@cache
def baseline():
    return detente.load_baseline("compact-2022")


@cache
def played(name: str, *overrides: str) -> tuple[Play, Equilibrium]:
    given = prepare(baseline(), load_scenario(f"china-korea/{name}", overrides))
    found = solve(given.economy, given.shock, given.closure)
    assert Status.of(int(found.status)) is Status.SOLVED, name
    return given, found


def welfare(name: str, *overrides: str) -> dict[str, float]:
    given, found = played(name, *overrides)
    values = 100 * (np.asarray(welfare_hat(given.economy, found)) - 1)
    return dict(zip(given.baseline.countries, values.tolist(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_size_has_a_source_and_every_scenario_its_limits(name: str) -> None:
    scenario = load_scenario(f"china-korea/{name}")
    assert scenario.title and scenario.question and scenario.reading and scenario.limits
    assert "\n" not in scenario.reading
    sourced = [one.source or one.note for one in scenario.policies.values()]
    # The two halves of one measure share the source of the first.
    assert sourced[0] and sum(map(bool, sourced)) >= len(sourced) - 1


@pytest.mark.parametrize(
    "name", [name for name in NAMES if "boycott" not in name and "divide" not in name]
)
def test_every_equilibrium_is_certified(name: str) -> None:
    given, found = played(name)
    assert certify(given.economy, given.shock, found, given.closure).largest < 1e-9


def test_the_four_places_of_korea_differ_in_korea_alone() -> None:
    """One size and one pair of blocs: without Korea's own wedges they are the same scenario."""
    costs = {}
    for name in FAMILY:
        given, _ = played(name)
        cost = np.log(np.asarray(given.shock.trade_cost_hat)).copy()
        korea = given.baseline.country_index["KOR"]
        costs[name] = cost[korea].max()
        cost[korea], cost[:, korea] = 0.0, 0.0
        first, _ = played(FAMILY[0])
        expected = np.log(np.asarray(first.shock.trade_cost_hat)).copy()
        expected[korea], expected[:, korea] = 0.0, 0.0
        np.testing.assert_allclose(cost, expected, atol=1e-14)
    assert costs["blocs-korea-neutral"] == 0.0
    assert costs["blocs-korea-hedged"] == pytest.approx(costs["blocs-korea-west"] / 2)


def test_a_size_of_nothing_is_the_baseline() -> None:
    for name in ("blocs-korea-hedged", "friend-shoring"):
        found = np.array(list(welfare(name, "split.change=0.0").values()))
        np.testing.assert_allclose(found, 0.0, atol=1e-8)


def test_losses_of_the_members_grow_with_the_size() -> None:
    sizes = ("0.03", "0.3", "1.0")
    found = [welfare("blocs-korea-west", f"split.change={size}") for size in sizes]
    for code in ("KOR", "CHN", "USA", "JPN"):
        assert 0 > found[0][code] > found[1][code] > found[2][code]


def test_a_cutoff_costs_both_more_than_dear_trade_and_nothing_is_left_of_it() -> None:
    dear, none = welfare("eu-china-double-cost"), welfare("eu-china-cutoff")
    assert none["EU27"] < dear["EU27"] < 0 and none["CHN"] < dear["CHN"] < 0
    given, found = played("eu-china-cutoff")
    place = given.baseline.country_index
    trade = np.asarray(found.trade)
    assert trade[place["EU27"], place["CHN"]].sum() == 0.0
    assert trade[place["CHN"], place["EU27"]].sum() == 0.0


def test_nobody_trades_with_an_island_that_is_cut_off() -> None:
    """Its sales at home are all there is, and income is spent on them: no deficit anywhere."""
    given, found = played("taiwan-contingency")
    island = given.baseline.country_index["TWN"]
    trade = np.asarray(found.trade)
    abroad = np.arange(len(trade)) != island
    assert trade[island, abroad].sum() == 0.0 and trade[abroad, island].sum() == 0.0
    assert np.abs(np.asarray(found.deficit)).max() < 1e-6 * trade.sum()


def test_a_milder_crisis_costs_the_island_less() -> None:
    assert welfare("taiwan-contingency")["TWN"] < welfare("taiwan-blockade")["TWN"] < 0


def test_the_first_months_cost_more_than_a_year_and_that_more_than_the_long_run() -> None:
    months = welfare("hard-decoupling", "adjustment.kappa=1", "adjustment.relative_elasticity=0.19")
    year, later = welfare("hard-decoupling"), welfare("hard-decoupling", "horizon=long")
    for code in ("KOR", "CHN", "JPN", "EU27"):
        assert months[code] < year[code] < later[code] < 0


def test_what_military_users_take_is_a_sliver_of_what_is_listed() -> None:
    """Defence at 4.6 % of public demand: less than two percent of any product, and of the flow."""
    scenario = load_scenario("china-korea/dual-use-japan")
    part = scenario.policies["notice"].restricted(baseline())
    assert 0 < part.max() < 0.02
    narrow = welfare("dual-use-japan")["JPN"]
    wide = welfare("dual-use-japan", "licences.enabled=true")["JPN"]
    assert wide < narrow < 0


HALTS = {
    "rare-earths-japan": "JPN",
    "rare-earths-korea": "KOR",
    "graphite-korea": "KOR",
    "urea-korea": "KOR",
}


@pytest.mark.parametrize("name", HALTS)
def test_nothing_lost_is_no_halt(name: str) -> None:
    np.testing.assert_allclose(list(welfare(name, "stop.lost=0.0").values()), 0.0, atol=1e-8)
    np.testing.assert_allclose(list(welfare(name, "stop.stocks=12").values()), 0.0, atol=1e-8)


def test_leakage_of_everything_is_no_control() -> None:
    for name in ("rare-earths-japan", "urea-korea"):
        changes = ("stop.enabled=false", "sales.enabled=true", "sales.leakage=1.0")
        np.testing.assert_allclose(list(welfare(name, *changes).values()), 0.0, atol=1e-8)


@pytest.mark.parametrize("name", HALTS)
def test_a_halt_costs_who_misses_the_item_and_more_the_longer_it_lasts(name: str) -> None:
    buyer = HALTS[name]
    months, year = welfare(name, "stop.lasts=4.0")[buyer], welfare(name)[buyer]
    stiff = welfare(name, "stop.substitution=0.05")[buyer]
    assert 0 > months > year > stiff


@pytest.mark.parametrize("code", ["KOR", "CHN", "JPN", "USA"])
def test_chips_that_are_missed_cost_more_than_trade_that_is_cut(code: str) -> None:
    off = [f"{kind}.enabled=false" for kind in ("logic", "memory", "other")]
    quarrel = "split.enabled=false"
    assert (
        welfare("taiwan-contingency", quarrel)[code]
        < 1.5 * welfare("taiwan-contingency", quarrel, *off)[code]
        < 0
    )


def test_divide_and_reward_without_its_reward_is_the_boycott() -> None:
    alone, divided = welfare("japan-boycott"), welfare("divide-and-reward", "opening.enabled=false")
    np.testing.assert_allclose(list(divided.values()), list(alone.values()), atol=1e-8)


def test_closer_substitutes_divert_more_of_the_boycott_to_korea() -> None:
    """Diversion is a flow, and grows with closeness whatever the sign of welfare."""
    found = {}
    for ratio in ("1", "2", "4"):
        given, one = played(
            "japan-boycott", f"adjustment.nests.neighbours.relative_elasticity={ratio}"
        )
        place = given.baseline.country_index
        sector = given.baseline.sector_index["TOU"]
        flow = place["KOR"], place["CHN"], sector
        found[ratio] = float(np.asarray(one.trade)[flow] / np.asarray(given.economy.trade)[flow])
    assert 1 < found["1"] < found["2"] < found["4"]


def test_who_has_the_rent_decides_what_a_boycott_costs_its_author() -> None:
    kept = {rent: welfare("korea-boycott", f"tours.rent={rent}")["CHN"]
            for rent in ("importer", "exporter", "nobody")}  # fmt: skip
    assert kept["importer"] > kept["exporter"] and kept["importer"] > kept["nobody"]


def test_the_pull_of_affiliates_is_the_product_that_trade_shows() -> None:
    policy = load_scenario("china-korea/affiliates-usa").policies["factories"]
    assert policy.parts_elasticity * np.log1p(policy.output_growth) == pytest.approx(
        0.283, abs=2e-3
    )


@pytest.mark.parametrize("elasticities", ["baseline", "CP"])
def test_trade_over_what_either_side_trades_with_others_moves_by_the_pull(
    elasticities: str,
) -> None:
    """So the recorded ratio is the change of demand, and no wedge has to be found for it."""
    given, after = played("affiliates-usa", f"elasticities={elasticities}")
    place, sector = given.baseline.country_index, given.baseline.sector_index
    pairs = np.ix_([place["KOR"], place["JPN"]], [place["USA"], place["EU27"]])
    for code in ("CHM", "ELE", "ELQ", "MCH", "AUT"):
        cells = (*pairs, sector[code])
        grown = np.log(np.asarray(after.trade)[cells] / np.asarray(given.economy.trade)[cells])
        own = (grown[0] - grown[1])[0] - (grown[0] - grown[1])[1]
        assert own == pytest.approx(0.7 * np.log(1.5), abs=1e-7)


def test_reshoring_takes_three_points_of_spending_home() -> None:
    """Of the members and China together the foreign share falls as is stated; of the members alone
    that is about three points."""
    given, after = played("reshoring")
    members = ["USA", "EU27", "GBR", "JPN", "CAN", "ANZ", "KOR", "MEX", "TUR"]

    def foreign(codes: list[str]) -> tuple[float, float]:
        place = [given.baseline.country_index[code] for code in codes]
        before, now = (
            1 - sum(bought[one, one].sum() for one in place) / bought[:, place].sum()
            for bought in (np.asarray(given.economy.purchases), np.asarray(after.purchases))
        )
        return float(before), float(now)

    before, now = foreign([*members, "CHN"])
    assert now / before == pytest.approx(0.732, rel=1e-8)
    before, now = foreign(members)
    assert before - now == pytest.approx(0.03, abs=1e-3)


def test_the_names_are_in_the_library() -> None:
    assert {f"china-korea/{name}" for name in NAMES} <= set(available())
