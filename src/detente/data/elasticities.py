"""Trade elasticities of eight publications by goods sector of the flow tables."""

from pathlib import Path

import pandas as pd
import xarray as xr

from .._core import DataError
from . import tables
from .concordance import SERVICES_TOTAL
from .icio import flow_sectors


ATTRIBUTION = (
    "Trade elasticities: Caliendo and Parro (2015); Bagwell, Staiger and Yurukoglu (2021); Giri, "
    "Yi and Yilmazkuday (2021); Fontagné, Guimbard and Orefice (2022); Shapiro (2016); "
    "Lashkaripour and Lugovskyy (2023); in-sample estimates by ICIO sector."
)
ESTIMATED = ("BSY", "CP", "FGO", "GYY", "IS", "LL", "Shap")
"""The seven sets that are estimates; `U4` sets every elasticity to 4."""
PUBLICATIONS = (*ESTIMATED, "U4")


def read_published_elasticities(raw_directory: Path) -> xr.DataArray:
    """Trade elasticities (publication, sector), positive; sectors as in the flow tables."""
    path = Path(raw_directory) / "oecd_icio_flows_2011_2022" / "elasticities_by_source.csv"
    frame = pd.read_csv(tables.require(path)).set_index("sector")
    sectors = [*flow_sectors(), SERVICES_TOTAL]
    missing = [*set(PUBLICATIONS) - set(frame.columns), *set(sectors) - set(frame.index)]
    if missing:
        raise DataError(f"{path} should hold {', '.join(sorted(missing))}, and does not.")
    values = frame.loc[sectors, list(PUBLICATIONS)].to_numpy(float).T
    return xr.DataArray(values, {"publication": list(PUBLICATIONS), "sector": sectors})
