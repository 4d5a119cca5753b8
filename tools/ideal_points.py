"""Write the positions of countries that `bloc_split` ships, from votes of the UN General Assembly.

python tools/ideal_points.py [RAW_DIRECTORY]

Means over sessions 70 to 74 (2015 to 2019) of the ideal points of Bailey, Strezhnev and Voeten
(2017), MIT licence. Regions of the compact worlds are weighted by GDP of 2019 (World Bank).
"""

import sys
from pathlib import Path

import pandas as pd

from detente.data.tables import read_parquet


SESSIONS = range(70, 75)
POINTS = Path("un_ideal_points") / "idealpoints_all_apr2020.parquet"
INCOME = Path("wdi_gdp") / "wdi_gdp_current_usd_1960_2023.parquet"
REGIONS = Path("src/detente/data/concordance/countries.csv")
TARGET = Path("src/detente/library/alignment/ideal_points.csv")


def main() -> None:
    raw = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    votes = read_parquet(raw / POINTS, ["iso3c", "session", "IdealPoint"])
    points = votes[votes.session.isin(SESSIONS)].groupby("iso3c").IdealPoint.mean()
    both = pd.concat([points, _regions(points, _income(raw))])
    both = both[~both.index.duplicated()].round(4).sort_index()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    both.rename("ideal_point").rename_axis("country").to_csv(TARGET, lineterminator="\n")
    sys.stdout.write(f"{len(both)} positions in {TARGET}\n")


def _income(raw: Path) -> pd.Series:
    rows = read_parquet(raw / INCOME, ["iso3", "gdp_usd"], "year = 2019")
    return rows.set_index("iso3").gdp_usd


def _regions(points: pd.Series, income: pd.Series) -> pd.Series:
    """Every region of compact-2022 that is more than one country."""
    region = pd.read_csv(REGIONS).set_index("code").compact_2022
    named = region.reindex(points.index).fillna("ROW")
    known = pd.DataFrame({"region": named, "point": points, "income": income}).dropna()
    several = known[known.groupby("region").region.transform("size") > 1]
    weighted = (several.point * several.income).groupby(several.region).sum()
    return weighted / several.groupby("region").income.sum()


if __name__ == "__main__":
    main()
