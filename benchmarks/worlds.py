"""The worlds that are timed, each with the shock that is played on it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.gazetteer import available
from detente.world import Economy, Shock


# Above this size of one array of flows, phases that hold one per country are cut or left out.
LARGE_MB = 50.0
NAFTA = ("CAN", "MEX", "USA")


class AbsentError(Exception):
    """A world, package or file that is not here; the message says so in a line."""


@dataclass(frozen=True)
class World:
    name: str
    economy: Economy
    shock: Shock
    shocked: str
    """The shock in words."""

    @property
    def size(self) -> tuple[int, int]:
        countries, _, sectors = self.economy.trade.shape
        return countries, sectors

    @property
    def flow_mb(self) -> float:
        """One array of flows: origin, destination, sector."""
        return self.economy.trade.nbytes / 1e6

    @property
    def large(self) -> bool:
        return self.flow_mb > LARGE_MB


def load(name: str) -> World:
    """Raises `AbsentError` where the data of the world are not here."""
    return WORLDS[name]()


def raw_directory() -> Path:
    return Path(os.environ.get("DETENTE_RAW", "../shared/data"))


def replication(name: str) -> Path:
    """A folder of a replicated paper in the raw data directory."""
    folder = raw_directory() / "replication" / name
    if not folder.is_dir():
        raise AbsentError(f"the raw data directory has no {folder}")
    return folder


def _bilateral(name: str, economy: Economy) -> World:
    tariff = np.array(economy.tariff)
    tariff[0, 1] += 0.25
    words = "25 points of tariff by the second country on everything from the first"
    return World(name, economy, tariffs(economy, tariff), words)


def tariffs(economy: Economy, tariff: np.ndarray) -> Shock:
    return Shock.of(jnp.asarray(tariff), jnp.ones_like(economy.trade))


def _small() -> World:
    return _bilateral("synthetic 5 × 3", synthetic(5, 3))


def _compact() -> World:
    return _bilateral("compact-2022", load_baseline("compact-2022").economy)


def _full() -> World:
    if "world-2022" in available():
        return _bilateral("world-2022", load_baseline("world-2022").economy)
    if not raw_directory().is_dir():
        raise AbsentError(f"it is not built, and there is no raw data directory {raw_directory()}")
    from detente.calibrate.worlds import build_world

    built = baseline_from_dataset(build_world("world-2022", raw_directory()))
    return _bilateral("world-2022", built.economy)


def _large() -> World:
    return _bilateral("synthetic 265 × 170", synthetic(265, 170))


def _nafta() -> World:
    """The authors' solved base year, its input shares made to add up, and their tariffs of 2005."""
    source = replication("caliendo_parro_2015")
    base = np.load(source / "base_benchmark_noS.npz", allow_pickle=False)
    turned = lambda name: np.transpose(base[name], (2, 1, 0)).astype(float)
    beta, materials = base["va_share"].T.astype(float), base["io_share"].astype(float)
    total = materials.sum(axis=1, keepdims=True)
    materials = np.where(total > 0, materials / np.where(total > 0, total, 1.0), 0.0)
    economy = Economy(
        # Ten billion US$ in the source.
        trade=jnp.asarray(turned("flows_net_of_tariff") * 1e4),
        tariff=jnp.asarray(turned("tau") - 1.0),
        input_share=jnp.asarray(materials * (1.0 - beta)[:, None, :]),
        trade_elasticity=jnp.asarray(base["theta"].astype(float)),
    )
    rates = np.load(source / "raw_1993.npz", allow_pickle=False)["tariff_2005_pct"] / 100
    tariff, codes = np.array(economy.tariff), [str(code) for code in base["countries"]]
    members = [codes.index(code) for code in NAFTA]
    for o in members:
        for d in members:
            if o != d:
                tariff[o, d, : len(rates)] = rates[:, d, o]
    words = "the tariffs of 2005 among Canada, Mexico and the United States, all else as in 1993"
    return World("nafta-1993", economy, tariffs(economy, tariff), words)


def synthetic(countries: int, sectors: int, seed: int = 0) -> Economy:
    """A world of no place: gravity with home bias, deficits, tariffs, inputs; nothing symmetric."""
    random = np.random.default_rng(seed)
    size = random.lognormal(sigma=1.5, size=countries)
    place = random.uniform(size=(countries, 2))
    distance = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=-1)) + 0.05
    ease = distance**-1.1 * np.where(np.eye(countries) > 0, 1.0, 0.03)
    sold = random.lognormal(sigma=0.7, size=(countries, sectors)) * size[:, None] ** 0.9
    bought = random.lognormal(sigma=0.5, size=(countries, sectors)) * size[:, None] ** 0.9
    most_favoured = random.uniform(0.0, 0.15, size=(countries, sectors))
    trade = np.empty((countries, countries, sectors))
    tariff = np.zeros_like(trade)
    # Sector by sector: the numbers drawn for one are all that is held beside the result.
    for s in range(sectors):
        noise = random.lognormal(sigma=0.5, size=(countries, countries))
        trade[:, :, s] = sold[:, s, None] * bought[None, :, s] * ease * noise
        dutiable = (random.uniform(size=noise.shape) < 0.7) * (1.0 - np.eye(countries))
        tariff[:, :, s] = most_favoured[None, :, s] * dutiable
    trade *= 1e8 / trade.sum()
    shares = random.gamma(0.3, size=(countries, sectors, sectors))
    shares *= random.uniform(0.3, 0.7, size=(countries, 1, sectors)) / shares.sum(axis=1)[:, None]
    spent = sum((trade[o] * (1.0 + tariff[o]) for o in range(countries)), np.zeros_like(sold))
    used = np.matmul(shares, trade.sum(axis=1)[:, :, None])[:, :, 0]
    # A fifth of every product at least is left for final demand.
    shares *= np.minimum(1.0, 0.8 * spent / used)[:, :, None]
    theta = random.uniform(2.5, 10.0, size=sectors)
    return Economy(*(jnp.asarray(array) for array in (trade, tariff, shares, theta)))


WORLDS: Mapping[str, Callable[[], World]] = {
    "synthetic-5x3": _small,
    "compact-2022": _compact,
    "nafta-1993": _nafta,
    "world-2022": _full,
    "synthetic-265x170": _large,
}
