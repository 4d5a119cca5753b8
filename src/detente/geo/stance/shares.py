"""How the threshold of bare threats moves with the shares of partners in the agent's trade."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from ...policy import Policy, TradeCost
from ...world import Baseline
from .game import Game
from .thresholds import flip_threshold, Percent


MOVED = "moved "
STEP = 0.01
"""The part by which real costs of trade with a partner are moved either way: ours. On the shipped
worlds it moves the partner's share by about a percentage point."""
_EITHER_WAY = {"nearer": -STEP, "further": STEP}
# Without a threat: where shares are read.
_AS_IT_IS = "as it is"


def moved_worlds(game: Game, standing: Mapping[str, Policy]) -> dict[str, Mapping[str, Policy]]:
    """The scenarios, by name: each principal nearer and further, and every cut-off in each."""
    worlds: dict[str, Mapping[str, Policy]] = {}
    threats = {code: game.players[code].threat for code in game.principals}
    if len(threats) < 2 or not all(threats.values()):
        return worlds
    for partner in game.principals:
        for way, change in _EITHER_WAY.items():
            pair = (game.agent, partner)
            cost = TradeCost(kind="trade_cost", importers=pair, exporters=pair, change=change)
            held = {**standing, "moved": cost}
            worlds[_name(partner, way, _AS_IT_IS)] = held
            for code, threat in threats.items():
                worlds[_name(partner, way, code)] = {**held, **threat}
    return worlds


def trade_share(
    baseline: Baseline, traded: Float[np.ndarray, "*d o i"], agent: str, partner: str
) -> Float[np.ndarray, "*d"]:
    """Percent of the agent's exports and imports together that are with the partner."""
    a, b = baseline.country_index[agent], baseline.country_index[partner]
    both_ways = traded + np.swapaxes(traded, -1, -2)
    abroad = both_ways[..., a, :].sum(axis=-1) - both_ways[..., a, a]
    return np.asarray(100.0 * both_ways[..., a, b] / abroad)


def slopes(
    game: Game,
    baseline: Baseline,
    places: Mapping[str, int],
    welfare: Float[np.ndarray, "*d p n"],
    traded: Float[np.ndarray, "*d p o i"],
) -> dict[tuple[str, str], Percent]:
    """dB*/d share of a partner in the agent's trade, percent of GDP per percentage point.

    Central differences: real costs of trade between agent and partner move by `STEP` both ways,
    the world is solved again with and without either cut-off, and the change of B* is divided by
    that of the share before the cut-off. By the principal whose cut-off is held against that of the
    first, and by the partner.
    """
    first, rates = game.principals[0], {}
    if not any(name.startswith(MOVED) for name in places):
        return rates
    at = baseline.country_index[game.agent]

    def percent(partner: str, way: str, code: str) -> Percent:
        return 100.0 * welfare[..., places[_name(partner, way, code)], at]

    def share(partner: str, way: str) -> Float[np.ndarray, "*d"]:
        place = places[_name(partner, way, _AS_IT_IS)]
        return trade_share(baseline, traded[..., place, :, :], game.agent, partner)

    for other in game.principals[1:]:
        for partner in game.principals:
            nearer, further = (
                flip_threshold(percent(partner, way, first), percent(partner, way, other)).value
                for way in _EITHER_WAY
            )
            moved = share(partner, "nearer") - share(partner, "further")
            rates[other, partner] = (nearer - further) / moved
    return rates


def _name(partner: str, way: str, threat: str) -> str:
    return f"{MOVED}{partner} {way}:{threat}"
