"""Small worlds with known answers. 5 countries and 3 sectors are different primes, so that a
transposed or mis-broadcast axis is an error of shape."""

import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import xarray as xr

from detente.world import Economy


COUNTRIES = ["KOR", "CHN", "JPN", "USA", "ROW"]
SECTORS = ["CAR", "ELE", "BUS"]


def economy(
    seed: int = 0, *, tariffs: bool = True, inputs: bool = True, balanced: bool = False
) -> Economy:
    """A random world. Asymmetric, so that a transposed flow shows; with deficits unless balanced."""
    random = np.random.default_rng(seed)
    trade = random.lognormal(sigma=0.6, size=(5, 5, 3)) * random.lognormal(
        sigma=0.4, size=(5, 1, 1)
    )
    trade[np.arange(5), np.arange(5)] *= 12.0
    if balanced:
        # Balanced pair by pair and sector by sector: no deficit, at the price of symmetry.
        trade = (trade + trade.swapaxes(0, 1)) / 2
    abroad = 1.0 - np.eye(5)[:, :, None]
    tariff = random.uniform(0, 0.3, size=trade.shape) * abroad if tariffs else np.zeros_like(trade)
    shares = random.dirichlet(4 * np.ones(4), size=(5, 3))[:, :, :3].swapaxes(1, 2) * inputs
    used = np.einsum("nks,ns->nk", shares, trade.sum(axis=1)) / (trade * (1 + tariff)).sum(axis=0)
    # A fifth of every product at least is left for final demand.
    shares = shares / max(1.0, used.max() / 0.8)
    theta = jnp.asarray([5.0, 8.0, 3.5])
    return Economy(jnp.asarray(trade), jnp.asarray(tariff), jnp.asarray(shares), theta)


def dataset(
    world: Economy, countries: list[str] | None = None, sectors: list[str] | None = None
) -> xr.Dataset:
    """An economy as the labelled arrays of a baseline file."""
    places = countries or COUNTRIES
    fields = sectors or SECTORS
    share = {"units": "1"}
    flow, table = ("origin", "destination", "sector"), ("country", "input", "sector")
    return xr.Dataset(
        {
            "trade": (flow, np.asarray(world.trade), {"units": "million US$"}),
            "tariff": (flow, np.asarray(world.tariff), share),
            "input_share": (table, np.asarray(world.input_share), share),
            "value_added_share": (("country", "sector"), np.asarray(world.value_added_share), share),
            "trade_elasticity": (("sector",), np.asarray(world.trade_elasticity), share),
        },
        coords={"origin": places, "destination": places, "country": places, "input": fields, "sector": fields},
        attrs={
            "name": "synthetic", "title": "A synthetic world", "year": 2000, "basis": "synthetic",
            "sector_groups": json.dumps({"goods": fields[:-1], "services": fields[-1:]}),
        },
    )  # fmt: skip


def with_other_bases(made: xr.Dataset, seed: int = 1) -> xr.Dataset:
    """The same file with line averages of tariffs, and with services sold elsewhere by estimate.

    Half of the services that cross borders are imputed, and all that are sold at home.
    """
    random = np.random.default_rng(seed)
    tariff, trade = made.tariff.values, made.trade.values
    line = np.where(tariff > 0, tariff * random.uniform(1.0, 3.0, tariff.shape) + 0.02, tariff)
    other = trade.copy()
    other[:, :, -1] *= random.lognormal(sigma=0.5, size=trade.shape[:2])
    other *= (trade.sum(axis=1) / other.sum(axis=1))[:, None, :]
    imputed = np.zeros_like(trade)
    imputed[:, :, -1] = 0.5 + 0.5 * np.eye(len(trade))
    flow, about = made.trade.dims, [
        {"cells": "services across borders", "rule": "half of it split by a pattern; off by 30 % of the value in a trial",
         "share_of_value": 0.1, "count": 20},
        {"cells": "goods", "rule": "observed", "share_of_value": 0.6, "count": 50},
    ]  # fmt: skip
    return made.assign(
        tariff_line_average=(flow, line, {"units": "1"}),
        trade_alternative=(flow, other, {"units": "million US$"}),
        trade_imputed_share=(flow, imputed, {"units": "1"}),
    ).assign_attrs(imputation=json.dumps(about))


def write(world: xr.Dataset, path: Path) -> Path:
    world.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")
    return path
