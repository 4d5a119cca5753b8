"""A stance game file (TOML) as a frozen request: who plays, what each may do, and what it values.

Everything economic in it is a policy, priced by the engine. Everything political is a number of its
own in percent of the country's GDP; all of these are zero unless somebody sets them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ..._core import nearest
from ..._document import checked, find, read, Request
from ..._ratios import Share
from ...coded import in_codes
from ...gazetteer import world, world_name
from ...policy import Policy, POLICY_KINDS
from ...scenario import changed, Heading
from ...selection import Names
from .library import with_scenarios


LIBRARY = "games"
Role = Literal["principal", "agent", "third"]
NonNegative = Annotated[float, Field(ge=0)]


class Politics(Request):
    """What a government values besides real income, in percent of its own GDP."""

    stance_value: float = 0.0
    """Of a stance of one over a stance of zero; negative where it dislikes it."""
    curvature: NonNegative = 0.0
    """k in (k/2)(s - bliss)^2, the cost of a stance away from the government's own."""
    bliss: Share = 0.0
    """The stance that the government would take for its own sake."""
    relative_gains: NonNegative = 0.0
    """Per percent by which its real income rises more than that of its rivals."""
    rivals: Names = ()
    """Players that relative gains are counted against, in equal parts."""
    reputation: NonNegative = 0.0
    """Of being believed to punish, linear in belief, at a stance of zero; see `resolve`."""


class Action(Request):
    """Something that a player may do."""

    title: str
    """In a line."""
    stance: Share | None = None
    """Of the agent's actions: 0 is far from the first principal, 1 is as close as the game goes."""
    scenario: str = ""
    """A scenario whose policies it takes; `policies` then says only what is different."""
    policies: dict[str, Policy] = Field(default_factory=dict)
    """What it does to trade; nothing, where it is words."""
    political: dict[str, float] = Field(default_factory=dict)
    """What it is worth besides trade, by player, in percent of that player's GDP."""
    resolve: Share = 0.0
    """The belief of others, 0 to 1, that who does this punishes."""
    source: str = ""
    """Where its size comes from."""
    note: str = ""
    """What a reader should know of it."""


class Player(Request):
    """A government: a principal who rewards or punishes, the agent between them, or a third."""

    role: Role
    """Rewards or punishes, chooses a stance, or stands by."""
    active: bool = True
    """Whether it chooses; one that does not takes its first action."""
    actions: dict[str, Action] = Field(min_length=1)
    """The first is what it does if it does nothing."""
    politics: Politics = Politics()
    """What it values besides real income; nothing, unless somebody says so."""
    schedule: dict[str, str] = Field(default_factory=dict)
    """Of a principal: the action it posts for each of the agent's."""
    threat: dict[str, Policy] = Field(default_factory=dict)
    """The most that it can withhold from the agent."""
    split: str = ""
    """The action whose sectors are also priced one by one."""


class State(Request):
    """What holds whatever the players do."""

    title: str
    """In a line."""
    scenario: str = ""
    """A scenario whose policies hold; `policies` then says only what is different."""
    policies: dict[str, Policy] = Field(default_factory=dict)
    """What holds; nothing, where it is the baseline."""
    source: str = ""
    """Where its size comes from."""
    note: str = ""
    """What a reader should know of it."""


class Bracket(Request):
    """What a government's choices in the past say about a political value, from published costs."""

    what: str
    """The choice, and what it says."""
    low: float | None = None
    """The value is at least this; open without one."""
    high: float | None = None
    """The value is at most this; open without one."""
    unit: str = "% of GDP a year"
    """Of both bounds."""
    source: str
    """Where the cost is published."""


class Game(Heading):
    """Players, what they may do, and the world it is priced on."""

    name: str = "game"
    """The name in the library, or the name of the file."""
    state: str = ""
    """The state in force; the first unless said."""
    players: dict[str, Player]
    """By country code."""
    states: dict[str, State] = Field(default_factory=lambda: {"as it is": State(title="as it is")})
    """What may hold whatever they do, by name."""
    brackets: tuple[Bracket, ...] = ()
    """What is known of political values from what governments paid."""

    @model_validator(mode="after")
    def _consistent(self) -> "Game":
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    @property
    def agent(self) -> str:
        return next(code for code, player in self.players.items() if player.role == "agent")

    @property
    def principals(self) -> tuple[str, ...]:
        return tuple(code for code, one in self.players.items() if one.role == "principal")

    @property
    def active(self) -> tuple[str, ...]:
        return tuple(code for code, player in self.players.items() if player.active)

    @property
    def current_state(self) -> str:
        return self.state or next(iter(self.states))

    def stance(self, action: str) -> float:
        """Of an action of the agent."""
        return self.players[self.agent].actions[action].stance or 0.0

    @property
    def furthest(self) -> str:
        """The agent's action with the lowest stance."""
        return min(self.players[self.agent].actions, key=self.stance)

    @property
    def closest(self) -> str:
        """The agent's action with the highest stance: closest to the first principal."""
        return max(self.players[self.agent].actions, key=self.stance)

    def posted(self, principal: str, stance: str) -> str:
        """What a principal answers to a stance; its first action where its schedule is silent."""
        player = self.players[principal]
        return player.schedule.get(stance, next(iter(player.actions)))

    def reward(self, principal: str) -> str:
        """What it posts for the stance it likes best: the first principal the closest."""
        liked = self.closest if principal == self.principals[0] else self.furthest
        return self.posted(principal, liked)

    def stick(self, principal: str) -> str:
        """What it posts for the stance it likes least."""
        disliked = self.furthest if principal == self.principals[0] else self.closest
        return self.posted(principal, disliked)


def load_game(reference: str | Path, overrides: Sequence[str] = ()) -> Game:
    """The game of that name in the library, or in that file, with `PATH=VALUE` overrides.

    Raises `ScenarioError` with one sentence for a file that is not a game.
    """
    path, name = find(reference, LIBRARY, "game")
    document = read(path)
    document.setdefault("name", name)
    changed(document, overrides, Game, "players", path.parent)
    game = parse_game(document, str(reference))
    return in_codes(game, world(world_name(game.baseline)))


def parse_game(document: Mapping[str, Any], where: str) -> Game:
    """A checked game, or one sentence on what is wrong with it."""
    return checked(Game, with_scenarios(document), where, POLICY_KINDS)


def _problems(game: Game) -> list[str]:
    """What a file can say that no game can mean."""
    if not isinstance(game.horizon, str):
        return ["is played at the horizon 'long' or 'short', not after a number of years"]
    agents = [code for code, player in game.players.items() if player.role == "agent"]
    if len(agents) != 1:
        return [f"needs exactly one player with role = 'agent', not {len(agents)}"]
    if not game.principals:
        return ["needs a player with role = 'principal'"]
    if game.current_state not in game.states:
        return [f"has no state '{game.state}'; {nearest(game.state, game.states)}"]
    if named := [state for state in game.states if state in game.players]:
        # Policies are told apart by the name of who or what has them.
        return [f"has a state '{named[0]}' that is named as a player; give it another name"]
    problems = [problem for code in game.players for problem in _problems_of(code, game)]
    return [*problems, *_stances(game)]


def _problems_of(code: str, game: Game) -> list[str]:
    player, agent = game.players[code], game.players[game.agent]
    problems = []
    if player.split and player.split not in player.actions:
        problems.append(
            f"'{player.split}' in split of {code} is not one of its actions; "
            f"{nearest(player.split, player.actions)}"
        )
    for stance, action in player.schedule.items():
        if stance not in agent.actions:
            problems.append(
                f"'{stance}' in the schedule of {code} is not an action of {game.agent}; "
                f"{nearest(stance, agent.actions)}"
            )
        if action not in player.actions:
            problems.append(
                f"'{action}' in the schedule of {code} is not one of its actions; "
                f"{nearest(action, player.actions)}"
            )
    named = [*player.politics.rivals]
    named += [other for action in player.actions.values() for other in action.political]
    for other in named:
        if other not in game.players:
            problems.append(f"'{other}' is not a player; {nearest(other, game.players)}")
    return problems


def _stances(game: Game) -> list[str]:
    actions = game.players[game.agent].actions
    without = [name for name, action in actions.items() if action.stance is None]
    return [f"'{name}' of {game.agent} needs a stance from 0 to 1" for name in without]
