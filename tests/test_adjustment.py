"""Horizon and adjustment: a scenario's words become the closure they mean, by hand, and say so."""

import json
import re
import tomllib
from dataclasses import replace

import equinox as eqx
import numpy as np
import pytest
import xarray as xr

from detente._core import ScenarioError
from detente.adjustment import Adjustment, SHORT_RUN_RATIO
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.closure import Closure, FREE
from detente.report import answer, brief
from detente.scenario import (
    assumptions,
    available,
    load_scenario,
    parse_scenario,
    Scenario,
    to_toml,
    with_potential,
    without_policies,
)
from detente.simulation import Play, prepare, simulate
from detente.world import Baseline

from .worlds import dataset, economy


# Solved to a residual of 1e-10: percentages of two runs agree to a small multiple of it.
SOLVED = 1e-7
# A product of two numbers of the baseline, in another order.
EXACT = 1e-14
THETA = np.array([5.0, 8.0, 3.5])
PUBLISHED = {"low": [3.0, 4.0, 2.0], "high": [9.0, 12.0, 6.0]}
LEVY = {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "rate": 0.4}
PAIR = {"countries": ["KOR", "JPN"], "sectors": ["goods"], "relative_elasticity": 2.0}
TEXTBOOK = {
    "relative_elasticity": 1.0, "deficits": "fixed", "scale": 0.0, "entry": "free",
    "home_relative_elasticity": 1.0, "nests": {}, "labour_supply": 0.0, "sourcing": "alike", "pass_through": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    """Unbalanced, with a group of countries and two publications of elasticities."""
    table = (("publication", "sector"), np.array(list(PUBLISHED.values())), {"units": "1"})
    world = dataset(economy()).assign_coords(publication=list(PUBLISHED))
    made = baseline_from_dataset(world.assign(trade_elasticity_published=table))
    return replace(made, country_groups={"ASIA": ("KOR", "CHN", "JPN")})


def scenario_of(adjustment: dict, horizon: str = "long", **others: object) -> Scenario:
    document = {"title": "T", "policies": {}, "horizon": horizon, "adjustment": adjustment}
    return parse_scenario(document | others, "test")


def played(baseline: Baseline, adjustment: dict, horizon: str = "long") -> Play:
    return prepare(baseline, scenario_of(adjustment, horizon))


def run(baseline: Baseline, adjustment: dict, horizon: str = "long") -> xr.Dataset:
    found = simulate(baseline, scenario_of(adjustment, horizon, policies={"levy": LEVY}))
    assert found.attrs["solved"] == 1
    return found


# The settings, the horizon, and every part of the closure that is not the textbook's.
MEANT = [
    ({}, "long", {}),
    ({}, "short", {"labour_immobility": 1.0}),
    ({"kappa": 4.0}, "long", {"labour_immobility": 0.25}),
    ({"kappa": 4.0}, "short", {"labour_immobility": 0.25}),
    ({"kappa": 1.0}, "long", {"labour_immobility": 1.0}),
    ({"relative_elasticity": 0.5}, "long", {}),
    ({"scale": 0.5}, "long", {"scale": [0.5, 0.5, 0.5]}),
    ({"scale": {"ELE": 0.5}}, "long", {"scale": [0.0, 0.5, 0.0]}),
    ({"scale": {"goods": 0.2, "ELE": 1.0}}, "long", {"scale": [0.2, 1.0, 0.0]}),
    ({"scale": {"ELE": 0.0}}, "long", {}),
    ({"entry": "fixed"}, "long", {"profit_share": 1 / (1 + THETA)}),
    ({"entry": "fixed", "scale": 0.0}, "long", {"profit_share": 1 / (1 + THETA)}),
    ({"labour_supply": 0.5}, "long", {"labour_supply": 0.5}),
    ({"pass_through": 0.5}, "long", {"pass_through": 0.5}),
    ({"wage_floor": {}}, "long", {}),
    ({"wage_floor": {}}, "short", {"labour_immobility": 1.0, "wage_floor": (5 * [np.log(0.99)], 5 * [0])}),
    ({"wage_floor": {"lowest": 1, "countries": ["ASIA"], "pegged": ["CHN"]}}, "short",
     {"labour_immobility": 1.0, "wage_floor": ([0, 0, 0, FREE, FREE], [0, 1, 0, 0, 0])}),
    ({"wage_floor": {"pegged": "all"}}, "short",
     {"labour_immobility": 1.0, "wage_floor": (5 * [np.log(0.99)], 5 * [1])}),
    ({"deficits": "proportional"}, "long", {"deficits": "proportional"}),
    ({"deficits": "saving"}, "long", {"deficits": "saving"}),
    # What is removed is removed from the baseline; afterwards nothing is left to remove.
    ({"deficits": "removed"}, "long", {"deficits": "fixed"}),
]  # fmt: skip


@pytest.mark.parametrize(("adjustment", "horizon", "meant"), MEANT)
def test_the_words_become_that_closure_and_no_other(
    adjustment: dict, horizon: str, meant: dict, baseline: Baseline
) -> None:
    """A part that is there at a neutral value would be slower, and would end in another program."""
    closure = played(baseline, adjustment, horizon).closure
    floor = meant.get("wage_floor")
    assert (closure.wage_floor is None) == (floor is None)
    if closure.wage_floor is not None and floor is not None:
        np.testing.assert_allclose(closure.wage_floor.lowest, floor[0], rtol=EXACT)
        np.testing.assert_array_equal(closure.wage_floor.pegged, floor[1])
    for name in ("labour_immobility", "scale", "profit_share", "labour_supply", "pass_through"):
        found = getattr(closure, name)
        assert (found is None) == (name not in meant), name
        if name in meant:
            np.testing.assert_allclose(found, meant[name], rtol=EXACT, err_msg=name)
    assert closure.deficits == meant.get("deficits", "fixed")
    assert closure.nests is None


@pytest.mark.parametrize(
    ("adjustment", "horizon", "ratio"),
    [
        ({}, "long", 1.0),
        ({}, "short", 0.38),
        ({"relative_elasticity": 0.5}, "long", 0.5),
        ({"relative_elasticity": 0.5}, "short", 0.5),
        ({"relative_elasticity": 1.0}, "short", 1.0),
    ],
)
def test_the_horizon_scales_own_and_published_elasticities(
    adjustment: dict, horizon: str, ratio: float, baseline: Baseline
) -> None:
    """Once: a publication that is chosen must not be scaled again as one that stands beside."""
    assert round(SHORT_RUN_RATIO, 12) == 0.38
    for chosen, own in {"baseline": THETA, **PUBLISHED}.items():
        asked = scenario_of(adjustment, horizon, elasticities=chosen)
        found = prepare(baseline, asked).baseline
        np.testing.assert_allclose(
            found.economy.trade_elasticity, ratio * np.array(own), rtol=EXACT
        )
        for name, values in PUBLISHED.items():
            beside = found.published_elasticities[name]
            np.testing.assert_allclose(beside, ratio * np.array(values), rtol=EXACT)
    np.testing.assert_array_equal(found.economy.trade, baseline.economy.trade)


@pytest.mark.parametrize("ratio", [0.6, 3.0])
def test_home_against_abroad(ratio: float, baseline: Baseline) -> None:
    found = played(baseline, {"home_relative_elasticity": ratio}).closure.nests
    assert found is not None
    np.testing.assert_allclose(found.home_elasticity, ratio * THETA, rtol=EXACT)
    np.testing.assert_array_equal(found.member, np.ones((1, 5, 3)))
    np.testing.assert_allclose(found.elasticity, THETA[None], rtol=EXACT)


def test_nests_hold_who_was_named_where_it_was_named(baseline: Baseline) -> None:
    """Every origin is in one group in each sector; a group of countries stands for its members."""
    asked = {
        "near": PAIR,
        "asian services": PAIR | {"countries": ["ASIA"], "sectors": ["BUS"], "relative_elasticity": 3},
    }  # fmt: skip
    found = played(baseline, {"nests": asked}, "short").closure.nests
    assert found is not None
    near, services = np.zeros((5, 3)), np.zeros((5, 3))
    near[[0, 2], :2] = 1.0
    services[[0, 1, 2], 2] = 1.0
    np.testing.assert_array_equal(found.member, [1 - near - services, near, services])
    short = SHORT_RUN_RATIO * THETA
    np.testing.assert_allclose(found.elasticity, np.outer([1, 2, 3], short), rtol=EXACT)
    np.testing.assert_allclose(found.home_elasticity, short, rtol=EXACT)
    np.testing.assert_allclose(found.within, short * (1 + near + 2 * services), rtol=EXACT)


def test_equal_elasticities_are_no_nests(baseline: Baseline) -> None:
    """Nesting: a group of substitutes as close as all others changes nothing."""
    grouped = run(baseline, {"nests": {"near": PAIR | {"relative_elasticity": 1.0}}})
    plain = run(baseline, {})
    np.testing.assert_allclose(grouped.welfare, plain.welfare, rtol=SOLVED, atol=SOLVED)


def test_mobile_labour_is_the_textbook(baseline: Baseline) -> None:
    """Nesting, and the direction of kappa: large is free to move. What is left is of order 1/kappa."""
    mobile, plain = run(baseline, {"kappa": 1e9}), run(baseline, {})
    np.testing.assert_allclose(mobile.welfare, plain.welfare, rtol=SOLVED, atol=SOLVED)
    np.testing.assert_allclose(run(baseline, {"kappa": 1}).employment, 0.0, atol=SOLVED)
    assert float(abs(plain.employment).max()) > 0.1


# --- Deficits -----------------------------------------------------------------------------------


def test_removed_deficits_are_gone_before_the_policies(baseline: Baseline) -> None:
    nothing = simulate(baseline, scenario_of({"deficits": "removed"}))
    size = float(nothing.income_before.max())
    assert float(abs(np.asarray(baseline.economy.deficit)).max()) > 0.1 * size
    for name in ("deficit_before", "deficit_after"):
        np.testing.assert_allclose(nothing[name] / size, 0.0, atol=1e-10)
    for name in ("welfare", "wage", "price", "output"):
        np.testing.assert_allclose(nothing[name], 0.0, atol=SOLVED)
    moved = run(baseline, {"deficits": "removed"})
    np.testing.assert_array_equal(moved.income_before, nothing.income_before)
    np.testing.assert_allclose(moved.deficit_after / size, 0.0, atol=1e-9)
    assert float(abs(moved.welfare - run(baseline, {}).welfare).max()) > 1e-3


def test_proportional_deficits_keep_spending_over_earning(baseline: Baseline) -> None:
    """Up to one factor for everyone, which makes the deficits of the world add up to none."""
    nothing = simulate(baseline, scenario_of({"deficits": "proportional"}))
    np.testing.assert_allclose(nothing.welfare, 0.0, atol=SOLVED)
    found = run(baseline, {"deficits": "proportional"})
    multiple = lambda when: (
        found[f"income_{when}"] / (found[f"income_{when}"] - found[f"deficit_{when}"])
    )
    moved = (multiple("after") / multiple("before")).values
    np.testing.assert_allclose(moved, moved[0], rtol=SOLVED)
    assert float(abs(found.deficit_after / found.deficit_before - 1).max()) > 1e-4
    assert abs(float(found.deficit_after.sum())) < 1e-9 * float(found.income_after.sum())
    fixed = run(baseline, {})
    np.testing.assert_allclose(fixed.deficit_after, fixed.deficit_before, rtol=SOLVED)


# --- What is said -------------------------------------------------------------------------------


SAID = [
    ({"kappa": 1.5}, "long", ("1.5", "kappa")),
    ({}, "short", ("Labour stays in its sector", "0.38", "0.76", "Boehm")),
    ({"relative_elasticity": 0.5}, "long", ("0.5 of their long-run values",)),
    ({"deficits": "proportional"}, "long", ("fixed multiple of what it earns",)),
    ({"deficits": "saving"}, "long", ("lend a fixed part", "fixed parts of all that is lent")),
    ({"deficits": "removed"}, "long", ("deficits are removed first",)),
    ({"scale": 0.3}, "long", ("0.3 in every sector",)),
    ({"scale": {"goods": 0.2, "BUS": 0.7}}, "long", ("0.2 in goods", "0.7 in BUS")),
    ({"labour_supply": 0.5}, "long", ("rises by 0.5 %", "leisure")),
    ({"sourcing": "by use"}, "long", ("import shares of their own",)),
    ({"pass_through": 0.5}, "long", ("pass 50 % of a tariff on", "Ignatenko")),
    ({"wage_floor": {}}, "short", ("do not fall by more than 1 % in a year", "idle", "Every currency floats")),
    ({"wage_floor": {"lowest": 1, "countries": ["KOR"]}}, "short", ("in KOR do not fall: ",)),
    ({"wage_floor": {"pegged": ["CHN"]}}, "short", ("The currency of CHN is pegged", "the others float")),
    ({"wage_floor": {"pegged": "all"}}, "short", ("Every currency is pegged",)),
    ({"wage_floor": {}}, "long", ("in the long run no floor holds them",)),
    ({"entry": "fixed"}, "long", ("number of firms is fixed", "profit")),
    ({"home_relative_elasticity": 0.6}, "long", ("from home and from abroad", "0.6")),
    ({"nests": {"near": PAIR}}, "long", ("goods from KOR and JPN", "2 times")),
]  # fmt: skip


@pytest.mark.parametrize(("adjustment", "horizon", "words"), SAID)
def test_every_setting_is_an_assumption(
    adjustment: dict, horizon: str, words: tuple, baseline: Baseline
) -> None:
    silent = assumptions(scenario_of({}), baseline)
    said = assumptions(scenario_of(adjustment, horizon), baseline)
    assert len(silent) == 1 and set(silent) < set(said)
    assert all(sentence.endswith(".") for sentence in said)
    for word in words:
        assert word in " ".join(said)


def _prose(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_short_run_is_another_answer_and_is_called_so(baseline: Baseline) -> None:
    """A number of the short run that is read as one of the long run is an error of a factor."""
    short, long = run(baseline, {}, "short"), run(baseline, {})
    assert float(abs(short.welfare - long.welfare).max()) > 0.01
    assert (short.attrs["horizon"], long.attrs["horizon"]) == ("short", "long")
    assert "labour stays" in " ".join(json.loads(short.attrs["assumptions"])).casefold()
    for outcome, is_, is_not in ((short, "short run", "long run"), (long, "long run", "short run")):
        words = " ".join(answer(outcome))
        assert is_ in words and is_not not in words
        assert is_ in _prose(brief(outcome))


@pytest.mark.parametrize(("kappa", "horizon"), [(1.0, "long"), (1e6, "short")])
def test_the_brief_says_what_labour_does(kappa: float, horizon: str, baseline: Baseline) -> None:
    """kappa overrides the horizon's labour: the page must not contradict its own assumptions."""
    page = _prose(brief(run(baseline, {"kappa": kappa}, horizon)))
    wrong = "labour moves between sectors until" if kappa == 1 else "labour stays in its sector"
    assert wrong not in page


# --- Files and settings -------------------------------------------------------------------------


EVERYTHING = {
    "kappa": 2.5, "relative_elasticity": 0.123456789012345, "deficits": "removed",
    "scale": {"goods": 0.2, "BUS": 0.7}, "home_relative_elasticity": 0.6,
    "nests": {"near": PAIR, "all": PAIR | {"countries": ["USA"], "sectors": "all"}},
    "sourcing": "by use", "pass_through": 0.25,
    "labour_supply": 0.3, "wage_floor": {"lowest": 0.97, "countries": ["KOR"], "pegged": "all"},
}  # fmt: skip


@pytest.mark.parametrize("adjustment", [{}, EVERYTHING, {"entry": "fixed"}, {"scale": 0.5}])
@pytest.mark.parametrize("horizon", ["long", "short"])
def test_an_adjustment_survives_its_file(adjustment: dict, horizon: str) -> None:
    """scenario.toml in a run directory is what runs again."""
    asked = scenario_of(adjustment, horizon)
    assert parse_scenario(tomllib.loads(to_toml(asked)), "again") == asked


SET = {
    "horizon=short": ("horizon", "short"),
    "adjustment.kappa=3": ("kappa", 3.0),
    "adjustment.scale=0.4": ("scale", 0.4),
    "adjustment.scale.goods=0.4": ("scale", {"goods": 0.4}),
    "adjustment.deficits=removed": ("deficits", "removed"),
    "adjustment.entry=fixed": ("entry", "fixed"),
    "adjustment.home_relative_elasticity=2": ("home_relative_elasticity", 2.0),
    "adjustment.relative_elasticity=0.7": ("relative_elasticity", 0.7),
    "adjustment.labour_supply=0.5": ("labour_supply", 0.5),
    "adjustment.sourcing=by use": ("sourcing", "by use"),
    "adjustment.pass_through=0.5": ("pass_through", 0.5),
}


@pytest.mark.parametrize("override", SET)
def test_every_setting_can_be_set(override: str) -> None:
    name, value = SET[override]
    found = without_policies([override])
    assert getattr(found if name == "horizon" else found.adjustment, name) == value
    (nest,) = without_policies([f"adjustment.nests.near={_inline(PAIR)}"]).adjustment.nests.values()
    assert nest.countries == ("KOR", "JPN") and nest.relative_elasticity == 2.0


def _inline(nest: dict) -> str:
    return "{" + ", ".join(f"{key} = {json.dumps(value)}" for key, value in nest.items()) + "}"


def test_whose_money_is_pegged_is_written_as_people_do() -> None:
    """The hint named what had just been refused."""
    floor = without_policies(['adjustment.wage_floor.pegged=["South Korea"]']).adjustment.wage_floor
    assert floor is not None and floor.pegged == ("KOR",)


def _nest(**changes: object) -> str:
    return f"adjustment.nests.near={_inline(PAIR | changes)}"


BAD = [
    (["adjustment.kappa=0.5"], ("'adjustment.kappa'", "0.5")),
    (["adjustment.kappa=fast"], ("'adjustment.kappa'", "fast")),
    (["adjustment.relative_elasticity=0"], ("'adjustment.relative_elasticity'", "not 0")),
    (["adjustment.home_relative_elasticity=101"], ("'adjustment.home_relative_elasticity'", "101")),
    (["adjustment.deficits=gone"], ("'adjustment.deficits'", "'removed'", "gone")),
    (["adjustment.entry=closed"], ("'adjustment.entry'", "'fixed'", "closed")),
    (["adjustment.labour_supply=-1"], ("'adjustment.labour_supply'", "-1")),
    (["adjustment.wage_floor.lowest=0"], ("'adjustment.wage_floor.lowest'", "0")),
    (["adjustment.wage_floor.lowest=1.2"], ("'adjustment.wage_floor.lowest'", "1.2")),
    (["adjustment.wage_floor.countries=['KRO']"], ("'adjustment.wage_floor.countries'", "'KRO'", "'KOR'")),
    (["adjustment.wage_floor.pegged=['KRO']"], ("'adjustment.wage_floor.pegged'", "'KRO'")),
    (["horizon=0"], ("'horizon'", "'long', 'short' or a number of years from 1 to 30, not 0.")),
    (["horizon=31"], ("'horizon'", "number of years from 1 to 30", "not 31")),
    (["horizon=2.5"], ("'horizon'", "number of years", "2.5")),
    (["horizon=fast"], ("'horizon'", "number of years", "'fast'")),
    (["adjustment=3"], ("'adjustment' should be a table",)),
    (["adjustment.nests.near=3"], ("'adjustment.nests.near' should be a table",)),
    (["adjustment.scale.ELE=2"], ("'adjustment.scale.ELE'", "not 2")),
    (["adjustment.scale.ELEC=0.5"], ("'ELEC'", "'ELE'")),
    (["adjustment.entry=fixed", "adjustment.scale=0.5"], ("'adjustment.entry'", "'adjustment.scale'")),
    ([_nest(countries=["KRO"])], ("'KRO'", "'KOR'")),
    ([_nest(sectors=["gods"])], ("'gods'", "'goods'")),
    ([_nest(relative_elasticity=-1)], ("'adjustment.nests.near.relative_elasticity'", "-1")),
    ([_nest(), "adjustment.nests.asia=" + _inline(PAIR | {"countries": ["ASIA"]})],
     ("'adjustment.nests.asia'", "another nest")),
    (["adjustment.kapa=2"], ("'adjustment.kapa' is not a known key",)),
    (["adjustment.scale=2"], ("'adjustment.scale'", "not 2")),
    (["adjustment.scale.ELE=big"], ("'adjustment.scale.ELE'",)),
    (["adjustment.kapa=2"], ("'kappa'",)),
    (["adjustment.nests.near={countries=['KOR'], sectors='all', relative_elasticity=2, sector='all'}"],
     ("'adjustment.nests.near.sector'", "'sectors'")),
    ([_nest(countries=["KRO"])], ("near", "'KOR'")),
    (["adjustment.nests.near={countries=['KOR'], sectors='all', relative_elasticit=2}"],
        ("'adjustment.nests.near.relative_elasticit'", "'relative_elasticity'")),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "named"), BAD)
def test_a_bad_value_is_one_sentence(overrides: list, named: tuple, baseline: Baseline) -> None:
    with pytest.raises(ScenarioError) as refusal:
        prepare(baseline, without_policies(overrides))
    sentence = str(refusal.value)
    assert "\n" not in sentence and sentence.endswith((".", "?"))
    for name in named:
        assert name in sentence, sentence


# --- Other elasticities, and the library --------------------------------------------------------


@pytest.mark.parametrize(
    "adjustment",
    [
        {"kappa": 2.0},
        {"scale": 0.4},
        {"entry": "fixed"},
        {"home_relative_elasticity": 0.6},
        {"deficits": "removed"},
    ],
    ids=str,
)
def test_welfare_beside_is_that_of_a_run_with_those_elasticities(
    adjustment: dict, baseline: Baseline
) -> None:
    """What a closure derives from the elasticities must follow them."""
    beside = run(baseline, adjustment).welfare_by_elasticity
    for name in PUBLISHED:
        asked = scenario_of(adjustment, elasticities=name, policies={"levy": LEVY})
        alone = simulate(baseline, asked).welfare
        np.testing.assert_allclose(beside.sel(publication=name), alone, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", available())
def test_an_explicit_textbook_changes_nothing_in_the_library(name: str) -> None:
    """Bit for bit, said or not; some scenarios have settings of their own, which are left out."""
    given = load_scenario(name)
    # What passes within a year has no long run; that it passes is no part of the setting.
    lasting = {
        key: one.model_copy(update={"fade_out": None}) for key, one in given.policies.items()
    }
    textbook = {"horizon": "long", "adjustment": Adjustment(), "policies": lasting}
    plain = given.model_copy(update=textbook)
    said = parse_scenario(plain.model_dump() | {"adjustment": TEXTBOOK}, name)
    world = load_baseline(plain.baseline)
    before, after = prepare(world, plain), prepare(world, said)
    assert eqx.tree_equal(before.closure, Closure()) and eqx.tree_equal(after.closure, Closure())
    # What an opening assumes belongs to the policy, not to the setting.
    hidden = with_potential(plain, world).economy
    assert eqx.tree_equal(before.economy, hidden) and eqx.tree_equal(after.economy, hidden)
    assert eqx.tree_equal(before.shock, after.shock)
    assert assumptions(said, world) == assumptions(plain, world)
