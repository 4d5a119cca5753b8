"""How patient two sides must be for cooperation to last, on payoffs of the engine.

The stage game has three states: both sides open (`cooperate`), neither does (`soft`), or one holds
back purchases (`punish`). Who deviates keeps its market shut for a year while the other opens, and
is then punished: for good (grim), or for some years. Trigger strategies as in Friedman (1971).
"""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import pandas as pd
from scipy.optimize import root_scalar

from .._core import ScenarioError
from ..about import About
from ..ensemble import play_all
from ..scenario import Scenario, without_policies
from ..selection import Names
from ..world import Baseline
from .bargaining.talks import lay_out, PERCENT, require_finite, welfare_of_each
from .boycott import with_boycott
from .spells import Durations, durations, State


LENGTHS = (1.0, 2.0, 5.0, 10.0)
"""Years of punishment that are looked at beside punishment for good."""
DISCOUNTS = (0.5, 0.8, 0.9, 0.95, 0.99)
"""Yearly discount factors at which the largest temptation is reported."""
GRIM = np.inf
STATES: tuple[State, ...] = ("warm", "cool", "freeze")
_CELLS = {"warm": "cooperate", "cool": "soft", "freeze": "punish"}


@dataclass(frozen=True)
class Patience:
    """What sustains cooperation, labelled."""

    about: About
    cells: pd.DataFrame
    """By side: payoffs of the stage game, percent of real income a year against the baseline."""
    critical: pd.DataFrame
    """By side, kind and length of punishment: the lowest discount factor that sustains it."""
    temptation: pd.DataFrame
    """By side and discount factor: the largest gain besides trade that nobody deviates for."""
    hazards: pd.DataFrame
    """By transition: events, years of exposure, yearly hazard and its exact interval."""
    thaw: pd.DataFrame
    """By years ahead: the chance that a freeze has ended, and that relations are warm."""
    value: pd.DataFrame
    """By side and state: expected present value of the relation, and its range."""


def critical_discount(
    deviate: float, cooperate: float, punish: float, years: float = GRIM
) -> float:
    """The lowest discount factor at which nobody deviates; 0 if nobody would, nan if all would.

    For good: `(U_dev - U_coop)/(U_dev - U_pun)`. For `m` years the root of
    `U_dev - U_coop = (U_coop - U_pun) sum_{t=1..m} delta^t`, which needs `m` years of loss to
    outweigh the temptation.
    """
    temptation, loss = deviate - cooperate, cooperate - punish
    if temptation <= 0:
        return 0.0
    if loss <= 0 or years * loss <= temptation:
        return float("nan")
    if np.isinf(years):
        return temptation / (temptation + loss)
    missed = lambda delta: loss * _annuity(delta, years) - temptation
    return float(root_scalar(missed, bracket=(0.0, 1.0), xtol=1e-14).root)


def resisted(deviate: float, cooperate: float, punish: float, discount: float) -> float:
    """The largest yearly gain from deviating, beside that in the payoffs, that grim resists.

    `b* = delta/(1 - delta) (U_coop - U_pun) - (U_dev - U_coop)`.
    """
    return discount / (1.0 - discount) * (cooperate - punish) - (deviate - cooperate)


def patience(
    baseline: Baseline,
    pair: tuple[str, str] = ("KOR", "CHN"),
    scenario: Scenario | None = None,
    *,
    sectors: Names = ("services",),
    depth: float = 0.5,
    discount: float = 0.95,
) -> Patience:
    """The stage game of two sides, the patience it asks for, and what the record says of freezes.

    `depth` is the part of every opening that cooperation makes: a quarter of the services gap is
    what china-korea/phase-two has. The second side boycotts the first: the punishment of either.
    Raises `ScenarioError` for names and numbers that make no sense, and `SolveError` where a state
    has no equilibrium.
    """
    for name, value in {"depth": depth, "discount": discount}.items():
        if not 0 < value < 1 and not (name == "depth" and value == 1):
            raise ScenarioError(f"the {name} must lie between 0 and 1; {value:g} does not.")
    scenario = scenario or without_policies()
    cells = _cells(baseline, scenario, pair, sectors, depth)
    record = durations(pair)
    about = About.on(
        baseline,
        scenario,
        unit="percent of real income a year, 100 times the log change against the baseline",
        sides=list(pair),
        sectors=list(sectors),
        depth=depth,
        discount=discount,
        states=_CELLS,
        events=record.events,
        observed=record.observed,
    )
    return Patience(
        about=about,
        cells=cells,
        critical=_critical(cells),
        temptation=_temptation(cells, discount),
        hazards=record.hazards,
        thaw=record.thaw(),
        value=_value(cells, record, discount),
    )


def _cells(
    baseline: Baseline, scenario: Scenario, pair: tuple[str, str], sectors: Names, depth: float
) -> pd.DataFrame:
    talks, openings, _ = lay_out(baseline, scenario, [pair], sectors=sectors)
    opener = np.array([pair.index(one.opener) for one in openings])
    both = np.full(len(openings), depth)
    table = np.stack([0 * both, both, both * (opener == 1), both * (opener == 0)])
    welfare = require_finite(np.asarray(welfare_of_each(talks, jnp.asarray(table))))
    freeze = with_boycott(scenario, baseline, pair[1], pair[0])
    frozen = require_finite(PERCENT * play_all(baseline, [freeze])[0])
    rows = []
    for c, side in enumerate(pair):
        place = baseline.country_index[side]
        soft, cooperate, first, second = welfare[:, place]
        # Who deviates has the other's opening and not its own.
        deviate, alone = (first, second) if c == 0 else (second, first)
        rows.append(
            {
                "side": side, "cooperate": cooperate, "deviate": deviate, "soft": soft,
                "opens_alone": alone, "punish": frozen[place],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _critical(cells: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "side": row["side"],
            "punishment": kind,
            "years": years,
            "temptation": row["deviate"] - row["cooperate"],
            "loss": row["cooperate"] - row[kind],
            "discount": critical_discount(row["deviate"], row["cooperate"], row[kind], years),
        }
        for row in cells.to_dict("records")
        for kind in ("soft", "punish")
        for years in (GRIM, *LENGTHS)
    ]
    return pd.DataFrame(rows)


def _temptation(cells: pd.DataFrame, discount: float) -> pd.DataFrame:
    rows = [
        {
            "side": row["side"],
            "punishment": kind,
            "discount": factor,
            "resisted": resisted(row["deviate"], row["cooperate"], row[kind], factor),
        }
        for row in cells.to_dict("records")
        for kind in ("soft", "punish")
        for factor in sorted({*DISCOUNTS, discount})
    ]
    return pd.DataFrame(rows)


def _value(cells: pd.DataFrame, record: Durations, discount: float) -> pd.DataFrame:
    """Expected present value by the state of today, in percent of one year's real income."""
    rows = []
    for row in cells.to_dict("records"):
        payoff = np.array([row[_CELLS[state]] for state in STATES])
        central, low, high = record.present_value(payoff, discount)
        rows += [
            {
                "side": row["side"],
                "state": state,
                "value": central[k],
                "low": low[k],
                "high": high[k],
            }
            for k, state in enumerate(STATES)
        ]
    return pd.DataFrame(rows)


def _annuity(discount: float, years: float) -> float:
    """The sum of `delta^t` over the years of punishment, exact for the most patient too."""
    if discount in (0.0, 1.0):
        return years * discount
    rate = np.log(discount)
    return float(discount * np.expm1(years * rate) / np.expm1(rate))
