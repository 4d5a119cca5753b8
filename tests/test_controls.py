"""Export controls: the split of a variety, what defence takes of each product, and the words."""

import jax.numpy as jnp
import numpy as np
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.equilibrium import solve
from detente.policy.controls import end_use_share
from detente.scenario import assumptions, compile_shock, parse_scenario
from detente.simulation import prepare, simulate
from detente.world import Baseline, Economy

from .worlds import COUNTRIES, dataset, economy, SECTORS


KOR, CHN, JPN, USA, ROW = range(5)
CAR, ELE, BUS = range(3)
PUBLIC = np.array([False, False, True])
CONTROL = {
    "kind": "export_control",
    "exporters": ["CHN"],
    "importers": ["JPN"],
    "sectors": ["CAR", "ELE"],
}
# Two solves of two worlds, each to a relative error of 1e-10.
SOLVED_TWICE = 1e-8


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario(policy: dict, **settings):
    return parse_scenario({"title": "A test", "policies": {"one": policy}, **settings}, "test")


def welfare(baseline: Baseline, policy: dict) -> np.ndarray:
    return simulate(baseline, scenario(policy)).welfare.values


def kept(baseline: Baseline, year: int | None = None, **fields) -> np.ndarray:
    return np.asarray(compile_shock(scenario({**CONTROL, **fields}, year=year), baseline).allowed)


def test_the_restricted_part_is_coverage_less_leakage_and_more_for_caution(
    baseline: Baseline,
) -> None:
    allowed = kept(baseline, covered_share=0.4, leakage=0.25, over_compliance=0.5)
    expected = np.ones((5, 5, 3))
    expected[CHN, JPN, [CAR, ELE]] = 1 - 0.4 * 0.75 * 1.5
    np.testing.assert_allclose(allowed, expected, rtol=1e-14)


def test_no_more_than_everything_is_restricted(baseline: Baseline) -> None:
    allowed = kept(baseline, covered_share=0.8, over_compliance=3.0)
    assert allowed[CHN, JPN, CAR] == 0.0


def test_coverage_by_sector_and_by_year(baseline: Baseline) -> None:
    allowed = kept(
        baseline, year=2026, covered_share={"ELE": 0.5}, phase_in={"start": 2026, "years": 2}
    )
    assert allowed[CHN, JPN, CAR] == 1.0
    assert allowed[CHN, JPN, ELE] == pytest.approx(0.75)


def test_it_is_a_cost_factor_and_at_one_a_prohibition(baseline: Baseline) -> None:
    """(1 - r) ** (-1 / theta), and nobody has the difference."""
    theta = float(np.asarray(baseline.economy.trade_elasticity)[ELE])
    where = {"exporters": ["CHN"], "importers": ["JPN"], "sectors": ["ELE"]}
    pairs = (
        ({**where, "kind": "export_control", "covered_share": 0.3},
         {**where, "kind": "trade_cost", "change": 0.7 ** (-1 / theta) - 1}),
        ({**where, "kind": "export_control", "covered_share": 1.0},
         {**where, "kind": "prohibition"}),
    )  # fmt: skip
    for control, other in pairs:
        found = welfare(baseline, control)
        np.testing.assert_allclose(found, welfare(baseline, other), rtol=1e-7, atol=SOLVED_TWICE)
        assert found[JPN] < 0


def split(world: Economy, part: float) -> Economy:
    """China as two countries of one technology: the last makes and buys `part` of all it did."""
    index = [*range(5), CHN]
    weight = np.array([1.0, 1 - part, 1.0, 1.0, 1.0, part])
    pair = np.ix_(index, index)
    trade = np.asarray(world.trade)[pair] * np.outer(weight, weight)[:, :, None]
    return Economy(
        jnp.asarray(trade),
        jnp.asarray(np.asarray(world.tariff)[pair]),
        jnp.asarray(np.asarray(world.input_share)[index]),
        world.trade_elasticity,
    )


@pytest.mark.parametrize("part", [0.1, 0.45])
def test_a_control_is_one_half_of_a_split_variety_prohibited(part: float) -> None:
    """China's variety as two at one price, one of them prohibited: what a buyer then does, by hand.

    Shares and the price index are CES over six varieties, the sixth of weight zero, at the costs
    that the world under control has: it must be the buyer's choice there.
    """
    world = economy(inputs=False, tariffs=False)
    one = baseline_from_dataset(dataset(world))
    played = prepare(one, scenario({**CONTROL, "sectors": ["ELE"], "covered_share": part}))
    whole = solve(played.economy, played.shock, played.closure)
    halves = split(world, part)
    np.testing.assert_allclose(halves.trade.sum(), world.trade.sum(), rtol=1e-14)
    theta = np.asarray(world.trade_elasticity)
    cost = np.asarray(whole.unit_cost_hat)
    cost = np.concatenate([cost, cost[[CHN]]])
    weight = np.asarray(halves.expenditure_share)[:, JPN, ELE].copy()
    weight[5] = 0.0
    offer = weight * cost[:, ELE] ** -theta[ELE]
    price = offer.sum() ** (-1 / theta[ELE])
    assert float(whole.price_hat[JPN, ELE]) == pytest.approx(price, rel=SOLVED_TWICE)
    share = offer / offer.sum()
    bought = np.asarray(whole.purchases)[:, JPN, ELE]
    np.testing.assert_allclose(bought / bought.sum(), share[:5], rtol=SOLVED_TWICE)


def test_dividing_the_controlling_country_changes_nobodys_welfare() -> None:
    """In general equilibrium: two Chinas, each controlled in the same part, are one."""
    world = economy(inputs=True, tariffs=False)
    one = baseline_from_dataset(dataset(world))
    two = baseline_from_dataset(dataset(split(world, 0.3), [*COUNTRIES, "CH2"], SECTORS))
    policy = {**CONTROL, "covered_share": 0.35}
    alone = welfare(one, policy)
    together = welfare(two, {**policy, "exporters": ["CHN", "CH2"]})
    np.testing.assert_allclose(together[:5], alone, rtol=1e-6, atol=SOLVED_TWICE)
    np.testing.assert_allclose(together[5], alone[CHN], rtol=1e-6, atol=SOLVED_TWICE)


def test_losses_grow_with_coverage(baseline: Baseline) -> None:
    runs = [{**CONTROL, "covered_share": share} for share in (0.0, 0.2, 0.6, 1.0)]
    found = [welfare(baseline, run)[JPN] for run in runs]
    assert found[0] == pytest.approx(0.0, abs=1e-9)
    assert (np.diff(found) < 0).all()


def test_end_use_in_a_closed_economy_is_the_leontief_inverse() -> None:
    """mu_k = (L f)_k / X_k, with L = (I - A)^-1: nothing crosses a border here."""
    world = economy()
    at_home = jnp.where(jnp.eye(5, dtype=bool)[:, :, None], world.trade, 0.0)
    shares = world.input_share * 0.5
    closed = Economy(at_home, jnp.zeros_like(at_home), shares, world.trade_elasticity)
    inputs = np.asarray(shares)[JPN]
    final = np.where(PUBLIC, np.asarray(closed.final_demand)[JPN], 0.0)
    expected = np.linalg.solve(np.eye(3) - inputs, final) / np.asarray(closed.output)[JPN]
    np.testing.assert_allclose(end_use_share(closed, JPN, PUBLIC), expected, rtol=1e-10)


def test_end_uses_of_a_closed_economy_add_up_to_all_of_it() -> None:
    world = economy()
    at_home = jnp.where(jnp.eye(5, dtype=bool)[:, :, None], world.trade, 0.0)
    closed = Economy(at_home, jnp.zeros_like(at_home), world.input_share * 0.5,
                     world.trade_elasticity)  # fmt: skip
    np.testing.assert_allclose(end_use_share(closed, KOR, np.ones(3, bool)), 1.0, rtol=1e-10)


def test_end_uses_of_an_open_economy_are_all_but_what_others_take() -> None:
    """Additive over what is bought, and less than one, for exports embody imports too."""
    world = economy()
    parts = [end_use_share(world, JPN, np.arange(3) == one) for one in range(3)]
    whole = end_use_share(world, JPN, np.ones(3, bool))
    np.testing.assert_allclose(sum(parts), whole, rtol=1e-9)
    assert (whole < 1).all() and (whole > 0).all()


def test_defence_is_its_share_of_the_end_use(baseline: Baseline) -> None:
    allowed = kept(baseline, defence_share=0.2, public_sectors=["BUS"])
    use = 0.2 * end_use_share(baseline.economy, JPN, PUBLIC)
    np.testing.assert_allclose(1 - allowed[CHN, JPN, :2], use[:2], rtol=1e-10)
    assert (allowed[CHN, [KOR, USA, ROW]] == 1).all()


def test_the_size_is_said(baseline: Baseline) -> None:
    said = " ".join(assumptions(scenario({**CONTROL, "covered_share": 0.4}), baseline))
    assert "40 % is covered" in said
    assert "CAR 40 %; ELE 40 %" in said and "Nobody collects a rent" in said
    nothing = assumptions(scenario({**CONTROL, "covered_share": 0.0}), baseline)[1]
    assert "nothing in this world" in nothing


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "exactly one of covered_share, defence_share or quantity"),
        ({"covered_share": 0.1, "defence_share": 0.1}, "exactly one"),
        ({"covered_share": 1.2}, "less than or equal to 1"),
        ({"covered_share": {"BUS": 0.1}}, "'sectors' does not"),
        ({"covered_share": 0.1, "exporters": ["CHI"]}, "did you mean 'CHN'"),
        ({"defence_share": 0.1, "public_sectors": ["PUP"]}, "PUP"),
    ],
)
def test_mistakes_are_sentences(baseline: Baseline, wrong: dict, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        compile_shock(scenario({**CONTROL, **wrong}), baseline)


def test_welfare_is_reported_with_a_certificate(baseline: Baseline) -> None:
    outcome = simulate(baseline, scenario({**CONTROL, "covered_share": 0.5}))
    assert outcome.attrs["solved"] and outcome.attrs["residual"] < 1e-9
