"""What the page of a stance game carries: every profile of its actions as a model, and the game.

Whatever the players do together is one world with policies, and its wedges are known functions of
their sizes: a play, which the page's solver solves at the positions of the sliders, exactly and
never between two solved ones. Everything else of the game is a formula on those changes of real
income (payoffs with their political terms, best answers, equilibria, thresholds), which the page
computes as `geo.stance` does. What an action does is no slider where the game itself would change
its form with it: a policy that a state holds already is not applied again by an action.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .._core import OutcomeError
from ..adjustment import Horizon, horizon_in_words
from ..evidence import acted_on
from ..geo.stance.game import Action, Game, Player
from ..geo.stance.payoffs import policies_of, profiles, scenario_of
from ..geo.stance.shares import MOVED
from ..geo.stance.view import View
from ..policy import Policy
from ..quantities import moved_cells
from ..scenario import compile_shock, with_potential
from ..world import Baseline
from .encoded import places
from .laws import LAWS
from .payload import country_for_page, imputed_for_page, model_for_page, scales
from .sliders import ENABLED


HORIZONS: tuple[Horizon, ...] = ("long", "short")
"""Those of a game."""
MOST_PLAYS = 300
"""Of a game: so many worlds are solved at the positions, one after the other."""
ENDS = {
    "stance_value": (-0.1, 0.1), "curvature": (0.0, 2.0), "bliss": (0.0, 1.0),
    "relative_gains": (0.0, 1.0), "reputation": (0.0, 0.1), "political": (-0.5, 0.5),
}  # fmt: skip
"""Of political weights, in percent of GDP or as they are counted: ours, and wider where a file has
more."""
AGENT_ENDS = {"stance_value": (-0.5, 0.5)}
_PLAIN = re.compile(r"[\w-]+")
_OF_THE_PLAY = ("stri_cut", "quantity", ENABLED)

Paths = Mapping[str, str]
"""Where each policy of a play stands in the file of the game, by its name in the play."""


@dataclass
class Plays:
    """The plays of a game, each once, and where every profile finds its own."""

    game: Game
    states: tuple[str, ...]
    known: dict[tuple[str, ...], int] = field(default_factory=dict)
    plays: list[tuple[Mapping[str, Policy], Paths]] = field(default_factory=list)

    def place(self, policies: Mapping[str, Policy], paths: Paths) -> int:
        """Two plays are one where they hold the same policies of the file."""
        key = tuple(paths[name] for name in policies)
        if key not in self.known:
            self.known[key] = len(self.plays)
            self.plays.append((policies, paths))
        return self.known[key]

    def rows(self, state: str) -> list[int]:
        """The play of every profile, in the order of `profiles`."""
        return [self._of_profile(profile, state) for profile in profiles(self.game)]

    def _of_profile(self, profile: tuple[str, ...], state: str) -> int:
        return self.place(policies_of(self.game, profile, state), self._paths(profile, state))

    def _paths(self, profile: Sequence[str], state: str) -> dict[str, str]:
        game, chosen = self.game, dict(zip(self.game.active, profile, strict=True))
        paths = {
            f"{state}.{n}": f"states.{state}.policies.{n}" for n in game.states[state].policies
        }
        for code, player in game.players.items():
            action = chosen.get(code, next(iter(player.actions)))
            for name in player.actions[action].policies:
                paths[f"{code}.{name}"] = f"{code}.actions.{action}.policies.{name}"
        return paths

    def threats(self, state: str) -> dict[str, int]:
        """The play of each principal's cut-off, where it has one."""
        nothing = tuple(next(iter(self.game.players[code].actions)) for code in self.game.active)
        held, paths = policies_of(self.game, nothing, state), self._paths(nothing, state)
        made = {}
        for code in self.game.principals:
            threat = self.game.players[code].threat
            if threat:
                own = {name: f"{code}.threat.{name}" for name in threat}
                made[code] = self.place({**held, **threat}, {**paths, **own})
        return made


def stance_payload(game: Game, baseline: Baseline, command: str) -> dict[str, Any]:
    """Everything that the page of a game needs, as JSON has it; `command` asks about the game.

    Raises `ScenarioError` for a name that the baseline does not have, and `OutcomeError` for a game
    of more worlds than a page solves.
    """
    view = View.of(game, baseline)
    board = Plays(game, view.states)
    rows = {state: board.rows(state) for state in view.states}
    threats = {state: board.threats(state) for state in view.states}
    if len(board.plays) > MOST_PLAYS:
        raise OutcomeError(
            f"this game has {len(board.plays)} worlds to solve, and a page at most {MOST_PLAYS}; "
            "give its players fewer actions."
        )
    plays, offered, scaling = _models(board, baseline)
    horizons: list[Horizon] = [
        h for h in HORIZONS if all(str(h) in play["horizons"] for play in plays)
    ]
    about = baseline.identity
    ratios = plays[0]["horizons"]
    return {
        "title": game.title, "question": game.question or "", "limits": [*game.limits],
        "basis": about["basis"], "year": about["baseline_year"],
        "countries": [*baseline.countries],
        "game": _game(view),
        "states": [{"name": name, "title": game.states[name].title} for name in view.states],
        "state": game.current_state,
        "horizon": str(game.horizon),
        "horizons": {
            str(name): {"words": horizon_in_words(name), "ratio": ratios[str(name)]["ratio"]}
            for name in horizons
        },
        "elasticity": scaling,
        "rows": rows, "threats": threats, "plays": plays,
        "sliders": [one for one in offered.values() if one is not None],
        "fixed": [path for path, one in offered.items() if one is None],
        "weights": [*_weights(game)],
        "imputed": _imputed(view),
        "command": command,
    }  # fmt: skip


def _models(
    board: Plays, baseline: Baseline
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any] | None], bool]:
    """Every play for the page's solver; the sliders by their paths in the file; and whether the
    elasticities of all plays may be multiplied by one number.

    A number is offered where it is a slider of every play that holds its policy. The paths of
    policies without any, or with one that some play lacks, have no slider.
    """
    plays, moved, scaling = [], [], True
    held: dict[str, Policy] = {}
    for policies, paths in board.plays:
        scenario = scenario_of(board.game, policies)
        model, own, _ = model_for_page(scenario, baseline, HORIZONS)
        scaling = scaling and scales(scenario, baseline, own)
        moved.append(_renamed(model, paths))
        plays.append(model)
        held |= {paths[name]: policy for name, policy in policies.items()}
    offered: dict[str, dict[str, Any] | None] = {}
    twice = _held_twice(board.game, board.states)
    for path in held:
        having = [keys for (_, paths), keys in zip(board.plays, moved, strict=True)
                  if path in paths.values()]  # fmt: skip
        keys = [key for key in having[0] if key.startswith(f"{path}.")]
        common = [key for key in keys if all(key in one for one in having)]
        plain = all(map(_PLAIN.fullmatch, path.split(".")))
        if path in twice or not plain or not common:
            offered[path] = None
        offered |= {key: having[0][key] for key in common if path not in twice and plain}
    return plays, offered, scaling


def _renamed(model: dict[str, Any], paths: Paths) -> dict[str, dict[str, Any]]:
    """The sliders of a play by where their numbers stand in the file, which is their key now."""
    named: dict[str, dict[str, Any]] = {}
    for direction in model["directions"]:
        for slider in direction["sliders"]:
            slider["path"] = paths[slider["policy"]]
            slider["key"] = f"{slider['path']}.{slider['field']}"
            if not slider["isSwitch"]:
                named[slider["key"]] = slider
    return named


def _held_twice(game: Game, states: Sequence[str]) -> set[str]:
    """Policies of states and actions that are one but for their numbers."""
    actions = {
        f"{code}.actions.{action}.policies.{name}": policy
        for code, player in game.players.items()
        for action, one in player.actions.items()
        for name, policy in one.policies.items()
    }
    standing = {
        f"states.{state}.policies.{name}": policy
        for state in states
        for name, policy in game.states[state].policies.items()
    }
    return {
        path
        for held, policy in standing.items()
        for action, other in actions.items()
        if _but_numbers(policy) == _but_numbers(other)
        for path in (held, action)
    }


def _but_numbers(policy: Policy) -> dict[str, Any]:
    said = policy.model_dump(mode="json")
    numbers = {*LAWS[said["kind"]], *_OF_THE_PLAY}
    return {name: value for name, value in said.items() if name not in numbers}


def _game(view: View) -> dict[str, Any]:
    """Who plays, what each may do, and what each values besides real income."""
    game = view.game
    return {
        "agent": game.agent,
        "principals": [*game.principals],
        "active": [*game.active],
        "furthest": game.furthest,
        "closest": game.closest,
        "players": {code: _player(view, code, one) for code, one in game.players.items()},
    }


def _player(view: View, code: str, player: Player) -> dict[str, Any]:
    name = view.baseline.country_names.get(code, code)
    return {
        **country_for_page(code, name),
        "at": view.baseline.country_index[code],
        "income": view.income(code),
        "actions": [_action(name, one) for name, one in player.actions.items()],
        "schedule": dict(player.schedule),
        "politics": player.politics.model_dump(),
    }


def _action(name: str, action: Action) -> dict[str, Any]:
    return {
        "name": name, "title": action.title, "stance": action.stance or 0.0,
        "resolve": action.resolve, "political": dict(action.political),
    }  # fmt: skip


def _weights(game: Game) -> Iterator[dict[str, Any]]:
    """The political weights that the page moves: those that can move an answer."""
    for code in game.active:
        player, is_agent = game.players[code], code == game.agent
        matter = {
            "stance_value": True,
            "curvature": is_agent,
            "bliss": is_agent,
            "relative_gains": bool(player.politics.rivals),
            "reputation": any(one.resolve for one in player.actions.values()),
        }
        for name, value in player.politics.model_dump(exclude={"rivals"}).items():
            if matter[name] or value:
                yield _weight(f"{code}.politics.{name}", name, value, code, is_agent)
    for code, player in game.players.items():
        for action, one in player.actions.items():
            for receiver, value in one.political.items():
                key = f"{code}.actions.{action}.political.{receiver}"
                if all(map(_PLAIN.fullmatch, key.split("."))):
                    yield {**_weight(key, "political", value, receiver), "by": code,
                           "action": action}  # fmt: skip


def _weight(
    key: str, name: str, value: float, player: str, is_agent: bool = False
) -> dict[str, Any]:
    low, high = (AGENT_ENDS if is_agent else {}).get(name, ENDS[name])
    far = 1.0 if name == "bliss" else max(high, 2 * abs(value))
    ends = {"low": -far if low < 0 else 0.0, "high": far}
    return {"key": key, "field": name, "player": player, "value": value, **ends}


def _imputed(view: View) -> dict[str, Any] | None:
    """The imputed part of every flow, and the flows that are touched by what the page does not
    solve: threats in other states, third parties, and worlds in which shares of trade move."""
    carried = imputed_for_page(view.baseline)
    if carried is None:
        return None
    held = tuple(f"{state}." for state in view.states)
    chosen, cells = view.baseline, np.zeros(view.baseline.economy.trade.shape, bool)
    for name, place in view.board.extra.items():
        kind, _, state = name.partition(":")
        if (kind.startswith("threat ") and state in view.states) or kind == "sector":
            continue
        scenario = view.board.scenarios[place]
        if kind.startswith(MOVED):
            own = {n: one for n, one in scenario.policies.items() if not n.startswith(held)}
            scenario = scenario.model_copy(update={"policies": own})
        chosen = with_potential(scenario, chosen)
        cells |= acted_on(chosen, compile_shock(scenario, chosen)) | moved_cells(scenario, chosen)
    return {"flow": carried["flow"], "touched": places(np.flatnonzero(cells))}
