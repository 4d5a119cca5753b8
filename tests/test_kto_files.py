"""Arrivals in Korea by nationality, in the layouts and encodings of the publisher."""

from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.sources import SOURCES

from .workbooks import sheet


LAYOUTS = Path(__file__).parent / "layouts" / "kto"
TITLED = (LAYOUTS / "kto_201901.csv").read_text(encoding="utf-8")
BARE = TITLED.split("\n", 1)[1]


def read(path: Path) -> pd.DataFrame:
    (parsed,) = SOURCES["kto"].read([path], lambda step: None)
    frame = parsed.tables["arrivals"]
    assert isinstance(frame, pd.DataFrame)
    return frame


def persons(frame: pd.DataFrame, who: str, purpose: str) -> float:
    (found,) = frame[(frame.nationality == who) & (frame.purpose == purpose)].persons
    return float(found)


def test_c09_with_a_title_in_utf8_and_without_one_in_cp949(tmp_path: Path) -> None:
    (tmp_path / "kto_201901.csv").write_text(TITLED, encoding="utf-8")
    (tmp_path / "kto_201902.csv").write_text(BARE, encoding="cp949")
    for name, month in (("kto_201901.csv", "2019-01-01"), ("kto_201902.csv", "2019-02-01")):
        frame = read(tmp_path / name)
        assert set(frame.month) == {month}
        assert persons(frame, "CHN", "total") == 389_300
        assert persons(frame, "CHN", "tourism") == 280_000
        purposes = ("tourism", "business", "official", "study", "other")
        assert [persons(frame, "CHN", one) for one in purposes] == [
            280_000,
            9_000,
            300,
            40_000,
            60_000,
        ]
        assert persons(frame, "JPN", "total") == 204_950
        assert persons(frame, "JPN", "tourism") == 200_000
        assert set(frame.nationality) == {"CHN", "JPN", "WLD"}, "growth and continents are none"


def test_c09_the_workbook_of_the_publisher(tmp_path: Path) -> None:
    rows = [[int(c) if c.isdigit() else c for c in line.split(",")] for line in TITLED.splitlines()]
    sheet(tmp_path / "kto_201901.xlsx", rows)
    assert persons(read(tmp_path / "kto_201901.xlsx"), "CHN", "total") == 389_300


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("목적별 2019년 1월.csv", BARE, "utf-8-sig"),
        ("table.csv", TITLED, "cp949"),
        ("2019-01.csv", BARE.replace("유학/연수", "유학연수"), "utf-16"),
        ("201901.csv", BARE.replace("성장률,", "성장률(%),"), "utf-8"),
        ("201901.csv", "\n\n" + TITLED + "구성비(%),80.8,1.8,0.1,6.8,10.6,100,,,\n", "utf-8"),
    ],
)
def test_c09_other_names_and_forms_of_the_same_table(tmp_path, name, text, encoding) -> None:
    (tmp_path / name).write_text(text, encoding=encoding)
    frame = read(tmp_path / name)
    assert persons(frame, "CHN", "total") == 389_300
    assert set(frame.month) == {"2019-01-01"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("kto_201903.csv", TITLED, "is of 2019-01 or 2019-03"),
        ("may.csv", BARE, "the month of .* is not in its name"),
        ("201901.csv", BARE.replace("280000", "28000"), "add up to 137300 persons"),
        ("201901.csv", BARE.replace("중국", "중귝"), "'중귝' is not the name of a known economy"),
        ("201901.csv", BARE.replace("280000", "280000.5"), "is no number of persons"),
        ("201901.csv", BARE.replace("일본", "중국"), "has arrivals of CHN, 2019-01-01 twice"),
        ("201901.csv", BARE.replace("국적,관광", "성별,관광"), "should have one of the columns"),
        ("201901.csv", BARE.replace("구성비(%)", "남성"), "has the column '남성'"),
    ],
)
def test_c09_what_is_another_table_or_contradicts_itself_is_refused(
    tmp_path, name, text, said
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read(tmp_path / name)
