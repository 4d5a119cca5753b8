"""What banned or unseen flows would be, by the gravity of the flows that are free."""

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from .._core import EstimationError
from .estimation import Estimate, estimate
from .fixed_effects import indicator, least
from .panel import Frame, Panel
from .specification import Specification


GEOGRAPHY = ("contiguity", "language", "colony")


def potential_flows(
    panel: Panel, specification: Specification, banned: Bool[np.ndarray, " rows"]
) -> tuple[Frame, Estimate]:
    """Flows of the banned rows as the others explain them, and the estimate behind them.

    The rows that are free are estimated with what the specification says; a banned row has the
    effects of its exporter, its importer and, where the specification has effects of pairs, of its
    pair in the years in which it traded freely. Resistances are those with the bans in place, which
    is what `potential_trade` of a baseline means. In the unit of the panel's trade, by row label.
    """
    if specification.estimator != "ppml":
        raise EstimationError("potential flows are estimated by 'ppml', which sees flows of zero.")
    if not banned.any():
        raise EstimationError("no row is banned, so there is no potential flow to estimate.")
    rows = panel.with_effects().rows
    fit = estimate(Panel(rows[~banned]), specification)
    if fit.dropped:
        raise EstimationError(
            f"there is no potential flow to estimate: {' and '.join(map(repr, fit.dropped))} of "
            f"'{specification.name}' has no estimate on the rows that are free."
        )
    hidden = rows[banned]
    explained = hidden[list(specification.regressors)].to_numpy(float) @ fit.coefficient
    logs = explained + _effects(rows.loc[fit.fitted.index], hidden, fit)
    return pd.Series(np.exp(logs), hidden.index, name="potential"), fit


def _effects(rows: Frame, hidden: Frame, fit: Estimate) -> np.ndarray:
    """The sum of the effects of each hidden row, from the fitted flows of the free ones."""
    names = fit.specification.effects
    levels = [pd.Index(rows[name].unique()) for name in names]
    known = _design(rows, names, levels)
    wanted = _design(hidden, names, levels)
    _refuse_apart(known, wanted, hidden)
    return wanted @ least(known, fit.sum_of_effects.to_numpy())


def _design(rows: Frame, names: tuple[str, ...], levels: list[pd.Index]) -> sparse.csr_matrix:
    places = []
    for name, level in zip(names, levels, strict=True):
        place = level.get_indexer(pd.Index(rows[name]))
        if (place < 0).any():
            row = rows[place < 0].iloc[0]
            raise EstimationError(
                f"the flow from {row['exporter']} to {row['importer']} in {row['year']} has no "
                f"potential: no free flow that is traded shares its {name.replace('_', ' and ')}."
            )
        places.append(place)
    return indicator(places, [level.size for level in levels])


def _refuse_apart(known: sparse.csr_matrix, wanted: sparse.csr_matrix, hidden: Frame) -> None:
    """Effects can be compared only where a chain of free flows joins them."""
    _, part = connected_components(known.T @ known, directed=False)
    ends = wanted.indices.reshape(len(hidden), -1)
    for line in range(len(hidden)):
        if len(set(part[ends[line]])) > 1:
            row = hidden.iloc[line]
            raise EstimationError(
                f"the flow from {row['exporter']} to {row['importer']} has no potential: no chain "
                "of free flows joins what the two sell and buy."
            )


def cross_section(
    trade: Float[np.ndarray, "o d"], countries: tuple[str, ...], geography: Frame, year: int
) -> Panel:
    """One sector of a world as a panel with distance and the rest of geography, home included.

    Countries without a distance, such as a rest of the world, are left out.
    """
    cells = pd.MultiIndex.from_product([countries, countries], names=["exporter", "importer"])
    flows: Frame = pd.DataFrame({"trade": np.asarray(trade, float).ravel()}, cells)
    rows = flows.join(geography.set_index(["exporter", "importer"]), how="inner").reset_index()
    home = (rows["exporter"] == rows["importer"]).to_numpy()
    logs: Frame = np.log(rows["distance"])
    made = {name: rows[name].where(~home, 0.0) for name in GEOGRAPHY}
    made |= {"log_dist": logs.where(~home, 0.0), "log_dist_internal": logs.where(home, 0.0)}
    return Panel(rows.assign(year=year, internal=home.astype(float), **made))


def geography_specification(panel: Panel, name: str) -> Specification:
    """The guide's eq. (1-32) in one year, with what of geography differs among the pairs."""
    varying = [term for term in GEOGRAPHY if panel.rows[term].nunique() > 1]
    return Specification(
        name=name,
        title="Flows of one year by distance, geography and the border",
        regressors=("log_dist", *varying, "log_dist_internal", "internal"),
        source="Guide, eq. (1-32)",
    )
