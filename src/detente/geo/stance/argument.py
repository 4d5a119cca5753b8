"""The title question as numbers: what rewards, sticks and stances are worth, and where it turns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from ..._core import ScenarioError
from ...about import About
from ...calibrate.baseline import load_baseline
from ...ensemble import interval
from ...evidence import acted_on, evidence
from ...quantities import moved_cells
from ...scenario import compile_shock, with_potential
from ...world import Baseline
from .agency import menu_auction
from .game import Game, load_game
from .nash import pure_nash
from .payoffs import Payoffs, payoffs
from .schedules import credible, price_of_stance
from .shares import slopes, trade_share
from .solved import OTHER_HORIZON, Solved, solved, usual_draws
from .thresholds import auction_threshold, Percent
from .view import headlines, Key, View


Progress = Callable[[str], None]
# Percent of GDP: differences below it are the solver's rounding, and no reason to prefer anything.
TIE = 1e-6


@dataclass(frozen=True)
class Argument:
    """Everything that the question was answered with. Percent is of each country's own income."""

    game: Game
    about: About
    numbers: pd.DataFrame
    """A row for every headline: kind, of, where, value, other_horizon, low, high, million_usd."""
    equilibria: pd.DataFrame
    """Nash equilibria by state, with the political weights of the file."""
    prices: pd.DataFrame
    """What each action of the first principal buys of the closest stance, and costs it."""
    auction: pd.DataFrame
    """The truthful menu auction on top of the posted schedules, by state, in million US$."""
    sectors: pd.DataFrame
    """Concessions one sector at a time, in the order of what they displace."""
    table: pd.DataFrame
    """The payoff table, economics and politics in separate columns."""

    def number(self, kind: str, of: str, where: str) -> pd.Series:
        """One row of `numbers`."""
        rows = self.numbers
        matching = rows[(rows.kind == kind) & (rows.of == of) & (rows["where"] == where)]
        return matching.iloc[0]


def stance(
    game: Game | str = "seoul",
    baseline: Baseline | None = None,
    *,
    overrides: Sequence[str] = (),
    draws: int | None = None,
    progress: Progress = lambda done: None,
) -> Argument:
    """The argument of a stance game: the shipped one about Seoul unless another is named.

    Payoffs are exact welfare of the engine at the game's horizon, and headlines at the other one
    too. Intervals hold nine tenths of that many draws of the trade elasticities, the nests and the
    base, where the world has two of tariffs or of services: twelve unless said, and none on a large
    world. The actions are as the game has them. Raises `ScenarioError` for names that game or
    baseline do not have, and for a single draw.
    """
    played = load_game(game, overrides) if isinstance(game, str) else game
    if draws == 1:
        raise ScenarioError("an interval needs two draws or more; 0 is none.")
    world = load_baseline(played.baseline) if baseline is None else baseline
    view = View.of(played, world)
    solution = solved(view, usual_draws(world) if draws is None else draws, progress)
    welfare = solution.own
    tables = {state: payoffs(view.board, world, state, welfare) for state in view.states}
    return Argument(
        game=played,
        about=_about(view, solution),
        numbers=_numbers(view, solution),
        equilibria=pd.concat([_equilibria(view, tables[state]) for state in view.states]),
        prices=_prices(view, tables[view.states[0]]),
        auction=pd.concat([_auction(view, tables[state]) for state in view.states]),
        sectors=_sectors(view, solution),
        table=tables[view.states[0]].frame(),
    )


def _numbers(view: View, solution: Solved) -> pd.DataFrame:
    own, other = headlines(view, solution.own), headlines(view, solution.other)
    drawn = {} if solution.drawn is None else headlines(view, solution.drawn)
    rows = []
    for (kind, of, where), value in own.items():
        country = where if where in view.game.players else view.game.agent
        low, high = _ends(drawn, (kind, of, where))
        rows.append(
            {
                "kind": kind, "of": of, "where": where,
                "value": float(value),
                "other_horizon": float(other[kind, of, where]),
                "low": low, "high": high,
                "million_usd": float(np.expm1(value / 100)) * view.income(country),
            }
        )  # fmt: skip
    return pd.DataFrame([*rows, *_slopes(view, solution)])


def _slopes(view: View, solution: Solved) -> list[dict[str, Any]]:
    """How the threshold of bare threats moves with a partner's share; no draws."""
    game, baseline = view.game, view.baseline
    welfare = np.stack([solution.own, solution.other])
    rates = slopes(game, baseline, view.board.extra, welfare, solution.traded)
    return [
        {
            "kind": "slope", "of": f"threats {other}", "where": partner,
            "value": float(rate[0]), "other_horizon": float(rate[1]),
            "low": np.nan, "high": np.nan,
            "million_usd": float(rate[0]) / 100 * view.income(game.agent),
        }
        for (other, partner), rate in ((key, np.asarray(one)) for key, one in rates.items())
    ]  # fmt: skip


def _ends(drawn: Mapping[Key, Percent], key: Key) -> tuple[float, float]:
    if key not in drawn:
        return np.nan, np.nan
    ends = interval(np.asarray(drawn[key]))
    return float(ends.low), float(ends.high)


def _equilibria(view: View, table: Payoffs) -> pd.DataFrame:
    """Equilibria that differ in what the principals do; the agent's actions in each together."""
    column = table.players.index(view.game.agent)
    equilibria: dict[tuple[str, ...], list[str]] = {}
    for row in pure_nash(table.total, TIE):
        names = [actions[place] for actions, place in zip(table.actions, row, strict=True)]
        stance = names.pop(column)
        equilibria.setdefault(tuple(names), []).append(stance)
    others = [code for code in table.players if code != view.game.agent]
    rows = [
        {"state": table.about["state"]} | dict(zip(others, names, strict=True))
        | {view.game.agent: ", ".join(stances),
           "indifferent": len(stances) == len(table.actions[column])}
        for names, stances in equilibria.items()
    ]  # fmt: skip
    columns = ["state", *others, view.game.agent, "indifferent"]
    return pd.DataFrame(rows, columns=columns)


def _prices(view: View, table: Payoffs) -> pd.DataFrame:
    """The largest own cost of the closest stance that each reward outweighs, by threat.

    The other principals answer every stance as they have posted it.
    """
    game, first = view.game, view.game.principals[0]
    agent, own = (_by_stance(view, table, code) for code in (game.agent, first))
    actions = list(game.players[first].actions)
    closest = list(game.players[game.agent].actions).index(game.closest)
    nothing = np.zeros(agent.shape, bool)
    nothing[:, 0] = True
    believed = credible(own, TIE)
    return pd.DataFrame(
        {
            "action": actions,
            "agent_percent": agent[closest] - agent[closest, 0],
            "principal_percent": own[closest] - own[closest, 0],
            "buys_alone": price_of_stance(agent, nothing)[closest],
            "buys_with_threat": price_of_stance(agent)[closest],
            "buys_believed": np.where(
                believed[closest], price_of_stance(agent, believed)[closest], np.nan
            ),
            "believed": believed[closest],
        }
    )


def _by_stance(view: View, table: Payoffs, country: str) -> Float[np.ndarray, "s a"]:
    """A country's payoff by the agent's stance and the first principal's action."""
    game, first = view.game, view.game.principals[0]
    rows = []
    for stance in game.players[game.agent].actions:
        posted = {code: game.posted(code, stance) for code in game.principals[1:]}
        profiles = [{game.agent: stance, first: action, **posted}
                    for action in game.players[first].actions]  # fmt: skip
        rows.append([_payoff(table, profile, country) for profile in profiles])
    return np.array(rows)


def _payoff(table: Payoffs, profile: Mapping[str, str], country: str) -> float:
    active = {code: action for code, action in profile.items() if code in table.players}
    return float(table.total[table.place(active)][table.players.index(country)])


def _auction(view: View, table: Payoffs) -> pd.DataFrame:
    """Transfers on top of the schedules: what each principal would pay the agent, and for what."""
    game = view.game
    stances = list(game.players[game.agent].actions)
    worth = {
        code: np.array([_dollars(view, table, stance, code) for stance in stances])
        for code in (game.agent, *game.principals)
    }
    bidders = np.stack([worth[code] for code in game.principals])
    auction = menu_auction(worth[game.agent], bidders)
    scale = np.array([game.stance(one) for one in stances])
    turns = auction_threshold(auction.joint, scale, view.income(game.principals[0]))
    rows = [
        {
            "state": table.about["state"], "stance": stances[auction.action], "principal": code,
            "payment": auction.payment[place],
            "percent_of_agent": 100 * auction.payment[place] / view.income(game.agent),
            "percent_of_principal": 100 * auction.payment[place] / view.income(code),
            "unique": auction.unique, "turns_at": turns,
        }
        for place, code in enumerate(game.principals)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _dollars(view: View, table: Payoffs, stance: str, country: str) -> float:
    """Equivalent variation and political terms under the posted schedules, million US$."""
    game = view.game
    profile = {game.agent: stance} | {code: game.posted(code, stance) for code in game.principals}
    place = table.place({code: profile[code] for code in profile if code in table.players})
    column = table.players.index(country)
    welfare, politics = table.welfare[place][column], table.political[place][column]
    return float(np.expm1(welfare / 100) + politics / 100) * view.income(country)


def _sectors(view: View, solution: Solved) -> pd.DataFrame:
    """What one sector at a time gives the agent, gives the principal, and displaces in its own."""
    game, baseline = view.game, view.baseline
    first = game.principals[0]
    before = np.asarray(baseline.economy.output)
    rows = []
    for sector in view.sectors:
        row, place = view.board.extra[f"sector:{sector}"], baseline.sector_index[sector]
        host = baseline.country_index[first]
        agent = float(view.extra(solution.own, game.agent, f"sector:{sector}"))
        displaced = float(before[host, place] - solution.output[row, host, place])
        gain = float(np.expm1(agent / 100)) * view.income(game.agent)
        rows.append(
            {
                "sector": sector,
                "name": baseline.sector_names.get(sector, sector),
                "agent_percent": agent,
                "agent_usd": gain,
                "principal_percent": float(view.extra(solution.own, first, f"sector:{sector}")),
                "displaced_usd": displaced,
                "gain_per_displaced": gain / displaced if displaced > 0 else np.inf,
            }
        )
    columns = ["sector", "name", "agent_percent", "agent_usd", "principal_percent",
               "displaced_usd", "gain_per_displaced"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.sort_values("gain_per_displaced", ascending=False, kind="stable")
    return frame.assign(agent_so_far=frame.agent_percent.cumsum()).reset_index(drop=True)


def _about(view: View, solution: Solved) -> About:
    game = view.game
    terms = {
        "title": game.title, "reading": game.reading, "game": game.name,
        "other_horizon": OTHER_HORIZON[str(game.horizon)],
        "usual_draws": usual_draws(view.baseline), "state": view.states[0],
        "states": {name: state.title for name, state in game.states.items()},
        "agent": game.agent, "principals": list(game.principals),
        "solved": int(np.isfinite(solution.own).all(axis=1).sum()), "scenarios": len(solution.own),
        "politics": {code: player.politics.model_dump() for code, player in game.players.items()},
        "income_million_usd": {code: view.income(code) for code in game.players},
        "names": {code: view.baseline.country_names.get(code, code) for code in game.players},
        "trade_share": {code: _share(view, code) for code in game.principals},
        "evidence": evidence(view.baseline, _touched(view)),
        "brackets": [bracket.model_dump() for bracket in game.brackets],
    }  # fmt: skip
    return About.on(
        view.baseline,
        horizon=str(game.horizon),
        question=game.question,
        draws=solution.draws,
        assumptions=tuple(solution.assumptions),
        limits=game.limits,
        unit="percent of each country's own real income of the baseline; US$ million a year",
        **terms,
    )


def _touched(view: View) -> Bool[np.ndarray, "o d s"]:
    """The flows that any scenario of the board acts on."""
    chosen, cells = view.baseline, np.zeros(view.baseline.economy.trade.shape, bool)
    for scenario in view.board.scenarios:
        chosen = with_potential(scenario, chosen)
        cells |= acted_on(chosen, compile_shock(scenario, chosen)) | moved_cells(scenario, chosen)
    return cells


def _share(view: View, partner: str) -> float:
    """Of a partner in the agent's trade in the baseline, percent."""
    traded = np.asarray(view.baseline.economy.trade).sum(axis=-1)
    return float(trade_share(view.baseline, traded, view.game.agent, partner))
