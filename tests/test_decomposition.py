"""The terms of welfare: they add up, each is zero where it must be, and each is what it is called.

All shocks have the structure of `every_wedge` and all closures are filled up with neutral values, so
that there is one program for each kind of deficit.
"""

import functools
import itertools
from dataclasses import fields, replace

import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure
from detente.equilibrium import (
    decompose,
    Decomposition,
    Equilibrium,
    linear_welfare,
    solve,
    welfare_hat,
)
from detente.equilibrium._continuation import part_of
from detente.world import Economy, Shock

from .closures import (
    ABROAD,
    balanced_world,
    closure_of,
    CLOSURES,
    every_wedge,
    number,
    only,
    solved,
    wage_floor,
)
from .test_derivatives import filled
from .worlds import economy


# Both ends of the path are solved to 1e-10.
ADDS_UP = 1e-8
# Ten points of a smooth path leave this of it; most leave a hundredth.
INTEGRATED = 2e-7
# The same for what is zero at every point of the path, divided by the residual of its solution.
NOTHING = 1e-9
TERMS = tuple(field.name for field in fields(Decomposition))
KOR, CHN, ELE = 0, 1, 1


def summed(found: Decomposition) -> dict[str, np.ndarray]:
    """By country."""
    return {name: np.asarray(getattr(found, name)).reshape(5, -1).sum(axis=1) for name in TERMS}


def rules_of(closure: str, world: Economy) -> Closure:
    return filled(closure_of(closure, world), world.trade_elasticity)


def terms_of(world: Economy, shock: Shock, closure: str = "textbook") -> Decomposition:
    return decompose(world, shock, rules_of(closure, world))


def world_of(closure: str) -> Economy:
    # What the closure removes at once is no part of the path of the shock.
    return balanced_world(0) if closure == "deficits removed" else economy(0)


def _costs(world: Economy) -> Shock:
    random = np.random.default_rng(1)
    cost = np.exp(random.normal(scale=0.15, size=ABROAD.shape) * ABROAD)
    return only(
        world, tariff=random.uniform(0, 0.5, size=ABROAD.shape) * ABROAD, trade_cost_hat=cost
    )


def _boycott(world: Economy) -> Shock:
    taste = np.ones(ABROAD.shape)
    taste[CHN, KOR], taste[2, 3, 1] = 0.3, 2.5
    return only(world, taste_hat=taste)


SHOCKS = {"every wedge": every_wedge, "costs": _costs, "boycott": _boycott}


@functools.cache
def split(closure: str, shock: str) -> tuple[Decomposition, Equilibrium]:
    world = world_of(closure)
    change = SHOCKS[shock](world)
    return terms_of(world, change, closure), solved(world, change, rules_of(closure, world))


# With free entry a sector may close on the way, and the path has a corner there; so has one on
# which a floor under wages begins to bind.
CLOSING = {("scale, free entry", "costs")}
CORNERS = CLOSING | {("idle labour", shock) for shock in SHOCKS}


# --- They add up --------------------------------------------------------------------------------


@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("closure", CLOSURES)
def test_the_terms_are_the_whole_change(closure: str, shock: str) -> None:
    """A wedge whose rent is lost, or a price that is valued at another point, leaves a gap."""
    found, after = split(closure, shock)
    terms, gain = summed(found), np.asarray(welfare_hat(world_of(closure), after)) - 1
    np.testing.assert_allclose(sum(terms.values()), gain, atol=ADDS_UP)
    assert abs(gain).max() > 1e-3
    if (closure, shock) not in CORNERS:
        np.testing.assert_allclose(terms["unexplained"], 0.0, atol=INTEGRATED)


def test_what_labour_earns_by_working_is_the_rest_of_the_change() -> None:
    """Rigid floors bind from the start, so that most of the path is smooth: what ten points miss
    of it is a hundredth of what idle labour costs."""
    world = economy(0)
    rules = replace(rules_of("idle labour", world), wage_floor=wage_floor(1.0))
    terms = summed(decompose(world, _costs(world), rules))
    assert terms["employment"].min() < -0.04
    assert abs(terms["unexplained"]).max() < 1e-3


@pytest.mark.parametrize("closure", CLOSURES)
def test_what_does_not_move_has_no_term(closure: str) -> None:
    """And what moves has one: a term that is always zero would pass for a clean one."""
    shocks = {name: summed(split(closure, name)[0]) for name in SHOCKS}
    rules = closure_of(closure, world_of(closure))
    there = {
        "taste": ("every wedge", "boycott"),
        "rents": ("every wedge",),
        "trade_costs": ("every wedge", "costs"),
        "scale": tuple(SHOCKS) if rules.scale is not None else (),
        "profits": tuple(SHOCKS) if rules.profit_share is not None else (),
        "employment": tuple(SHOCKS) if rules.labour_supply is not None else (),
        "capital": (),
        "transfers": tuple(SHOCKS) if rules.deficits in ("proportional", "saving") else (),
        "terms_of_trade": tuple(SHOCKS),
        "tariffs": tuple(SHOCKS),
    }
    for name, where in there.items():
        for shock, terms in shocks.items():
            if shock in where:
                assert abs(terms[name]).max() > 1e-5, (name, shock)
            else:
                np.testing.assert_allclose(
                    terms[name], 0.0, atol=NOTHING, err_msg=f"{name} {shock}"
                )


def test_no_shock_has_no_terms() -> None:
    terms = summed(terms_of(economy(0), only(economy(0))))
    for name in TERMS:
        np.testing.assert_allclose(terms[name], 0.0, atol=NOTHING, err_msg=name)


def test_what_the_integral_misses_is_said() -> None:
    """Where a flow is prohibited that had much of a market the path is steep at its end: ten points
    are not enough, and the error is in `unexplained` and not in the sum."""
    world = balanced_world(1)
    shock, rules = every_wedge(world, 6), rules_of("nests", world)
    terms, after = summed(decompose(world, shock, rules)), solved(world, shock, rules)
    assert 1e-3 < abs(terms["unexplained"]).max() < 1e-2
    gain = np.asarray(welfare_hat(world, after)) - 1
    np.testing.assert_allclose(sum(terms.values()), gain, atol=ADDS_UP)


def test_a_sector_that_closes_is_seen_in_what_is_unexplained() -> None:
    for closure, shock in CLOSING:
        found, after = split(closure, shock)
        assert float((after.output / world_of(closure).output).min()) < 1e-9
        assert 1e-5 < abs(summed(found)["unexplained"]).max() < 1e-2


# --- They are what they are called --------------------------------------------------------------


def small(world: Economy, size: float, *, tariff: bool) -> Shock:
    by = np.random.default_rng(3).uniform(0.5, 1.5, size=ABROAD.shape) * ABROAD * size
    if tariff:
        return only(world, tariff=np.asarray(world.tariff) + by)
    return only(world, trade_cost_hat=np.exp(by))


def test_to_first_order_they_are_the_linear_statistic() -> None:
    """Caliendo and Parro (2015), eq. 16, term by term: what is left falls with the square."""
    world = balanced_world(0)
    missed = []
    for size in (2e-2, 1e-2, 5e-3):
        shock = small(world, size, tariff=True)
        terms, linear = summed(terms_of(world, shock)), linear_welfare(world, solved(world, shock))
        pairs = ((terms["terms_of_trade"], linear.terms_of_trade), (terms["tariffs"], linear.volume_of_trade))  # fmt: skip
        assert min(abs(found).max() for found, _ in pairs) > 0.02 * size
        missed.append([abs(found - np.asarray(expected)).max() for found, expected in pairs])
    ratios = np.array(missed[:-1]) / np.array(missed[1:])
    assert (ratios > 3.0).all() and (ratios < 5.0).all(), ratios


def test_a_real_cost_is_what_is_bought_times_its_rise() -> None:
    """Cell by cell, in a world without distortions; prices only share it out between countries."""
    world = economy(0, tariffs=False, balanced=True)
    income = np.asarray(world.income)
    missed = []
    for size in (2e-3, 1e-3):
        shock = small(world, size, tariff=False)
        found = terms_of(world, shock)
        rise = np.log(np.asarray(shock.trade_cost_hat))
        expected = -np.asarray(world.purchases * rise).transpose(1, 0, 2) / income[:, None, None]
        missed.append(abs(np.asarray(found.trade_costs) - expected).max() / size)
        terms = summed(found)
        for name in ("tariffs", "rents"):
            np.testing.assert_allclose(terms[name], 0.0, atol=NOTHING)
        # Over the world what one country gains by its terms of trade another loses.
        world_cost, shared = (income @ terms[name] for name in ("trade_costs", "terms_of_trade"))
        assert abs(shared) < 10 * size * abs(world_cost)
    assert missed[1] < 0.6 * missed[0]


def test_each_cell_is_that_partner_and_sector() -> None:
    """Swapped axes would credit the partner; the country is its own partner at home."""
    world, cost = economy(0), np.ones(ABROAD.shape)
    cost[CHN, KOR, ELE] = 1.2
    found = terms_of(world, only(world, trade_cost_hat=cost))
    others = np.asarray(found.trade_costs).copy()
    assert others[KOR, CHN, ELE] < -1e-4
    others[KOR, CHN, ELE] = 0.0
    np.testing.assert_array_equal(others, 0.0)
    own = np.arange(5)
    for name in ("terms_of_trade", "tariffs"):
        np.testing.assert_allclose(getattr(found, name)[own, own], 0.0, atol=1e-15, err_msg=name)


def test_what_one_side_earns_the_other_pays() -> None:
    """To first order the terms of trade of a pair are the same money."""
    world = balanced_world(0)
    found = terms_of(world, small(world, 1e-4, tariff=True)).terms_of_trade
    money = np.asarray(found) * np.asarray(world.income)[:, None, None]
    np.testing.assert_allclose(money, -money.transpose(1, 0, 2), atol=1e-2 * abs(money).max())


def test_transfers_are_the_change_of_the_deficit() -> None:
    world, rules = economy(0), rules_of("deficits proportional", economy(0))
    shock = small(world, 1e-4, tariff=True)
    found, after = decompose(world, shock, rules), solved(world, shock, rules)
    expected = np.asarray((after.deficit - world.deficit) / world.income)
    assert abs(expected).max() > 1e-6
    np.testing.assert_allclose(found.transfers, expected, atol=2e-3 * abs(expected).max())


def test_rents_go_to_who_keeps_them() -> None:
    """A limit on quantity whose rent the importer has is a tariff by another name."""
    world, rate = balanced_world(0), np.zeros(ABROAD.shape)
    rate[CHN, KOR, ELE] = 0.2
    undistorted = replace(world, tariff=jnp.zeros_like(world.tariff))
    as_tariff = terms_of(undistorted, only(undistorted, tariff=rate))
    kept = terms_of(
        undistorted, only(undistorted, rationing=rate, rent_to_importer=np.ones(ABROAD.shape))
    )
    np.testing.assert_allclose(kept.rents, as_tariff.tariffs, atol=ADDS_UP)
    assert float(kept.rents[KOR, CHN, ELE]) < -1e-4
    given = terms_of(undistorted, only(undistorted, rationing=rate))
    assert float(given.rents[CHN, KOR, ELE]) < -1e-4 and float(given.rents[KOR, CHN, ELE]) == 0.0


# --- Another way to integrate -------------------------------------------------------------------


STEPS = 200
# The trapezoid's error is a twelfth of the step squared times the second derivative.
TRAPEZOID = 2e-5


def levels(world: Economy, shock: Shock, closure: Closure, part: float) -> dict[str, np.ndarray]:
    """What the terms are made of, at one point of the path."""
    there = part_of(shock, world, jnp.asarray(part))
    found = solve(world, there, closure)
    wedges = {name: np.asarray(value) for name, value in vars(there).items() if value is not None}
    levels = {name: np.asarray(value) for name, value in vars(found).items() if value is not None}
    cost, output = levels["unit_cost_hat"], np.asarray(found.output)
    landed = (1 + wedges["export_tax"]) * (1 + wedges["rationing"])
    kept_abroad = wedges["rationing"] * (1 - wedges["rent_to_importer"])
    entry = np.log(output / np.asarray(world.output) / cost)
    variety = np.asarray(closure.scale / world.trade_elasticity) * entry
    got, iceberg = (1 + wedges["export_tax"]) * (1 + kept_abroad), np.log(wedges["trade_cost_hat"])
    return levels | {
        "cost": cost[:, None], "landed": landed, "got": got, "tariff": wedges["tariff"],
        "volume": levels["trade"] / cost[:, None], "variety": variety[:, None], "made": output / cost,
        "received": np.log(got * cost[:, None]), "iceberg": iceberg,
        "paid": np.log(cost[:, None] * landed * (1 + wedges["tariff"])) + iceberg,
        "price": np.log(levels["price_hat"]), "labour": output / levels["sector_wage_hat"],
    }  # fmt: skip


def one_step(
    at: dict[str, np.ndarray], d: dict[str, np.ndarray], profit: np.ndarray, labour: np.ndarray
) -> dict:
    """Every term over a step, with the levels `at` one end and the differences `d`."""
    received = at["trade"] * at["got"] * ABROAD * d["received"]
    worth = at["cost"] * d["volume"]
    dearer = at["purchases"] * (d["paid"] - d["variety"])
    origin, destination = (1, 2), (0, 2)
    money = {
        "terms_of_trade": received.sum(origin) - received.sum(destination),
        "tariffs": (at["landed"] * at["tariff"] * worth).sum(destination),
        "rents": ((at["landed"] - at["got"]) * worth).sum(destination)
        + ((at["got"] - 1) * worth).sum(origin),
        "trade_costs": -(at["purchases"] * d["iceberg"]).sum(destination),
        "scale": (at["purchases"] * d["variety"]).sum(destination),
        "profits": (profit * at["unit_cost_hat"] * d["made"]).sum(1),
        "employment": (labour * at["sector_wage_hat"] * d["labour"]).sum(1),
        "taste": dearer.sum(destination) - (at["expenditure"] * d["price"]).sum(1),
        "productivity": 0.0,
        "capital": 0.0,
        "transfers": d["deficit"],
        "unexplained": 0.0,
    }
    return {name: value / at["income"] for name, value in money.items()}


def in_steps(world: Economy, shock: Shock, closure: Closure) -> dict[str, np.ndarray]:
    """Log points of every term, from the levels at many points of the path and no derivative."""
    added = np.asarray(world.value_added_share)
    profit = np.minimum(np.asarray(closure.profit_share), added)
    points = [levels(world, shock, closure, k / STEPS) for k in range(STEPS + 1)]
    total = {name: np.zeros(5) for name in TERMS}
    for before, after in itertools.pairwise(points):
        moved = {name: after[name] - before[name] for name in after}
        for at in (before, after):
            for name, value in one_step(at, moved, profit, added - profit).items():
                total[name] += value / 2
    return total


def test_small_steps_give_the_same_terms() -> None:
    """Two routes: sums of levels times differences, against derivatives at ten points."""
    world = economy(0)
    shock = replace(every_wedge(world), allowed=jnp.ones_like(world.trade))
    rules = replace(rules_of("all at once", world), labour_supply=number(0.4))
    terms, gain = (
        summed(decompose(world, shock, rules)),
        welfare_hat(world, solve(world, shock, rules)),
    )
    factor = np.asarray((gain - 1) / jnp.log(gain))
    stepwise = in_steps(world, shock, rules)
    for name in TERMS:
        np.testing.assert_allclose(
            factor * stepwise[name], terms[name], atol=TRAPEZOID, err_msg=name
        )
        silent = name in ("unexplained", "productivity", "capital")
        assert silent or abs(terms[name]).max() > 1e-3, name
