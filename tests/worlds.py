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


def write(world: xr.Dataset, path: Path) -> Path:
    world.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")
    return path
