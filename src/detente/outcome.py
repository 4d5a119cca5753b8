"""Arrays to labels: an equilibrium as a dataset that conforms to `variables.csv`, and its file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from ._core import OutcomeError, Status
from .account import account, items_of, main_pair, SIDES
from .adjustment import labour_in_words
from .closure import Closure
from .equilibrium import certify, Equilibrium, measures, only_tariffs_move, TEXTBOOK
from .evidence import acted_on, evidence, imputed_output
from .policy import directions
from .scenario import against_their_direction, assumptions, focus, Scenario, to_toml
from .schema import conform, of_kind, refuse_lies
from .world import Baseline, Economy, Shock


DEFICITS = {
    "fixed": "fixed in world value added",
    "proportional": "a fixed multiple of own income",
    "saving": "fixed parts of the world's saving",
    "removed": "removed before the policies",
}
NUMERAIRE = "world value added"
LINEAR = ("welfare_linear", "terms_of_trade_linear", "volume_of_trade_linear")
"""Left out where more than tariffs moves: they have no term for it."""

_LABELS = {
    "origin": "countries", "destination": "countries", "country": "countries",
    "partner": "countries", "sector": "sectors",
}  # fmt: skip


def label(
    baseline: Baseline,
    scenario: Scenario,
    shock: Shock,
    equilibrium: Equilibrium,
    welfare_by_publication: Mapping[str, np.ndarray] | None = None,
    closure: Closure = TEXTBOOK,
) -> xr.Dataset:
    """Everything that is reported about a counterfactual, labelled, with where it came from.

    The values of an equilibrium that was not found are missing, never numbers.
    """
    status = Status.of(int(equilibrium.status))
    values = _values(baseline.economy, equilibrium)
    kept = LINEAR if only_tariffs_move(baseline.economy, shock, closure) else ()
    kept = (*kept, "capital_stock") if baseline.economy.capital is not None else kept
    rows = {n: row for n, row in of_kind("outcome").items() if row.required or n in kept}
    variables = {
        name: (row.dims, _kept(values[name], status), _attributes(name, baseline))
        for name, row in rows.items()
    }
    dims = {dim for row in rows.values() for dim in row.dims}
    coords: dict[str, Any] = {dim: list(getattr(baseline, _LABELS[dim])) for dim in sorted(dims)}
    coords["country_name"] = ("country", [baseline.country_names[c] for c in baseline.countries])
    coords["sector_name"] = ("sector", [baseline.sector_names[s] for s in baseline.sectors])
    about = _about(baseline, scenario) | _tariffs(baseline, scenario, shock)
    about |= _certified(baseline, shock, equilibrium, closure)
    about["evidence"] = json.dumps(evidence(baseline, acted_on(baseline, shock)))
    outcome = xr.Dataset(variables, coords, about)
    if status is Status.SOLVED:
        outcome = _with_imputed(_with_account(outcome, baseline), baseline)
    if not welfare_by_publication:
        return outcome
    welfare = {"welfare_by_elasticity": np.stack([*welfare_by_publication.values()])}
    return with_optional(outcome, baseline, welfare, publication=list(welfare_by_publication))


def _with_account(outcome: xr.Dataset, baseline: Baseline) -> xr.Dataset:
    """The outcome with the account of its main pair: how it changes, and what part is imputed."""
    pair = main_pair(outcome)
    if pair is None:
        return outcome
    here, there = (baseline.country_index[code] for code in pair)
    sectors, groups = baseline.sectors, baseline.sector_groups
    both_ways = lambda flows: account(flows[here, there], flows[there, here], sectors, groups)
    before, after = (outcome[f"trade_{moment}"].values for moment in ("before", "after"))
    values = {"account_change": both_ways(after - before)}
    if baseline.imputed_share is not None:
        values["account_imputed_share"] = _gross_share(
            both_ways(baseline.imputed_share * before), both_ways(before)
        )
    items = list(items_of(sectors, groups))
    whole = with_optional(outcome, baseline, values, side=SIDES, item=items)
    names = [baseline.sector_names.get(item, item) for item in items]
    whole = whole.assign_coords(item_name=("item", names))
    return whole.assign_attrs(account_country=pair[0], account_partner=pair[1])


def _with_imputed(outcome: xr.Dataset, baseline: Baseline) -> xr.Dataset:
    """The outcome with the part of what each sector sells, at home and abroad, that is imputed."""
    if baseline.imputed_share is None:
        return outcome
    values = {"output_imputed_share": imputed_output(baseline)}
    return with_optional(outcome, baseline, values)


def _gross_share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The part in each side of an account; of the balance, in exports and imports together."""
    of = [np.stack([one[0], one[1], one[0] + one[1]]) for one in (part, whole)]
    return np.divide(*of, out=np.zeros_like(of[0]), where=of[1] > 0)


def with_optional(
    outcome: xr.Dataset,
    baseline: Baseline,
    values: Mapping[str, np.ndarray],
    **labels: Sequence[str],
) -> xr.Dataset:
    """The outcome with variables that not every outcome has, and the labels of their own dims."""
    rows = of_kind("outcome")
    tables = {name: (rows[name].dims, array, _attributes(name, baseline))
              for name, array in values.items()}  # fmt: skip
    return outcome.assign_coords({dim: list(names) for dim, names in labels.items()}).assign(tables)


def save(outcome: xr.Dataset, path: Path) -> None:
    """Write an outcome as NetCDF."""
    outcome.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")


def load_outcome(path: str | Path) -> xr.Dataset:
    """Read an outcome from its file or from the run directory that holds it."""
    file = Path(path) / "outcome.nc" if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise OutcomeError(f"there is no outcome at {file}.")
    try:
        refuse_lies(file)
        outcome = xr.load_dataset(file, engine="scipy", mmap=False)
    except Exception as error:
        raise OutcomeError(f"{file} cannot be read as an outcome: it is not NetCDF-3.") from error
    problems = conform(outcome, "outcome")
    if problems:
        raise OutcomeError(f"{file} is not an outcome: {'; '.join(problems[:3])}.")
    return outcome.assign_attrs({name: _plain(one) for name, one in outcome.attrs.items()})


def _plain(attribute: Any) -> Any:
    """As it was written: NetCDF hands numbers back as NumPy's, and no text as an empty array."""
    if not isinstance(attribute, np.ndarray | np.generic):
        return attribute
    return attribute.item() if attribute.size == 1 else ""


def to_nested(outcome: xr.Dataset) -> dict[str, Any]:
    """An outcome as plain objects keyed by variable, then by labels in the order of its dims."""
    head = {key: _finite(outcome.attrs[key]) for key in _HEADLINE}
    if "evidence" in outcome.attrs:
        head["evidence"] = json.loads(outcome.attrs["evidence"])
    head |= {key: json.loads(outcome.attrs[key]) for key in _OF_TARIFFS if key in outcome.attrs}
    if "draws" in outcome.attrs:
        head |= {key: outcome.attrs[key] for key in _OF_DRAWS}
        head["welfare_drivers"] = json.loads(outcome.attrs["welfare_drivers"])
    head |= {key: outcome.attrs[key] for key in _OPTIONAL if key in outcome.attrs}
    return {**head, **{str(name): _nested(data) for name, data in outcome.data_vars.items()}}


_HEADLINE = (
    "status", "solved", "title", "scenario", "baseline", "baseline_year", "baseline_hash", "basis",
    "horizon", "deficits", "numeraire", "residual", "walras", "steps", "version",
)  # fmt: skip
_OF_TARIFFS = ("tariffs", "tariffs_against")
_OPTIONAL = ("account_country", "account_partner", "other_horizon")
_OF_DRAWS = ("draws", "draws_solved", "seed", "level")


def _finite(value: Any) -> Any:
    """Nested values with None for what is not a number, which JSON cannot say."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _nested(data: xr.DataArray) -> dict[str, Any]:
    labels = [str(value) for value in data[data.dims[0]].values]
    if data.ndim == 1:
        numbers = [None if np.isnan(value) else value for value in data.values.tolist()]
        return dict(zip(labels, numbers, strict=True))
    return {key: _nested(data[position]) for position, key in enumerate(labels)}


def _kept(values: np.ndarray, status: Status) -> np.ndarray:
    return values if status is Status.SOLVED else np.full_like(values, np.nan)


def _values(economy: Economy, equilibrium: Equilibrium) -> dict[str, np.ndarray]:
    return {name: np.asarray(array) for name, array in measures(economy, equilibrium).items()}


def _attributes(name: str, baseline: Baseline) -> dict[str, str]:
    row = of_kind("outcome")[name]
    attributes = {"units": row.unit, "long_name": row.description}
    if row.basis:
        attributes["basis"] = str(baseline.about.get("basis", "as in the baseline"))
    return attributes


def _about(baseline: Baseline, scenario: Scenario) -> dict[str, Any]:
    """Where an outcome came from and what it rests on, in values that a file can hold."""
    from . import __version__

    about = baseline.about
    return {
        "title": scenario.title,
        "question": scenario.question,
        "reading": scenario.reading,
        "scenario": scenario.name,
        "scenario_toml": to_toml(scenario),
        "focus": json.dumps(focus(scenario, baseline)),
        "assumptions": json.dumps(assumptions(scenario, baseline)),
        "limits": json.dumps(scenario.limits),
        "baseline": baseline.name,
        "baseline_title": str(about.get("title", baseline.name)),
        "baseline_year": int(about.get("year", 0)),
        "baseline_hash": str(about.get("hash", "")),
        "basis": str(about.get("basis", "as in the baseline")),
        "sources": str(about.get("source", "")),
        "licence": str(about.get("licence", "")),
        "imputation": str(about.get("imputation", "[]")),
        "adjustments": str(about.get("adjustments", "[]")),
        "adjusted_on_reading": json.dumps(about.get("adjusted_on_reading", [])),
        "sector_groups": json.dumps(baseline.sector_groups),
        "elasticities": str(about.get("elasticities", "those of the baseline")),
        "horizon": str(scenario.horizon),
        "labour": labour_in_words(scenario.adjustment),
        "deficits": DEFICITS[scenario.adjustment.deficits],
        "numeraire": NUMERAIRE,
        "version": __version__,
        "command": f"detente run {scenario.name}",
    }


def _tariffs(baseline: Baseline, scenario: Scenario, shock: Shock) -> dict[str, str]:
    """Duties that move, by direction, and policies that move some against their own direction."""
    return {
        "tariffs": json.dumps(directions(baseline, np.asarray(shock.tariff))),
        "tariffs_against": json.dumps(list(against_their_direction(scenario, baseline).values())),
    }


def _certified(
    baseline: Baseline, shock: Shock, equilibrium: Equilibrium, closure: Closure
) -> dict[str, Any]:
    """The certificate, recomputed apart from the solver."""
    status = Status.of(int(equilibrium.status))
    checked = certify(baseline.economy, shock, equilibrium, closure)
    return {
        "status": status.sentence,
        "solved": int(status is Status.SOLVED),
        "steps": int(equilibrium.steps),
        "residual": checked.largest,
        "walras": checked.walras,
    }
