"""A gravity equation estimated: coefficients, clustered errors, and what was left out.

Estimation itself is pyfixest's. Errors are the sandwich clustered by pair without any correction
for small samples, as the guide of Yotov, Piermartini, Monteiro and Larch (2016) prints them.
"""

import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy import stats

from .._core import EstimationError
from .panel import Frame, Panel
from .specification import PAIR, Specification


CONSTANT = "constant"
FEWEST_CLUSTERS = 20
"""Cameron and Miller (2015, section VI): with fewer, clustered errors are far too small."""
TOLERANCE = 1e-10
"""Of the relative change in deviance at which Poisson stops."""
DEMEANED = 1e-8
"""Of the demeaning: the guide's coefficients are printed to 1e-7."""
MOST_STEPS = 200


@dataclass(frozen=True)
class Estimate:
    """What one specification gives on one sample."""

    specification: Specification
    terms: tuple[str, ...]
    coefficient: Float[np.ndarray, " k"]
    covariance: Float[np.ndarray, "k k"]
    """Clustered; variances of the coefficients on its diagonal."""
    rows: int
    """Rows the estimate rests on."""
    years: tuple[int, ...]
    clusters: int
    fit: float
    """R squared, or for `ppml` the squared correlation of flows and fitted flows."""
    left_out: tuple[str, ...]
    """Pairs that never trade in the sample, and so say nothing where pairs have effects."""
    separated: int
    """Rows of zero trade that an effect fits exactly, and which are left out."""
    seconds: float
    fitted: Frame
    """Fitted `outcome` (for `ols` its log), by row label of the panel."""

    @cached_property
    def standard_error(self) -> Float[np.ndarray, " k"]:
        return np.sqrt(np.diag(self.covariance))

    def __getitem__(self, term: str) -> float:
        return float(self.coefficient[self.terms.index(term)])

    def error(self, term: str) -> float:
        return float(self.standard_error[self.terms.index(term)])

    def total(self, terms: Sequence[str]) -> tuple[float, float]:
        """The sum of several coefficients and its standard error."""
        weight = np.array([float(term in terms) for term in self.terms])
        return float(weight @ self.coefficient), float(np.sqrt(weight @ self.covariance @ weight))

    def percent_change(self, first: str, last: str) -> tuple[float, float]:
        """100 (last - first) / first and its standard error, by the delta method."""
        before, after = self[first], self[last]
        slope = np.zeros(len(self.terms))
        slope[self.terms.index(first)] = -100.0 * after / before**2
        slope[self.terms.index(last)] = 100.0 / before
        error = float(np.sqrt(slope @ self.covariance @ slope))
        return 100.0 * (after - before) / before, error

    def table(self) -> pd.DataFrame:
        """One row for each term: estimate, standard error, z, p, and 95 percent interval."""
        error = self.standard_error
        z = self.coefficient / error
        reach = stats.norm.ppf(0.975) * error
        return pd.DataFrame(
            {
                "specification": self.specification.name,
                "term": self.terms,
                "estimate": self.coefficient,
                "standard_error": error,
                "z": z,
                "p": 2.0 * stats.norm.sf(np.abs(z)),
                "low": self.coefficient - reach,
                "high": self.coefficient + reach,
            }
        )


def estimate(panel: Panel, specification: Specification, *, demeaned: float = DEMEANED) -> Estimate:
    """Estimate a specification on a panel.

    Raises `EstimationError` with one sentence where the rows cannot answer: no variation, terms
    that cannot be told apart, too few clusters, no convergence.
    """
    begun = time.perf_counter()
    sample = panel.sample(specification)
    _refuse_unusable(sample.rows, specification)
    model = _fit(sample.rows, specification, demeaned)
    kept = sample.rows.index.delete(sorted(map(int, model.na_index)))
    explained = _explained(sample.rows, specification)[kept]
    fitted = pd.Series(np.asarray(model._Y_hat_response, float), kept)
    return Estimate(
        specification=specification,
        terms=tuple(_plain(name) for name in model._coefnames),
        coefficient=np.asarray(model._beta_hat, float),
        covariance=np.asarray(model._vcov, float),
        rows=int(model._N),
        years=sample.years,
        clusters=int(sample.rows.loc[kept, specification.cluster].nunique()),
        fit=float(np.corrcoef(explained, fitted)[0, 1] ** 2),
        left_out=_never_trade(sample.rows, kept),
        separated=len(sample.rows) - len(kept),
        seconds=time.perf_counter() - begun,
        fitted=fitted,
    )


def _plain(name: object) -> str:
    return CONSTANT if str(name) == "Intercept" else str(name)


def _explained(rows: Frame, specification: Specification) -> Frame:
    values = rows[specification.outcome].astype(float)
    return np.log(values) if specification.estimator == "ols" else values


def _never_trade(rows: Frame, kept: pd.Index) -> tuple[str, ...]:
    dropped = rows.loc[rows.index.difference(kept)]
    if dropped.empty or PAIR not in rows:
        return ()
    traded = rows.groupby(PAIR)["trade"].sum()
    return tuple(sorted(set(dropped[PAIR]) & set(traded.index[traded == 0])))


def _refuse_unusable(rows: Frame, specification: Specification) -> None:
    values = rows[[specification.outcome, *specification.regressors]].astype(float)
    for term in values:
        if not np.isfinite(values[term]).all():
            raise EstimationError(
                f"'{term}' is missing or infinite in {int((~np.isfinite(values[term])).sum())} "
                f"rows of the sample of '{specification.name}'."
            )
    for term in specification.regressors:
        if values[term].min() == values[term].max():
            raise EstimationError(
                f"'{term}' is {values[term].iloc[0]:g} in every row of the sample of "
                f"'{specification.name}', so nothing can be said about it."
            )
    if not (rows[specification.outcome] > 0).any():
        raise EstimationError(f"every flow in the sample of '{specification.name}' is zero.")
    clusters = rows[specification.cluster].nunique()
    if clusters < FEWEST_CLUSTERS:
        raise EstimationError(
            f"the sample of '{specification.name}' has {clusters} clusters by "
            f"{specification.cluster}; clustered errors need at least {FEWEST_CLUSTERS}."
        )


def _coded(rows: Frame, specification: Specification) -> pd.DataFrame:
    """Numbers in place of labels, in the order of the rows, as pyfixest is fastest with."""
    columns: dict[str, Any] = {"explained": _explained(rows, specification).to_numpy()}
    columns |= {name: rows[name].to_numpy(float) for name in specification.regressors}
    # A cluster may also be an effect, so that both are coded under names of their own.
    labels = {f"effect_{name}": name for name in specification.effects}
    labels["cluster"] = specification.cluster
    columns |= {code: pd.factorize(rows[name])[0] for code, name in labels.items()}
    return pd.DataFrame(columns)


def _fit(rows: Frame, specification: Specification, demeaned: float) -> Any:
    # Loaded here: it takes seconds that no other command should wait for.
    pyfixest: Any = import_module("pyfixest")

    effects = " + ".join(f"effect_{name}" for name in specification.effects)
    formula = f"explained ~ {' + '.join(specification.regressors)}"
    options: Mapping[str, Any] = {
        "data": _coded(rows, specification),
        "vcov": {"CRV1": "cluster"},
        "ssc": pyfixest.ssc(k_adj=False, G_adj=False),
        "fixef_rm": "none",
        "demeaner": pyfixest.estimation.MapDemeaner(fixef_tol=demeaned, fixef_maxiter=100_000),
    }
    formula = f"{formula} | {effects}" if effects else formula
    poisson = {"iwls_tol": TOLERANCE, "iwls_maxiter": MOST_STEPS}
    try:
        # Its notes are about its own use of pandas, or said again below as a sentence.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if specification.estimator == "ols":
                model = pyfixest.feols(formula, **options)
            else:
                model = pyfixest.fepois(formula, **options, **poisson)
    except ValueError as error:
        if "collinear" not in str(error):
            raise
        raise EstimationError(_inseparable(specification.regressors, specification)) from error
    except Exception as error:
        if "onverge" not in type(error).__name__ + str(error):
            raise
        raise EstimationError(
            f"'{specification.name}' did not converge in {MOST_STEPS} steps; "
            "a regressor may tell apart flows of zero from all others."
        ) from error
    lost = tuple(map(str, getattr(model, "_collin_vars", None) or ()))
    if lost:
        raise EstimationError(_inseparable(lost, specification))
    return model


def _inseparable(lost: Sequence[str], specification: Specification) -> str:
    among = "the effects and the other regressors" if specification.effects else "the others"
    return (
        f"{' and '.join(repr(term) for term in lost)} cannot be told apart from {among} of "
        f"'{specification.name}'; leave a regressor or an effect out."
    )
