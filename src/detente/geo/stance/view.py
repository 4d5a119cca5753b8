"""The numbers that the argument is made of, as functions of welfare with any leading axes.

`welfare` is log welfare by scenario and country, [..., p, n]: of one solve, or of draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from ...policy import Policy
from ...selection import country_mask, sector_mask
from ...world import Baseline
from .game import Game
from .payoffs import Board, board, policies_of
from .shares import moved_worlds
from .thresholds import flip_threshold, Percent, reward_threshold, threat_threshold


# What a number is about: what kind, of what, to whom or in which state.
Key = tuple[str, str, str]


@dataclass(frozen=True)
class View:
    """A game on a baseline, with everything that has to be solved for its argument."""

    game: Game
    baseline: Baseline
    board: Board
    states: tuple[str, ...]
    """Those in which the whole game is played; in all others only threats are."""

    @classmethod
    def of(cls, game: Game, baseline: Baseline) -> "View":
        states = tuple(dict.fromkeys([game.current_state, *list(game.states)[:2]]))
        return cls(game, baseline, board(game, states, _extra(game, baseline)), states)

    def percent(
        self, welfare: Float[np.ndarray, "*d p n"], country: str, state: str = "", **actions: str
    ) -> Percent:
        """100 times log welfare of a country; a player that is not named takes its first action."""
        game, at = self.game, []
        for code in game.active:
            names = list(game.players[code].actions)
            at.append(names.index(actions[code]) if code in actions else 0)
        row = self.board.rows[state or self.states[0]][tuple(at)]
        return self._percent(welfare, int(row), country)

    def extra(self, welfare: Float[np.ndarray, "*d p n"], country: str, name: str) -> Percent:
        """The same of a scenario that was asked for by name."""
        return self._percent(welfare, self.board.extra[name], country)

    def _percent(self, welfare: Float[np.ndarray, "*d p n"], row: int, country: str) -> Percent:
        return 100.0 * np.asarray(welfare[..., row, self.baseline.country_index[country]])

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Those of the action that is priced sector by sector."""
        return tuple(name.partition(":")[2] for name in self.board.extra if name[:7] == "sector:")

    def income(self, country: str) -> float:
        """Million US$."""
        return float(self.baseline.economy.income[self.baseline.country_index[country]])


def headlines(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    """Every number of the argument, in percent of the real income of the country it is about."""
    return {
        **_worth(view, welfare),
        **_third_parties(view, welfare),
        **_in_dispute(view, welfare),
        **_pays(view, welfare),
        **_flips(view, welfare),
        **_sectors(view, welfare),
    }


def _worth(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    """What each action of a principal alone is worth to everyone in the game."""
    game, worth = view.game, {}
    for code in game.principals:
        for action in game.players[code].actions:
            for country in game.players:
                alone = view.percent(welfare, country, **{code: action})
                worth["worth", f"{code}.{action}", country] = alone - view.percent(welfare, country)
    return worth


def _third_parties(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    game, values = view.game, {}
    for name in view.board.extra:
        kind, _, what = name.partition(":")
        if kind == "third":
            for country in game.players:
                values["third", what, country] = view.extra(welfare, country, name)
    return values


def _in_dispute(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    """What the first principal's actions are worth in each state of the world."""
    game, worth = view.game, {}
    first = game.principals[0]
    for state in view.states:
        for action in game.players[first].actions:
            for country in (game.agent, first):
                with_it = view.percent(welfare, country, state, **{first: action})
                worth[f"in {state}", f"{first}.{action}", country] = with_it - view.percent(
                    welfare, country, state
                )
        for country in game.players:
            worth["state", state, country] = view.percent(welfare, country, state)
    return worth


def _pays(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    """The political weights at which rewarding and punishing begin to pay for who does it."""
    game, weights = view.game, {}
    for code in game.principals:
        nothing = view.percent(welfare, code)
        for action in list(game.players[code].actions)[1:]:
            doing = view.percent(welfare, code, **{code: action})
            weights["pays", f"{code}.{action}", code] = reward_threshold(nothing, doing, 1.0)
        reward = view.percent(welfare, code, **{code: game.reward(code)})
        stick = view.percent(welfare, code, **{code: game.stick(code)})
        weights["carries out", code, code] = threat_threshold(stick, reward)
    return weights


def _flips(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    """B* of the agent between its furthest and its closest stance, by what answers them."""
    game, flips = view.game, {}
    agent, first = game.agent, game.principals[0]
    at = lambda state, stance, who: view.percent(
        welfare, agent, state, **{code: game.posted(code, stance) for code in who}
    )
    for state in view.states:
        for name, who in (("schedules", game.principals), ("first alone", (first,))):
            flip = flip_threshold(at(state, game.furthest, who), at(state, game.closest, who))
            flips["flip", name, state] = flip.value
        rewarded = view.percent(welfare, agent, state, **{first: game.reward(first)})
        unmoved = view.percent(welfare, agent, state)
        flips["flip", "reward alone", state] = flip_threshold(unmoved, rewarded).value
    for name in view.board.extra:
        kind, _, state = name.partition(":")
        if kind == f"threat {first}":
            for other in game.principals[1:]:
                mine = view.extra(welfare, agent, name)
                theirs = view.extra(welfare, agent, f"threat {other}:{state}")
                flips["flip", f"threats {other}", state] = flip_threshold(mine, theirs).value
    return flips


def _sectors(view: View, welfare: Float[np.ndarray, "*d p n"]) -> dict[Key, Percent]:
    first = view.game.principals[0]
    return {
        ("sector", sector, country): view.extra(welfare, country, f"sector:{sector}")
        for sector in view.sectors
        for country in (view.game.agent, first)
    }


def _extra(game: Game, baseline: Baseline) -> dict[str, Mapping[str, Policy]]:
    """Scenarios beside the profiles: threats in every state, third parties, single sectors."""
    scenarios: dict[str, Mapping[str, Policy]] = {}
    nothing = tuple(next(iter(game.players[code].actions)) for code in game.active)
    for code in game.principals:
        for state in game.states if game.players[code].threat else ():
            held = policies_of(game, nothing, state)
            scenarios[f"threat {code}:{state}"] = held | dict(game.players[code].threat)
    for code, player in game.players.items():
        if player.role == "third":
            for name, action in list(player.actions.items())[1:]:
                scenarios[f"third:{code}.{name}"] = action.policies
    standing = policies_of(game, nothing, game.current_state)
    return scenarios | moved_worlds(game, standing) | _by_sector(game, baseline)


def _by_sector(game: Game, baseline: Baseline) -> dict[str, Mapping[str, Policy]]:
    """The split action of the first principal, one sector of its policies at a time."""
    player = game.players[game.principals[0]]
    if not player.split:
        return {}
    policies = player.actions[player.split].policies
    scenarios: dict[str, Mapping[str, Policy]] = {}
    for place, sector in enumerate(baseline.sectors):
        kept = {
            name: policy.model_copy(update={"sectors": (sector,)})
            for name, policy in policies.items()
            if _reaches(policy, baseline)[place]
        }
        if kept and _moves(kept, sector, baseline):
            scenarios[f"sector:{sector}"] = kept
    return scenarios


def _reaches(policy: Policy, baseline: Baseline) -> Bool[np.ndarray, " s"]:
    """The sectors that a policy is about."""
    if policy.kind == "services_liberalisation":
        return policy.covers(baseline)
    return sector_mask(baseline, getattr(policy, "sectors", "all"))


def _moves(policies: Mapping[str, Policy], sector: str, baseline: Baseline) -> bool:
    """Whether any of the policies has a size in that sector; an index may not cover it."""
    index = baseline.restrictiveness
    services = [policy for policy in policies.values() if policy.kind == "services_liberalisation"]
    if index is None or len(services) < len(policies):
        return True
    opening = country_mask(baseline, services[0].opens)
    place = baseline.sector_index[sector]
    return bool(np.isfinite(index.score[:, opening, place]).any())
