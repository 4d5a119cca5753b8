"""Solution concepts on games whose equilibria are known, or found by other codes."""

import warnings

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from jaxtyping import Float

from detente._core import ScenarioError
from detente.geo.stance import (
    best_schedule,
    credible,
    menu_auction,
    mixed_nash,
    price_of_stance,
    pure_nash,
    quantal_branch,
    quantal_response,
)
from detente.geo.stance.agency import MenuAuction
from detente.geo.stance.nash import expected as worth_of_actions


def two(rows: list[list[list[float]]]) -> Float[np.ndarray, "a b 2"]:
    return np.array(rows, dtype=float)


DILEMMA = two([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
PENNIES = two([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
SEXES = two([[[3, 2], [1, 1]], [[0, 0], [1, 4]]])
# Drawn once from integers 0 to 9: players have 2, 3 and 2 actions.
THREE = np.array(
    [
        [[[4, 2, 6], [8, 0, 5]], [[4, 9, 3], [1, 2, 7]], [[0, 9, 9], [3, 8, 8]]],
        [[[0, 6, 8], [2, 6, 7]], [[4, 7, 7], [4, 8, 5]], [[2, 6, 0], [5, 4, 4]]],
    ],
    dtype=float,
)


def test_pure_equilibria_of_textbook_games() -> None:
    assert pure_nash(DILEMMA).tolist() == [[1, 1]]
    assert pure_nash(PENNIES).tolist() == []
    assert pure_nash(SEXES).tolist() == [[0, 0], [1, 1]]


def test_ties_are_no_reason_to_move() -> None:
    """A player whose payoffs are all alike has nothing against any of its actions."""
    assert len(pure_nash(np.zeros((2, 3, 2, 3)))) == 12


def test_a_cell_that_was_not_solved_is_no_equilibrium() -> None:
    unsolved = SEXES.copy()
    unsolved[0, 0] = np.nan
    assert [0, 0] not in pure_nash(unsolved).tolist()
    assert pure_nash(SEXES).tolist()[0] == [0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_pure_equilibria_are_those_of_the_definition(seed: int) -> None:
    """Written out: no player gains from any other action of its own."""
    rng = np.random.default_rng(seed)
    game = rng.integers(0, 4, (3, 2, 4, 3)).astype(float)
    found = {tuple(row) for row in pure_nash(game).tolist()}
    for at in np.ndindex(3, 2, 4):
        stable = all(
            game[at][player] >= max(game[(*at[:player], other, *at[player + 1 :])][player]
                                    for other in range(game.shape[player]))
            for player in range(3)
        )  # fmt: skip
        assert stable == (at in found)


def test_renaming_players_and_actions_renames_equilibria() -> None:
    turned = np.transpose(THREE, (2, 0, 1, 3))[..., [2, 0, 1]]
    assert sorted(pure_nash(turned)[:, [1, 2, 0]].tolist()) == sorted(pure_nash(THREE).tolist())
    flipped = SEXES[::-1]
    assert sorted((1 - a, b) for a, b in pure_nash(flipped)) == sorted(
        (a, b) for a, b in pure_nash(SEXES)
    )


def test_mixed_equilibria_of_pennies_and_the_battle() -> None:
    ((row, column),), degenerate = mixed_nash(PENNIES)
    np.testing.assert_allclose([*row, *column], 0.5)
    assert not degenerate
    battle = two([[[3, 2], [0, 0]], [[0, 0], [1, 4]]])
    ((row, column),) = [one for one in mixed_nash(battle)[0] if 0 < one[0][0] < 1]
    # Each mixes so that the other is indifferent: 2 p = 4 (1 - p), and 3 q = 1 - q.
    np.testing.assert_allclose(row, [2 / 3, 1 / 3])
    np.testing.assert_allclose(column, [1 / 4, 3 / 4])


def test_pure_equilibria_are_among_nashpy_s() -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        game = rng.normal(size=(3, 4, 2))
        found, degenerate = mixed_nash(game)
        assert not degenerate
        pure = [(int(a.argmax()), int(b.argmax())) for a, b in found if max(a) == max(b) == 1]
        assert sorted(pure) == sorted((int(a), int(b)) for a, b in pure_nash(game))


def test_an_equilibrium_that_rounding_would_lose_is_listed() -> None:
    """On some processors a weight of zero came out as -1e-17, and two of these three were left."""
    game = np.random.default_rng(5).normal(size=(3, 4, 2))
    found, degenerate = mixed_nash(game)
    assert len(found) == 3 and not degenerate
    for row, column in found:
        worths = worth_of_actions(game, [row, column])
        for mixture, worth in zip((row, column), worths, strict=True):
            assert worth[mixture > 1e-9].min() == pytest.approx(worth.max(), abs=1e-9)


def test_degenerate_games_say_so() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, degenerate = mixed_nash(two([[[1, 1], [1, 0]], [[1, 0], [1, 1]]]))
    assert degenerate


def test_a_payoff_array_has_an_axis_for_each_player() -> None:
    with pytest.raises(ScenarioError, match="axis for each player"):
        pure_nash(np.zeros((2, 2, 3)))


# Pygambit 16.7: Game.from_arrays of the arrays above, then
# qre.logit_solve_lambda(game, lam=[...], use_strategic=True), probabilities by player.
GAMBIT_SEXES = {
    0.3: [[0.5941301485522126, 0.4058698514477874], [0.4234065059764056, 0.5765934940235944]],
    1.0: [[0.8376296940357432, 0.16237030596425678], [0.5468988480994106, 0.45310115190058936]],
    3.0: [[0.9998107043509961, 0.00018929564900386703], [0.952445685678029, 0.04755431432197098]],
}
GAMBIT_THREE = {
    0.3: [[0.4547432681970561, 0.5452567318029439],
          [0.17791606304369076, 0.4067761397555481, 0.41530779720076105],
          [0.43767511126974135, 0.5623248887302587]],
    1.0: [[0.239494292526854, 0.7605057074731459],
          [0.07818251237712096, 0.7096547170999069, 0.21216277052297217],
          [0.4708207435594057, 0.5291792564405943]],
    3.0: [[0.19540507332274915, 0.8045949266773509],
          [0.0014975940718957323, 0.9466641681108018, 0.0518382378173026],
          [0.8681462795679491, 0.13185372043205099]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("game", "recorded"), [(SEXES, GAMBIT_SEXES), (THREE, GAMBIT_THREE)], ids=["sexes", "three"]
)
def test_quantal_responses_are_gambit_s(
    game: np.ndarray, recorded: dict[float, list[list[float]]]
) -> None:
    for response in quantal_branch(game, list(recorded)):
        assert response.solved
        for ours, theirs in zip(response.mixture, recorded[response.precision], strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_quantal_responses_against_gambit_where_it_is_there(seed: int) -> None:
    gambit = pytest.importorskip("pygambit")
    tables = np.random.default_rng(seed).normal(size=(2, 3, 2, 3))
    game = gambit.Game.from_arrays(*[tables[..., player] for player in range(3)])
    for ours in quantal_branch(tables, [0.5, 2.0]):
        (theirs,) = gambit.qre.logit_solve_lambda(game, lam=[ours.precision], use_strategic=True)
        for player, mixture in zip(game.players, ours.mixture, strict=True):
            expected = [float(theirs.profile[strategy]) for strategy in player.strategies]
            np.testing.assert_allclose(mixture, expected, atol=1e-6)
    pure = gambit.nash.enumpure_solve(game).equilibria
    found = [[[float(one[s]) for s in player.strategies].index(1.0) for player in game.players]
             for one in pure]  # fmt: skip
    assert sorted(found) == sorted(pure_nash(tables).tolist())


def test_quantal_response_at_no_precision_is_uniform_and_at_much_is_nash() -> None:
    for mixture, size in zip(quantal_response(THREE, 0.0).mixture, (2, 3, 2), strict=True):
        np.testing.assert_allclose(mixture, 1 / size)
    sharp = quantal_response(DILEMMA, 200.0)
    assert sharp.solved
    assert [int(m.argmax()) for m in sharp.mixture] == pure_nash(DILEMMA)[0].tolist()
    assert min(float(m.max()) for m in sharp.mixture) > 1 - 1e-6
    (only,) = pure_nash(THREE).tolist()
    end = quantal_response(THREE, 60.0)
    assert end.solved and [int(m.argmax()) for m in end.mixture] == only


def test_quantal_response_knows_the_unit_of_payoffs() -> None:
    one, other = quantal_response(SEXES, 2.0), quantal_response(1000 * SEXES, 0.002)
    for mine, yours in zip(one.mixture, other.mixture, strict=True):
        np.testing.assert_allclose(mine, yours, atol=1e-9)


def auction(seed: int, principals: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=5), rng.normal(size=(principals, 5))


TENTHS = st.integers(-30, 30)


def best_bid_gain(agent: np.ndarray, principals: np.ndarray, found: MenuAuction) -> np.ndarray:
    """What each principal could gain by any other bid, the others' as they are: zero where found.

    Against given bids a principal can have any action for what makes the agent as well off as its
    best without this principal.
    """
    gains = []
    for place, own in enumerate(principals):
        rest = agent + found.bid.sum(axis=0) - found.bid[place]
        best = float((own - (rest.max() - rest)).max())
        gains.append(best - float(own[found.action] - found.payment[place]))
    return np.array(gains)


@given(
    st.lists(st.tuples(TENTHS, TENTHS, TENTHS), min_size=2, max_size=4).map(
        lambda rows: np.array(rows, float).T
    )
)
@example(np.array([[0, 0], [0, 1], [0, 2]], float))
def test_whether_payments_are_unique_does_not_hang_on_rounding(payoffs: np.ndarray) -> None:
    """The same game in tenths, whose sums round, and in whole numbers, whose sums are exact."""
    whole = menu_auction(payoffs[0], payoffs[1:])
    tenths = menu_auction(payoffs[0] / 10, payoffs[1:] / 10)
    assert tenths.unique == whole.unique
    np.testing.assert_allclose(tenths.joint.max(), whole.joint.max() / 10, atol=1e-12)
    assert best_bid_gain(payoffs[0] / 10, payoffs[1:] / 10, tenths).max() < 1e-12


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("principals", [1, 2, 3])
def test_the_menu_auction_is_an_equilibrium_and_efficient(seed: int, principals: int) -> None:
    agent, worth = auction(seed, principals)
    found = menu_auction(agent, worth)
    joint = agent + worth.sum(axis=0)
    assert joint[found.action] == joint.max()
    net = agent + found.bid.sum(axis=0)
    assert net[found.action] >= net.max() - 1e-12
    # No principal gains from any other bid, whatever its form.
    np.testing.assert_allclose(best_bid_gain(agent, worth, found), 0.0, atol=1e-12)
    assert (found.payment >= -1e-12).all()
    # Truthful: above zero, a bid follows the payoff one for one.
    for own, bid in zip(worth, found.bid, strict=True):
        paid = bid > 0
        assert np.ptp(own[paid] - bid[paid]) < 1e-12 if paid.any() else True


@pytest.mark.parametrize("seed", range(25))
def test_where_it_is_unique_each_pays_its_externality(seed: int) -> None:
    agent, worth = auction(seed)
    found = menu_auction(agent, worth)
    if found.unique:
        np.testing.assert_allclose(found.payment, found.externality, atol=1e-12)
    else:
        assert found.payment.sum() > found.externality.sum()


def test_one_principal_pays_what_the_agent_would_have_alone() -> None:
    agent, worth = np.array([5.0, 3.0, 0.0]), np.array([[0.0, 4.0, 4.5]])
    found = menu_auction(agent, worth)
    assert found.action == 1
    np.testing.assert_allclose(found.payment, [2.0])
    assert found.agent_net == agent.max()


def test_two_rivals_over_one_agent() -> None:
    """The winner pays what the loser would have: an auction at the second price."""
    found = menu_auction(np.zeros(2), np.array([[10.0, 0.0], [0.0, 7.0]]))
    assert found.action == 0 and found.unique
    np.testing.assert_allclose(found.payment, [7.0, 0.0])


def test_a_schedule_buys_a_stance_at_the_least_cost() -> None:
    """By hand: the agent's own cost of the second stance is 0.3, and the punishment takes 0.2."""
    agent = np.array([[0.0, 0.5, -0.2], [-0.3, 0.2, -0.5]])
    principal = np.array([[0.0, -0.4, -0.05], [1.0, 0.6, 0.95]])
    found = best_schedule(agent, principal)
    # With the punishment at home the stance still costs 0.3 against 0.2: it takes the reward.
    assert (found.stance, found.action.tolist()) == (1, [2, 1])
    np.testing.assert_allclose(found.slack, 0.4)
    cheap = best_schedule(agent + np.array([[0.0], [0.2]]), principal)
    assert (cheap.stance, cheap.action.tolist()) == (1, [2, 0])
    believed = credible(principal)
    assert believed.tolist() == [[True, False, False], [True, False, False]]
    assert best_schedule(agent, principal, believed).stance == 0
    np.testing.assert_allclose(price_of_stance(agent)[1], [-0.1, 0.4, -0.3])


@pytest.mark.parametrize("seed", range(20))
def test_no_other_schedule_is_better(seed: int) -> None:
    """Against all schedules there are, with ties going the principal's way."""
    rng = np.random.default_rng(seed)
    agent, principal = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    best = -np.inf
    for posted in np.ndindex(3, 3, 3):
        mine = agent[np.arange(3), posted]
        chosen = int(mine.argmax())
        best = max(best, principal[chosen, posted[chosen]])
    assert best_schedule(agent, principal).payoff == pytest.approx(best)
