"""Read, check and write a baseline: one NetCDF file, shipped, built or written by a user."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Float

from .._core import BaselineError, too_large, whole_file
from ..gazetteer import find_baseline, plain_name
from ..schema import conform, refuse_lies
from ..world import Baseline, Economy, ServicesRestrictiveness
from .balance import corners
from .fingerprint import fingerprint
from .travel import with_travel


# Shares may miss one by the rounding of a single-precision or printed source, and no more.
SHARE_TOLERANCE = 1e-5
# Negative final demand up to this share of absorption is rounding; beyond it the tables disagree.
FINAL_DEMAND_TOLERANCE = 1e-6
# National tables book by-products as small negative inputs; a larger one is a mistake of sign.
BY_PRODUCT = 0.1
# Use over what is bought from which a ratio says nothing.
_NEXT_TO_NONE = 100.0
# Other flows may miss an output by the rounding of single precision, and no more.
OUTPUT_TOLERANCE = 1e-5

MOST_BYTES = 4_000_000_000
"""Of a baseline: one of 200 countries and 100 sectors has half."""

OTHER_BASES = ("tariff_line_average", "trade_alternative")
"""Variables that draws put in place of `tariff` and of `trade`, or between the two."""

_ORDER = ("publication", "origin", "destination", "country", "input", "sector")
_SAME_LABELS = {"destination": "origin", "country": "origin", "input": "sector"}


def load_baseline(reference: str | Path) -> Baseline:
    """The baseline of that name, shipped or built, or the one in that file.

    A name that ends in `-travel` is the world before it with travel laid over it (`with_travel`).
    """
    plain = plain_name(reference)
    if plain is not None:
        return with_travel(load_baseline(plain))
    path = find_baseline(reference)
    return baseline_from_dataset(read_dataset(path), str(path))


def read_dataset(path: Path) -> xr.Dataset:
    """The labelled arrays of a baseline file, in memory."""
    if reason := too_large(path, MOST_BYTES):
        raise BaselineError(f"{path} is too large for a baseline: {reason}.")
    with path.open("rb") as file:
        start = file.read(4)
    if start[:3] != b"CDF":
        raise BaselineError(
            f"{path} is not a NetCDF-3 file; write it with "
            "dataset.to_netcdf(path, engine='scipy', format='NETCDF3_64BIT')."
        )
    try:
        refuse_lies(path)
        return xr.load_dataset(path, engine="scipy", mmap=False)
    except Exception as error:
        raise BaselineError(f"{path} is damaged: it cannot be read as NetCDF-3.") from error


def write_dataset(dataset: xr.Dataset, path: Path) -> None:
    """Write a baseline whose bytes depend on its content alone, whole or not at all."""
    with whole_file(path) as new:
        dataset.to_netcdf(new, engine="scipy", format="NETCDF3_64BIT")


def baseline_from_dataset(dataset: xr.Dataset, where: str = "the baseline") -> Baseline:
    """Check labelled arrays and turn them into a baseline, or raise with every problem found."""
    _refuse(where, conform(dataset, "baseline"))
    _refuse(where, [*_labels_that_differ(dataset), *_words_for_numbers(dataset)])
    _refuse(where, _year_in_words(dataset))
    groups = {name: _groups(dataset, name, where) for name in ("country_groups", "sector_groups")}
    ordered = dataset.transpose(*_ORDER, ..., missing_dims="ignore")
    arrays = {str(name): np.asarray(data, np.float64) for name, data in ordered.data_vars.items()}
    _refuse(where, _impossible_values(arrays, dataset))
    _refuse(where, _other_outputs(arrays, dataset))
    economy, adjustments = _economy(arrays, where, dataset)
    line_average, other = (arrays.get(name) for name in OTHER_BASES)
    digest = fingerprint(economy, line_average, other)
    return Baseline(
        name=str(dataset.attrs.get("name", "unnamed")),
        countries=tuple(map(str, dataset.origin.values)),
        sectors=tuple(map(str, dataset.sector.values)),
        economy=economy,
        **groups,
        restrictiveness=_restrictiveness(dataset, arrays),
        published_elasticities=_published(dataset, arrays),
        line_average_tariff=line_average,
        alternative_trade=other,
        input_trade=arrays.get("input_trade"),
        imputed_share=arrays.get("trade_imputed_share"),
        country_names=_names(dataset, "country"),
        sector_names=_names(dataset, "sector"),
        about={**dataset.attrs, "adjusted_on_reading": adjustments, "hash": digest},
    )


def _refuse(where: str, problems: list[str]) -> None:
    if problems:
        more = f" (and {len(problems) - 3} more problems)" if len(problems) > 3 else ""
        said = "; ".join(problem.rstrip(".") for problem in problems[:3]) + more
        raise BaselineError(f"{where} is not a baseline: {said}{'' if said[-1] == '?' else '.'}")


def _words_for_numbers(dataset: xr.Dataset) -> list[str]:
    return [
        f"'{name}' holds words where numbers belong"
        for name, data in dataset.data_vars.items()
        if data.dtype.kind not in "fiu"
    ]


def _year_in_words(dataset: xr.Dataset) -> list[str]:
    year = dataset.attrs.get("year", 0)
    if np.asarray(year).dtype.kind in "iu":
        return []
    return [f"the attribute 'year' is {year!r} but must be a whole number"]


def _labels_that_differ(dataset: xr.Dataset) -> list[str]:
    twice = [dim for dim in dataset.dims if not dataset.get_index(dim).is_unique]
    return [f"'{dim}' has a label twice" for dim in twice] + [
        f"the labels of '{dim}' differ from those of '{other}'"
        for dim, other in _SAME_LABELS.items()
        if list(dataset[dim].values) != list(dataset[other].values)
    ]


def _impossible_values(arrays: Mapping[str, np.ndarray], dataset: xr.Dataset) -> list[str]:
    allowed = {
        "trade": (arrays["trade"] >= 0, "holds a negative flow"),
        "tariff": (arrays["tariff"] > -1, "holds a rate of -100 % or less"),
        "input_share": (arrays["input_share"] >= -BY_PRODUCT, f"holds a share below -{BY_PRODUCT}"),
        "value_added_share": (arrays["value_added_share"] >= 0, "holds a negative share"),
        "trade_elasticity": (arrays["trade_elasticity"] > 0, "must be positive in every sector"),
    }
    published = arrays.get("trade_elasticity_published")
    if published is not None:
        allowed["trade_elasticity_published"] = (published > 0, "must be positive in every sector")
    potential = arrays.get("potential_trade")
    if potential is not None:
        allowed["potential_trade"] = (potential >= arrays["trade"], "holds less than is traded")
    inputs = arrays.get("input_trade")
    if inputs is not None:
        is_part = (inputs >= 0) & (inputs <= arrays["trade"] * (1.0 + SHARE_TOLERANCE))
        allowed["input_trade"] = (is_part, "holds less than nothing or more than is traded")
    others = {
        "trade_alternative": (np.greater_equal, 0.0, "holds a negative flow"),
        "tariff_line_average": (np.greater, -1.0, "holds a rate of -100 % or less"),
        "trade_imputed_share": (_is_a_share, SHARE_TOLERANCE, "holds a share below 0 or above 1"),
    }
    for name, (holds, bound, what) in others.items():
        if name in arrays:
            allowed[name] = (holds(arrays[name], bound), what)
    problems = []
    for name, (valid, what) in allowed.items():
        if not np.isfinite(arrays[name]).all():
            problems.append(f"'{name}' holds a value that is missing or infinite")
        elif not valid.all():
            count = int((~valid).sum())
            more = f", the first of {count:,}" if count > 1 else ""
            problems.append(f"'{name}' {what} ({first_cell(~valid, dataset[name])}{more})")
    return problems


def _is_a_share(values: np.ndarray, tolerance: float) -> np.ndarray:
    return (values >= -tolerance) & (values <= 1.0 + tolerance)


def _other_outputs(arrays: Mapping[str, np.ndarray], dataset: xr.Dataset) -> list[str]:
    """Whether the alternative flows are other sales of the same outputs."""
    if "trade_alternative" not in arrays:
        return []
    output, other = (arrays[name].sum(axis=1) for name in ("trade", "trade_alternative"))
    missed = np.abs(other - output) > OUTPUT_TOLERANCE * output
    if not missed.any():
        return []
    place = first_cell(missed, dataset["value_added_share"])
    return [f"'trade_alternative' does not add up to the output of 'trade' ({place})"]


def first_cell(wrong: np.ndarray, data: xr.DataArray) -> str:
    """The labels of the first cell that is wrong."""
    dims = [dim for dim in _ORDER if dim in data.dims]
    position = np.argwhere(wrong)[0]
    return ", ".join(
        f"{dim} {data[dim].values[place]}" for dim, place in zip(dims, position, strict=True)
    )


def _economy(
    arrays: Mapping[str, np.ndarray], where: str, dataset: xr.Dataset
) -> tuple[Economy, list[dict[str, Any]]]:
    """An exact equilibrium from the arrays as read, and how far they had to be moved."""
    inputs, value_added = arrays["input_share"], arrays["value_added_share"]
    potential = arrays.get("potential_trade")
    total = inputs.sum(axis=1) + value_added
    gap = np.abs(total - 1.0)
    if gap.max() > SHARE_TOLERANCE:
        place = first_cell(gap > SHARE_TOLERANCE, dataset["value_added_share"])
        raise BaselineError(
            f"{where} is not a baseline: input and value-added shares must add up to 1 "
            f"and miss it by {gap.max():.2g} ({place})."
        )
    economy = Economy(
        trade=jnp.asarray(arrays["trade"]),
        tariff=jnp.asarray(arrays["tariff"]),
        input_share=jnp.asarray(inputs / total[:, None, :]),
        trade_elasticity=jnp.asarray(arrays["trade_elasticity"]),
        potential_trade=jnp.asarray(potential) if potential is not None else None,
    )
    line_average, other = (arrays.get(name) for name in OTHER_BASES)
    others = [
        replace(economy, trade=jnp.asarray(flows), tariff=jnp.asarray(rates))
        for flows, rates in corners(arrays["trade"], arrays["tariff"], other, line_average)
    ]
    economy, lifted = _without_negative_demand(economy, others, where, dataset)
    steps = {"input and value-added shares normalised to add up to 1": float(gap.max()),
             "negative final demand lifted to zero, as a share of absorption": lifted}  # fmt: skip
    _refuse(where, _without_income(economy, dataset))
    return economy, [{"step": step, "distance": moved} for step, moved in steps.items()]


@eqx.filter_jit
def _accounts(economy: Economy) -> dict[str, jax.Array]:
    return {
        "expenditure": economy.expenditure,
        "final_demand": economy.final_demand,
        "income": economy.income,
        "value_added": economy.value_added,
    }


def _without_negative_demand(
    economy: Economy, others: Sequence[Economy], where: str, dataset: xr.Dataset
) -> tuple[Economy, float]:
    """Scale down inputs that exceed what is bought by no more than rounding; refuse beyond it.

    The same holds in `others`, which have other flows or tariffs and are what draws lie between.
    """
    own, *there = [_excess(one) for one in (economy, *others)]
    excess = np.maximum.reduce([own, *there])
    if excess.max() <= 0:
        return economy, 0.0
    if excess.max() > FINAL_DEMAND_TOLERANCE:
        country, product = np.unravel_index(excess.argmax(), excess.shape)
        elsewhere = "" if own[country, product] == excess.max() else (
            " on its alternative flows or line averages of tariffs"
        )  # fmt: skip
        most, count = float(excess.max()), int((excess > FINAL_DEMAND_TOLERANCE).sum())
        much = f"by {most:.2g} of what it buys" if most < _NEXT_TO_NONE else "and buys next to none"
        more = f" (and so in {count - 1:,} more cells)" if count > 1 else ""
        raise BaselineError(
            f"{where} is not a baseline: {dataset.country.values[country]} uses more of "
            f"{dataset.sector.values[product]} as input than it buys{elsewhere}, {much}, which "
            f"leaves a negative final demand{more}."
        )
    scale = 1.0 / (1.0 + np.maximum(excess, 0.0))
    shares = np.asarray(economy.input_share) * scale[:, :, None]
    repaired = eqx.tree_at(lambda world: world.input_share, economy, jnp.asarray(shares))
    return repaired, float(excess.max())


def _excess(economy: Economy) -> Float[np.ndarray, "n k"]:
    """What is used of a product beyond what is bought of it, as a share of what is bought."""
    accounts = _accounts(economy)
    bought = np.asarray(accounts["expenditure"])
    return -np.asarray(accounts["final_demand"]) / np.where(bought > 0, bought, 1.0)


def _without_income(economy: Economy, dataset: xr.Dataset) -> list[str]:
    accounts = _accounts(economy)
    poor = np.minimum(accounts["income"], accounts["value_added"]) <= 0
    codes = dataset.country.values[poor]
    return [f"{code} has no income or value added" for code in codes]


def _groups(dataset: xr.Dataset, attribute: str, where: str) -> dict[str, tuple[str, ...]]:
    """Names that stand for several codes: a JSON object of lists in the attribute."""
    codes = set(map(str, dataset[attribute.removesuffix("_groups")].values))
    try:
        stored = json.loads(dataset.attrs.get(attribute, "{}"))
        groups = {str(name): tuple(members) for name, members in stored.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise BaselineError(
            f"{where} is not a baseline: the attribute '{attribute}' is not a JSON object of lists."
        ) from error
    unknown = [code for members in groups.values() for code in members if code not in codes]
    _refuse(where, [f"'{attribute}' names '{code}', which is not here" for code in unknown])
    return groups


def _names(dataset: xr.Dataset, dim: str) -> dict[str, str]:
    codes = [str(code) for code in dataset[dim].values]
    names = dataset.coords.get(f"{dim}_name")
    return dict(zip(codes, codes if names is None else map(str, names.values), strict=True))


def _restrictiveness(
    dataset: xr.Dataset, arrays: Mapping[str, np.ndarray]
) -> ServicesRestrictiveness | None:
    if not {"services_restrictiveness", "services_restrictiveness_benchmark"} <= set(arrays):
        return None
    index = dataset.services_restrictiveness.transpose("policy_area", "country", "sector")
    benchmark = dataset.services_restrictiveness_benchmark.transpose("policy_area", "sector")
    return ServicesRestrictiveness(
        policy_areas=tuple(map(str, dataset.policy_area.values)),
        score=np.asarray(index, np.float64),
        benchmark=np.asarray(benchmark, np.float64),
    )


def _published(dataset: xr.Dataset, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    if "trade_elasticity_published" not in arrays:
        return {}
    table = dataset.trade_elasticity_published.transpose("publication", "sector")
    return {str(row): np.asarray(table.sel(publication=row)) for row in table.publication.values}
