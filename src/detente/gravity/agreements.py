"""Agreements one by one and by their age: columns for a specification, computed from a panel."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .._core import EstimationError
from .estimation import Estimate
from .panel import Frame, Panel


def with_agreements_by_name(
    panel: Panel, agreement: str, *, fewest_pairs: int = 2
) -> tuple[Panel, tuple[str, ...]]:
    """One column of 0 and 1 for each agreement named in a text column, and their names.

    A row of several agreements names them with `;` between. An agreement of fewer than
    `fewest_pairs` pairs in each direction counts as part of `other_agreements`, because one pair
    says more about the pair than about its agreement.
    """
    rows = panel.require(agreement).rows
    named = rows[agreement].fillna("").astype(str).str.split(r"\s*;\s*", regex=True)
    long = named.explode()
    long = long[long != ""]
    if long.empty:
        raise EstimationError(f"no row of the panel names an agreement in '{agreement}'.")
    pairs = rows["exporter"].astype(str) + "-" + rows["importer"].astype(str)
    size = pairs.loc[long.index].groupby(long.to_numpy()).nunique()
    large = set(size.index[size >= fewest_pairs])
    column = long.where(long.isin(large), "other_agreements").map(column_name)
    columns = pd.crosstab(column.index, column).clip(upper=1).astype(float)
    columns = columns.reindex(rows.index, fill_value=0.0)
    columns.columns.name = None
    return Panel(rows.join(columns)), tuple(map(str, columns.columns))


def column_name(agreement: str) -> str:
    """An agreement's name as a column: letters and digits, words joined by `_`."""
    kept = "".join(sign.lower() if sign.isalnum() else " " for sign in agreement)
    return "_".join(["agreement", *kept.split()]).replace("agreement_other_", "other_")


def with_agreements_by_age(
    panel: Panel, agreement: str, *, lags: Sequence[int] = (), leads: Sequence[int] = ()
) -> tuple[Panel, tuple[str, ...]]:
    """An agreement's column, and what it was so many years before (lags) or will be (leads).

    A lag of 4 is 1 where the agreement was in force four years ago, so that coefficients add up
    over its age, as in eq. (1-38) of the guide. Rows whose lag or lead lies outside the panel are
    dropped; an estimate never rests on a window that the panel does not have.
    """
    _refuse_window(panel, lags, leads)
    rows = panel.require(agreement).rows
    keys = ["exporter", "importer", "year"]
    known = rows.set_index(keys)[agreement].astype(float)
    shifts = {f"{agreement}_lag{years}": -years for years in lags}
    shifts |= {f"{agreement}_lead{years}": years for years in leads}
    columns: Mapping[str, np.ndarray] = {
        name: known.reindex(_shifted(rows, keys, by)).to_numpy() for name, by in shifts.items()
    }
    made = rows.assign(**columns).dropna(subset=list(columns))
    if made.empty:
        raise EstimationError(
            f"no row of the panel knows '{agreement}' at every lag and lead that was asked for."
        )
    return Panel(made), (agreement, *columns)


def _shifted(rows: Frame, keys: list[str], by: int) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[keys].assign(year=rows["year"] + by))


def _refuse_window(panel: Panel, lags: Sequence[int], leads: Sequence[int]) -> None:
    asked = [*lags, *leads]
    if any(years < 1 for years in asked):
        raise EstimationError("lags and leads are counted in years, from 1 on.")
    years = set(panel.years)
    for by, word in [(-lag, "lag") for lag in lags] + [(lead, "lead") for lead in leads]:
        if not any(year + by in years for year in years):
            raise EstimationError(
                f"a {word} of {abs(by)} years does not fit into a panel of the years "
                f"{min(years)} to {max(years)}."
            )


def by_age(estimate: Estimate, agreement: str) -> pd.DataFrame:
    """The effect of an agreement at each age: the coefficients so far, added up, with errors.

    One row for each lag in the estimate, from age 0; `age` in years.
    """
    lags = {agreement: 0}
    for term in estimate.terms:
        head, _, years = term.rpartition("_lag")
        if head == agreement and years.isdigit():
            lags[term] = int(years)
    if agreement not in estimate.terms:
        raise EstimationError(
            f"'{estimate.specification.name}' has no term '{agreement}' to follow by age."
        )
    ordered = sorted(lags, key=lambda term: lags[term])
    sums = [estimate.total(ordered[: place + 1]) for place in range(len(ordered))]
    return pd.DataFrame(
        {
            "age": [lags[term] for term in ordered],
            "effect": [effect for effect, _ in sums],
            "standard_error": [error for _, error in sums],
        }
    )
