"""How wrong is the services split? The world of 2011, where the truth is known.

The rule that splits the services of 2022 (technology two years old, pattern eight years old) is
applied to the complete table of 2011 with the technology of 2009 and the pattern of 2003. The
errors are stated in the documentation; "outside" puts every second country into the rest of the
world of the pattern, as happens to those that the pattern of 2014 does not have.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest

from detente.calibrate.services import ServicesDemand, split_services


CHOSEN = os.environ.get("DETENTE_RAW")
RAW = Path(CHOSEN) if CHOSEN else Path(__file__).parents[2] / "shared" / "data"
FOLDER = RAW / "wiod2013_release"
INDUSTRIES, GOODS = 35, 16
MEASURED = {
    "own pattern": 0.470,
    "at home": 0.040,
    "world pattern": 1.023,
    "one side outside": 0.994,
    "both sides outside": 0.928,
}
"""Weighted absolute percentage errors of flows by pair and sector, as 0.47 for 47 %."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no raw sources in {FOLDER}"),
]


@dataclass(frozen=True)
class Table:
    """One year: flows (o, d, s), use by industry (n, k, s), final use (n, k) and output (n, s)."""

    flows: np.ndarray
    use: np.ndarray
    final: np.ndarray
    output: np.ndarray


def read(year: int) -> Table:
    path = str(FOLDER / f"wiot_{year}.parquet")
    frame = duckdb.sql("select * from read_parquet($path)", params={"path": path}).df()
    count = len(frame) // INDUSTRIES
    values = frame.drop(columns=["row", "output"]).to_numpy(float)
    split = count * INDUSTRIES
    use = values[:, :split].reshape(count, INDUSTRIES, count, INDUSTRIES)
    final = values[:, split:].reshape(count, INDUSTRIES, count, -1).sum(3)
    return Table(
        flows=np.maximum(use.sum(3) + final, 0).transpose(0, 2, 1),
        use=np.maximum(use, 0).sum(0).transpose(1, 0, 2),
        final=np.maximum(final.sum(0).T, 0),
        output=frame["output"].to_numpy(float).reshape(count, INDUSTRIES),
    )


def composition(flows: np.ndarray, abroad: np.ndarray) -> np.ndarray:
    total = flows.sum(2, keepdims=True)
    world = flows[abroad].sum(0) / flows[abroad].sum()
    return np.where(total > 0, flows / np.where(total > 0, total, 1.0), world)


def without(flows: np.ndarray, out: np.ndarray) -> np.ndarray:
    """The pattern with countries put into the rest of the world, as the world of 2022 does it."""
    rest = len(flows) - 1
    own = np.where(out, rest, np.arange(len(flows)))
    group = np.eye(len(flows))[own]
    abroad = flows * ~np.eye(len(flows), dtype=bool)[:, :, None]
    folded = np.einsum("oO,ods,dD->ODs", group, abroad, group, optimize=True)
    folded[rest, rest] = folded[rest].sum(0) - folded[rest, rest]
    return folded[own[:, None], own[None, :]]


def demand_of(technology: Table, output: np.ndarray) -> ServicesDemand:
    share = technology.use / np.maximum(technology.output, 1e-9)[:, None, :]
    final = technology.final[:, GOODS:]
    return ServicesDemand(
        use_by_goods=np.einsum("nks,ns->nk", share[:, GOODS:, :GOODS], output[:, :GOODS]),
        input_share=share[:, GOODS:, GOODS:],
        final_share=final / final.sum(1, keepdims=True),
    )


def test_the_split_of_2011() -> None:
    truth = read(2011).flows
    demand = demand_of(read(2009), truth.sum(1))
    pattern, services = read(2003).flows[:, :, GOODS:], truth[:, :, GOODS:]
    abroad = ~np.eye(len(truth), dtype=bool)

    def split(flows: np.ndarray) -> np.ndarray:
        return split_services(services.sum(2), composition(flows, abroad), demand).flows

    def error(estimate: np.ndarray, where: np.ndarray) -> float:
        return float(np.abs(estimate - services)[where].sum() / services[where].sum())

    found = {"own pattern": error(split(pattern), abroad)}
    found["at home"] = error(split(pattern), ~abroad)
    world = np.broadcast_to(pattern[abroad].sum(0), pattern.shape)
    found["world pattern"] = error(split(world), abroad)
    out = np.arange(len(truth)) % 2 == 1
    outside = out[:, None].astype(int) + out[None, :]
    masked = split(without(pattern, out))
    found["one side outside"] = error(masked, abroad & (outside == 1))
    found["both sides outside"] = error(masked, abroad & (outside == 2))
    assert found == pytest.approx(MEASURED, abs=0.01)
