"""Inversion between two worlds, Shapley values over what it finds, and the episode of the flip."""

from itertools import permutations
from math import factorial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente import episodes
from detente._core import BaselineError, DataError, ScenarioError
from detente.calibrate.baseline import load_baseline
from detente.calibrate.yearly import economy_of, yearly_worlds
from detente.ensemble.shapley import coalitions, MOST_BLOCKS, shapley
from detente.episodes.attribution import MAIN, partition, Place, TwoYears
from detente.episodes.customs import BOOK, customs_parts
from detente.episodes.flip import inversion_error, shipped_worlds
from detente.episodes.inversion import Fundamentals, invert, shock_of
from detente.equilibrium import certify, solve, TOLERANCE
from detente.equilibrium._continuation import part_of
from detente.world import Economy

from . import worlds


PLACE = Place(home=0, partner=1, chips=(1,), services=2)
# What the solver's tolerance of 1e-10 leaves in logs of flows and of what is found from them.
EXACT = 1e-8


def observed(seed: int, spread: float = 0.15) -> tuple[Economy, Economy]:
    """Two worlds of one technology: every flow and every rate of the second moved at random."""
    before = worlds.economy(seed)
    random = np.random.default_rng(seed + 100)
    trade = 1.5 * np.asarray(before.trade) * random.lognormal(sigma=spread, size=(5, 5, 3))
    tariff = np.asarray(before.tariff) * random.uniform(0, 2, size=(5, 5, 3))
    moved = (jnp.asarray(trade), jnp.asarray(tariff))
    return before, eqx.tree_at(lambda world: (world.trade, world.tariff), before, moved)


def planted(before: Economy, change: Fundamentals) -> Economy:
    """The world that known changes lead to."""
    shock = shock_of(before, change)
    trade = solve(before, shock).trade * jnp.exp(change.dollars)
    return eqx.tree_at(lambda world: (world.trade, world.tariff), before, (trade, shock.tariff))


def nothing(before: Economy) -> Fundamentals:
    return jax.tree.map(jnp.zeros_like, invert(before, before))


def moved(before: Economy, name: str, seed: int = 7) -> Fundamentals:
    """One kind of fundamental moved at random, the others not at all."""
    random = np.random.default_rng(seed)
    shape = getattr(nothing(before), name).shape
    value = random.normal(scale=0.1, size=shape)
    if name == "trade_cost":
        value = (value + value.swapaxes(0, 1)) / 2
    if name in ("trade_cost", "supplier_taste", "tariff"):
        value = value * (1 - np.eye(5)[:, :, None])
    if name == "deficit":
        value = (value - value.mean()) * float(before.income.min())
    if name == "final_share":
        share = np.asarray(before.final_share)
        value = value - (share * value).sum(axis=1, keepdims=True)
    return eqx.tree_at(lambda all_: getattr(all_, name), nothing(before), jnp.asarray(value))


# ----- Shapley values


@pytest.mark.parametrize("blocks", [1, 2, 3, 5])
def test_shapley_is_the_average_over_all_orders(blocks: int) -> None:
    value = np.random.default_rng(blocks).normal(size=(2**blocks, 2))
    expected = np.zeros((blocks, 2))
    for order in permutations(range(blocks)):
        present = 0
        for block in order:
            expected[block] += value[present | 1 << block] - value[present]
            present |= 1 << block
    np.testing.assert_allclose(shapley(value), expected / factorial(blocks), atol=1e-12)


def test_shapley_adds_up_and_treats_equals_alike_and_nobody_as_nothing() -> None:
    member = coalitions(4)
    # Blocks 0 and 1 count only together and alike; block 2 adds a constant; block 3 does nothing.
    value = 5.0 + 6.0 * (member[:, 0] & member[:, 1]) + 2.0 * member[:, 2]
    np.testing.assert_allclose(shapley(value), [3.0, 3.0, 2.0, 0.0], atol=1e-12)
    assert shapley(value).sum() == pytest.approx(value[-1] - value[0])


def test_shapley_of_a_sum_is_the_sum() -> None:
    first, second = np.random.default_rng(3).normal(size=(2, 16))
    np.testing.assert_allclose(shapley(first + second), shapley(first) + shapley(second))


def test_too_many_blocks_and_half_a_game_are_refused() -> None:
    with pytest.raises(ScenarioError, match=f"1 to {MOST_BLOCKS} blocks"):
        coalitions(MOST_BLOCKS + 1)
    with pytest.raises(ScenarioError, match="6 outcomes"):
        shapley(np.zeros(6))


# ----- inversion


@pytest.mark.parametrize("openness", ["taste", "border"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_feeding_every_change_back_returns_the_later_world(seed: int, openness: str) -> None:
    before, after = observed(seed)
    change = invert(before, after, openness)  # pyright: ignore[reportArgumentType]
    found = solve(before, shock_of(before, change))
    scaled = np.asarray(found.trade) * np.exp(float(change.dollars))
    np.testing.assert_allclose(scaled, np.asarray(after.trade), rtol=EXACT)
    assert inversion_error(before, after, change) < EXACT
    assert certify(before, shock_of(before, change), found).largest < 10 * TOLERANCE
    income = np.asarray(found.income) * np.exp(float(change.dollars))
    np.testing.assert_allclose(income, np.asarray(after.income), rtol=EXACT)


def test_conventions_hold() -> None:
    """Costs are symmetric, tastes for suppliers opposite, and neither has a part at home."""
    before, after = observed(3)
    change = invert(before, after)
    cost, taste = np.asarray(change.trade_cost), np.asarray(change.supplier_taste)
    np.testing.assert_allclose(cost, cost.swapaxes(0, 1), atol=1e-14)
    np.testing.assert_allclose(taste, -taste.swapaxes(0, 1), atol=1e-14)
    assert np.abs(np.einsum("nns->ns", cost)).max() == 0.0
    assert np.abs(cost).max() > 0.01 and np.abs(taste).max() > 0.01
    assert np.asarray(change.deficit).sum() == pytest.approx(0.0, abs=1e-9)
    border = invert(before, after, "border")
    assert np.abs(np.asarray(border.home_taste)).max() == 0.0


def test_no_change_is_no_change() -> None:
    before = worlds.economy(4)
    for leaf in jax.tree.leaves(invert(before, before)):
        assert np.abs(np.asarray(leaf)).max() < 1e-12


# Trade costs and tastes for suppliers are left out: a part of either that is common to all partners
# is competitiveness or taste for home goods by convention, so that they come back changed.
@pytest.mark.parametrize("name", ["home_taste", "tariff", "size", "final_share", "deficit"])
def test_a_planted_cause_is_found_and_no_other(name: str) -> None:
    before = worlds.economy(5)
    cause = moved(before, name)
    if name == "size":
        # Growth of everyone alike changes no flow.
        cause = eqx.tree_at(lambda c: c.size, cause, cause.size - cause.size.mean())
    found = invert(before, planted(before, cause))
    if name == "size":
        found = eqx.tree_at(lambda c: c.size, found, found.size - found.size.mean())
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(cause), strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), atol=1e-7)


def test_a_part_of_a_shock_to_demand_and_deficits() -> None:
    """Nothing of it at zero, all of it at one, and half of it is in between and adds up."""
    before, after = observed(0)
    shock = shock_of(before, invert(before, after))
    none, half, whole = (part_of(shock, before, jnp.array(part)) for part in (0.0, 0.5, 1.0))
    for name in ("final_share", "deficit"):
        old, new = np.asarray(getattr(before, name)), np.asarray(getattr(shock, name))
        assert np.abs(new - old).max() > 1e-3
        np.testing.assert_allclose(getattr(none, name), old, atol=1e-12)
        np.testing.assert_allclose(getattr(whole, name), new, atol=1e-12)
        np.testing.assert_allclose(getattr(half, name), (old + new) / 2, atol=1e-12)
    assert certify(before, half, solve(before, half)).largest < 10 * TOLERANCE


def test_worlds_that_cannot_be_compared_are_refused() -> None:
    before, after = observed(0)
    other = eqx.tree_at(lambda w: w.trade_elasticity, after, after.trade_elasticity + 1)
    with pytest.raises(BaselineError, match="same 'trade_elasticity'"):
        invert(before, other)
    gone = eqx.tree_at(lambda w: w.trade, after, after.trade.at[0, 1, 0].set(0.0))
    with pytest.raises(BaselineError, match="1 flows are zero in one world"):
        invert(before, gone)


def test_what_is_never_sold_stays_unsold() -> None:
    """A flow that is zero in both worlds has no cost to find, and the rest is still exact."""
    before, after = (
        eqx.tree_at(lambda w: w.trade, world, world.trade.at[0, 1, 0].set(0.0))
        for world in observed(1)
    )
    change = invert(before, after)
    assert all(np.isfinite(np.asarray(leaf)).all() for leaf in jax.tree.leaves(change))
    assert inversion_error(before, after, change) < EXACT


# ----- attribution


@pytest.fixture(scope="module")
def window() -> TwoYears:
    return TwoYears(*observed(0), PLACE)


def _change_of_balance(before: Economy, after: Economy) -> float:
    flow = np.asarray(after.trade - before.trade)[:, :, :2]
    return float((flow[0, 1] - flow[1, 0]).sum())


@pytest.mark.parametrize("kind", ["main", "broad", "by kind", "demand"])
def test_blocks_add_up_to_the_observed_change(window: TwoYears, kind: str) -> None:
    parts = window.parts(kind)  # pyright: ignore[reportArgumentType]
    expected = _change_of_balance(window.before, window.after)
    assert parts.balance.sum() == pytest.approx(expected, rel=1e-8)
    goods = (
        np.asarray(window.after.trade)[0, 1, :2].sum()
        / np.asarray(window.before.trade)[0, 1, :2].sum()
    )
    assert parts.log_exports.sum() == pytest.approx(np.log(goods), rel=1e-8)


@pytest.mark.parametrize(
    ("name", "block"), [("tariff", "tariffs"), ("deficit", "balances"), ("size", "demand")]
)
def test_a_planted_cause_gets_the_whole_change(name: str, block: str) -> None:
    before = worlds.economy(5)
    window = TwoYears(before, planted(before, moved(before, name)), PLACE)
    parts = window.parts()
    total = _change_of_balance(window.before, window.after)
    assert abs(total) > 1e-3
    assert parts.of(block) == pytest.approx(total, rel=1e-5)
    others = [parts.of(other) for other in MAIN if other != block]
    assert np.abs(others).max() < 1e-5 * abs(total)


def test_dollars_alone_scale_the_balance() -> None:
    before = worlds.economy(6)
    after = eqx.tree_at(lambda w: w.trade, before, 1.2 * before.trade)
    parts = TwoYears(before, after, PLACE).parts()
    assert parts.of("dollars") == pytest.approx(_change_of_balance(before, after))
    assert abs(parts.of("chips")) < 1e-8


def test_every_change_is_in_one_block() -> None:
    """The chips' sector is in no other block of supply, and services are never the chain."""
    before = worlds.economy(0)
    blocks = partition(before, PLACE)
    at = {name: place for place, name in enumerate(blocks.names)}
    supply = np.asarray(blocks.assignment.productivity)
    assert supply[1].tolist() == [at["chain"], at["chips"], at["others"]]
    assert supply[0].tolist() == [at["others"], at["chips"], at["others"]]
    assert int(blocks.assignment.dollars) == len(blocks.names) - 1
    broad = partition(before, PLACE, "broad")
    assert np.asarray(broad.assignment.productivity)[1].tolist() == [
        at["chain"],
        at["chain"],
        at["others"],
    ]
    assert (np.asarray(broad.assignment.supplier_taste)[[0, 1], [1, 0]] == at["chain"]).all()


def test_customs_add_up_and_need_both_years(window: TwoYears) -> None:
    parts = window.parts()
    book = {"2018": [162.125, 106.489], "2022": [155.7, 154.5]}
    table = customs_parts(parts, book, (2018, 2022))
    assert table is not None
    rows = table.set_index("part")
    assert rows.balance["all"] == pytest.approx(155.7 - 154.5 - 162.125 + 106.489)
    assert rows.balance.drop("all").sum() == pytest.approx(rows.balance["all"])
    assert BOOK in rows.index
    assert customs_parts(parts, book, (2018, 2020)) is None
    # On the harmonised tables' own totals the book has nothing to add.
    flow = lambda world, o, d: float(np.asarray(world.trade)[o, d, :2].sum())
    own = {
        year: [flow(world, 0, 1), flow(world, 1, 0)]
        for year, world in (("2018", window.before), ("2022", window.after))
    }
    same = customs_parts(parts, own, (2018, 2022))
    assert same is not None
    assert same.set_index("part").balance[BOOK] == pytest.approx(0.0, abs=1e-6)


# ----- the episode


@pytest.fixture(scope="module")
def flip() -> episodes.Findings:
    return episodes.play(episodes.load_episode("flip"))


def test_the_flip_on_a_fresh_machine(flip: episodes.Findings) -> None:
    """Every number from the shipped tables; the balance is their own, in both years."""
    measures = flip.found.measures
    assert measures["before"] == pytest.approx(91.55, abs=0.01)
    assert measures["after"] == pytest.approx(14.23, abs=0.01)
    assert abs(measures["adding_up"]) < 1e-6
    assert measures["inversion_error"] < EXACT
    kinds = ("structural", "cyclical", "policy")
    assert sum(measures[f"{kind}_share"] for kind in kinds) == pytest.approx(1.0)
    for name in MAIN:
        assert measures[f"{name}_lowest"] <= measures[name] + 1e-9
        assert measures[name] <= measures[f"{name}_highest"] + 1e-9


def test_the_flip_prints_its_miss(flip: episodes.Findings) -> None:
    rank = flip.found.measures["chain_rank"]
    outcome = {one.target.measure: one.outcome for one in flip.verdicts}
    assert (outcome["chain_rank"] == "pass") == (rank == 1)
    assert any("misses" in line for line in flip.found.sentences) == (rank != 1)
    years = flip.found.tables["The same year by year, bn US$, harmonised basis, long run"]
    assert [c for c in years.columns if "-" in c] == [
        "2018-2019",
        "2019-2020",
        "2020-2021",
        "2021-2022",
    ]
    total = years.set_index("part").loc["all"]
    assert total["sum of years"] == pytest.approx(total["at once"])


def test_another_pair_is_not_held_against_what_was_published_about_this_one() -> None:
    found = episodes.play(episodes.load_episode("flip", ["choices.home=JPN"]))
    assert "not computed" in {one.outcome for one in found.verdicts}
    assert not any("customs" in title for title in found.found.tables)
    assert "Japan's goods balance with China" in found.found.sentences[0]
    assert abs(found.found.measures["adding_up"]) < 1e-6


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("choices.first=2022", "from one year to a later one"),
        ("choices.partner=CHM", "did you mean 'CHN'"),
        ("choices.partner=KOR", "no trade balance with itself"),
        ('choices.chips=["ELX"]', "'ELX' is not a sector"),
    ],
)
def test_a_bad_question_gets_one_sentence(override: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        episodes.play(episodes.load_episode("flip", [override]))


def test_a_year_without_data_gets_one_sentence() -> None:
    with pytest.raises(DataError, match="no flows of 2023 here; the years are 2018 to 2022"):
        economy_of(shipped_worlds(), 2023)
    with pytest.raises(DataError, match=r"2023|not found"):
        episodes.play(episodes.load_episode("flip", ["choices.last=2023"]))


def test_a_pair_without_trade_gets_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = shipped_worlds()
    silent.trade.loc[{"origin": "KOR", "destination": "BRA"}] = 0.0
    monkeypatch.setattr("detente.episodes.flip.shipped_worlds", lambda: silent)
    with pytest.raises(ScenarioError, match="no goods go from KOR to BRA"):
        episodes.play(episodes.load_episode("flip", ["choices.partner=BRA"]))


@pytest.mark.shared
def test_shipped_worlds_are_what_the_sources_give(raw_directory) -> None:
    built = yearly_worlds(
        load_baseline("compact-2022"), raw_directory, [2018, 2019, 2020, 2021, 2022]
    )
    shipped = shipped_worlds()
    for name in ("trade", "tariff", "input_share", "trade_elasticity"):
        np.testing.assert_array_equal(built[name].values, shipped[name].values)
