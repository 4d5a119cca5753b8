"""Monthly books of national customs, in the layouts, encodings and habits of their publishers."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.sources import SOURCES
from detente.data.sources.monthly import month

from .workbooks import sheet


LAYOUTS = Path(__file__).parent / "layouts"


def read(source: str, *files: Path) -> pd.DataFrame:
    """What a source stores of files: value by reporter, partner, flow and month."""
    (parsed,) = SOURCES[source].read(list(files), lambda step: None)
    frame = parsed.tables["trade"]
    assert isinstance(frame, pd.DataFrame)
    return frame.assign(month=frame.period.str[:7])


def values(frame: pd.DataFrame, partner: str, flow: str) -> dict[str, float]:
    rows = frame[(frame.partner == partner) & (frame.flow == flow)]
    return dict(zip(rows.month, rows["value"], strict=True))


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


KCS = (LAYOUTS / "korea-customs" / "tradedata.csv").read_text(encoding="utf-8")


def test_c08_the_export_of_tradedata_is_read(tmp_path: Path) -> None:
    frame = read("korea-customs", written(tmp_path, "utf8.csv", KCS))
    assert values(frame, "CHN", "exports") == {"2015-01": 12083.947, "2015-02": 10600.0}
    assert values(frame, "CHN", "imports") == {"2015-01": 8143.271, "2015-02": 6900.0}
    assert values(frame, "USA", "exports") == {"2015-01": 5561.545}
    assert values(frame, "USA", "imports") == {"2015-01": 3625.062}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KCS, "cp949"),
        (KCS, "utf-16"),
        ("수출입 실적(국가별)\n조회기간 : 2015.01 ~ 2015.02 (단위 : 천불)\n\n" + KCS, "cp949"),
        (KCS.replace("년 0", "년 ").replace("월", "월 "), "utf-8"),
        (KCS.replace("년 ", ".").replace("월", ""), "utf-8"),
        (KCS + '총계,총계,"1","30,845,592","1","18,768,333","12,077,259",\n', "utf-8"),
        (KCS.replace("금액", "금액(천불)"), "cp949"),
        (KCS.replace("수출금액", "수출 금액").replace("기간", "시점"), "utf-8"),
    ],
)
def test_c08_other_ways_in_which_the_customs_service_exports_it(tmp_path, text, encoding) -> None:
    frame = read("korea-customs", written(tmp_path, "k.csv", text, encoding))
    assert values(frame, "CHN", "exports") == {"2015-01": 12083.947, "2015-02": 10600.0}
    assert set(frame.partner) == {"CHN", "USA", "HKG"}


def test_c08_a_unit_in_the_header_is_obeyed(tmp_path: Path) -> None:
    text = "기간,국가명,수출금액(US$),수입금액(US$)\n2015년 01월,중국,12083947000,8143271000\n"
    frame = read("korea-customs", written(tmp_path, "k.csv", text))
    assert values(frame, "CHN", "exports") == {"2015-01": pytest.approx(12083.947)}
    million = "단위 : 백만달러\n" + text.replace("(US$)", "").replace("947000", ".9").replace(
        "271000", ".2"
    )
    frame = read("korea-customs", written(tmp_path, "m.csv", million))
    assert values(frame, "CHN", "exports") == {"2015-01": pytest.approx(12083.9)}


@pytest.mark.parametrize(("unit", "size"), [("kusd", 1e3), ("musd", 1.0)])
def test_c08_columns_of_a_file_of_your_own_say_the_unit(
    tmp_path: Path, unit: str, size: float
) -> None:
    text = f"month,partner,exports_{unit},imports_{unit}\n2015-01,CHN,{12.5 * size},{8.25 * size}\n"
    frame = read("korea-customs", written(tmp_path, "own.csv", text))
    assert values(frame, "CHN", "exports") == {"2015-01": 12.5}
    assert values(frame, "CHN", "imports") == {"2015-01": 8.25}


def test_c08_a_workbook_reads_as_the_text_does(tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        ["수출입 실적(국가별)"],
        ["기간", "국가명", "수출금액", "수입금액"],
        ["2015년 01월", "중국", 12083947, 8143271],
    ]
    sheet(tmp_path / "k.xlsx", rows)
    frame = read("korea-customs", tmp_path / "k.xlsx")
    assert values(frame, "CHN", "exports") == {"2015-01": 12083.947}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (KCS.replace("12,083,947", "12,083,94"), "'12,083,94' in the column '수출금액' is not a"),
        (KCS.replace('"3,700,000"', '"3,800,000"'), "exports less imports are 3.7e\\+06"),
        (
            KCS.replace("2015년 02월,중국", "2015년 01월,중국"),
            "has the trade of CHN, 2015-01 twice",
        ),
        (KCS.replace("국가명", "품목명"), "has none|has the column"),
        ("단위 : 백만원\n" + KCS, "that the unit is '백만원'"),
        (KCS.replace("금액", "금액(백만원)"), "should have"),
        (KCS.replace("중국", "中國"), "'中國' is not the name of a known economy"),
        (KCS.replace("2015년 02월", "2015년 13월"), "'2015년 13월' is not a month"),
    ],
)
def test_c08_what_is_not_understood_is_refused(tmp_path, text, said) -> None:
    with pytest.raises(DataError, match=said):
        read("korea-customs", written(tmp_path, "k.csv", text))


JAPAN = LAYOUTS / "japan-customs" / "as published"
RATES = "Date,JPY\n" + "".join(
    f"02-{name}-{year},110\n"
    for year in (2018, 2019)
    for name in "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
)
TITLES = "国別概況\nP. R. CHINA  Monthly Data  (a thousand yen) ,,\n"
HEAD = "Years/Months,Exp-Total,Imp-Total\n,,\n"
MONTHS = "".join(f"2018/{number:02d},1{number:02d}1000000,2200000000\n" for number in range(1, 13))


def test_c15_months_filled_with_zeros_are_no_observations(tmp_path: Path) -> None:
    padded = "".join(f"2019/{number:02d},0 ,0 \n" for number in range(3, 13))
    text = TITLES + HEAD + MONTHS + "2019/01,958189456 ,1841216316 \n2019/02,1185143100 ,0 \n"
    table = written(tmp_path, "d41ma.csv", text + padded, "cp932")
    frame = read("japan-customs", table, written(tmp_path, "rates.csv", RATES))
    assert len(values(frame, "CHN", "exports")) == 14
    assert values(frame, "CHN", "exports")["2019-01"] == pytest.approx(958189456 / 110 / 1e3)
    assert values(frame, "CHN", "imports")["2019-02"] == 0.0, "exports are there, so it is seen"


def test_c15_the_published_layout_is_read_in_its_encoding(tmp_path: Path) -> None:
    frame = read("japan-customs", JAPAN / "d41ma.csv", JAPAN / "rates.csv")
    assert values(frame, "CHN", "exports") == {
        "2019-01": pytest.approx(958189456 / 111.25 / 1e3),
        "2019-02": pytest.approx(1185143100 / 111 / 1e3),
    }


def test_c15_the_title_says_the_partner_and_the_unit(tmp_path: Path) -> None:
    rates = written(tmp_path, "rates.csv", RATES)
    korea = written(
        tmp_path, "d43ma.csv", TITLES.replace("P. R. CHINA", "R. KOREA") + HEAD + MONTHS
    )
    assert set(read("japan-customs", korea, rates).partner) == {"KOR"}
    million = written(tmp_path, "m.csv", TITLES.replace("thousand", "million") + HEAD + MONTHS)
    with pytest.raises(DataError, match="is in million yen, and is read in thousand yen only"):
        read("japan-customs", million, rates)
    asia = written(tmp_path, "a.csv", TITLES.replace("P. R. CHINA", "ASIA") + HEAD + MONTHS)
    with pytest.raises(DataError, match=r"is of ASIA, which is no single economy|'ASIA' is not"):
        read("japan-customs", asia, rates)


def test_c15_a_rate_that_is_no_yen_per_dollar_and_a_lost_decimal_are_refused(tmp_path) -> None:
    table = written(tmp_path, "d41ma.csv", TITLES + HEAD + MONTHS)
    rates = written(tmp_path, "rates.csv", RATES.replace(",110", ",0.0091"))
    with pytest.raises(DataError, match="is no rate of yen per US dollar"):
        read("japan-customs", table, rates)
    spike = MONTHS + "2019/05,75100000,2200000000\n"
    table = written(tmp_path, "d41ma.csv", TITLES + HEAD + spike)
    with pytest.raises(DataError, match=r"the year before; is a decimal sign lost"):
        read("japan-customs", table, written(tmp_path, "rates.csv", RATES))


CENSUS = (LAYOUTS / "us-census" / "published" / "country.csv").read_text(encoding="utf-8")


def test_c16_the_table_of_all_partners_is_read_as_published(tmp_path: Path) -> None:
    frame = read("us-census", written(tmp_path, "country.csv", CENSUS))
    china = values(frame, "CHN", "exports")
    assert sum(value for when, value in china.items() if when < "2019") == pytest.approx(120281.3)
    imports = values(frame, "CHN", "imports")
    assert sum(v for when, v in imports.items() if when < "2019") == pytest.approx(
        538514.3, abs=0.2
    )
    assert sum(values(frame, "KOR", "exports").values()) == pytest.approx(56400)
    assert len(china) == 17, "five months of 2019, and none of those to come"
    assert set(frame.partner) == {"CHN", "KOR"}, "the adjusted world is no partner"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("538514.3", "638514.3", "the months of IYR, China in 2018, miss it by"),
        ("2018,5800", "2018,5700", "the code 5700 is CHN, and its name is 'Korea, South'"),
        (",45681.3,", ",456813,", "miss it by"),
        ("5700,China,45681.3", "57X0,China,45681.3", "'57X0' is no code of Schedule C"),
        ('"Korea, South"', '"Koria, South"', "'Koria, South' is not the name of a known"),
        ("2019,5700", "2018,5700", "twice"),
        ("IDEC,IYR", "IDIC,IYR", "should have the column 'IDEC'"),
    ],
)
def test_c16_what_contradicts_itself_is_refused(tmp_path, old, new, said) -> None:
    assert old in CENSUS
    with pytest.raises(DataError, match=said):
        read("us-census", written(tmp_path, "country.csv", CENSUS.replace(old, new, 1)))


def test_c16_a_workbook_and_a_world_not_adjusted_are_read(tmp_path: Path) -> None:
    import csv

    rows = list(csv.reader(CENSUS.splitlines()))
    number = [[float(c) if n > 2 else c for n, c in enumerate(row)] for row in rows[1:]]
    world = [*number[2]]
    world[1:3] = ["0015", "World, Not Seasonally Adjusted"]
    sheet(tmp_path / "country.xlsx", [rows[0], *number, world])
    frame = read("us-census", tmp_path / "country.xlsx")
    assert sum(values(frame, "WLD", "exports").values()) == 1680000
    assert sum(values(frame, "KOR", "imports").values()) == 72002


@pytest.mark.parametrize(
    "word",
    ["2015년 01월", "2015년1월", "2015.01", "2015-1", "2015/01", "201501", "January 2015",
     "Jan 2015", "Jan-2015", "2015 January", "2015M01", "2015-01-01", "2015.01월"],
)  # fmt: skip
def test_a_month_as_publishers_write_it(word: str) -> None:
    assert month(word) == "2015-01-01"


@pytest.mark.parametrize(
    "word", ["2015", "2015.13", "Janet 2015", "2015-01-15", "15-01", "2015Q1", "Ja 2015", "1/2015"]
)
def test_what_is_no_month_in_one_way_is_none(word: str) -> None:
    assert month(word) is None
