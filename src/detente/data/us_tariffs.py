"""American duties since 2025 by partner, as a schedule on the regions of the compact world.

The trade war tracker of M. Waugh gives, for dates since February 2025, the duties that were added
on each partner's goods, weighted by its imports of 2024. They come on top of what was levied in
2024, which stands in another column: partners without an action have zero, whatever they paid.
"""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from .._core import DataError, nearest


REGIONS = {
    "KOREA, SOUTH": "KOR", "CHINA": "CHN", "JAPAN": "JPN", "TAIWAN": "TWN", "HONG KONG": "HKG",
    "VIETNAM": "VNM", "SINGAPORE": "SGP", "CAMBODIA": "ASE", "INDONESIA": "ASE",
    "MALAYSIA": "ASE", "PHILIPPINES": "ASE", "THAILAND": "ASE", "INDIA": "IND",
    "EUROPEAN UNION": "EU27", "SLOVAKIA": "EU27", "UNITED KINGDOM": "GBR", "AUSTRALIA": "ANZ",
    "NEW ZEALAND": "ANZ", "CANADA": "CAN", "MEXICO": "MEX", "BRAZIL": "BRA", "RUSSIA": "RUS",
    "SAUDI ARABIA": "SAU", "TURKEY": "TUR",
}  # fmt: skip
EVERYONE_ELSE = "all"
"""Partners that are no region of their own; first in a schedule, so that later lines win."""
ADDED, IN_2024 = "effective tariff", "2024 tariff"
_COLUMNS = {"date", "country_name", ADDED, "total imports", IN_2024}


def read_tracker(path: Path) -> pd.DataFrame:
    """The tracker's table: a row for each date and partner; rates in percent, imports in US$."""
    if not path.is_file():
        raise DataError(f"there is no table of American tariffs at {path}.")
    table = pd.read_csv(path)
    missing = _COLUMNS - set(table)
    if missing:
        raise DataError(f"{path} lacks the columns {', '.join(sorted(missing))}.")
    return table


def added_by_region(table: pd.DataFrame, date: str, column: str = ADDED) -> pd.Series:
    """Percent by region on a date, weighted by the imports of 2024; everyone else first."""
    dates = sorted(set(table.date))
    if date not in dates:
        raise DataError(f"the tracker has no {date}; {nearest(date, dates)}")
    rows = table[table.date == date]
    region = rows.country_name.map(REGIONS).fillna(EVERYONE_ELSE)
    imports = rows["total imports"]
    rate = (rows[column] * imports).groupby(region).sum() / imports.groupby(region).sum()
    order = [EVERYONE_ELSE, *dict.fromkeys(REGIONS.values())]
    return rate.reindex(order)


def schedule(added: pd.Series, only: Collection[str] | None = None) -> pd.DataFrame:
    """The lines of a tariff schedule that adds those rates to what the USA levies on goods."""
    chosen = added if only is None else added[[code in only for code in added.index]]
    return pd.DataFrame({
        "importer": "USA",
        "exporter": chosen.index,
        "sector": "goods",
        "change": (chosen / 100).round(6).to_numpy(),
    })  # fmt: skip
