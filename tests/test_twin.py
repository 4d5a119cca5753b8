"""The desk's solver against the engine: the same numbers, or the same status."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from detente._core import Status
from detente.closure import Closure, Staggered
from detente.world import Economy, Shock

from . import closures, twin
from .random_cases import Moved, moved_worlds
from .worlds import economy


pytestmark = pytest.mark.skipif(not twin.node(), reason="no node here to play the page's solver")

SAME = 1e-10
STATUS = {Status.SOLVED: "solved", Status.STEPS: "steps", Status.NOT_FINITE: "not-finite", Status.INCOME: "income"}  # fmt: skip
HATS = {
    "labour_income_hat": "labourIncomeHat", "labour_supply_hat": "labourSupplyHat",
    "employment_hat": "employmentHat", "employment_rate": "employmentRate",
    "sector_wage_hat": "sectorWageHat", "price_hat": "priceHat", "input_price_hat": "inputPriceHat", "unit_cost_hat": "unitCostHat",
}  # fmt: skip
LEVELS = {
    "trade": "trade", "purchases": "purchases", "expenditure": "expenditure", "income": "income",
    "deficit": "deficit", "tariff_revenue": "tariffRevenue", "rents": "rents", "profit": "profit",
}  # fmt: skip


def agree(case: twin.Engine, page: dict[str, Any]) -> None:
    """The same status, and where solved the same hats and levels."""
    engine = case.equilibrium
    status = Status.of(int(engine.status))
    assert page["status"] == STATUS[status]
    if status is not Status.SOLVED:
        return
    for name, of in HATS.items():
        expected = np.asarray(getattr(engine, name))
        np.testing.assert_allclose(page[of], expected.ravel(), rtol=SAME, atol=SAME, err_msg=name)
    for name, of in LEVELS.items():
        expected = np.asarray(getattr(engine, name))
        size = float(engine.expenditure.max())
        np.testing.assert_allclose(
            page[of], expected.ravel(), rtol=SAME, atol=SAME * size, err_msg=name
        )
    for name, expected in (("welfare", case.welfare), ("realGdp", case.real_gdp)):
        np.testing.assert_allclose(page[name], expected, rtol=SAME, err_msg=name)


def hold(cases: list[twin.Case], place: Path) -> None:
    for case, page in zip(twin.engine(cases), twin.play(cases, place), strict=True):
        agree(case, page)


def test_every_closure_and_wedge(tmp_path: Path) -> None:
    made = [make() for make in closures.CASES.values()]
    hold(
        [
            twin.Case(world, shock, closures.closure_of(closure, world))
            for world, shock in made
            for closure in closures.CLOSURES
        ],
        tmp_path,
    )


def test_a_tariff_that_is_passed_through_in_part(tmp_path: Path) -> None:
    """Alone, and with hours that follow the real wage in nests."""
    part = closures.number(0.6)
    worlds = [make() for make in closures.CASES.values()]
    rules = lambda world: (
        Closure(pass_through=part),
        Closure(
            closures.number(0.5), labour_supply=closures.number(0.4), pass_through=part,
            nests=closures.nests(world.trade_elasticity),
        ),
    )  # fmt: skip
    hold([twin.Case(w, shock, rule) for w, shock in worlds for rule in rules(w)], tmp_path)


@pytest.mark.hypothesis
def test_random_worlds_policies_and_positions(tmp_path: Path) -> None:
    """What sliders make of a world: its shock and what comes of it; `make explore` plays others."""
    explores = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
    seed, count = (int.from_bytes(os.urandom(4)), 10_000) if explores else (0, 500)
    for played, chunk in enumerate(batched(moved_worlds(count, seed), 500)):
        try:
            hold([twin.moved(one) for one in chunk], tmp_path)
        except AssertionError as error:
            error.add_note(f"among the worlds from {500 * played} of seed {seed}")
            raise


def batched(drawn: Iterable[Moved], size: int) -> Iterator[list[Moved]]:
    """The same in lists of so many, or fewer in the last."""
    rest = iter(drawn)
    while chunk := list(islice(rest, size)):
        yield chunk


def staggered(world: Economy, **settings: Any) -> Staggered:
    elasticity = 0.3 * world.trade_elasticity
    return Staggered(jnp.array(0.25), elasticity, **settings)


def test_years_of_staggered_sourcing(tmp_path: Path) -> None:
    world = economy(0)
    one, three = (staggered(world, years=years) for years in (1, 3))
    floor = closures.wage_floor(0.97)
    rules = [
        Closure(staggered=one),
        Closure(closures.number(0.8), staggered=three),
        Closure(closures.number(0.8), wage_floor=floor, staggered=three),
        Closure(
            closures.number(0.8), staggered=staggered(world, years=3, moves_labour=False),
            nests=closures.nests(world.trade_elasticity),
        ),
    ]  # fmt: skip
    shocks = (closures.costs(world), closures.every_wedge(world))
    hold([twin.Case(world, shock, rule) for shock in shocks for rule in rules], tmp_path)


def test_final_use_and_inputs_that_are_told_apart(tmp_path: Path) -> None:
    """Buyers of either use choose on their own, in every form of choosing."""
    part = np.random.default_rng(8).uniform(0.1, 0.9, (5, 5, 3))
    world = economy(0)
    world = replace(world, input_trade=world.trade * jnp.asarray(part))
    nested = closures.nests(world.trade_elasticity)
    rules = (
        Closure(),
        Closure(closures.number(0.6), labour_supply=closures.number(0.3), nests=nested),
        Closure(pass_through=closures.number(0.6)),
        Closure(closures.number(0.8), staggered=staggered(world, years=3)),
    )
    shocks = (closures.costs(world), closures.every_wedge(world))
    cases = [twin.Case(world, shock, rule) for shock in shocks for rule in rules]
    hold(cases, tmp_path)
    alike = [replace(case, world=economy(0)) for case in cases]
    apart, together = (twin.play(some, tmp_path)[0]["welfare"] for some in (cases, alike))
    assert np.abs(apart - together).max() > 1e-4


def test_what_else_a_shock_may_change(tmp_path: Path) -> None:
    world, hidden = economy(0), closures.with_bans()
    random = np.random.default_rng(4)
    productivity = jnp.asarray(random.uniform(0.7, 1.1, (5, 3)))
    share = random.dirichlet(np.ones(3), 5)
    deficit = np.asarray(world.deficit) * 0.5
    opened = np.zeros((5, 5, 3))
    opened[closures.HIDDEN[0]], opened[closures.HIDDEN[1]] = 1.0, 0.4
    nested = Closure(nests=closures.nests(world.trade_elasticity))
    costs = closures.costs(world)
    hold(
        [
            twin.Case(world, replace(costs, productivity_hat=productivity), Closure(scale=jnp.full(3, 0.4))),
            twin.Case(world, replace(costs, final_share=jnp.asarray(share)), Closure(labour_supply=closures.number(0.5))),
            twin.Case(world, replace(costs, deficit=jnp.asarray(deficit)), Closure()),
            twin.Case(hidden, replace(costs, opened=jnp.asarray(opened)), Closure()),
            twin.Case(hidden, replace(costs, opened=jnp.asarray(opened)), nested),
        ],
        tmp_path,
    )  # fmt: skip


def test_what_has_no_solution_has_the_same_status(tmp_path: Path) -> None:
    world = economy(0)
    cut_off = closures.autarky(world, 1)
    surplus = Shock.of(world.tariff, jnp.full(world.trade.shape, jnp.nan))
    cases = [
        twin.Case(world, cut_off, Closure()),
        twin.Case(world, surplus, Closure()),
        twin.Case(closures.balanced_world(1), closures.autarky(world, 1), Closure()),
    ]
    hold(cases, tmp_path)
    states = {page["status"] for page in twin.play(cases, tmp_path)}
    assert "solved" in states and len(states) > 1, states
