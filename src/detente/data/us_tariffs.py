"""American duties since 2025 by partner, as a schedule on the regions of the compact world.

The trade war tracker of M. Waugh gives, for dates since February 2025, the duties that were added
on each partner's goods, weighted by its imports of 2024. They come on top of what was levied in
2024, which stands in another column: partners without an action have zero, whatever they paid.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from .._core import DataError, nearest


REGIONS = {
    "KOREA, SOUTH": "KOR", "CHINA": "CHN", "JAPAN": "JPN", "TAIWAN": "TWN", "HONG KONG": "HKG",
    "VIETNAM": "VNM", "SINGAPORE": "SGP", "CAMBODIA": "ASE", "INDONESIA": "ASE",
    "MALAYSIA": "ASE", "PHILIPPINES": "ASE", "THAILAND": "ASE", "INDIA": "IND",
    "EUROPEAN UNION": "EU27", "SLOVAKIA": "EU27", "UNITED KINGDOM": "GBR", "AUSTRALIA": "ANZ",
    "NEW ZEALAND": "ANZ", "CANADA": "CAN", "MEXICO": "MEX", "BRAZIL": "BRA", "RUSSIA": "RUS",
    "SAUDI ARABIA": "GLF", "UNITED ARAB EMIRATES": "GLF", "TURKEY": "TUR",
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


def added_by_region(table: pd.DataFrame, date: str, column: str = ADDED) -> dict[str, float]:
    """Percent by region on a date, weighted by the imports of 2024; everyone else first."""
    dates = sorted(set(table["date"]))
    if date not in dates:
        raise DataError(f"the tracker has no {date}; {nearest(date, dates)}")
    rows = table.loc[table["date"] == date]
    region = rows["country_name"].map(lambda name: REGIONS.get(name, EVERYONE_ELSE))
    paid = (rows[column] * rows["total imports"]).groupby(region).sum()
    bought = rows["total imports"].groupby(region).sum()
    order = dict.fromkeys([EVERYONE_ELSE, *REGIONS.values()])
    return {code: float(paid[code] / bought[code]) for code in order if code in bought.index}


def schedule(added: Mapping[str, float], only: Collection[str] | None = None) -> pd.DataFrame:
    """The lines of a tariff schedule that adds those rates to what the USA levies on goods."""
    lines = [
        {"importer": "USA", "exporter": code, "sector": "goods", "change": round(rate / 100, 6)}
        for code, rate in added.items()
        if only is None or code in only
    ]
    return pd.DataFrame(lines)
