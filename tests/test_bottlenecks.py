"""Bottlenecks: the formula, its limits, time, what ships, and what draws make of it."""

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

import detente
from detente import library
from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.ensemble import central, play_draws, sample
from detente.evidence import acted_on
from detente.policy import Bottleneck, PARAMETERS
from detente.policy.items import between, items, measured
from detente.policy.shortage import constant_elasticity, Shortage
from detente.scenario import compile_shock, load_scenario, parse_scenario, to_toml
from detente.simulation import prepare
from detente.world import Baseline
from tools import items as tool

from .worlds import dataset, economy


OWN: dict[str, Any] = {
    "kind": "bottleneck", "exporters": ["CHN"], "importers": ["KOR"], "sectors": ["CAR"],
    "supply_share": 0.6, "cost_share": 0.002, "stocks": 1.5, "substitution": 0.15, "recovery": 34,
}  # fmt: skip
RANGES = {
    "supply_share": [0.4, 0.6, 0.9], "cost_share": [0.001, 0.002, 0.004], "stocks": [0, 1.5, 3],
    "substitution": [0.05, 0.15, 0.3], "recovery": [20, 34, 100],
}  # fmt: skip
SHORT = Shortage(0.003, 0.6, 1.0, 0.2, 30.0)


@pytest.fixture(scope="module")
def world() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


@pytest.fixture(scope="module")
def compact() -> Baseline:
    return detente.load_baseline("compact-2022")


def scenario(*policies: dict, **keys: Any):
    numbered = {f"p{n}": policy for n, policy in enumerate(policies)}
    return parse_scenario({"title": "A test", **keys, "policies": numbered}, "test")


def output(cost_share: float, left: float, elasticity: float) -> float:
    return float(constant_elasticity(cost_share, np.array([left]), np.array([elasticity]))[0])


# --- The formula --------------------------------------------------------------------------------


def test_the_figure_on_paper() -> None:
    """0.3 % of the cost, 40 % of it left, an elasticity of 0.2: 2.7 % less."""
    assert output(0.003, 0.4, 0.2) == pytest.approx((0.997 + 0.003 * 0.4**-4) ** (-1 / 4))
    assert output(0.003, 0.4, 0.2) == pytest.approx(1 - 0.027, abs=5e-4)


@pytest.mark.parametrize("cost_share", [1e-4, 0.003, 0.2])
def test_between_no_substitution_and_that_of_the_model(cost_share: float) -> None:
    """Near zero as much is made as there is of the item; at one, its share in cost is lost."""
    assert output(cost_share, 0.4, 1e-4) == pytest.approx(0.4, rel=2e-3)
    assert output(cost_share, 0.4, 1.0) == pytest.approx(0.4**cost_share, rel=1e-12)
    assert output(cost_share, 0.4, 1 - 1e-6) == pytest.approx(0.4**cost_share, rel=1e-6)
    losses = [1 - output(cost_share, 0.4, one) for one in (0.05, 0.1, 0.3, 0.6, 1.0)]
    assert losses == sorted(losses, reverse=True) and losses[0] < 0.6


def test_nothing_missing_is_nothing_lost() -> None:
    assert Shortage(0.003, 0.0, 1.0, 0.2, 30.0).mean_output(12.0) == 1.0


def test_all_of_it_missing_stops_everything_until_some_is_replaced() -> None:
    all_of_it = Shortage(0.003, 1.0, 0.0, 0.2, 30.0)
    first, later = all_of_it.output(np.array([0.0, 6.0]))
    assert first == 0.0 and 0.0 < later < 1.0


# --- Time ---------------------------------------------------------------------------------------


def test_nothing_is_lost_while_stocks_last_or_once_it_is_back() -> None:
    shortage = Shortage(0.003, 0.6, 2.0, 0.2, 30.0, lasts=5.0)
    made = shortage.output(np.array([0.0, 1.99, 2.0, 4.99, 5.0, 9.0]))
    np.testing.assert_array_equal(made[[0, 1, 4, 5]], 1.0)
    assert (made[[2, 3]] < 1).all() and made[2] < made[3]
    assert Shortage(0.003, 0.6, 5.0, 0.2, 30.0, lasts=5.0).mean_output(12.0) == 1.0


@pytest.mark.parametrize("months", [0.7, 3.0, 12.0, 36.0])
@pytest.mark.parametrize("lasts", [2.5, 12.0, 60.0])
def test_the_mean_is_the_integral(months: float, lasts: float) -> None:
    shortage = Shortage(0.003, 0.6, 1.0, 0.1, 30.0, lasts)

    def lost(month: float) -> float:
        replaced = 1 - np.exp(-month / 30)
        elasticity = 0.1 + 0.9 * replaced
        left = 1 - 0.6 * (1 - replaced)
        power = (elasticity - 1) / elasticity
        return 1 - (0.997 + 0.003 * left**power) ** (1 / power)

    end = min(months, lasts)
    expected = quad(lost, 1.0, end, epsabs=1e-13)[0] / months if end > 1 else 0.0
    assert 1 - shortage.mean_output(months) == pytest.approx(expected, rel=1e-8, abs=1e-14)


def test_months_add_up_to_the_year() -> None:
    monthly = SHORT.monthly_output(12)
    assert monthly.mean() == pytest.approx(SHORT.mean_output(12.0), rel=1e-12)
    assert monthly[0] == 1.0 and monthly.argmin() == 1 and (np.diff(monthly[1:]) > 0).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [("stocks", 3.0), ("substitution", 0.4), ("recovery", 10.0), ("cost_share", 0.001),
     ("missing", 0.3)],
)  # fmt: skip
def test_more_against_it_is_less_lost(name: str, value: float) -> None:
    other = Shortage(**{**vars(SHORT), name: value})
    assert other.mean_output(12.0) > SHORT.mean_output(12.0)


# --- The policy ---------------------------------------------------------------------------------


def test_the_users_of_the_buyer_and_nobody_else(world: Baseline) -> None:
    hat = np.array(compile_shock(scenario(OWN), world).productivity_hat)
    place = world.country_index["KOR"], world.sector_index["CAR"]
    expected = Shortage(0.002, 0.6, 1.5, 0.15, 34.0).mean_output(12.0)
    assert hat[place] == pytest.approx(expected, rel=1e-14) and expected < 0.999
    hat[place] = 1.0
    np.testing.assert_array_equal(hat, 1.0)


def test_a_part_lost_and_several_items(world: Baseline) -> None:
    half = np.asarray(compile_shock(scenario(OWN | {"lost": 0.5}), world).productivity_hat)
    twice = np.asarray(compile_shock(scenario(OWN, OWN), world).productivity_hat)
    once = np.asarray(compile_shock(scenario(OWN), world).productivity_hat)
    assert half.min() == pytest.approx(Shortage(0.002, 0.3, 1.5, 0.15, 34.0).mean_output(12.0))
    np.testing.assert_allclose(twice, once**2, rtol=1e-14)


def test_everyone_but_the_seller_loses_it(world: Baseline) -> None:
    hat = np.asarray(compile_shock(scenario(OWN | {"importers": "all"}), world).productivity_hat)
    car = hat[:, world.sector_index["CAR"]]
    assert car[world.country_index["CHN"]] == 1.0
    assert (np.delete(car, world.country_index["CHN"]) < 1).all()


def test_no_flow_is_acted_on(world: Baseline) -> None:
    assert not acted_on(world, compile_shock(scenario(OWN), world)).any()


def test_without_one_there_is_no_productivity(world: Baseline) -> None:
    assert compile_shock(scenario(OWN | {"enabled": False}), world).productivity_hat is None


def test_income_falls_where_it_is_missed(world: Baseline) -> None:
    found = detente.simulate(world, scenario(OWN))
    assert found.attrs["solved"]
    assert float(found.welfare.sel(country="KOR")) < -1e-3
    made = found.output.sel(country="KOR", sector="CAR")
    hat = np.asarray(compile_shock(scenario(OWN), world).productivity_hat).min()
    # Fewer are wanted at the higher price, so that output falls by more than productivity.
    assert float(made) < 100 * (hat - 1) < 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stocks": [3, 2, 1]}, "low, central and high"),
        ({"substitution": 1.0}, "substitution"),
        ({"cost_share": 0.0}, "cost_share"),
        ({"recovery": 0}, "recovery"),
        ({"lost": 1.5}, "lost"),
        ({"supply_share": None}, "supply_share"),
        ({"sectors": []}, "sectors"),
        ({"stocks": [1, 2]}, "three"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenario({key: one for key, one in (OWN | change).items() if one is not None})


def test_a_name_that_is_none_is_refused(compact: Baseline) -> None:
    wrong = {"kind": "bottleneck", "exporters": ["CHN"], "importers": ["JPN"], "item": "rare-earth"}
    with pytest.raises(ScenarioError, match="rare-earths"):
        compile_shock(scenario(wrong), compact)
    unknown = wrong | {"item": "rare-earths", "importers": ["BRA"]}
    with pytest.raises(ScenarioError, match="say 'supply_share' and 'cost_share' yourself"):
        compile_shock(scenario(unknown), compact)


def test_it_is_written_as_it_was_read(tmp_path) -> None:
    made = scenario(OWN | RANGES)
    (tmp_path / "again.toml").write_text(to_toml(made))
    assert load_scenario(tmp_path / "again.toml").policies == made.policies


# --- What ships ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", items())
def test_every_item_plays_on_the_world_that_ships(name: str, compact: Baseline) -> None:
    rows = [row for row in library.table("items.csv") if row["item"] == name]
    for row in rows:
        if row["importer"] in ("all", *compact.countries):
            policy = {"kind": "bottleneck", "item": name, "exporters": [row["exporter"]],
                      "importers": "all" if row["importer"] == "all" else [row["importer"]]}  # fmt: skip
            hat = np.asarray(compile_shock(scenario(policy), compact).productivity_hat)
            assert 0.3 < hat.min() < 1.0
    assert rows and all(items()[name].sources.values())


def test_every_item_says_where_each_number_is_from() -> None:
    for item in items().values():
        assert set(item.sources) == {"sectors", "measured", "stocks", "substitution", "recovery"}


def test_the_share_in_cost_is_the_value_over_what_users_make(compact: Baseline) -> None:
    keys = {"kind": "bottleneck", "item": "rare-earths", "exporters": ["CHN"], "importers": ["JPN"]}
    policy = scenario(keys).policies["p0"]
    assert isinstance(policy, Bottleneck)
    (hit,) = policy.hits(compact)
    known, _ = measured("rare-earths", "JPN", "CHN")
    users = [compact.sector_index[code] for code in policy.users]
    made = np.asarray(compact.economy.output)[compact.country_index["JPN"], users].sum()
    np.testing.assert_allclose(hit.limits["cost_share"], np.array(known.value) / made)
    assert hit.limits["supply_share"] == known.share


@pytest.mark.shared
def test_what_ships_is_what_the_tool_makes(raw_directory) -> None:
    rows = [
        dict(zip(tool.HEAD, row, strict=True)) for row in tool.table(raw_directory / tool.CHIPS)
    ]
    assert rows == library.table("items.csv")


# --- Draws --------------------------------------------------------------------------------------


def test_a_range_is_read_straight_between_its_three_numbers() -> None:
    read = [between((1.0, 2.0, 6.0), place) for place in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert read == [1.0, 1.5, 2.0, 4.0, 6.0]


def drawn(world: Baseline, *policies: dict, **settings: Any):
    asked = {"draws": 40, "hold": ["elasticities", "nests"]} | settings
    made = scenario(*policies, uncertainty=asked)
    return made, sample(made, world)


def test_every_parameter_is_drawn_and_nothing_else_of_it(world: Baseline) -> None:
    _, draws = drawn(world, OWN | RANGES)
    assert draws.assumptions == ("bottlenecks",)
    assert set(draws.bottleneck) == set(PARAMETERS)
    for places in draws.bottleneck.values():
        assert 0 <= float(places.min()) < 0.2 and 0.8 < float(places.max()) <= 1


def test_each_draw_is_the_scenario_at_its_place(world: Baseline) -> None:
    made, draws = drawn(world, OWN | RANGES, draws=5)
    logs = play_draws(world, [made], draws)[:, 0]
    for number in range(5):
        keys = {
            name: between(tuple(map(float, RANGES[name])), float(draws.bottleneck[name][number]))
            for name in RANGES
        }
        alone = detente.simulate(world, scenario(OWN | keys))
        np.testing.assert_allclose(
            100 * np.expm1(logs[number]), alone.welfare, rtol=1e-6, atol=1e-8
        )
    assert np.ptp(logs[:, 0]) > 1e-5


def test_held_it_is_at_its_centre(world: Baseline) -> None:
    made, draws = drawn(world, OWN | RANGES, hold=["elasticities", "nests", "bottlenecks"],
                        draws=2)  # fmt: skip
    assert draws.assumptions == ()
    logs = play_draws(world, [made], draws)[:, 0]
    np.testing.assert_allclose(logs[0], logs[1], rtol=0, atol=0)
    own = play_draws(world, [made], central(made, world))[0, 0]
    np.testing.assert_allclose(logs[0], own, rtol=1e-12)
    np.testing.assert_allclose(
        100 * np.expm1(own), detente.simulate(world, made).welfare, rtol=1e-6
    )


def test_the_size_of_policies_does_not_move_it(world: Baseline) -> None:
    """It has ranges of its own; beside a tariff, the tariff alone is made larger or smaller."""
    _, alone = drawn(world, OWN)
    assert "size" not in alone.assumptions
    tariff = {"kind": "tariff", "importers": ["USA"], "exporters": ["JPN"], "sectors": ["CAR"],
              "change": 0.0}  # fmt: skip
    made, draws = drawn(world, OWN, tariff, draws=4)
    assert set(draws.assumptions) == {"size", "bottlenecks"}
    logs = play_draws(world, [made], draws)[:, 0]
    np.testing.assert_allclose(logs, np.broadcast_to(logs[:1], logs.shape), rtol=1e-7, atol=1e-12)


def test_the_place_is_that_of_the_first_parameter(world: Baseline) -> None:
    _, draws = drawn(world, OWN | RANGES)
    order = draws.ranked("bottlenecks")
    assert (np.diff(np.asarray(draws.bottleneck[PARAMETERS[0]])[order]) >= 0).all()


def test_its_world_is_that_of_the_scenario(world: Baseline) -> None:
    """On a drawn base the shares in cost stay: no draw moves what a country makes."""
    made, draws = drawn(world, OWN | RANGES, draws=2)
    played = prepare(world, made)
    assert played.shock.productivity_hat is not None
    assert len(draws) == 2
