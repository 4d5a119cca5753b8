"""Final use of services by pair and sector, from its sums and a seed."""

import os
from pathlib import Path

import numpy as np
import pytest

from detente._core import DataError
from detente.calibrate.final_services import split_final_services
from detente.calibrate.wedges import membership
from detente.data import icio, icio_g20, table_2022
from detente.data.concordance import industries, SERVICES_TOTAL


CHOSEN = os.environ.get("DETENTE_RAW")
RAW = Path(CHOSEN) if CHOSEN else Path(__file__).parents[2] / "shared" / "data"
FOLDERS = ("oecd_icio2025_2022", "oecd_icio2023_2019_g20", "oecd_icio_flows_2011_2022")
VALUES = ("intermediate_musd", "final_musd", "final_alternative")
EXACT = 1e-8
"""Totals after balancing stops at 1e-10."""
STORED = 5e-5
"""Relative error abroad against flows that the source keeps in single precision, as its inputs."""

NEUTRAL = np.ones((3, 4, 2))
PAIRS = np.array([[60.0, 9.0, 6.0, 5.0], [2.0, 30.0, 4.0, 1.0], [3.0, 7.0, 50.0, 0.0]])
SECTORS = np.array([[50.0, 30.0], [27.0, 10.0], [45.0, 15.0]])


def test_without_a_seed_every_pair_buys_what_the_origin_sells() -> None:
    """The independent table, in closed form: a flat seed abroad leaves row times column."""
    seed = np.broadcast_to(SECTORS[:, None, :], (3, 4, 2))
    flows, residual = split_final_services(seed, PAIRS, SECTORS)
    expected = PAIRS[:, :, None] * (SECTORS / SECTORS.sum(1, keepdims=True))[:, None, :]
    np.testing.assert_allclose(flows, expected, rtol=EXACT)
    assert residual < EXACT


def test_both_margins_hold_and_odds_ratios_abroad_are_the_seed_s() -> None:
    """What minimum cross-entropy means: composition abroad changes by one factor of the sector."""
    seed = np.random.default_rng(7).uniform(1.0, 9.0, (3, 4, 2))
    flows, residual = split_final_services(seed, PAIRS, SECTORS)
    assert residual < EXACT
    np.testing.assert_allclose(flows.sum(2), PAIRS, rtol=EXACT)
    np.testing.assert_allclose(flows.sum(1), SECTORS, rtol=EXACT)
    odds = (flows[0, 1:3, 0] / flows[0, 1:3, 1]) / (seed[0, 1:3, 0] / seed[0, 1:3, 1])
    assert odds[0] == pytest.approx(odds[1], rel=1e-6)
    scaled, _ = split_final_services(seed * PAIRS[:, :, None], PAIRS, SECTORS)
    np.testing.assert_allclose(scaled, flows, rtol=1e-6)


def test_a_seed_with_the_true_composition_abroad_gives_the_truth() -> None:
    true = np.random.default_rng(3).uniform(1.0, 9.0, (2, 2, 3))
    true[0, 0] = true[0, 1] * 4  # at home the origin's sectors, which is what the method assumes
    true[1, 1] = true[1, 0] * 3
    flows, _ = split_final_services(true, true.sum(2), true.sum(1))
    np.testing.assert_allclose(flows, true, rtol=1e-6)


def test_an_empty_seed_and_one_of_what_is_not_sold_have_an_answer() -> None:
    seed = NEUTRAL.copy()
    seed[0, 1] = 0.0
    seed[1, 0] = [0.0, 1.0]
    sectors = SECTORS.copy()
    sectors[1] = [37.0, 0.0]
    flows, residual = split_final_services(seed, PAIRS, sectors)
    assert residual < EXACT
    np.testing.assert_allclose(flows[1, 0], [2.0, 0.0], rtol=EXACT)
    np.testing.assert_allclose(flows.sum(1), sectors, rtol=EXACT)


@pytest.mark.parametrize(
    ("pairs", "sectors", "said"),
    [
        (-PAIRS, SECTORS, "the total of a pair is -60"),
        (PAIRS, SECTORS - 20.0, "the total of a sector is -10"),
        (PAIRS, SECTORS * [[1.0], [1.1], [1.0]], "origin number 1 is 37 .* and 40.7 by sector"),
        (PAIRS * np.nan, SECTORS, "the total of a pair is nan"),
    ],
)
def test_totals_that_cannot_be_are_refused(
    pairs: np.ndarray, sectors: np.ndarray, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        split_final_services(NEUTRAL, pairs, sectors)


# --- the tables of 2022 ------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.skipif(
    not all((RAW / name).is_dir() for name in FOLDERS), reason=f"no raw sources in {RAW}"
)
class TestOf2022:
    """The split that comes with the tables of 2022 is what this method gives from its two seeds."""

    def test_from_own_intermediates(self) -> None:
        """To the rest of the world goes what goes abroad in all."""
        table = Table()
        abroad = table.intermediate * ~np.eye(table.count, dtype=bool)[:, :, None]
        seed = np.concatenate([table.intermediate, abroad.sum(1)[:, None]], axis=1)
        assert table.error(seed, "final_alternative") < STORED

    def test_from_final_purchases_of_2019(self) -> None:
        """A section is divided as the origin's final sales of 2022 are.

        The rest of the world of 2019 stands for economies outside its table, its exports where
        both sides are; to the rest of the world goes its composition of all use.
        """
        table = Table()
        final = icio_g20.read_final(RAW).sum("final_use").to_numpy()
        use = icio_g20.read_intermediate(RAW).sum("user").to_numpy()
        codes, rest = icio_g20.countries(), icio_g20.countries().index("ROW")
        own = [codes.index(code) if code in codes else rest for code in table.countries]
        exports = final[rest].sum(axis=0) - final[rest, rest]
        final[rest, rest] = use[rest, rest] = 0.0
        final[rest, rest] = exports
        pairs = final[np.ix_(own, [*own, rest])]
        pairs[:, -1] = (final + use)[own, rest]
        section = [code[0] for code in table.services]
        within = table.sectors / np.maximum(
            table.sectors @ membership([[s] for s in section], section).T, 1e-9
        )
        place = [icio_g20.sections().index(s) for s in section]
        seed = pairs[:, :, place] * within[:, None, :]
        assert table.error(seed, "final") < STORED

    def test_the_two_seeds_differ(self) -> None:
        """28 % of services trade across borders, as the source says."""
        table = Table()
        one, other = table.source.final.to_numpy(), table.source.final_alternative.to_numpy()
        abroad = ~np.eye(table.count, dtype=bool)
        apart = np.abs(one - other)[abroad].sum() / (one + table.intermediate)[abroad].sum()
        assert apart == pytest.approx(0.28, abs=0.005)


class Table:
    """Services of 2022: intermediates, and the two margins of final use (80 economies to 81)."""

    def __init__(self) -> None:
        self.services = [row.code for row in industries("icio_2025") if row.kind == "services"]
        self.source = table_2022.read_table(RAW).sel(sector=self.services)
        self.countries = [str(code) for code in self.source.origin.values]
        self.count = len(self.countries)
        self.intermediate = self.source.intermediate.to_numpy()
        self.sectors = self.source.output.to_numpy() - self.intermediate.sum(1)
        total = icio.read_flows(RAW, 2022).sel(sector=SERVICES_TOTAL, origin=self.countries)
        self.pairs = total.sel(destination=[*self.countries, "ROW"]).to_numpy().copy()
        self.pairs[:, :-1] -= self.intermediate.sum(2)

    def error(self, seed: np.ndarray, name: str) -> float:
        """How far the split from a seed is from that of the source across borders, of its value."""
        found, residual = split_final_services(seed, self.pairs, self.sectors)
        assert residual < EXACT
        true, abroad = self.source[name].to_numpy(), ~np.eye(self.count, dtype=bool)
        return float(np.abs(found[:, :-1] - true)[abroad].sum() / true[abroad].sum())
