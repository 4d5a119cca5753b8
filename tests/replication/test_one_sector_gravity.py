"""One sector of gravity in general equilibrium: Stata's ge_gravity, the WTO guide, gegravity.

All three are one model with one elasticity, and differ in what becomes of deficits: added to income
(`fixed`), or a multiple of it (`proportional`). The algorithm of ge_gravity is the independent
implementation; what the packages print is the published number.
"""

from pathlib import Path

import duckdb
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from detente.closure import Closure
from detente.equilibrium import Equilibrium, welfare_hat
from detente.world import Economy, Shock

from .engine import armington, real_wage_hat, solved
from .independent import ge_gravity, structural_gravity


# The engine stops at 1e-10, the fixed point of ge_gravity where rounding stops it.
AGREE = 1e-8
# Seven decimals of a hat; the packages stop at 1e-8.
PRINTED = 1e-7
CLOSURES = {False: Closure(), True: Closure(deficits="proportional")}

pytestmark = pytest.mark.shared


def played(
    flows: np.ndarray, partial: np.ndarray, theta: float, *, multiplicative: bool
) -> tuple[Economy, Equilibrium]:
    """The engine, after costs that alone would change the logs of flows by `partial`."""
    world = armington(flows, theta)
    cost = jnp.asarray(np.exp(-partial / theta)[:, :, None])
    return world, solved(world, Shock.of(world.tariff, cost), CLOSURES[multiplicative])


def assert_agrees_with_ge_gravity(
    flows: np.ndarray, partial: np.ndarray, theta: float, *, multiplicative: bool
) -> None:
    world, found = played(flows, partial, theta, multiplicative=multiplicative)
    other = ge_gravity(flows, partial, theta, multiplicative=multiplicative)
    np.testing.assert_allclose(found.labour_income_hat, other.wage, rtol=AGREE)
    np.testing.assert_allclose(found.price_hat[:, 0], other.price, rtol=AGREE)
    np.testing.assert_allclose(real_wage_hat(world, found), other.real_wage, rtol=AGREE)


def read(path: Path, where: str = "true") -> pd.DataFrame:
    query = f"select * from read_parquet($path) where {where}"
    return duckdb.sql(query, params={"path": str(path)}).df()


def square(frame: pd.DataFrame, column: str) -> np.ndarray:
    """A long table as [exporter, importer], both in alphabetical order."""
    table = frame.pivot(index="exporter", columns="importer", values=column)
    return table.sort_index(axis=0).sort_index(axis=1).to_numpy(float)


def places(frame: pd.DataFrame, *countries: str) -> list[int]:
    order = sorted(frame["exporter"].unique())
    return [order.index(country) for country in countries]


# --- ge_gravity: the enlargements of the EU, 2000 to 2014 ----------------------------------------

# The articles of GEGravity 1.0.0 (R) estimate 0.224249 and take a trade elasticity of 4.
ENLARGEMENT, THETA = 0.224249, 4.0
# Printed by its articles "GE_Gravity Example", and "Logic and Testing" for Australia: welfare, real
# wage, wage and price index.
ADDITIVE = {
    "DEU": (1.0007249, 1.0007204, 1.0002367, 0.9995167),
    "IDN": (0.9999865, 0.9999931, 0.9998933, 0.9999002),
    "FIN": (1.0004615, 1.0004125, 1.0008138, 1.0004012),
    "LTU": (1.0065244, 1.0064727, 0.9993151, 0.9928884),
    "GRC": (1.0002792, 1.0002622, 0.9998333, 0.9995712),
    "CAN": (0.9999912, 0.9999941, 0.9999349, 0.9999408),
    "JPN": (0.9999971, 0.9999982, 0.9999063, 0.9999082),
    "GBR": (1.0001393, 1.0001392, 1.0001324, 0.9999932),
    "NOR": (1.0002589, 1.0002422, 1.0001253, 0.9998831),
    "PRT": (1.0000813, 1.0000725, 0.9998933, 0.9998208),
    "AUS": (0.9999938, 0.9999945, 0.9999236, 0.9999292),
}
# The same for multiplicative deficits: real wage, wage and price index.
MULTIPLICATIVE = {"AUS": (0.9999948, 0.9999268, 0.9999321)}


@pytest.fixture(scope="module")
def enlargement(paper) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Flows of 2000, and one where a pair came to be in the EU by 2014."""
    panel = read(paper("ge_gravity_stata") / "trade_2000_2014.parquet")
    year = lambda number: panel[panel["year"] == number]
    joined = square(year(2014), "eu_enlargement") - square(year(2000), "eu_enlargement")
    return year(2000), square(year(2000), "trade"), joined


@pytest.mark.parametrize("multiplicative", [False, True])
def test_the_enlargement_agrees_with_ge_gravity(enlargement, multiplicative: bool) -> None:
    """Baier, Yotov and Zylkin (2019), Journal of International Economics 116."""
    _, flows, joined = enlargement
    assert_agrees_with_ge_gravity(flows, ENLARGEMENT * joined, THETA, multiplicative=multiplicative)


def test_the_enlargement_as_printed(enlargement) -> None:
    frame, flows, joined = enlargement
    world, found = played(flows, ENLARGEMENT * joined, THETA, multiplicative=False)
    ours = [
        welfare_hat(world, found),
        real_wage_hat(world, found),
        found.labour_income_hat,
        found.price_hat[:, 0],
    ]
    rows = places(frame, *ADDITIVE)
    np.testing.assert_allclose(
        np.stack(ours, axis=1)[rows], list(ADDITIVE.values()), atol=PRINTED, rtol=0
    )
    world, found = played(flows, ENLARGEMENT * joined, THETA, multiplicative=True)
    ours = [real_wage_hat(world, found), found.labour_income_hat, found.price_hat[:, 0]]
    rows = places(frame, *MULTIPLICATIVE)
    np.testing.assert_allclose(
        np.stack(ours, axis=1)[rows], list(MULTIPLICATIVE.values()), atol=PRINTED, rtol=0
    )


def test_multiples_of_income_have_to_be_scaled_to_add_up(enlargement) -> None:
    """With multiplicative deficits welfare is the real wage times one number for the whole world.

    ge_gravity calls the real wage welfare. The number is small, and goes to everybody alike.
    """
    _, flows, joined = enlargement
    world, found = played(flows, ENLARGEMENT * joined, THETA, multiplicative=True)
    ratio = np.asarray(welfare_hat(world, found)) / real_wage_hat(world, found)
    spent, wage = flows.sum(axis=0), np.asarray(found.labour_income_hat)
    np.testing.assert_allclose(ratio, spent.sum() / (spent * wage).sum(), rtol=AGREE)


# --- The guide of Yotov, Piermartini, Monteiro and Larch (2016) ------------------------------------

# Its elasticity of substitution is 7.
GUIDE_THETA = 6.0
# The anchor of chapter 1: the effect of an agreement with effects of pairs.
AGREEMENT = 0.5571853
# Chapter 2, application 1, as its log prints them: log distance, contiguity, the border, and the
# deviance of the fit.
DISTANCE, CONTIGUITY, BORDER, DEVIANCE = -0.7912879, 0.6736456, -2.47445, 4542202


@pytest.fixture(scope="module")
def guide(paper) -> pd.DataFrame:
    return read(paper("agtpa_2016") / "agtpa_applications.parquet", "year = 2006")


def test_a_world_without_agreements_agrees_with_ge_gravity(guide: pd.DataFrame) -> None:
    """69 countries in 2006, 138 of their flows zero, at the flows of the data."""
    partial = -AGREEMENT * square(guide, "rta")
    flows = square(guide, "trade")
    assert_agrees_with_ge_gravity(flows, partial, GUIDE_THETA, multiplicative=True)


def test_a_world_without_borders_agrees_with_ge_gravity(guide: pd.DataFrame) -> None:
    """The guide's application: fitted flows, expenditure a multiple of output, trade freed twelvefold.

    Its own loop stops when prices move less than 0.01, so its figures say less than the algorithm.
    """
    flows = square(guide, "trade")
    abroad = 1 - np.eye(len(flows))
    logs = DISTANCE * np.log(square(guide, "dist")) + CONTIGUITY * square(guide, "cntg")
    fitted, _ = structural_gravity(
        np.exp(logs + BORDER * abroad), flows.sum(axis=1), flows.sum(axis=0)
    )
    surprise = np.where(flows > 0, flows * np.log(np.where(flows > 0, flows, 1) / fitted), 0)
    assert 2 * (surprise - (flows - fitted)).sum() == pytest.approx(DEVIANCE, abs=0.5)
    assert_agrees_with_ge_gravity(fitted, -BORDER * abroad, GUIDE_THETA, multiplicative=True)


# --- gegravity: an agreement of Canada and Japan ---------------------------------------------------

SIGMA = 5.0
COEFFICIENTS = {
    "lndist": -0.3898623, "contiguity": 0.891577, "common_language": 0.0326249,
    "pta": 0.4711383, "international": -3.412584,
}  # fmt: skip
# Printed by the package's documentation: Australia's modelled sales to AUS, AUT, BEL, BRA and CAN before.
MODELLED = (218129.130005, 666.648700, 1532.878160, 2747.265374, 2847.023843)
# Factory-gate prices in percent after, for AUS, AUT, BEL, BRA and CAN, at Germany's price level.
GATE = (0.004143, -0.002774, -0.002052, -0.005588, -0.135770)
# What a solver gets for Canada that lets shares follow prices.
CANADA = -0.119


@pytest.fixture(scope="module")
def sample(paper) -> pd.DataFrame:
    return pd.read_csv(paper("gegravity_python") / "sample_data_set.csv")


def test_canada_and_japan(sample: pd.DataFrame) -> None:
    """The package's "full" equilibrium keeps the shares of the base year in its resistances.

    Its world before is ours, and so is its result after where ours is solved with its shares. With
    shares that follow prices Canada's own price falls by 0.119 percent and not by 0.136.
    """
    output, spent = square(sample, "Y")[:, 0], square(sample, "E")[0]
    canada, japan, germany = places(sample, "CAN", "JPN", "DEU")
    ease = np.exp(sum(b * square(sample, name) for name, b in COEFFICIENTS.items()))
    partial = np.zeros_like(ease)
    partial[canada, japan] = partial[japan, canada] = COEFFICIENTS["pta"]
    # Output and expenditure of the file do not add up to the same; the package takes shares.
    income = output * spent.sum() / output.sum()
    flows, before = structural_gravity(ease, income, spent, germany)
    _, after = structural_gravity(ease * np.exp(partial), income, spent, germany)

    np.testing.assert_allclose(flows[0, :5], MODELLED, rtol=PRINTED)
    one_step = 100 * ((before / after) ** (1 / (1 - SIGMA)) - 1)
    np.testing.assert_allclose(one_step[:5], GATE, atol=1e-6, rtol=0)

    assert_agrees_with_ge_gravity(flows, partial, SIGMA - 1, multiplicative=True)
    _, found = played(flows, partial, SIGMA - 1, multiplicative=True)
    gate = 100 * (found.labour_income_hat / found.price_hat[germany, 0] - 1)
    assert float(gate[canada]) == pytest.approx(CANADA, abs=5e-4)
