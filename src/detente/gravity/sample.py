"""What an estimate rests on: the rows of a panel that it may use, and what is left out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from .._core import EstimationError
from .existence import separated, undetermined
from .panel import Frame, Panel
from .specification import (
    DIRECTED_PAIR,
    MISSING,
    NEVER_TRADE,
    PAIR,
    SEPARATED,
    Specification,
    WITHOUT_LOG,
)


FEWEST_CLUSTERS = 20
"""Cameron and Miller (2015, section VI): with fewer, clustered errors are far too small."""


@dataclass(frozen=True)
class Sample:
    """The rows of a panel that one specification can be estimated on."""

    rows: Frame
    without_trade: tuple[str, ...]
    """Pairs that never trade, where pairs have effects."""
    left_out: Mapping[str, int]
    """How many rows are left out, by reason."""
    dropped: Mapping[str, str]
    """Terms that have no estimate on these rows, each with the reason."""


def usable(panel: Panel, specification: Specification) -> Sample:
    """The rows with every value, of which none is separated, or `EstimationError` in a sentence."""
    asked = panel.sample(specification).rows
    known = _complete(asked, specification)
    _refuse_unusable(known, specification)
    apart = _separated(known, specification)
    rows = known[~apart]
    _refuse_few_clusters(rows, specification)
    never = apart & _never_trade(known, specification)
    # What countries sell at home is not left out where it was not asked about.
    whole = len(panel.rows) - (int(panel.home.sum()) if specification.abroad_only else 0)
    left = {
        WITHOUT_LOG: whole - len(asked),
        MISSING: len(asked) - len(known),
        NEVER_TRADE: int(never.sum()),
        SEPARATED: int((apart & ~never).sum()),
    }
    return Sample(
        rows,
        tuple(sorted(known.loc[never, PAIR].unique())) if never.any() else (),
        {reason: count for reason, count in left.items() if count},
        _without_estimate(known, rows, specification),
    )


def _never_trade(known: Frame, specification: Specification) -> Bool[np.ndarray, " row"]:
    """The rows of pairs that never trade, where pairs have effects."""
    if PAIR not in known or not {PAIR, DIRECTED_PAIR} & set(specification.effects):
        return np.zeros(len(known), bool)
    return (known.groupby(PAIR)[specification.outcome].transform("sum") == 0).to_numpy()


def _complete(rows: Frame, specification: Specification) -> Frame:
    """The rows in which no value is missing; a value that cannot be one is refused."""
    outcome, where = specification.outcome, f"the sample of '{specification.name}'"
    for term in (outcome, *specification.regressors):
        values = _numbers(rows[term], term, where)
        if np.isinf(values).any():
            raise EstimationError(
                f"'{term}' is infinite in {int(np.isinf(values).sum())} rows of {where}."
            )
        if np.isnan(values).all():
            raise EstimationError(f"'{term}' is missing in all {len(values)} rows of {where}.")
        if term == outcome and (values < 0).any():
            raise EstimationError(
                f"'{term}' is negative in {int((values < 0).sum())} rows of {where}."
            )
    columns = [outcome, *specification.regressors, *specification.effects, specification.cluster]
    known = rows[rows[columns].notna().all(axis=1)]
    if known.empty:
        raise EstimationError(f"every row of {where} lacks a value.")
    return known


def _numbers(column: Frame, term: str, where: str) -> Float[np.ndarray, " row"]:
    try:
        return column.to_numpy(float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise EstimationError(f"'{term}' is not a number in every row of {where}.") from error


def _coded_effects(rows: Frame, specification: Specification) -> list[np.ndarray]:
    return [pd.factorize(rows[name])[0] for name in specification.effects]


def _separated(rows: Frame, specification: Specification) -> Bool[np.ndarray, " row"]:
    """The separated rows, which a Poisson estimate must leave out; least squares need not."""
    if specification.estimator == "ols":
        return np.zeros(len(rows), bool)
    flow = rows[specification.outcome].to_numpy(float)
    regressors = rows[list(specification.regressors)].to_numpy(float)
    return separated(flow, regressors, _coded_effects(rows, specification))


def _without_estimate(known: Frame, rows: Frame, specification: Specification) -> dict[str, str]:
    """The terms about which only separated rows say anything, each with that reason."""
    if len(known) == len(rows):
        return {}
    lost = _undetermined(rows, specification)
    if lost and (before := _undetermined(known, specification)):
        raise EstimationError(inseparable(before, specification))
    if len(lost) == len(specification.regressors):
        raise EstimationError(
            f"no term of '{specification.name}' has a finite estimate: only flows of zero that are "
            f"fitted exactly tell {' and '.join(map(repr, lost))} apart from the effects."
        )
    return dict.fromkeys(
        lost,
        "only flows of zero that are fitted exactly tell it apart from the effects and other terms",
    )


def _undetermined(rows: Frame, specification: Specification) -> list[str]:
    regressors = rows[list(specification.regressors)].to_numpy(float)
    unknown = undetermined(regressors, _coded_effects(rows, specification))
    return [str(name) for name in np.array(specification.regressors)[unknown]]


def _refuse_unusable(rows: Frame, specification: Specification) -> None:
    for term in specification.regressors:
        values = rows[term].astype(float)
        if values.min() == values.max():
            raise EstimationError(
                f"'{term}' is {values.iloc[0]:g} in every row of the sample of "
                f"'{specification.name}', so nothing can be said about it."
            )
    if not (rows[specification.outcome] > 0).any():
        raise EstimationError(f"every flow in the sample of '{specification.name}' is zero.")


def _refuse_few_clusters(rows: Frame, specification: Specification) -> None:
    clusters = rows[specification.cluster].nunique()
    if clusters < FEWEST_CLUSTERS:
        raise EstimationError(
            f"the sample of '{specification.name}' has {clusters} clusters by "
            f"{specification.cluster}; clustered errors need at least {FEWEST_CLUSTERS}."
        )


def inseparable(lost: Sequence[str], specification: Specification) -> str:
    among = "the effects and the other regressors" if specification.effects else "the others"
    return (
        f"{' and '.join(repr(term) for term in lost)} cannot be told apart from {among} of "
        f"'{specification.name}'; leave a regressor or an effect out."
    )
