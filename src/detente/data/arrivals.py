"""Monthly arrivals in South Korea by nationality, and in Japan by market."""

from pathlib import Path

import pandas as pd

from .._core import DataError
from . import tables
from .store import Store


FOLDER = "korea_inbound_tourism"
FILE = "kto_arrivals_by_nationality_purpose_2010_2020.parquet"
ATTRIBUTION = "Arrivals by nationality: Korea Tourism Organization (data.go.kr)."

JAPAN = Path("inbound_tourism_recent") / "arrivals_by_market_monthly_2003_2026.csv"
"""Japan National Tourism Organization: computed from and cited, never shipped."""

MISSING = (
    "the arrivals are not here: add the monthly tables of the Korea Tourism Organization with "
    f"'detente data add kto FILE', or put {FOLDER}/{FILE} into the directory of `sources`."
)

# The table's own names, in Korean; regions, totals and expatriates are left out.
NATIONALITIES = {
    "중국": "CHN", "일본": "JPN", "대만": "TWN", "홍콩": "HKG", "마카오": "MAC", "태국": "THA",
    "말레이시아": "MYS", "인도네시아": "IDN", "필리핀": "PHL", "베트남": "VNM", "싱가포르": "SGP",
    "몽골": "MNG", "미얀마": "MMR", "캄보디아": "KHM", "인도": "IND", "스리랑카": "LKA",
    "방글라데시": "BGD", "파키스탄": "PAK", "우즈베키스탄": "UZB", "카자흐스탄": "KAZ",
    "이란": "IRN", "이스라엘": "ISR", "터키": "TUR", "미국": "USA", "캐나다": "CAN",
    "멕시코": "MEX", "브라질": "BRA", "영국": "GBR", "독일": "DEU", "프랑스": "FRA",
    "이탈리아": "ITA", "스페인": "ESP", "네덜란드": "NLD", "러시아": "RUS", "우크라이나": "UKR",
    "폴란드": "POL", "스위스": "CHE", "스웨덴": "SWE", "벨기에": "BEL", "오스트리아": "AUT",
    "덴마크": "DNK", "노르웨이": "NOR", "핀란드": "FIN", "아일랜드": "IRL", "포르투갈": "PRT",
    "그리스": "GRC", "루마니아": "ROU", "오스트레일리아": "AUS", "뉴질랜드": "NZL",
    "남아프리카공화국": "ZAF",
}  # fmt: skip


def read_arrivals(sources: Path | None) -> pd.DataFrame:
    """Arrivals of all purposes, persons: months (YYYY-MM) by nationality (ISO 3166 alpha-3).

    From the raw sources in a directory, or without one from what was added to the store. Raises
    `DataError` where the table is missing or is not what it should be.
    """
    rows = _stored() if sources is None else _raw(sources / FOLDER / FILE)
    if rows.empty:
        raise DataError(MISSING)
    if rows.duplicated(["month", "nationality"]).any():
        raise DataError("the arrivals hold a month of a nationality twice.")
    wide = rows.pivot(index="month", columns="nationality", values="persons")
    return wide.astype(float).sort_index()


def read_arrivals_in_japan(sources: Path | None, market: str) -> dict[str, float] | None:
    """Arrivals in Japan from a market (ISO 3166 alpha-3), persons by month (YYYY-MM).

    From the raw sources in a directory; none where the file is not there. Raises `DataError` where
    it has another form or lacks the market.
    """
    path = None if sources is None else sources / JAPAN
    if path is None or not path.is_file():
        return None
    rows = pd.read_csv(path)
    if not {"month", "market", "arrivals"} <= set(rows.columns):
        raise DataError(f"{path} should have the columns month, market and arrivals.")
    here = rows[rows.market == market]
    by_month = {
        str(month): float(one) for month, one in zip(here.month, here.arrivals, strict=True)
    }
    if not by_month or len(by_month) != len(here):
        raise DataError(f"{path} should have every month of {market} once.")
    return by_month


def _stored() -> pd.DataFrame:
    rows = Store.open().query(
        "select strftime(month, '%Y-%m') as month, nationality, persons "
        "from arrivals where destination = 'KOR' and purpose = 'total'"
    )
    return pd.DataFrame(rows[rows.nationality.isin(list(NATIONALITIES.values()))])


def _raw(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise DataError(MISSING)
    rows = tables.read_parquet(path, ["month", "nationality", "total"])
    rows["nationality"] = rows.nationality.map(NATIONALITIES)
    return rows.dropna(subset=["nationality"]).rename(columns={"total": "persons"})
