"""Panels for gravity: the guide's manufacturing trade, and ICIO flows with their tariffs by sector.

The guide's panel: Yotov, Piermartini, Monteiro and Larch (2016), CC BY 4.0. Its 69 countries, 1986
to 2006, have their sales at home beside their exports, million current US$.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from .._core import DataError, nearest
from . import tables
from .concordance import economies
from .icio import flow_sectors
from .tariffs import WITHOUT_DATA


FIRST_YEAR, LAST_YEAR = 2011, 2022
"""Of the flow and tariff tables."""


def read_guide_panel(raw_directory: Path) -> pd.DataFrame:
    """Columns exporter, importer, year, trade (million US$), dist (km), cntg, lang, clny, rta, ...

    `rta` is 1 where an agreement is in force; `rta_lag4` where it was four years before, and
    `rta_lead4` where it will be four years later. Of Yotov, Piermartini, Monteiro and Larch (2016),
    An Advanced Guide to Trade Policy Analysis: The Structural Gravity Model, WTO and UNCTAD, CC BY
    4.0, by way of the R package tradepolicy.
    """
    path = Path(raw_directory) / "replication" / "agtpa_2016" / "agtpa_applications.parquet"
    phases = ("rta", "rta_lead4", "rta_lag4", "rta_lag8", "rta_lag12")
    columns = ["exporter", "importer", "year", "trade", "dist", "cntg", "lang", "clny", *phases]
    return tables.read_parquet(path, columns)


def read_sector_panel(raw_directory: Path, sector: str) -> pd.DataFrame:
    """Columns exporter, importer, year, trade (million US$, basic prices), tariff (0.08 is 8 %).

    Every pair of the 80 economies with tariff data in every year; a flow or a rate that its source
    leaves out is zero, and so is the tariff at home.
    """
    if sector not in flow_sectors():
        raise DataError(
            f"'{sector}' is not a goods sector of the flow tables; "
            f"{nearest(sector, flow_sectors())}"
        )
    codes = [code for code in economies() if code != WITHOUT_DATA]
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    cells = pd.MultiIndex.from_product(
        [codes, codes, years], names=["exporter", "importer", "year"]
    )
    flow = Path(raw_directory) / "oecd_icio_flows_2011_2022" / "flows.parquet"
    rate = Path(raw_directory) / "tariffs" / "teti_by_icio_sector_2011_2022.parquet"
    columns = {"trade": (flow, "value_musd"), "tariff": (rate, "tariff")}
    panel = pd.DataFrame(
        {name: _cells(*place, sector).reindex(cells) for name, place in columns.items()}
    )
    return panel.fillna(0.0).reset_index()


def _cells(path: Path, value: str, sector: str) -> Any:
    keys = ["exporter", "importer", "year"]
    frame = tables.read_parquet(path, [*keys, value], f"sector = '{sector}'")
    frame = frame.astype({"exporter": str, "importer": str, "year": int, value: float})
    return frame.set_index(keys)[value]
