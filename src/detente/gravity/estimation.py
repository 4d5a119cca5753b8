"""A gravity equation estimated: coefficients, clustered errors, and what was left out.

Poisson estimates (PPML) keep flows of zero, which a logarithm would lose. Estimation itself is
pyfixest's; whether an estimate exists is decided before (`sample`). Errors are the sandwich
clustered by pair without any correction for small samples, as the guide of Yotov, Piermartini,
Monteiro and Larch (2016) prints them.
"""

import time
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from scipy import stats

from .._core import EstimationError, nearest
from .fixed_effects import split
from .panel import Frame, Panel
from .sample import inseparable, usable
from .specification import NEVER_TRADE, SEPARATED, Specification


CONSTANT = "constant"
TOLERANCE = 1e-10
"""Of the relative change in deviance at which Poisson stops."""
DEMEANED = 1e-8
"""Of the demeaning: the guide's coefficients are printed to 1e-7."""
MOST_STEPS = 200
EXACT = 1e-10
"""Of the squared size of what is explained: with a smaller rest an equation fits every row."""


@dataclass(frozen=True)
class Estimate:
    """What one specification gives on one sample."""

    specification: Specification
    terms: tuple[str, ...]
    """The terms that have an estimate."""
    coefficient: Float[np.ndarray, " k"]
    covariance: Float[np.ndarray, "k k"]
    """Clustered; variances of the coefficients on its diagonal. Not a number where there are fewer
    clusters than terms."""
    rows: int
    """Rows the estimate rests on."""
    years: tuple[int, ...]
    clusters: int
    fit: float
    """R squared, or for `ppml` the squared correlation of flows and fitted flows."""
    left_out: tuple[str, ...]
    """Pairs that never trade in the sample, and so say nothing where pairs have effects."""
    rows_left_out: Mapping[str, int]
    """How many rows are left out, by reason."""
    dropped: Mapping[str, str]
    """Terms of the specification that have no estimate, each with the reason."""
    notes: tuple[str, ...]
    """What else a reader of the errors must know, a sentence each."""
    seconds: float
    fitted: Frame
    """Fitted `outcome` (for `ols` its log), by row label of the panel."""
    levels: Frame
    """The level of every fixed effect, a column for each effect, by row label of the panel."""
    sum_of_effects: Frame
    """What the fixed effects add up to: the log of `fitted` less what the terms explain."""

    @cached_property
    def standard_error(self) -> Float[np.ndarray, " k"]:
        return np.sqrt(np.diag(self.covariance))

    @property
    def separated(self) -> int:
        """Rows of zero trade that an effect or a regressor fits exactly, and which are left out."""
        return sum(self.rows_left_out.get(reason, 0) for reason in (NEVER_TRADE, SEPARATED))

    def place(self, term: str) -> int:
        """Where a term stands; raises `EstimationError` for one that has no estimate."""
        if term in self.terms:
            return self.terms.index(term)
        if term in self.dropped:
            raise EstimationError(
                f"'{term}' of '{self.specification.name}' has no estimate: {self.dropped[term]}."
            )
        raise EstimationError(
            f"'{self.specification.name}' has no term '{term}'; {nearest(term, self.terms)}"
        )

    def __getitem__(self, term: str) -> float:
        return float(self.coefficient[self.place(term)])

    def error(self, term: str) -> float:
        return float(self.standard_error[self.place(term)])

    def total(self, terms: Sequence[str]) -> tuple[float, float]:
        """The sum of several coefficients and its standard error."""
        weight = np.zeros(len(self.terms))
        weight[[self.place(term) for term in terms]] = 1.0
        return float(weight @ self.coefficient), float(np.sqrt(weight @ self.covariance @ weight))

    def percent_change(self, first: str, last: str) -> tuple[float, float]:
        """100 (last - first) / first and its standard error, by the delta method."""
        before, after = self[first], self[last]
        slope = np.zeros(len(self.terms))
        slope[self.place(first)] = -100.0 * after / before**2
        slope[self.place(last)] = 100.0 / before
        error = float(np.sqrt(slope @ self.covariance @ slope))
        return 100.0 * (after - before) / before, error

    def effects(
        self, zero: Mapping[str, Collection[str]] = MappingProxyType({})
    ) -> dict[str, Frame]:
        """The fixed effects by name, each by level, in logs.

        Levels of different effects can be told apart only up to what they share: a higher effect
        of an exporter with a lower one of all its pairs fits the same flows. `zero` names levels
        to compare with, such as `{"pair": ["KOR-KOR", "CHN-CHN"]}`; what is then still open is
        settled by the least sum of squares. Raises `EstimationError` for levels that are not
        there, or that cannot all be zero.
        """
        return split(self.levels, self.sum_of_effects, zero)

    def table(self) -> pd.DataFrame:
        """One row for each term: estimate, standard error, z, p, and 95 percent interval.

        A term without an estimate comes last, without a number; `note` says why.
        """
        error = self.standard_error
        z = self.coefficient / error
        reach = stats.norm.ppf(0.975) * error
        columns = {
            "estimate": self.coefficient,
            "standard_error": error,
            "z": z,
            "p": 2.0 * stats.norm.sf(np.abs(z)),
            "low": self.coefficient - reach,
            "high": self.coefficient + reach,
        }
        without = np.full(len(self.dropped), np.nan)
        return pd.DataFrame(
            {
                "specification": self.specification.name,
                "term": (*self.terms, *self.dropped),
                **{name: np.concatenate([values, without]) for name, values in columns.items()},
                "note": (*[""] * len(self.terms), *self.dropped.values()),
            }
        )


def estimate(panel: Panel, specification: Specification, *, demeaned: float = DEMEANED) -> Estimate:
    """Estimate a specification on a panel.

    Raises `EstimationError` with one sentence where the rows cannot answer: no variation, terms
    that cannot be told apart, too few clusters, no convergence. A term about which only separated
    rows say anything (`existence`) is dropped, and has no number.
    """
    begun = time.perf_counter()
    sample = usable(panel, specification)
    rows, dropped = sample.rows, sample.dropped
    model = _fit(rows, specification, demeaned, tuple(dropped))
    explained = _explained(rows, specification)
    fitted = pd.Series(np.asarray(model._Y_hat_response, float), rows.index)
    _refuse_saturated(rows, specification, explained, fitted)
    names = tuple(_plain(name) for name in model._coefnames)
    told = np.array([name not in dropped for name in names])
    clusters = int(rows[specification.cluster].nunique())
    covariance, notes = _errors(model, told, clusters, _exact(explained, fitted))
    terms = tuple(name for name in names if name not in dropped)
    coefficient = np.asarray(model._beta_hat, float)[told]
    return Estimate(
        specification=specification,
        terms=terms,
        coefficient=coefficient,
        covariance=covariance,
        rows=len(rows),
        years=tuple(sorted(map(int, rows["year"].unique()))),
        clusters=clusters,
        fit=float(np.corrcoef(explained, fitted)[0, 1] ** 2),
        left_out=sample.without_trade,
        rows_left_out=sample.left_out,
        dropped=dropped,
        notes=notes,
        seconds=time.perf_counter() - begun,
        fitted=fitted,
        levels=rows[list(specification.effects)],
        sum_of_effects=_left(
            rows, specification, fitted, dict(zip(terms, coefficient, strict=True))
        ),
    )


def _left(
    rows: Frame, specification: Specification, fitted: Frame, coefficients: Mapping[str, float]
) -> Frame:
    """The log of fitted flows less what the terms explain."""
    logs = fitted if specification.estimator == "ols" else np.log(fitted)
    for term, coefficient in coefficients.items():
        logs = logs - coefficient * (1.0 if term == CONSTANT else rows[term].astype(float))
    return logs


def _plain(name: object) -> str:
    return CONSTANT if str(name) == "Intercept" else str(name)


def _explained(rows: Frame, specification: Specification) -> Frame:
    values = rows[specification.outcome].astype(float)
    return np.log(values) if specification.estimator == "ols" else values


def _exact(explained: Frame, fitted: Frame) -> bool:
    """Whether the fit is exact up to rounding."""
    return bool(((explained - fitted) ** 2).sum() <= EXACT * (explained**2).sum())


def _errors(
    model: Any, told: Bool[np.ndarray, " fitted"], clusters: int, exact: bool
) -> tuple[Float[np.ndarray, "k k"], tuple[str, ...]]:
    """The covariance of the terms that are told, and what must be said about it."""
    covariance, notes = np.asarray(model._vcov, float)[np.ix_(told, told)], []
    if clusters < len(told):
        covariance = np.full_like(covariance, np.nan)
        notes.append(f"{clusters} clusters are fewer than {len(told)} terms: there are no errors.")
    if exact:
        notes.append("The equation fits every row exactly: the errors are those of rounding.")
    return covariance, tuple(notes)


def _refuse_saturated(
    rows: Frame, specification: Specification, explained: Frame, fitted: Frame
) -> None:
    """Refuse as many parameters as rows: they would fit any data."""
    levels = sum(rows[name].nunique() for name in specification.effects) or 1
    most = len(specification.regressors) + levels - max(len(specification.effects) - 1, 0)
    if len(rows) <= most and _exact(explained, fitted):
        raise EstimationError(
            f"the {len(rows)} rows of '{specification.name}' are too few: its {most} terms and "
            "levels of effects fit them whatever they are."
        )


def _coded(rows: Frame, specification: Specification) -> pd.DataFrame:
    """Labels as integers, in the order of the rows, which pyfixest handles fastest."""
    columns: dict[str, Any] = {"explained": _explained(rows, specification).to_numpy()}
    columns |= {name: rows[name].to_numpy(float) for name in specification.regressors}
    # A cluster may also be an effect, so that both are coded under names of their own.
    labels = {f"effect_{name}": name for name in specification.effects}
    labels["cluster"] = specification.cluster
    columns |= {code: pd.factorize(rows[name])[0] for code, name in labels.items()}
    return pd.DataFrame(columns)


def _pyfixest() -> Any:
    """Loaded on first use: it takes seconds that no other command should wait for."""
    try:
        return import_module("pyfixest")
    except ImportError as error:
        raise EstimationError(
            "estimation needs a package that is not installed; install it with "
            'pip install "detente[estimation]".'
        ) from error


def _fit(rows: Frame, specification: Specification, demeaned: float, dropped: Sequence[str]) -> Any:
    """The fitted model; of the terms, only those known to have no estimate may be lost."""
    pyfixest = _pyfixest()
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
    # Separated rows are left out already.
    poisson = {"iwls_tol": TOLERANCE, "iwls_maxiter": MOST_STEPS, "separation_check": []}
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
        raise EstimationError(inseparable(specification.regressors, specification)) from error
    except Exception as error:
        if "onverge" not in type(error).__name__ + str(error):
            raise
        raise EstimationError(_unsettled(specification)) from error
    lost = [str(name) for name in model._collin_vars or () if str(name) not in dropped]
    if lost:
        raise EstimationError(inseparable(lost, specification))
    # It stops at its last step without a word.
    if specification.estimator == "ppml" and not model.convergence:
        raise EstimationError(_unsettled(specification))
    return model


def _unsettled(specification: Specification) -> str:
    return f"'{specification.name}' did not converge in {MOST_STEPS} steps."
