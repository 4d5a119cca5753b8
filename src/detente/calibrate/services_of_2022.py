"""Services of 2022 by pair and sector: intermediates as they are, final use split under two seeds.

Among the 80 economies of the table and from them to the rest of the world, whose sales are in
`rest_of_world.py`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from jaxtyping import Bool, Float

from ..data import icio_g20
from .final_services import split_final_services
from .wedges import membership


REST = "ROW"
CLOSED_TO = "CHN"
CLOSED = ("I", "P", "R")
"""What visitors buy: lodging and food, education, arts. China's border was shut in 2022, and the
composition of 2019 would fill these flows with the travel of a year in which it was open."""


@dataclass(frozen=True)
class Services:
    """What is known of services: destinations `d` are the 80 origins and the rest of the world."""

    countries: tuple[str, ...]
    codes: tuple[str, ...]
    """Service industries; the first letter is the section."""
    intermediate: Float[np.ndarray, "o n v"]
    pair_totals: Float[np.ndarray, "o d"]
    """Final use, million US$: all services less intermediates among the 80."""
    sector_totals: Float[np.ndarray, "o v"]

    @classmethod
    def of(
        cls, table: xr.Dataset, totals: Float[np.ndarray, "o d"], codes: list[str]
    ) -> "Services":
        """From the table and the services total of each pair."""
        intermediate = table.intermediate.sel(sector=codes).to_numpy()
        left = totals.copy()
        left[:, :-1] -= intermediate.sum(axis=2)
        return cls(
            countries=tuple(str(code) for code in table.origin.values),
            codes=tuple(codes),
            intermediate=intermediate,
            pair_totals=np.maximum(left, 0.0),
            sector_totals=np.maximum(
                table.output.sel(sector=codes).to_numpy() - intermediate.sum(axis=1), 0.0
            ),
        )

    def split(self, seed: Float[np.ndarray, "o d v"]) -> Float[np.ndarray, "o d v"]:
        """Final use nearest to a seed under what is known."""
        return split_final_services(seed, self.pair_totals, self.sector_totals)[0]

    def from_intermediates(self) -> Float[np.ndarray, "o d v"]:
        """Each pair's own intermediates; to the rest of the world what goes abroad in all."""
        home = np.eye(len(self.countries), dtype=bool)[:, :, None]
        abroad = np.where(home, 0.0, self.intermediate).sum(axis=1)
        return np.concatenate([self.intermediate, abroad[:, None]], axis=1)

    def from_purchases_of_2019(self, raw_directory: Path) -> Float[np.ndarray, "o d v"]:
        """The pair's final purchases of 2019 by section, divided as the origin's sales of 2022.

        The rest of the world of that table stands for economies outside it, its exports where both
        sides are; to the rest of the world goes its composition of all use.
        """
        final = icio_g20.read_final(raw_directory).sum("final_use").to_numpy()
        use = icio_g20.read_intermediate(raw_directory).sum("user").to_numpy()
        codes = icio_g20.countries()
        rest = codes.index(REST)
        exports = final[rest].sum(axis=0) - final[rest, rest]
        final[rest, rest] = use[rest, rest] = 0.0
        final[rest, rest] = exports
        own = [codes.index(code) if code in codes else rest for code in self.countries]
        pairs = final[np.ix_(own, [*own, rest])]
        pairs[:, -1] = (final + use)[own, rest]
        sections = [code[0] for code in self.codes]
        total = self.sector_totals @ membership([[s] for s in sections], sections).T
        within = self.sector_totals / np.where(total > 0, total, 1.0)
        place = [icio_g20.sections().index(section) for section in sections]
        return pairs[:, :, place] * within[:, None, :]

    def with_a_shut_border(
        self, final: Float[np.ndarray, "o d v"], second: Float[np.ndarray, "o d v"]
    ) -> Float[np.ndarray, "o d v"]:
        """A seed in which visitors' purchases from and in China are those of the second split.

        The value that this frees goes to the pair's other services as the second split has them.
        """
        travel = np.isin(self.codes, CLOSED)
        other = np.where(travel, 0.0, second)
        freed = np.where(travel, final - second, 0.0).sum(axis=2, keepdims=True)
        total = other.sum(axis=2, keepdims=True)
        spread = np.where(total > 0, other / np.where(total > 0, total, 1.0), 0.0)
        shut = np.where(travel, second, np.maximum(final + freed * spread, 0.0))
        return np.where(self._shut()[:, :, None], shut, final)

    def _shut(self) -> Bool[np.ndarray, "o d"]:
        china = self.countries.index(CLOSED_TO)
        shut = np.zeros(self.pair_totals.shape, bool)
        shut[:, china], shut[china] = True, True
        shut[china, china] = False
        return shut


def two_splits(
    services: Services, raw_directory: Path
) -> tuple[Float[np.ndarray, "o d v"], Float[np.ndarray, "o d v"]]:
    """Final use of services, million US$, under the first seed and under the second."""
    second = services.split(services.from_intermediates())
    first = services.split(services.from_purchases_of_2019(raw_directory))
    return services.split(services.with_a_shut_border(first, second)), second
