"""The values of an outcome that are kept beside its scenario."""

import json
from collections.abc import Iterator

import xarray as xr


HEADER = "variable,label,unit,value"
BY_COUNTRY = ("welfare", "equivalent_variation", "welfare_linear", "real_wage")


def rows(outcome: xr.Dataset) -> Iterator[tuple[str, str, str, str]]:
    """Welfare everywhere, linear where it is reported; the balance between the countries in focus, and what they produce."""
    focus = json.loads(outcome.attrs["focus"])
    for name in (name for name in BY_COUNTRY if name in outcome):
        for code in outcome.country.values:
            yield _row(outcome[name], name, country=code)
    for name in ("balance_before", "balance_after"):
        yield _row(outcome[name], name, country=focus[0], partner=focus[1])
    for code in focus:
        for sector in outcome.sector.values:
            yield _row(outcome["output"], "output", country=code, sector=sector)


def _row(data: xr.DataArray, name: str, **labels: str) -> tuple[str, str, str, str]:
    value = float(data.sel(labels))
    return name, ".".join(map(str, labels.values())), data.attrs["units"], f"{value:.6g}"
