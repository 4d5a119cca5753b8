"""The season of a pair's trade in a few numbers: what past years did after so many months.

Three statistics for each number of months known: the log of what was still to come over what was
known, of exports and of imports, and the error of twelve months at the balance's pace, over the
two-way trade of the year before. Their means and standard deviations say enough to forecast one
flow, or a balance, where the months of past years themselves are not at hand.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from .. import library
from .forecasts import FLOWS, MONTHS
from .series import Pair


PACE = "pace"
SHIPPED = "seasons.csv"
COLUMNS = [
    "country",
    "partner",
    "basis",
    "first",
    "last",
    "months",
    "measure",
    "years",
    "mean",
    "sd",
]
SOURCE = "means and spreads of past years that ship; Korea Customs Service by way of KOSIS"


@dataclass(frozen=True, slots=True)
class Season:
    """Means and standard deviations over past years, by months known (1 to 11) and measure."""

    first: int
    last: int
    basis: str
    table: pd.DataFrame
    """Indexed by measure (exports, imports, pace) and months; columns years, mean, sd."""

    def draw(
        self, measure: str, months: int, draws: int, random: np.random.Generator
    ) -> Float[np.ndarray, " draw"]:
        """A new year's value: Student's t with the error of the mean in it."""
        years, mean, sd = self.table.loc[(measure, months)].to_numpy(float)
        spread = sd * np.sqrt(1.0 + 1.0 / years)
        return mean + spread * random.standard_t(years - 1.0, size=draws)


def season_of(history: pd.DataFrame, basis: str) -> Season:
    """The season of whole past years: a monthly index, columns exports and imports."""
    years = history[FLOWS].to_numpy(float).reshape(-1, MONTHS, len(FLOWS))
    total = years.sum(axis=1)
    rows = []
    for months in range(1, MONTHS):
        known = years[:, :months].sum(axis=1)
        ratios = np.log((total - known) / known)
        balance, so_far = (part[:, 0] - part[:, 1] for part in (total, known))
        errors = (balance - MONTHS / months * so_far)[1:] / total[:-1].sum(axis=1)
        for name, values in (*zip(FLOWS, ratios.T, strict=True), (PACE, errors)):
            rows.append((name, months, len(values), values.mean(), values.std(ddof=1)))
    table = pd.DataFrame(rows, columns=["measure", "months", "years", "mean", "sd"])
    span = pd.PeriodIndex(history.index).year
    return Season(int(span[0]), int(span[-1]), basis, table.set_index(["measure", "months"]))


def shipped_season(pair: Pair) -> Season | None:
    """The season of a pair that ships, seen from its first country; none for other pairs."""
    rows = [
        row for row in library.table(f"record/{SHIPPED}")
        if {row["country"], row["partner"]} == set(pair)
    ]  # fmt: skip
    if not rows:
        return None
    table = pd.DataFrame(rows).astype({"months": int, "years": int, "mean": float, "sd": float})
    if rows[0]["country"] != pair.country:
        # From the other side exports are imports, and the balance has the other sign.
        table["measure"] = table.measure.replace(dict(zip(FLOWS, FLOWS[::-1], strict=True)))
        table["mean"] = table["mean"].where(table.measure != PACE, -table["mean"])
    kept: pd.DataFrame = table.set_index(["measure", "months"]).loc[:, ["years", "mean", "sd"]]
    return Season(int(rows[0]["first"]), int(rows[0]["last"]), rows[0]["basis"], kept)


def as_rows(season: Season, pair: Pair) -> pd.DataFrame:
    """A season as rows of the table that ships."""
    rows = season.table.reset_index()
    about = {"country": pair.country, "partner": pair.partner, "basis": season.basis}
    return rows.assign(**about, first=season.first, last=season.last).loc[:, COLUMNS]
