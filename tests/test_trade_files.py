"""Trade and gravity in the files of their publishers: the right value, or one sentence."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.sources import add, describe, SOURCES
from detente.data.sources.economies import areas
from detente.data.store import Store
from tests.source_files import COMTRADE, COMTRADE_FORMER
from tests.test_opener import sheet


LAYOUTS = Path(__file__).parent / "layouts"
TRADE = "select reporter, partner, flow, product, year(period) as year, value from trade where source = '{}' order by all"
PAIRS = "select origin, destination, variable, value from gravity where variable like 'dist%' and value > 0 order by all"
SEEDS: Mapping[str, tuple[str, list[tuple[object, ...]]]] = {
    "comtrade/TradeData_2_20_2025_10_17_32.csv": (
        "select partner, flow, product, frequency, value from trade where source = 'comtrade' order by all",
        [
            ("CHN", "exports", "total", "A", 124817.0000005),
            ("CHN", "exports", "total", "M", 10000.0000005),
            ("CHN", "imports", "85", "A", 61000.0000005),
            ("EUN", "exports", "total", "A", 68000.0000005),
            ("TWN", "exports", "total", "A", 20000.0000005),
            ("WLD", "exports", "total", "A", 632000.0000005),
        ],
    ),
    "comtrade/comtradeapicall.csv": (
        TRADE.format("comtrade"),
        [("USA", "CHN", "imports", "8541", 2022, 3000.00000025),
         ("USA", "TWN", "imports", "8541", 2022, 4000.00000025)],
    ),
    "comtrade/comtrade.csv": (
        TRADE.format("comtrade"), [("KOR", "CHN", "exports", "total", 2018, 13400.0000005)],
    ),
    "comtrade/get.csv": (
        TRADE.format("comtrade"), [("USA", "CHN", "imports", "8517", 2019, 61000.0000005)],
    ),
    "comtrade/ct_get_data.csv": (
        TRADE.format("comtrade"), [("USA", "CHN", "imports", "total", 2022, 575000.0000005)],
    ),
    "comtrade/us_china_hs2.csv": (
        TRADE.format("comtrade"),
        [("USA", "CHN", "exports", "01", 2022, 12.5), ("USA", "CHN", "exports", "85", 2022, 14250.0),
         ("USA", "CHN", "imports", "01", 2022, 0.5), ("USA", "CHN", "imports", "85", 2022, 125500.0)],
    ),
    "baci/alone": (
        "select reporter, partner, product, value, quantity from trade where source = 'baci' and product <> 'total' order by all",
        [("CHN", "USA", "851713", 900000.000123, 2000.123), ("KOR", "CHN", "010121", 1.500123, 1.5),
         ("KOR", "TWN", "854232", 20000.000123, None), ("TWN", "CHN", "854231", 150000.000123, 10.001),
         ("USA", "KOR", "9999AA", 2.500123, None)],
    ),
    "baci/with its list": (
        "select reporter, partner, value from trade where source = 'baci' and product = 'total' order by all",
        [("CHN", "USA", 900000.000123), ("KOR", "CHN", 1.500123), ("KOR", "TWN", 20000.000123),
         ("TWN", "CHN", 150000.000123)],
    ),
    "baci/with a list of 2022": (
        "select reporter, partner, year(period) as y, value from trade where source = 'baci' and product = 'total' order by all",
        [("CHN", "USA", 2020, 900000.000123), ("KOR", "CHN", 2020, 1.500123),
         ("KOR", "TWN", 2020, 20000.000123), ("TWN", "CHN", 2020, 150000.000123),
         ("USA", "KOR", 2020, 2.500123)],
    ),
    "baci/baci_hs22_2023_v202501_totals.csv": (
        TRADE.format("baci"),
        [("CHN", "USA", "exports", "total", 2023, 900000.00025),
         ("KOR", "CHN", "exports", "total", 2023, 124000.00025)],
    ),
    "btige/totals_top10_partners.csv": (
        TRADE.format("btige"),
        [("KOR", "CHN", "exports", "total", 2024, 132903.00025),
         ("VNM", "KOR", "exports", "total", 2023, 25521.56025),
         ("VNM", "KOR", "exports", "total", 2024, 26521.56025)],
    ),
    "btige/exports_by_pair_and_product.csv": (
        TRADE.format("btige"),
        [("KOR", "JPN", "exports", "C26", 2023, 8000.00025),
         ("KOR", "JPN", "exports", "total", 2023, 28000.00025)],
    ),
    "btige/OECD.STI.PIE,DSD_BTIGE@DF_BTIGE,1.0.csv": (
        TRADE.format("btige"),
        [("KOR", "CHN", "exports", "total", 2023, 124700.00025),
         ("KOR", "WLD", "exports", "total", 2023, 632000.00025)],
    ),
    "btige/labels.csv": (
        TRADE.format("btige"), [("KOR", "CHN", "exports", "C26", 2022, 71000.00025)],
    ),
    "gravity/dist_cepii.csv": (
        PAIRS,
        [("KOR", "CHN", "dist", 952.25), ("KOR", "CHN", "distcap", 952.25),
         ("KOR", "CHN", "distw", 1157.5), ("KOR", "CHN", "distwces", 1080.5),
         ("KOR", "PSE", "dist", 8070.25), ("KOR", "PSE", "distcap", 8070.25),
         ("KOR", "ROU", "dist", 8000.25), ("KOR", "ROU", "distcap", 8000.25),
         ("KOR", "ROU", "distw", 8001.5), ("KOR", "ROU", "distwces", 7999.5)],
    ),
    "gravity/Gravity_V202211.csv": (
        "select destination, variable, year, value from gravity where variable in ('dist', 'fta_wto') order by all",
        [("CHN", "dist", None, 952.5), ("CHN", "fta_wto", 2015, 1.0),
         ("IDN", "dist", None, 5290.5), ("IDN", "fta_wto", 2015, 1.0)],
    ),
    "gravity/gravity of 2021": (
        "select destination, value from gravity where variable = 'distw' order by all",
        [("CHN", 1157.5), ("VNM", 3100.5)],
    ),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    found = store.query(query)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in found.to_numpy()]


def agree(found: list[tuple[object, ...]], expected: list[tuple[object, ...]]) -> None:
    """The same rows, numbers to twelve digits."""
    assert len(found) == len(expected), found
    for row, truth in zip(found, expected, strict=True):
        for cell, true in zip(row, truth, strict=True):
            same = pytest.approx(true, rel=1e-12) if isinstance(true, float) else true
            assert cell == same, row


def files(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else [path]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_file_of_each_layout_has_the_right_values(seed: str, store: Store) -> None:
    query, expected = SEEDS[seed]
    name = seed.split("/")[0]
    add(name, files(LAYOUTS / seed), store)
    agree(rows(store, query), expected)


@pytest.mark.parametrize("name", ["comtrade", "baci", "btige", "gravity"])
def test_every_layout_has_a_file_and_every_file_one_layout(name: str) -> None:
    seeds = {path.name for path in (LAYOUTS / name).iterdir()}
    assert seeds == {seed.split("/")[1] for seed in SEEDS if seed.startswith(f"{name}/")}
    seen = {
        parsed.about["layout"]
        for seed in seeds
        for parsed in SOURCES[name].read(files(LAYOUTS / name / seed), lambda step: None)
    }
    assert seen == {layout.name for layout in SOURCES[name].layouts}


NAMES = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,classificationSearchCode,"
    "isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,motCode,motDesc,qtyUnitCode,"
    "qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,"
    "isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,legacyEstimationFlag,isReported,isAggregate"
)


def comtrade(*changes: Mapping[str, object]) -> str:
    """A download as the interface gives it, one row for each set of changes to Korea's exports to
    China in 2023; each line ends with a comma more than the names.
    """
    plain = {
        "typeCode": "C", "freqCode": "A", "refYear": 2023, "refMonth": 52, "period": 2023,
        "reporterCode": 410, "flowCode": "X", "partnerCode": 156, "partner2Code": 0,
        "classificationCode": "H6", "cmdCode": "TOTAL", "aggrLevel": 0, "customsCode": "C00",
        "mosCode": 0, "motCode": 0, "primaryValue": 124817000000, "isReported": "false",
        "isAggregate": "true",
    }  # fmt: skip
    lines = [
        ",".join(str((plain | change).get(name, "")) for name in NAMES.split(",")) + ","
        for change in changes
    ]
    return "\n".join([NAMES, *lines, ""])


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_c11_areas_that_are_no_economy_are_left_out_and_their_sum_is_said(tmp_path, store) -> None:
    content = comtrade({}, {"partnerCode": 899, "primaryValue": 5000000})
    (entry,) = add("comtrade", [written(tmp_path, "nes.csv", content)], store)
    assert rows(store, TRADE.format("comtrade")) == [
        ("KOR", "CHN", "exports", "total", 2023, 124817.0)
    ]
    assert describe(entry).endswith(
        "2023-2023; left out: areas that are no economy "
        "(899 Areas, not elsewhere specified: 5 million US$)"
    )


FURTHER_C11 = [
    ("free zones, special categories and a rest of Africa",
     comtrade({}, {"partnerCode": 838, "primaryValue": 1}, {"partnerCode": 839}, {"partnerCode": 577}),
     [("KOR", "CHN", "total", 124817.0)]),
    ("the group of ASEAN, kept as a union",
     comtrade({}, {"partnerCode": 975, "primaryValue": 10**11}),
     [("KOR", "ASEAN", "total", 100000.0), ("KOR", "CHN", "total", 124817.0)]),
    ("economies that are no more", comtrade({"partnerCode": 810}, {"partnerCode": 200}),
     [("KOR", "CSK", "total", 124817.0), ("KOR", "SUN", "total", 124817.0)]),
    ("Latin-1, as the interface writes names",
     comtrade({"reporterDesc": "Türkiye", "partnerDesc": "Côte d'Ivoire"}).encode("latin-1"),
     [("KOR", "CHN", "total", 124817.0)]),
    ("a zero in front that a spreadsheet took",
     comtrade({"cmdCode": 1, "aggrLevel": 2}, {"cmdCode": 10121, "aggrLevel": 6}),
     [("KOR", "CHN", "01", 124817.0), ("KOR", "CHN", "010121", 124817.0)]),
    ("semicolons and decimal commas of a spreadsheet",
     comtrade({"primaryValue": "124817000000,5"}).replace(",0,false", ";0;false").replace(",", ";").replace("000;5", "000,5"),
     [("KOR", "CHN", "total", 124817.0000005)]),
    ("names of an R package", (LAYOUTS / "comtrade/ct_get_data.csv").read_text(),
     [("USA", "CHN", "total", 575000.0000005)]),
    ("one total under two classifications",
     comtrade({}, {"classificationCode": "S4"}), [("KOR", "CHN", "total", 124817.0)]),
    ("services beside goods", comtrade({}, {"typeCode": "S", "cmdCode": "200", "classificationCode": "EB"}),
     [("KOR", "CHN", "total", 124817.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [one[1:] for one in FURTHER_C11], ids=[one[0] for one in FURTHER_C11])  # fmt: skip
def test_c11_further_downloads_of_comtrade_are_read_right(content, expected, tmp_path, store) -> None:  # fmt: skip
    add("comtrade", [written(tmp_path, "ct.csv", content)], store)
    found = rows(store, "select reporter, partner, product, value from trade where source = 'comtrade' order by all")  # fmt: skip
    assert found == expected


REFUSED_C11 = [
    ("parts of a sum that is not there", comtrade({}, {"partnerCode": 392, "motCode": 1000}),
     "line 3: the exports of TOTAL are split by mode of transport, and there is no row for all of it"),
    ("parts by procedure and second partner", comtrade({}, {"partnerCode": 392, "customsCode": "C04"}),
     "line 3: the exports of TOTAL are split by customs procedure"),
    ("parts by mode of supply, added up before", comtrade({"mosCode": 1}, {"mosCode": 2, "cmdCode": "85", "aggrLevel": 2}),
     "line 2: the exports of TOTAL are split by mode of supply"),
    ("cells one column off their names",
     ",".join(NAMES.split(",")[:-1]) + "\n" + ",".join(comtrade({}).splitlines()[1].split(",")[1:-1]) + "\n",
     "has its cells one column off their names"),
    ("a month that the frequency denies", comtrade({"freqCode": "M"}), "line 2: the period '2023' is neither a year"),
    ("a month that is none", comtrade({"period": 202313}), "line 2: the period '202313' is neither"),
    ("one product under two classifications",
     comtrade({"cmdCode": "85", "aggrLevel": 2}, {"cmdCode": "85", "aggrLevel": 2, "classificationCode": "H5"}),
     "has trade of KOR, CHN, exports, 85, 2023-01-01 twice, in lines 2 and 3"),
    ("a decimal sign that is lost", comtrade({"primaryValue": 1248170000000}),
     "line 2: 1.24817e+12 is no value of trade in US$"),
    ("a year ten times the one before", comtrade({}, {"period": 2022, "refYear": 2022, "primaryValue": 12481700000}),
     "line 2: trade of KOR, CHN, exports in 2023 is 124,817, and 12,481.7 the year before"),
    ("a code at another level", comtrade({"cmdCode": "1012", "aggrLevel": 6}), "line 2: '1012' is no code of a product"),
    ("nothing but rests", comtrade({"partnerCode": 899}), "has no trade between economies, only 899 Areas"),
    ("services alone", comtrade({"typeCode": "S"}), "has no trade in goods (typeCode C)"),
    ("a thousand or a fraction", comtrade({"primaryValue": '"124,817"'}), "'124,817'"),
    ("a negative value", comtrade({"primaryValue": -5}), "line 2: -5 is no value of trade in US$"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), [one[1:] for one in REFUSED_C11], ids=[one[0] for one in REFUSED_C11])  # fmt: skip
def test_c11_further_downloads_of_comtrade_are_refused(content, said, tmp_path, store) -> None:
    refuse(store, "comtrade", [written(tmp_path, "ct.csv", content)], said)


def refuse(store: Store, name: str, paths: list[Path], said: str) -> None:
    with pytest.raises(DataError) as caught:
        add(name, paths, store)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert store.contents() == []


def test_imports_valued_free_on_board_say_so(tmp_path, store) -> None:
    content = comtrade({"flowCode": "M", "primaryValue": 5, "fobvalue": 5})
    add("comtrade", [written(tmp_path, "ct.csv", content)], store)
    (note,) = rows(store, "select note from trade where source = 'comtrade'")[0]
    assert note == "UN Comtrade, H6, imports valued fob"


def test_taiwan_is_490_in_every_book_of_the_un_and_bunkers_are_no_economy() -> None:
    assert areas("numeric")["490"].code == "TWN"
    assert {areas("numeric")[code].code for code in ("251", "757", "842", "381", "579", "699")} == {
        "FRA", "CHE", "USA", "ITA", "NOR", "IND",
    }  # fmt: skip
    assert areas("numeric")["837"].kind == "rest"


YEAR = (LAYOUTS / "baci/alone/BACI_HS22_Y2023_V202501.csv").read_text()
LIST = (LAYOUTS / "baci/with its list/country_codes_V202501.csv").read_text()
OF_2022 = (LAYOUTS / "baci/with a list of 2022/country_codes_V202201.csv").read_text()
NAME, LIST_NAME = "BACI_HS22_Y2023_V202501.csv", "country_codes_V202501.csv"


def baci(tmp_path: Path, year: str | bytes = YEAR, listed: str | None = LIST) -> list[Path]:
    paths = [written(tmp_path, NAME, year)]
    return paths if listed is None else [*paths, written(tmp_path, LIST_NAME, listed)]


@pytest.mark.parametrize("listed", [None, LIST])
def test_c13_taiwan_stays_taiwan_with_the_list_of_the_publisher(listed, tmp_path, store) -> None:
    add("baci", baci(tmp_path, listed=listed), store)
    query = "select reporter, partner, value from trade where source = 'baci' and 'TWN' in (reporter, partner) and product = 'total' order by all"
    agree(rows(store, query), [("KOR", "TWN", 20000.000123), ("TWN", "CHN", 150000.000123)])


FURTHER_C13 = [
    ("N/A for Taiwan", YEAR, LIST.replace("S19", "N/A")),
    ("nothing for Taiwan", YEAR, LIST.replace("S19", "")),
    ("_X for Taiwan", YEAR, LIST.replace("S19", "_X")),
    ("the list of 2022", YEAR, OF_2022),
    ("a list of semicolons", YEAR, LIST.replace(",,", ";;").replace(",", ";").replace("Asia; nes", "Asia, nes")),
    ("decimal commas and semicolons", YEAR.replace(",", ";").replace(".", ","), LIST),
    ("decimal commas in quotes", YEAR.replace(" ", "").replace("1500.123,1.5", '"1500,123","1,5"').replace(".123", "").replace("10.001", "10"), LIST),
    ("UTF-16 of a spreadsheet", YEAR.encode("utf-16"), LIST),
]  # fmt: skip


@pytest.mark.parametrize(("year", "listed"), [one[1:] for one in FURTHER_C13], ids=[one[0] for one in FURTHER_C13])  # fmt: skip
def test_c13_further_lists_and_forms_of_baci_are_read_right(year, listed, tmp_path, store) -> None:
    add("baci", baci(tmp_path, year, listed), store)
    query = "select reporter, partner, value from trade where source = 'baci' and product <> 'total' order by all"
    found = rows(store, query)
    assert [row[:2] for row in found] == [
        ("CHN", "USA"), ("KOR", "CHN"), ("KOR", "TWN"), ("TWN", "CHN"), ("USA", "KOR")
    ]  # fmt: skip
    assert [row[2] for row in found] == pytest.approx(
        [900000.0, 1.500123, 20000.0, 150000.0, 2.5], rel=1e-4
    )


REFUSED_C13 = [
    ("a list that gives China to Korea", YEAR, LIST.replace("CN,CHN", "CN,KOR"),
     "line 2: the list gives the code 156 to KOR, and it is that of China (CHN)"),
    ("a value twice", YEAR + "2023,156,842,851713,1,2\n", LIST,
     "has a flow of CHN, USA, 851713 twice, in lines 2 and 7"),
    ("a negative value", YEAR.replace("1500.123", "-1500.123"), LIST, "is no value in thousand US$"),
    ("a product of the heading", YEAR.replace("010121", "8542"), LIST, "line 5: '8542' is no product of the HS"),
    ("a thousand or a fraction", YEAR.replace(" ", "").replace("1500.123,1.5", '"1,500",1').replace(".123", "").replace("10.001", "10"), LIST, "'1,500'"),
    ("cut off in the last number", YEAR.rstrip()[: -len(",     NA")], LIST, "ends within a line"),
    ("decimal points and commas", YEAR.replace(" ", "").replace("1500.123", '"1500,12"'), LIST, "mixes decimal points and commas"),
]  # fmt: skip


@pytest.mark.parametrize(("year", "listed", "said"), [one[1:] for one in REFUSED_C13], ids=[one[0] for one in REFUSED_C13])  # fmt: skip
def test_c13_further_damages_of_baci_are_refused(year, listed, said, tmp_path, store) -> None:
    refuse(store, "baci", baci(tmp_path, year, listed), said)


def test_the_list_of_products_is_named_for_what_it_is(tmp_path, store) -> None:
    path = written(tmp_path, "product_codes_HS22_V202501.csv", "code,description\n010121,Horses\n")
    refuse(store, "baci", [path, *baci(tmp_path)], "is the list of products, which is not needed")


def test_a_large_year_is_read_at_once_and_like_the_opener_reads_it(tmp_path) -> None:
    """Typed at once or cell by cell, the same table."""
    lines = [f"2023,{i},{j},{k:06d},{1000 + k}.5,NA" for i, j in ((410, 156), (156, 842)) for k in range(10121, 20121)]  # fmt: skip
    content = "\n".join(["t,i,j,k,v,q", *lines, "2023,156,410,851713,900000000.5,1.5", "2023,156,410,851714,900000000.5,1.5", ""])  # fmt: skip
    spreadsheet = content.replace(",", ";").replace(".", ",")
    fast, slow = (
        SOURCES["baci"].read(baci(tmp_path, one, None), lambda step: None)[0]
        for one in (content, spreadsheet)
    )
    assert "commas" in fast.about["read_as"]
    assert "semicolons" in slow.about["read_as"]
    types = {"product": "str", "reporter": "str", "partner": "str"}
    columns = [*types, "value", "quantity"]
    both = [one.tables["trade"][columns].astype(types) for one in (fast, slow)]
    pd.testing.assert_frame_equal(both[0], both[1])


REFUSED_BTIGE = [
    ("the explorer without its unit", "labels.csv", ",UNIT_MULT", ",UNIT", "should have the column 'UNIT_MULT'"),
    ("volumes", "labels.csv", "USD,US dollar", "T,Tonnes", "has no rows that are read (UNIT_MEASURE is not USD)"),
    ("a use of goods alone", "labels.csv", "TOTAL,Total", "INT,Intermediate", "has no rows that are read (END_USE is not TOTAL)"),
    ("a code of no economy", "labels.csv", "CHN,China", "CHX,China", "line 2: 'CHX' is not the code of a known economy"),
    ("dollars for thousands", "labels.csv", ",3,Thousands", ",6,Millions", "is no export in million US$"),
    ("a year ten times the one before", "totals_top10_partners.csv", "2023,VNM,KOR,25521560.25", "2023,VNM,KOR,2552156.025",
     "line 3: the export of VNM, KOR in 2024 is 26,521.6, and 2,552.16 the year before"),
]  # fmt: skip


@pytest.mark.parametrize(("seed", "old", "new", "said"), [one[1:] for one in REFUSED_BTIGE], ids=[one[0] for one in REFUSED_BTIGE])  # fmt: skip
def test_exports_of_the_oecd_in_another_meaning_are_refused(seed, old, new, said, tmp_path, store) -> None:  # fmt: skip
    content = (LAYOUTS / "btige" / seed).read_text()
    assert old in content
    refuse(store, "btige", [written(tmp_path, "b.csv", content.replace(old, new))], said)


DIST = pd.DataFrame(
    {"iso_o": ["KOR", "KOR"], "iso_d": ["CHN", "ROM"], "contig": [0.0, 0.0],
     "dist": [952.2, 8000.1], "distw": [1157.1, 8000.0]}
)  # fmt: skip


def as_stata(path: Path, frame: pd.DataFrame = DIST) -> None:
    frame.to_stata(path, write_index=False)


def as_workbook(path: Path, frame: pd.DataFrame = DIST) -> None:
    sheet(path, [list(frame.columns), *frame.to_numpy().tolist()])


def as_text(path: Path, frame: pd.DataFrame = DIST) -> None:
    frame.to_csv(path, index=False)


def as_text_of_stata(path: Path, frame: pd.DataFrame = DIST) -> None:
    frame.assign(distw=["1157.1", "."], iso_d=["CHN", "ZAR"]).to_csv(path, index=False, sep=";")


@pytest.mark.parametrize(
    ("name", "write", "second"),
    [
        ("dist_cepii.dta", as_stata, "ROU"),
        ("dist_cepii.xlsx", as_workbook, "ROU"),
        ("dist_cepii.csv", as_text, "ROU"),
        ("dist_cepii.txt", as_text_of_stata, "COD"),
    ],
)
def test_c26_geodist_as_it_is_published(name, write, second, tmp_path, store) -> None:
    write(tmp_path / name)
    add("gravity", [tmp_path / name], store)
    query = "select destination, value from gravity where variable = 'dist' order by value"
    assert rows(store, query) == [("CHN", 952.2), (second, 8000.1)]


def test_c26_gravity_in_stata_is_that_in_text(tmp_path, store) -> None:
    text = LAYOUTS / "gravity/Gravity_V202211.csv"
    pd.read_csv(text).drop(
        columns=["distw_harmonic_jh", "distw_arithmetic_jh", "scaled_sci_2021"]
    ).to_stata(tmp_path / "Gravity_V202211.dta", write_index=False)
    tables = [
        SOURCES["gravity"].read([path], lambda step: None)[0].tables["gravity"]
        for path in (text, tmp_path / "Gravity_V202211.dta")
    ]
    order = ["variable", "destination", "year"]
    both = [one.astype({"origin": "str", "destination": "str"}).sort_values(order, ignore_index=True) for one in tables]  # fmt: skip
    pd.testing.assert_frame_equal(both[0], both[1])


GEODIST = (LAYOUTS / "gravity/dist_cepii.csv").read_text()
GRAVITY = (LAYOUTS / "gravity/Gravity_V202211.csv").read_text()
REFUSED_C26 = [
    ("the format of R", "Gravity_V202211.rds", b"\x1f\x8b\x08data", "is in R's own format, which is not read"),
    ("metres", "dist_cepii.csv", GEODIST.replace("952.25", "952250"), "no distance on Earth is longer than 20 100 km"),
    ("a decimal sign that is lost", "dist_cepii.csv", GEODIST.replace("8000.25,8000.25", "8000.25,800.025"),
     "line 3: from KOR to ROU, dist is 8000.25 and distcap is 800.025 km"),
    ("another distance back", "dist_cepii.csv", GEODIST + "CHN,KOR,0,0,0,0,0,0,0,0,1200.25,1200.25,1157.5,1080.5\n",
     "dist from KOR to CHN is 952.25, and 1200.25 the other way"),
    ("letters that nobody has", "dist_cepii.csv", GEODIST.replace("ROM", "RMN"), "'RMN' is not the code of a known economy"),
    ("a pair twice", "dist_cepii.csv", GEODIST.replace("ROM", "CHN"), "has the pair of KOR, CHN twice"),
    ("the table of countries", "geo_cepii.csv", "id,iso2,iso3,cnum,country\n1,KR,KOR,410,Korea\n", "should have the column"),
    ("two rows of a pair and year", "Gravity_V202211.csv", GRAVITY.replace("IDN,410,360,1,0", "IDN,410,360,1,1"),
     "has the pair of 2015, KOR, IDN twice, in lines 4 and 5"),
    ("a flag that is none", "Gravity_V202211.csv", GRAVITY.replace("956.5,0,1.5", "956.5,3,1.5"), "does not stand under its names"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), [one[1:] for one in REFUSED_C26], ids=[one[0] for one in REFUSED_C26])  # fmt: skip
def test_c26_further_files_of_distances_are_refused(name, content, said, tmp_path, store) -> None:
    refuse(store, "gravity", [written(tmp_path, name, content)], said)


@pytest.mark.parametrize("placeholder", ["-9999", "0", "-1"])
def test_a_placeholder_is_no_distance_and_is_said(placeholder, tmp_path, store) -> None:
    content = GEODIST.replace("8000.25,8000.25", f"8000.25,{placeholder}")
    (entry,) = add("gravity", [written(tmp_path, "dist_cepii.csv", content)], store)
    assert rows(store, "select destination from gravity where variable = 'distcap' order by all") == [("CHN",), ("PSE",)]  # fmt: skip
    assert "left out: placeholders of distances (1 cells)" in describe(entry)


def test_the_years_of_gravity_and_the_gaps_between_them_are_said(tmp_path) -> None:
    path = written(tmp_path, "Gravity_V202211.csv", GRAVITY.replace("2014,", "2012,"))
    (parsed,) = SOURCES["gravity"].read([path], lambda step: None)
    assert parsed.about["years"] == "2012-2015 without 2013, 2014"


def _comtrade(tmp_path: Path, text: str) -> pd.DataFrame:
    (tmp_path / "trade.csv").write_text(text, encoding="utf-8")
    (parsed,) = SOURCES["comtrade"].read([tmp_path / "trade.csv"], lambda step: None)
    trade = parsed.tables["trade"]
    assert isinstance(trade, pd.DataFrame)
    return trade.set_index(["flow", "product"]).sort_index()


def test_a_weight_of_zero_is_one_that_nobody_knows(tmp_path: Path) -> None:
    trade = _comtrade(tmp_path, COMTRADE.replace("C00,0,,124", "C00,0,0,124"))
    assert trade.quantity["exports", "85"] == pytest.approx(0.0105)
    assert pd.isna(trade.quantity["exports", "total"])


@pytest.mark.parametrize(
    ("column", "every", "one"),
    [("Customs Proc. Code", "C00", "C01"), ("Mode of Transport Code", "0", "2100")],
)
def test_a_part_of_a_flow_is_not_added_in_the_former_layout(
    column: str, every: str, one: str, tmp_path: Path
) -> None:
    head, *lines = COMTRADE_FORMER.splitlines()
    part = lines[0].replace("13400000000", "400000000")
    rows = [f"{head},{column}", *(f"{line},{every}" for line in lines), f"{part},{one}"]
    trade = _comtrade(tmp_path, "\n".join(rows) + "\n")
    assert trade.value["exports", "total"] == pytest.approx(13400.0)
