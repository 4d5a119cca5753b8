"""What the effect of policies depends on most, of all barriers, elasticities and flows at once."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float

from .._core import nearest, OutcomeError
from ..about import About
from ..equilibrium import Equilibrium, measures, part_of, Sensitivity, sensitivity
from ..scenario import Scenario
from ..schema import of_kind
from ..simulation import derive, Play, prepare, require_solution
from ..world import Baseline, Economy


# Every input is moved by the same proportion, so that the rows compare.
STEP = 0.1
COLUMNS = [
    "kind", "origin", "destination", "country", "input", "sector", "effect", "with_policies",
]  # fmt: skip
_LABELS = {"origin": "countries", "destination": "countries", "country": "countries",
           "partner": "countries", "sector": "sectors", "input": "sectors"}  # fmt: skip


def what_moves(baseline: Baseline, scenario: Scenario, of: str) -> pd.DataFrame:
    """What a tenth more of each input does to the effect of the policies on one number.

    `of` names a variable of the outcome and its labels, such as `welfare.KOR` or
    `trade_after.KOR.CHN.ELE`. The effect is that number with the policies less the number without
    them, and an input is moved in both worlds: so a barrier that matters with and without the
    policies alike does not move it. Rows are largest first, to first order, in the unit of the
    variable; `with_policies` is what the input does to the number itself. Raises `OutcomeError`
    for a name that the outcome does not have.
    """
    played = prepare(baseline, scenario)
    variable, place = _parse(of, played.baseline)
    require_solution(played)
    # Of the same structure as the shock, so that both passes are compiled once.
    without = replace(played, shock=part_of(played.shock, played.economy, jnp.array(0.0)))
    number = functools.partial(_number, variable, place)
    settled = lambda economy, _: derive(scenario, played.baseline, economy)
    passes = [
        (play, sensitivity(number, play.given, play.shock, play.closure, settled))
        for play in (played, without)
    ]
    both = zip(*(_slopes(play, slopes) for play, slopes in passes), strict=True)
    rows = pd.concat([
        pd.DataFrame(list(_rows(kind, slope - other, slope, dims, played.baseline)))
        for (kind, slope, dims), (_, other, _) in both
    ])  # fmt: skip
    rows = rows.reindex(columns=COLUMNS)
    rows = rows.iloc[np.argsort(-np.abs(rows.effect.to_numpy()), kind="stable")]
    answer, unchanged = (float(slopes.answer) for _, slopes in passes)
    rows.attrs = About.on(
        played.baseline,
        scenario,
        unit=of_kind("outcome")[variable].unit,
        of=of,
        answer=answer,
        difference=answer - unchanged,
        scenario=scenario.name,
        held_wedges=played.stated,
    ).record
    return rows.reset_index(drop=True)


def _number(
    variable: str, place: tuple[int, ...], economy: Economy, equilibrium: Equilibrium
) -> Float[Array, ""]:
    return measures(economy, equilibrium)[variable][place]


def _parse(of: str, baseline: Baseline) -> tuple[str, tuple[int, ...]]:
    variable, *labels = of.split(".")
    rows = {name: row for name, row in of_kind("outcome").items() if row.required}
    if variable not in rows:
        raise OutcomeError(
            f"'{variable}' is not a variable of an outcome; {nearest(variable, rows)}"
        )
    dims = rows[variable].dims
    if len(labels) != len(dims):
        example = ".".join([variable, *(getattr(baseline, _LABELS[dim])[0] for dim in dims)])
        raise OutcomeError(f"'{of}' must name {' and '.join(dims)}, such as {example}.")
    place = []
    for dim, label in zip(dims, labels, strict=True):
        valid = getattr(baseline, _LABELS[dim])
        if label not in valid:
            raise OutcomeError(
                f"'{label}' is not a {dim} of {baseline.name}; {nearest(label, valid)}"
            )
        place.append(valid.index(label))
    return variable, tuple(place)


def _slopes(played: Play, slopes: Sensitivity) -> Iterator[tuple[str, np.ndarray, tuple[str, ...]]]:
    """Derivatives to the log of each input."""
    flow, table = ("origin", "destination", "sector"), ("country", "input", "sector")
    economy, shock = played.given, played.shock
    times = lambda slope, level: np.asarray(slope) * np.asarray(level)
    # A cost of selling at home is no barrier to trade.
    abroad = 1.0 - np.eye(len(economy.trade))[:, :, None]
    yield "trade cost", abroad * times(slopes.shock.trade_cost_hat, shock.trade_cost_hat), flow
    yield "tariff", abroad * times(slopes.shock.tariff, 1.0 + shock.tariff), flow
    theta = times(slopes.economy.trade_elasticity, economy.trade_elasticity)
    yield "trade elasticity", theta, ("sector",)
    yield "baseline flow", times(slopes.economy.trade, economy.trade), flow
    yield "input share", times(slopes.economy.input_share, economy.input_share), table


def _rows(
    kind: str, slope: np.ndarray, of_number: np.ndarray, dims: tuple[str, ...], baseline: Baseline
) -> Iterator[dict[str, Any]]:
    labels = [getattr(baseline, _LABELS[dim]) for dim in dims]
    for place in zip(*np.nonzero(slope), strict=True):
        yield {
            "kind": kind,
            **{dim: names[at] for dim, names, at in zip(dims, labels, place, strict=True)},
            "effect": STEP * float(slope[place]),
            "with_policies": STEP * float(of_number[place]),
        }
