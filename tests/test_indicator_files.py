"""GDP and other indicators in the files of the World Bank and the Fund: right, or one sentence."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from detente._core import DataError
from detente.data.sources import add, describe, SOURCES
from detente.data.store import Store
from tests.test_opener import sheet
from tests.test_trade_files import agree, refuse, rows, written


LAYOUTS = Path(__file__).parent / "layouts"
VALUES = "select country, indicator, year, value from indicators order by all"
FORECASTS = "select country, indicator, year, value, unit, status from indicators order by all"
GDP = "NY.GDP.MKTP.CD"
KOREA_CHINA = [
    ("CHN", GDP, 2022, 18316765000000.5), ("CHN", GDP, 2023, 18270357000000.5),
    ("KOR", GDP, 2022, 1799363000000.5), ("KOR", GDP, 2023, 1838968000000.5),
]  # fmt: skip
SEEDS: Mapping[str, tuple[str, list[tuple[object, ...]]]] = {
    "wdi/API_NY.GDP.MKTP.CD_DS2_en_csv_v2.csv": (
        VALUES,
        [("EAS", GDP, 2022, 30673916511799.52), ("EAS", GDP, 2023, 30712792854202.4),
         ("KOR", GDP, 2021, 1818432106880.09), ("KOR", GDP, 2022, 1673916511799.52),
         ("KOR", GDP, 2023, 1712792854202.4)],
    ),
    "wdi/WDICSV.csv": (
        VALUES,
        [("KOR", GDP, 2022, 1673916511799.52), ("KOR", GDP, 2023, 1712792854202.4),
         ("KOR", "SP.POP.TOTL", 2022, 51672569.5), ("KOR", "SP.POP.TOTL", 2023, 51712619.5),
         ("ROU", GDP, 2023, 350000000000.5)],
    ),
    "wdi/P_Data_Extract_From_World_Development_Indicators_Data.csv": (VALUES, KOREA_CHINA),
    "wdi/series in columns.csv": (
        VALUES,
        [*KOREA_CHINA[2:], ("KOR", "SP.POP.TOTL", 2022, 51672569.5),
         ("KOR", "SP.POP.TOTL", 2023, 51712619.5)],
    ),
    "wdi/countries in columns.csv": (VALUES, KOREA_CHINA),
    "wdi/gdp.csv": (
        VALUES, [("CHN", GDP, 2023, 17794782000000.5), ("KOR", GDP, 2023, 1712792854202.5)],
    ),
    "weo/WEOApr2025all.xls": (
        FORECASTS,
        [("KOR", "WEO.LUR", 2022, 2.875, "percent of the labour force", None),
         ("KOR", "WEO.LUR", 2023, 2.675, "percent of the labour force", None),
         ("KOR", "WEO.LUR", 2024, 2.825, "percent of the labour force", None),
         ("KOR", "WEO.NGDPD", 2022, 1799.363, "billion US$", None),
         ("KOR", "WEO.NGDPD", 2023, 1838.968, "billion US$", None),
         ("KOR", "WEO.NGDPD", 2024, 1869.714, "billion US$", "forecast"),
         ("XKX", "WEO.NGDPD", 2022, 9.354, "billion US$", None),
         ("XKX", "WEO.NGDPD", 2023, 10.469, "billion US$", "forecast")],
    ),
    "weo/portal.csv": (
        FORECASTS,
        [("KOR", "WEO.NGDPD", 2022, 1799.363, "billion US$", None),
         ("KOR", "WEO.NGDPD", 2023, 1838.968, "billion US$", None),
         ("KOR", "WEO.NGDPD", 2024, 1869.714, "billion US$", "forecast"),
         ("KOR", "WEO.PCPIPCH", 2022, 5.125, "percent", None),
         ("KOR", "WEO.PCPIPCH", 2023, 3.625, "percent", None),
         ("KOR", "WEO.PCPIPCH", 2024, 2.325, "percent", "forecast")],
    ),
    "weo/weo.csv": (
        VALUES, [("KOR", "WEO.LUR", 2024, 2.825), ("KOR", "WEO.NGDPD", 2024, 1875.388)],
    ),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_file_of_each_layout_has_the_right_values(seed: str, store: Store) -> None:
    query, expected = SEEDS[seed]
    add(seed.split("/")[0], [LAYOUTS / seed], store)
    agree(rows(store, query), expected)


@pytest.mark.parametrize("name", ["wdi", "weo"])
def test_every_layout_has_a_file_and_every_file_one_layout(name: str) -> None:
    seeds = {path.name for path in (LAYOUTS / name).iterdir()}
    assert seeds == {seed.split("/")[1] for seed in SEEDS if seed.startswith(f"{name}/")}
    read = [SOURCES[name].read([LAYOUTS / name / seed], lambda step: None)[0] for seed in seeds]
    assert {one.about["layout"] for one in read} == {one.name for one in SOURCES[name].layouts}


def seed_text(name: str) -> str:
    return (LAYOUTS / name).read_text()


DATABANK = seed_text("wdi/P_Data_Extract_From_World_Development_Indicators_Data.csv")
SERIES = seed_text("wdi/series in columns.csv")
COUNTRIES = seed_text("wdi/countries in columns.csv")
BULK = seed_text("wdi/WDICSV.csv")
PAGE = seed_text("wdi/API_NY.GDP.MKTP.CD_DS2_en_csv_v2.csv")


def test_c25_databank_as_it_exports_is_read_and_dated(tmp_path, store) -> None:
    (entry,) = add("wdi", [written(tmp_path, "P_Data.csv", "\ufeff" + DATABANK)], store)
    agree(rows(store, VALUES), KOREA_CHINA)
    assert (entry.edition, entry.part) == ("2025-07-01", GDP)


def order_of(content: str, places: list[int]) -> str:
    """The columns of a simple table in another order."""
    import csv
    import io

    text = io.StringIO()
    lines = list(csv.reader(io.StringIO(content)))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[row[at] for at in places] if len(row) > 3 and row[1] else row for row in lines])  # fmt: skip
    return text.getvalue()


FURTHER_C25 = [
    ("series before countries", order_of(DATABANK, [2, 3, 0, 1, 4, 5, 6])),
    ("tabs, as DataBank offers them", order_of(DATABANK, [*range(7)]).replace('"Korea, Rep."', "Korea").replace(",", "\t")),
    ("countries in columns", COUNTRIES),
    ("years in brackets", COUNTRIES.replace(",2022,", ",2022 [YR2022],").replace(",2023,", ",2023 [YR2023],")),
    ("a column of the database", DATABANK.replace("Series Code,", "Series Code,Database Name,").replace(f"{GDP},", f"{GDP},World Development Indicators,")),
    ("semicolons and decimal commas", DATABANK.replace("Korea, Rep.", "Korea").replace(",", ";").replace(".5", ",5")),
]  # fmt: skip


@pytest.mark.parametrize("content", [one[1] for one in FURTHER_C25], ids=[one[0] for one in FURTHER_C25])  # fmt: skip
def test_c25_further_extracts_of_databank_are_read_right(content, tmp_path, store) -> None:
    add("wdi", [written(tmp_path, "P_Data.csv", content)], store)
    agree(rows(store, VALUES), KOREA_CHINA)


def test_c25_a_workbook_of_databank_or_of_a_page_is_read_right(tmp_path, store) -> None:
    years = ["2022 [YR2022]", "2023 [YR2023]"]
    names = ["Country Name", "Country Code", "Series Name", "Series Code", *years]
    body = [[code, code, "GDP (current US$)", GDP, *(row[3] for row in KOREA_CHINA if row[0] == code)] for code in ("CHN", "KOR")]  # fmt: skip
    sheet(tmp_path / "databank.xlsx", [names, *body, [], ["Last Updated: 07/01/2025"]])
    add("wdi", [tmp_path / "databank.xlsx"], store)
    agree(rows(store, VALUES), KOREA_CHINA)
    names[2:] = ["Indicator Name", "Indicator Code", "2022", "2023"]
    sheet(tmp_path / "API.xlsx", [["Data Source", DATABANK[:4]], [], names, *body], before=True)
    add("wdi", [tmp_path / "API.xlsx"], store)
    agree(rows(store, VALUES), KOREA_CHINA)


REFUSED_WDI = [
    ("another database", DATABANK.replace("World Development", "Jobs"), "is of the database 'Jobs Indicators'"),
    ("an archive of editions", DATABANK.replace("Series Code,", "Series Code,Version Code,").replace(f"{GDP},", f"{GDP},201906,"),
     "has the column 'Version Code', which"),
    ("letters of two", DATABANK.replace(",KOR,", ",KR,"), "line 2: 'KR' is no code of a country or group in three letters"),
    ("years of no year", DATABANK.replace("2022 [YR2022]", "2022 [YR2023]"), "which names two years"),
    ("a country twice", DATABANK.replace(",CHN,", ",KOR,"), "has the value of KOR, NY.GDP.MKTP.CD, 2022 twice"),
    ("no year", DATABANK.replace("20", "A"), "has no column of a year"),
    ("a time that is none", SERIES.replace("2022,YR2022", "later,YR2022"), "line 2: 'later' is no year"),
    ("one code of two names", BULK.replace("ROM,GDP (current US$)", "ROM,GDP (current LCU)"),
     "line 4: the name of NY.GDP.MKTP.CD says 'current LCU' for the unit, and elsewhere 'current US$'"),
    ("a cell that is lost", PAGE.replace('"1818432106880.09",', ""), "line 6, has 7 cells, and the table has 8 a line"),
    ("GDP in billions", BULK.replace("1673916511799.52", "1673.9165").replace("1712792854202.4", "1712.79285"), "is no GDP in US$"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [one[1:] for one in REFUSED_WDI], ids=[one[0] for one in REFUSED_WDI])  # fmt: skip
def test_extracts_of_another_meaning_are_refused(content, said, tmp_path, store) -> None:
    refuse(store, "wdi", [written(tmp_path, "w.csv", content)], said)


C30 = 'Country Name,Country Code,Indicator Name,Indicator Code,2022,2023\n"Korea, Rep.",KOR,GDP (current US$),NY.GDP.MKTP.CD,{},{}\n'  # fmt: skip
FURTHER_C30 = [
    ("quoted", C30.format('"1673916511799,52"', '"1712792854202,4"')),
    ("semicolons", C30.format("1673916511799,52", "1712792854202,4").replace(",KOR,", ";KOR;").replace("Name,", "Name;").replace("Code,", "Code;").replace("2022,", "2022;").replace("US$),", "US$);").replace("CD,1", "CD;1").replace("52,1", "52;1")),
    ("tabs and spaces between thousands", C30.format("1 673 916 511 799,52", "1 712 792 854 202,4").replace("Korea, Rep.", "Korea").replace("2022,2023", "2022\t2023").replace("52,1", "52\t1").replace("Name,", "Name\t").replace("Code,", "Code\t").replace(",KOR,", "\tKOR\t").replace("US$),", "US$)\t").replace("CD,1", "CD\t1")),
    ("points between thousands", C30.format('"1.673.916.511.799,52"', '"1.712.792.854.202,4"')),
    ("commas between thousands", C30.format('"1,673,916,511,799.52"', '"1,712,792,854,202.4"')),
]  # fmt: skip


@pytest.mark.parametrize("content", [one[1] for one in FURTHER_C30], ids=[one[0] for one in FURTHER_C30])  # fmt: skip
def test_c30_the_decimal_sign_of_a_locale_is_found(content, tmp_path, store) -> None:
    add("wdi", [written(tmp_path, "WDICSV.csv", content)], store)
    agree(
        rows(store, VALUES),
        [("KOR", GDP, 2022, 1673916511799.52), ("KOR", GDP, 2023, 1712792854202.4)],
    )


REFUSED_C30 = [
    ("points and commas", C30.format('"1673916511799,52"', "1712792854202.4"), "mixes decimal points and commas"),
    ("a sign that is lost", C30.format("167391651179952", "1712792854202.4"),
     "line 2: GDP in US$ of KOR in 2023 is 1.71279e+12, and 1.67392e+14 the year before"),
    ("ten times as much", C30.format("1673916511799.52", "17127928542024"),
     "line 2: GDP in US$ of KOR in 2023 is 1.71279e+13, and 1.67392e+12 the year before"),
    ("more than the world", C30.format("", "171279285420240000"), "line 2: 1.71279e+17 is no GDP in US$"),
    ("an index that may be thousands", C30.replace(GDP, "FP.CPI.TOTL").format('"112,345"', '"115,678"'),
     "'112,345' in the column '2022' may be in thousands or a decimal"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [one[1:] for one in REFUSED_C30], ids=[one[0] for one in REFUSED_C30])  # fmt: skip
def test_c30_a_number_that_cannot_be_is_refused_with_its_cell(content, said, tmp_path, store) -> None:  # fmt: skip
    refuse(store, "wdi", [written(tmp_path, "WDICSV.csv", content)], said)


def test_published_collapses_of_gdp_are_no_lost_decimal_signs(tmp_path, store) -> None:
    content = C30.replace("2022,2023", "1990,1991").replace("KOR", "IRQ")
    add("wdi", [written(tmp_path, "w.csv", content.format("180408064516.1", "407796349.7"))], store)
    assert len(rows(store, VALUES)) == 2
    other = content.replace("IRQ", "KOR").format("180408064516.1", "407796349.7")
    with pytest.raises(DataError, match=r"GDP in US\$ of KOR in 1991 is 4\.07796e"):
        add("wdi", [written(tmp_path, "w.csv", other)], store)


FUND, PORTAL = seed_text("weo/WEOApr2025all.xls"), seed_text("weo/portal.csv")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16", "latin-1", "utf-8-sig"])
def test_the_funds_own_file_is_text_whatever_its_name(encoding, tmp_path, store) -> None:
    text = FUND.replace("Korea\t", "Türkiye and Côte d'Ivoire\t")
    add("weo", [written(tmp_path, "WEOApr2025all.xls", text.encode(encoding))], store)
    agree(rows(store, FORECASTS), SEEDS["weo/WEOApr2025all.xls"][1])


def test_a_scale_of_millions_is_brought_to_billions_and_groups_are_said(tmp_path, store) -> None:
    text = PORTAL.replace('"Billions"', '"Millions"')
    for value in ("1799.363", "1838.968", "1869.714"):
        text = text.replace(value, str(round(float(value) * 1000)))
    (entry,) = add("weo", [written(tmp_path, "weo.csv", text)], store)
    found = rows(store, "select value from indicators where indicator = 'WEO.NGDPD' order by year")
    agree(found, [(1799.363,), (1838.968,), (1869.714,)])
    assert describe(entry).endswith("left out: groups and notes (1 rows)")


REFUSED_WEO = [
    ("millions for billions", FUND.replace('"1,799.363"', '"1,799,363.5"'), "is no GDP in billion US$"),
    ("ten times as much", FUND.replace('"1,838.968"', '"18,389.68"'), "line 2: GDP in billion US$ of KOR in 2023 is 18,389.7"),
    ("another currency", FUND.replace("U.S. dollars", "National currency"), "NGDPD should be in US dollars, and is in 'National currency'"),
    ("a scale of none", FUND.replace("Billions", "Lakhs"), "line 2: 'Lakhs' is no known scale"),
    ("no year of estimates", FUND.replace("Estimates Start After", "Notes too"), "should have the column 'Estimates Start After'"),
    ("an unemployment rate above all", FUND.replace("2.875", "287.5"), "line 3: 287.5 is no LUR in percent of the labour force"),
    ("another dataset", PORTAL.replace("IMF.RES:WEO(9.0.0)", "IMF.STA:CPI(5.0.0)"), "is another dataset of the Fund"),
    ("quarters", PORTAL.replace('"Annual"', '"Quarterly"'), "has no rows that are read (FREQUENCY is not Annual or A)"),
    ("a series twice", PORTAL.replace("KOR.PCPIPCH.A", "KOR.NGDPD.A").replace('"Units","Percent"', '"Billions","US dollar"'), "has the value of KOR, 2022, ngdpd twice"),
    ("the file of groups", "WEO Country Group Code\tWEO Subject Code\tCountry Group Name\t2022\n001\tNGDPD\tWorld\t1\n", "should have the column"),
    ("a selection's GDP in units", PORTAL.replace("1799.363", "1799363000000"), "is no GDP in billion US$"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [one[1:] for one in REFUSED_WEO], ids=[one[0] for one in REFUSED_WEO])  # fmt: skip
def test_files_of_the_fund_in_another_meaning_are_refused(content, said, tmp_path, store) -> None:
    refuse(store, "weo", [written(tmp_path, "weo.csv", content)], said)


def test_one_economy_is_a_selection_and_no_incomplete_world(tmp_path, store) -> None:
    text = "\n".join(FUND.splitlines()[:2]) + "\n"
    add("weo", [written(tmp_path, "weo.xls", text)], store)
    assert len(rows(store, VALUES)) == 3
