"""The payoff table of a game: exact welfare from the engine, and politics in columns of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from ..._core import nearest, ScenarioError
from ...about import About
from ...ensemble import play_all
from ...policy import Policy
from ...scenario import Scenario
from ...selection import positions
from ...world import Baseline
from .game import Action, Game


Progress = Callable[[str], None]
Profile = tuple[str, ...]


@dataclass(frozen=True)
class Payoffs:
    """What every profile of actions is worth to every player; one axis for each active player."""

    players: tuple[str, ...]
    """The active ones, in the order of the axes and of the last axis."""
    actions: tuple[tuple[str, ...], ...]
    welfare: Float[np.ndarray, "*profile p"]
    """100 times the log change of real income, exact."""
    political: Float[np.ndarray, "*profile p"]
    """The political terms, percent of GDP; never part of `welfare`."""
    income: Float[np.ndarray, " p"]
    """Final expenditure of the baseline, million US$: what a percent is a percent of."""
    about: About

    @property
    def total(self) -> Float[np.ndarray, "*profile p"]:
        return self.welfare + self.political

    def place(self, profile: Mapping[str, str]) -> tuple[int, ...]:
        """The index of a profile; a player that is not named takes its first action."""
        for player in profile:
            positions((player,), self.players, "player of this game")
        return tuple(
            positions((profile[player],), actions, f"action of {player}")[0]
            if player in profile
            else 0
            for player, actions in zip(self.players, self.actions, strict=True)
        )

    def frame(self) -> pd.DataFrame:
        """A row for every profile and player, economics and politics apart."""
        index = pd.MultiIndex.from_product([*self.actions, self.players])
        index.names = [*(f"action_{code}" for code in self.players), "player"]
        columns = {
            "welfare_percent": self.welfare.ravel(),
            "equivalent_variation": (np.expm1(self.welfare / 100) * self.income).ravel(),
            "political_percent": self.political.ravel(),
        }
        return pd.DataFrame(columns, index=index).reset_index()


@dataclass(frozen=True)
class Board:
    """The scenarios that a game needs solved, each once, and where each profile finds its own."""

    game: Game
    scenarios: tuple[Scenario, ...]
    rows: Mapping[str, Int[np.ndarray, "*profile"]]
    """By state: the position of each profile's scenario; words move no trade and add none."""
    extra: Mapping[str, int]
    """The position of each scenario asked for by name."""


def board(
    game: Game,
    states: Sequence[str] = (),
    extra: Mapping[str, Mapping[str, Policy]] | None = None,
) -> Board:
    """What must be solved for a game in those states; in its own state where none is named.

    Raises `ScenarioError` for a state that the game does not have.
    """
    known: dict[str, int] = {}
    scenarios: list[Scenario] = []

    def position(policies: Mapping[str, Policy]) -> int:
        dumped = [policy.model_dump(mode="json") for policy in policies.values()]
        key = json.dumps(dumped, sort_keys=True)
        if key not in known:
            known[key] = len(scenarios)
            scenarios.append(scenario_of(game, policies))
        return known[key]

    rows = {}
    for state in states or (game.current_state,):
        if state not in game.states:
            raise ScenarioError(f"there is no state '{state}'; {nearest(state, game.states)}")
        shape = [len(game.players[code].actions) for code in game.active]
        places = [position(policies_of(game, profile, state)) for profile in profiles(game)]
        rows[state] = np.array(places).reshape(shape)
    named = {name: position(policies) for name, policies in (extra or {}).items()}
    return Board(game, tuple(scenarios), rows, named)


def tabulate(
    game: Game, baseline: Baseline, *, state: str = "", progress: Progress = lambda done: None
) -> Payoffs:
    """The payoff table of a game on a baseline.

    Raises `ScenarioError` for a country or sector that the baseline does not have. A cell whose
    equilibrium was not found is not a number.
    """
    chosen = state or game.current_state
    needed = board(game, (chosen,))
    log_welfare = play_all(baseline, needed.scenarios, progress=progress)
    return payoffs(needed, baseline, chosen, log_welfare)


def payoffs(
    needed: Board, baseline: Baseline, state: str, log_welfare: Float[np.ndarray, "p n"]
) -> Payoffs:
    """The table of one state, from the log welfare of all the board's scenarios."""
    game = needed.game
    places = positions(game.active, baseline.countries, f"country of {baseline.name}")
    welfare = 100.0 * np.asarray(log_welfare)[needed.rows[state]][..., places]
    about = About.on(
        baseline, horizon=str(game.horizon), unit="percent of real income of the baseline",
        game=game.name, title=game.title, state=state,
    )  # fmt: skip
    return Payoffs(
        players=game.active,
        actions=tuple(tuple(game.players[code].actions) for code in game.active),
        welfare=welfare,
        political=political_terms(game, welfare),
        income=np.asarray(baseline.economy.income)[places],
        about=about,
    )


def political_terms(
    game: Game, welfare: Float[np.ndarray, "*profile p"]
) -> Float[np.ndarray, "*profile p"]:
    """The political term of each active player at each profile, percent of its own GDP.

    v s - (k/2)(s - bliss)^2 + what the actions are worth besides trade + g (own change of real
    income less the mean of its rivals') + reputation * resolve * (1 - s). Our functional forms.
    """
    terms = np.zeros_like(welfare)
    for place, profile in enumerate(profiles(game)):
        at = np.unravel_index(place, welfare.shape[:-1])
        chosen = _actions(game, profile)
        stance = chosen[game.agent].stance or 0.0
        for column, code in enumerate(game.active):
            politics = game.players[code].politics
            term = politics.stance_value * stance
            term -= politics.curvature / 2 * (stance - politics.bliss) ** 2
            term += sum(action.political.get(code, 0.0) for action in chosen.values())
            term += politics.reputation * chosen[code].resolve * (1.0 - stance)
            terms[at][column] = term
    return terms + _relative_gains(game, welfare)


def _relative_gains(
    game: Game, welfare: Float[np.ndarray, "*profile p"]
) -> Float[np.ndarray, "*profile p"]:
    gains = np.zeros_like(welfare)
    for column, code in enumerate(game.active):
        politics = game.players[code].politics
        rivals = [game.active.index(rival) for rival in politics.rivals if rival in game.active]
        if politics.relative_gains and rivals:
            lead = welfare[..., column] - welfare[..., rivals].mean(axis=-1)
            gains[..., column] = politics.relative_gains * lead
    return gains


def profiles(game: Game) -> list[Profile]:
    """Every combination of actions of the active players, the last player's moving fastest."""
    return list(product(*(game.players[code].actions for code in game.active)))


def policies_of(game: Game, profile: Profile, state: str) -> dict[str, Policy]:
    """Everything in force: what the state holds, then what each player does, by a name each.

    A policy that the state holds already is not applied again: who shuts out a country that is shut
    out does no more.
    """
    standing = game.states[state].policies
    held = {f"{state}.{name}": policy for name, policy in standing.items()}
    for code, action in _actions(game, profile).items():
        held |= {
            f"{code}.{name}": policy
            for name, policy in action.policies.items()
            if policy not in standing.values()
        }
    return held


def scenario_of(game: Game, policies: Mapping[str, Policy]) -> Scenario:
    """Policies in the setting of a game."""
    return Scenario(
        title=game.title,
        baseline=game.baseline,
        horizon=game.horizon,
        adjustment=game.adjustment,
        elasticities=game.elasticities,
        policies=dict(policies),
    )


def _actions(game: Game, profile: Profile) -> dict[str, Action]:
    """What every player does; those that do not choose take their first action."""
    chosen = dict(zip(game.active, profile, strict=True))
    return {
        code: player.actions[chosen.get(code, next(iter(player.actions)))]
        for code, player in game.players.items()
    }
