"""What capital is made of and what it costs: final uses by kind, and the Penn World Table.

Investment and all final use by product are of the table of 2014 and of the complete table of 2019;
labour's share of value added and depreciation are of the Penn World Table, both by country.
"""

from pathlib import Path

from . import icio_g20, tables, wiod
from .concordance import economies, industries
from .tables import Frame


OF_2014, OF_2019 = 2014, 2019
PENN = Path("penn_world_table") / "pwt100.parquet"


def investment(raw_directory: Path) -> Frame:
    """Investment and all final use by table, country and sector, million US$.

    Fixed investment by sector of the compact worlds in 2014; capital formation, changes of
    inventories included, by section in 2019, as the source has them. Raises `DataError` where a
    file is missing or is not as published.
    """
    import pandas as pd

    return pd.concat([_of_2014(Path(raw_directory)), _of_2019(Path(raw_directory))])


def costs(raw_directory: Path) -> Frame:
    """Labour's share of value added and depreciation by country and year, with GDP as a weight.

    GDP is output-side, at current purchasing power parities, million US$ of 2017. Both years are of
    one version of the table.
    """
    columns = ["countrycode", "year", "labsh", "delta", "cgdpo"]
    path = Path(raw_directory) / PENN
    frame = tables.read_parquet(path, columns, f"year in ({OF_2014}, {OF_2019})")
    frame = frame[frame.countrycode.isin(economies())].sort_values(["year", "countrycode"])
    named = {"countrycode": "country", "labsh": "labour_share", "delta": "depreciation"}
    rounded = frame.rename(columns=named).rename(columns={"cgdpo": "gdp"})
    return rounded[["year", "country", "labour_share", "depreciation", "gdp"]].round(
        {"labour_share": 4, "depreciation": 5, "gdp": 0}
    )


def _of_2014(raw_directory: Path) -> Frame:
    compact = {row.code: row.compact for row in industries("wiod")}
    path = raw_directory / wiod.PARTS / "final_use.parquet"
    frame = tables.read_parquet(path, ["destination", "industry", "use", "value"])
    frame["sector"] = frame.industry.map(compact)
    return _summed(frame, frame.use == "GFCF", OF_2014)


def _of_2019(raw_directory: Path) -> Frame:
    final = icio_g20.read_final(raw_directory).sum("origin")
    frame = final.to_series().rename("value").reset_index()
    return _summed(frame, frame.final_use == "capital_formation_and_inventories", OF_2019)


def _summed(frame: Frame, invested: Frame, year: int) -> Frame:
    """Investment and all uses, summed over origins and industries; none where nothing is used."""
    frame = frame.assign(invested=frame.value.where(invested, 0.0))
    sums = frame.groupby(["destination", "sector"])[["invested", "value"]].sum().round(0)
    rows = sums.reset_index().rename(
        columns={"destination": "country", "invested": "investment", "value": "final_use"}
    )
    rows = rows[(rows.investment > 0) & (rows.final_use > 0)]
    rows.insert(0, "year", year)
    return rows.astype({"investment": int, "final_use": int})
