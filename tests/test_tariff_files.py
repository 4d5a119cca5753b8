"""Tariffs and restrictions as their publishers lay them out: the right rate, or one sentence."""

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detente._core import DataError
from detente.calibrate.line_rates import line_weighted_rates
from detente.data.concordance import industries, union_members
from detente.data.sources import add, SOURCES
from detente.data.sources.layout import match
from detente.data.sources.opened import open_table
from detente.data.sources.place import FilePlace
from detente.data.sources.rates import to_lines
from detente.data.sources.source import ParsedFile
from detente.data.store import Store
from detente.data.stri import POLICY_AREAS
from tests.test_opener import sheet


LAYOUTS = Path(__file__).parent / "layouts"
RATES = (
    "select destination, origin, sector, year, kind, rate from tariffs "
    "order by destination, origin, sector, kind"
)
SCORES = "select country, sector, year, policy_area, score from restrictions order by score"
SCORED = [
    ("KOR", "TC", 2024, POLICY_AREAS[2], 0.02), ("KOR", "TC", 2024, POLICY_AREAS[1], 0.03),
    ("KOR", "TC", 2024, POLICY_AREAS[4], 0.04), ("KOR", "TC", 2024, POLICY_AREAS[0], 0.05),
    ("KOR", "TC", 2024, POLICY_AREAS[3], 0.06), ("KOR", "TC", 2024, "STRI", 0.2),
]  # fmt: skip
SEEDS: Mapping[str, tuple[str, list[tuple[object, ...]]]] = {
    "wits/query": (RATES, [
        ("EUN", "CIV", "870323", 2021, "bound", 0.1), ("KOR", "CHN", "010121", 2021, "applied", 0.045),
        ("KOR", "WLD", "010121", 2021, "mfn", 0.08),
    ]),
    "wits/avemfn": (RATES, [
        ("KOR", "WLD", "030617", 2021, "mfn", 0.2025), ("KOR", "WLD", "100630", 2021, "mfn", 5.13),
    ]),
    "wits/avepref": (RATES, [
        ("KOR", "CHN", "030617", 2021, "applied", 0.025), ("KOR", "EUN", "030617", 2021, "applied", 0.0),
    ]),
    "wits/series": (RATES, [
        ("USA", "KOR", "020110", 2021, "applied", 0.052), ("USA", "WLD", "020110", 2021, "mfn", 0.264),
    ]),
    "teti/by_sector": (RATES, [
        ("CHN", "KOR", "C29", 2021, "applied", 0.105), ("KOR", "CHN", "C26", 2021, "applied", 0.08),
        ("KOR", "USA", "A01", 2021, "applied", 0.512),
    ]),
    "tariff-lines/plain": (RATES, [
        ("CHN", "KOR", "85044020", 2019, "applied", 0.065), ("CHN", "WLD", "03061790", 2019, "mfn", 0.025),
        ("CHN", "WLD", "85044020", 2019, "mfn", 0.1),
    ]),
    "korea-tariff/customs": (RATES, [
        ("KOR", "CHN", "0306179090", 2026, "applied", 0.025),
        ("KOR", "WLD", "0306179090", 2026, "mfn", 0.2), ("KOR", "WLD", "8504401010", 2026, "mfn", 0.08),
    ]),
    "korea-tariff/applicable": (
        RATES.replace("order", "where origin in ('CHN', 'USA', 'DEU', 'GBR', 'WLD') order"), [
        ("KOR", "CHN", "2103909050", 2025, "applied", 0.445),
        ("KOR", "DEU", "2103909050", 2025, "applied", 0.0), ("KOR", "GBR", "2103909050", 2025, "applied", 0.0),
        ("KOR", "WLD", "0904210000", 2025, "mfn", 2.7), ("KOR", "WLD", "2103909050", 2025, "mfn", 0.45),
    ]),
    "stri/explorer_names": (SCORES, SCORED),
    "stri/explorer_codes": (SCORES, SCORED),
    "stri/explorer_both": (SCORES, SCORED),
    "stri/stat": (SCORES, SCORED),
    "stri/repackaged": (SCORES, SCORED),
}  # fmt: skip
"""Of each layout the query and the right rows."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def seed(name: str) -> str:
    return (LAYOUTS / f"{name}.csv").read_text(encoding="utf-8")


def same(found: list[tuple[object, ...]], right: list[tuple[object, ...]]) -> bool:
    return len(found) == len(right) and all(
        a == pytest.approx(b, abs=1e-9) if isinstance(b, float) else a == b
        for one, other in zip(found, right, strict=True)
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("name", SEEDS)
def test_each_layout_opens_as_one_and_gives_its_rates(name: str, store: Store) -> None:
    source, (query, right) = name.split("/")[0], SEEDS[name]
    path = LAYOUTS / f"{name}.csv"
    add(source, [path], store)
    found = list(store.query(query).itertuples(index=False, name=None))
    assert same(found, right), found
    header = open_table(path, SOURCES[source].layouts).header
    assert len([one for one in SOURCES[source].layouts if match(one, 1, header)]) == 1


def test_every_layout_of_these_sources_has_a_seed() -> None:
    for source in ("wits", "teti", "tariff-lines", "korea-tariff", "stri"):
        paths = [LAYOUTS / f"{name}.csv" for name in SEEDS if name.startswith(f"{source}/")]
        assert {open_table(path, SOURCES[source].layouts).layout.name for path in paths} == {
            one.name for one in SOURCES[source].layouts
        }


Contents = str | bytes | Callable[[Path], None]


def parsed(tmp_path: Path, source: str, contents: Mapping[str, Contents]) -> list[ParsedFile]:
    paths = [tmp_path / name for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        if callable(content):
            content(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SOURCES[source].read(paths, lambda step: None)


def rates(
    tmp_path: Path, source: str, contents: Mapping[str, Contents]
) -> list[tuple[object, ...]]:
    """Destination, origin, product, kind and rate of each row, in order."""
    rows = [
        (row.destination, row.origin, row.sector, row.kind, round(row.rate, 9))
        for one in parsed(tmp_path, source, contents)
        for row in one.tables["tariffs"].itertuples()
    ]
    return sorted(rows)


def scores(tmp_path: Path, contents: Mapping[str, Contents]) -> list[tuple[object, ...]]:
    return sorted(
        (
            (row.country, row.sector, row.year, row.policy_area, row.score)
            for one in parsed(tmp_path, "stri", contents)
            for row in one.tables["restrictions"].itertuples()
        ),
        key=lambda row: row[-1],
    )


MFN_NAMES = seed("wits/avemfn").splitlines()[0]
PREFERENCE_NAMES = seed("wits/avepref").splitlines()[0]
QUERY_NAMES = (
    "Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,Partner Name,"
    "Tariff Year,Trade Year,Trade Source,DutyType,Simple Average,Weighted Average"
)
SHRIMP = "H5,410,2021,030617,20,20,20,20,0,0,0,1,1,1,\n"
MFN = f"{MFN_NAMES}\n{SHRIMP}H5,410,2021,100630,513,513,513,513,0,0,1,1,1,1,U2\n"
PREFERENCES = (
    f"{PREFERENCE_NAMES}\nH5,410,2021,030617,156,0,0,0,0,1,1,0,0,\n"
    "H5,410,2021,030617,A24,5,5,5,5,1,1,0,0,\n"
)
QUERY = (
    f'{QUERY_NAMES}\nH5,H5,156,China,330499,Cosmetics,410,"Korea, Rep.",2021,2021,CTS,AHS,2.5,2.4\n'
)
APPLIED = [("CHN", "KOR", "330499", "applied", 0.025)]


def without(text: str, *names: str) -> str:
    """A table of commas without some of its columns."""
    rows = [line.split(",") for line in text.splitlines()]
    keep = [place for place, name in enumerate(rows[0]) if name not in names]
    return "".join(",".join(row[place] for place in keep) + "\n" for row in rows)


def test_c03_preferences_are_never_rates_on_everybody(tmp_path: Path) -> None:
    contents = {"AVEMFN_H5_410_2021.CSV": MFN, "AVEPref_H5_410_2021.CSV": PREFERENCES}
    assert rates(tmp_path, "wits", contents) == [
        ("KOR", "CHN", "030617", "applied", 0.0),
        ("KOR", "WLD", "030617", "mfn", 0.2),
        ("KOR", "WLD", "100630", "mfn", 5.13),
    ]
    (_, preferences) = parsed(tmp_path, "wits", contents)
    assert preferences.about[
        "left out: rates on groups of partners, whose members the file does not name"
    ] == "1"  # fmt: skip


def semicolons(text: str) -> str:
    """The table as a locale with decimal commas writes it."""
    return re.sub(r"(\d)\.(\d)", r"\1,\2", text.replace(",", ";"))


FURTHER: list[tuple[str, str, str, Contents, list[tuple[object, ...]] | str]] = [
    ("c03", "preferences without their partners", "wits", without(PREFERENCES, "Partner"),
     "should have the column 'Partner', and has none"),
    ("c03", "preferences without partners and counts", "wits",
     without(PREFERENCES, "Partner", "Nbr_Pref_Lines", "Nbr_MFN_Lines"), "should have"),
    ("c03", "preferences below a title, semicolons, decimal commas", "wits",
     "TRAINS bulk download\n\n" + semicolons(PREFERENCES.replace("0,0,0,0,1", "5,2,3,2.5,1")),
     [("KOR", "CHN", "030617", "applied", 0.025)]),
    ("c03", "preferences on the European Union", "wits", PREFERENCES.replace(",156,", ",918,"),
     [("KOR", "EUN", "030617", "applied", 0.0)]),
    ("c03", "a preference for the world", "wits", PREFERENCES.replace(",156,", ",000,"),
     "line 2: '000' is no partner of a preference; is it a file of MFN rates?"),
    ("c03", "one product in two nomenclatures", "wits", MFN + SHRIMP.replace("H5", "H4").replace("20,20,20,20", "18,18,18,18"),
     "has the rate of KOR, WLD, 030617, 2021, mfn twice, in lines 2 and 4"),
    ("c03", "the world as a reporter", "wits", MFN.replace("H5,410,", "H5,000,"),
     "line 2: '000' is no reporter of tariffs"),
    ("c03", "importer and exporter mixed up", "tariff-lines",
     "exporter,importer,year,hs,rate\nCHN,WLD,2019,85044020,10\n", "line 2: 'WLD' is no importer"),
    ("c03", "one product of two estimates", "wits", MFN + "H5,410,2021,100630,9,9,9,9,0,0,1,1,1,1,U1\n",
     "has the rate of KOR, WLD, 100630, 2021, mfn twice, in lines 3 and 4"),
    ("c03", "a query with the preference beside the applied rate", "wits",
     QUERY + 'H5,H5,156,China,330499,Cosmetics,410,"Korea, Rep.",2021,2021,CTS,PRF,1.5,1.4\n', APPLIED),
    ("c03", "series of the interface for programs", "wits", seed("wits/series"),
     [("USA", "KOR", "020110", "applied", 0.052), ("USA", "WLD", "020110", "mfn", 0.264)]),
    ("c03", "a mean above the highest of its rates", "wits", MFN.replace("20,20,20,20", "20,20,20,200"),
     "line 2: the mean rate is 200 and the highest one 20"),
    ("c03", "a code that lost its zero", "wits", MFN.replace("030617", "30617"),
     "line 2: '30617' is no product code of the Harmonized System"),
    ("c04", "tabs and the name of Türkiye", "wits",
     QUERY.replace("China", "Türkiye").replace('"Korea, Rep."', "Korea").replace(",", "\t").replace(
         "\t156\t", "\t792\t").encode("cp1252"), [("TUR", "KOR", "330499", "applied", 0.025)]),
    ("c04", "UTF-16 of a spreadsheet", "wits", QUERY.replace("China", "中国").encode("utf-16"), APPLIED),
    ("c04", "a workbook", "wits",
     lambda path: sheet(path, [QUERY_NAMES.split(","), ["H5", "H5", 156, "China", "330499", "Cosmetics",
      410, "Korea", 2021, 2021, "CTS", "AHS", 2.5, 2.4]]), APPLIED),
    ("c04", "a name in a code page far below", "wits",
     (QUERY + QUERY.splitlines()[1].replace("330499", "180100").replace("410", "384").replace(
         "Korea, Rep.", "Côte d'Ivoire") + "\n").encode("latin-1"),
     [("CHN", "CIV", "180100", "applied", 0.025), *APPLIED]),
    ("c05", "a bulk file of the Union", "wits", MFN.replace("H5,410,", "H5,918,"),
     [("EUN", "WLD", "030617", "mfn", 0.2), ("EUN", "WLD", "100630", "mfn", 5.13)]),
    ("c05", "the Union as a partner", "wits", QUERY.replace(",410,", ",918,"),
     [("CHN", "EUN", "330499", "applied", 0.025)]),
    ("c05", "letters of WITS of its own", "wits", QUERY.replace(",156,", ",ROM,").replace(",410,", ",OAS,"),
     [("ROU", "TWN", "330499", "applied", 0.025)]),
    ("c05", "letters that are no economy's", "wits", QUERY.replace(",156,", ",XQZ,"),
     "line 2: 'XQZ' is not the code of a known economy"),
    ("c05", "a reporter that is a group", "wits", QUERY.replace(",156,", ",ANDEAN,"),
     "line 2: 'ANDEAN' is not the code of a known economy"),
    ("c05", "letters of one end and numbers of the other in one column", "wits",
     QUERY + QUERY.splitlines()[1].replace(",156,", ",EUN,") + "\n",
     [*APPLIED, ("EUN", "KOR", "330499", "applied", 0.025)]),
    ("c30", "three decimals behind a comma", "wits", QUERY.replace("2.5,2.4", '"1,667","1,5"').replace(
        "2.5", "2"), "line 2: '1,667' in the column 'Simple Average' may be in thousands"),
    ("c30", "semicolons", "teti", "year;sector;importer;exporter;tariff\n2018;C26;KOR;CHN;0,125\n",
     [("KOR", "CHN", "C26", "applied", 0.125)]),
    ("c30", "one decimal", "teti", 'year,sector,importer,exporter,tariff\n2018,C26,KOR,CHN,"0,5"\n',
     [("KOR", "CHN", "C26", "applied", 0.5)]),
    ("c30", "per cent in place of factors", "teti", "year,sector,importer,exporter,tariff\n2018,C26,KOR,CHN,8\n",
     "line 2: 8 is no tariff as a factor of one"),
    ("c30", "a decimal comma and a point", "teti",
     'year,sector,importer,exporter,tariff\n2018,C26,KOR,CHN,"0,08"\n2018,C27,KOR,CHN,0.05\n',
     "mixes decimal points and commas"),
    ("c30", "lines with decimal commas", "tariff-lines",
     'importer,exporter,year,hs,rate\nCHN,WLD,2019,85044020,"2,5"\n', [("CHN", "WLD", "85044020", "mfn", 0.025)]),
    ("c30", "lines in fractions of one", "tariff-lines", "importer,exporter,year,hs,rate\n" + "".join(
        f"CHN,WLD,2019,850440{line},0.1{line}\n" for line in (10, 20, 30)),
     "the file seems to have fractions of one, and should have per cent"),
    ("c30", "Korean rates with decimal commas", "korea-tariff",
     seed("korea-tariff/customs").replace(",2.5,", ',"2,5",'),
     [("KOR", "CHN", "0306179090", "applied", 0.025), ("KOR", "WLD", "0306179090", "mfn", 0.2),
      ("KOR", "WLD", "8504401010", "mfn", 0.08)]),
    ("c30", "a Korean line that lost its zero", "korea-tariff",
     seed("korea-tariff/customs").replace("0306179090", "306179090"),
     "line 2: '306179090' is no Korean tariff line of ten digits"),
]  # fmt: skip
"""Case, what is special, source, content, and the right rows or the sentence."""


@pytest.mark.parametrize(("case", "what", "source", "content", "right"), FURTHER)
def test_further_inputs_of_c03_c04_c05_and_c30(
    case: str, what: str, source: str, content: Contents, right: list | str, tmp_path: Path
) -> None:
    name = "t.xlsx" if callable(content) else "t.csv"
    if isinstance(right, list):
        assert rates(tmp_path, source, {name: content}) == sorted(right)
        return
    with pytest.raises(DataError) as caught:
        parsed(tmp_path, source, {name: content})
    assert right in str(caught.value)
    assert "\n" not in str(caught.value)


def test_c04_names_in_another_encoding_do_not_matter(tmp_path: Path) -> None:
    text = QUERY.replace(",410,", ",384,").replace("Korea, Rep.", "Côte d'Ivoire")
    for encoding in ("latin-1", "utf-8", "cp1252"):
        found = rates(tmp_path, "wits", {"DataJobID.csv": text.encode(encoding)})
        assert found == [("CHN", "CIV", "330499", "applied", 0.025)]


def test_c05_the_european_union_is_a_reporter(tmp_path: Path) -> None:
    text = QUERY.replace(",156,China,330499,Cosmetics", ",918,European Union,870323,Cars")
    found = rates(tmp_path, "wits", {"DataJobID-2_EU.csv": text.replace("2.5,2.4", "0,0")})
    assert found == [("EUN", "KOR", "870323", "applied", 0.0)]


LINES = "importer,exporter,year,hs,rate\n"
CODES = [row.code for row in industries("icio")]


def levied(tmp_path: Path, store: Store, text: str, countries: list[str], year: int) -> np.ndarray:
    """Rates on electrical goods by origin and destination."""
    (tmp_path / "l.csv").write_text(LINES + text)
    add("tariff-lines", [tmp_path / "l.csv"], store)
    found = line_weighted_rates(store, year, countries, industries("icio"))
    assert found is not None
    return found.levied[:, :, CODES.index("C27")]


def test_c05_members_of_the_year_levy_the_tariff_of_the_union(tmp_path: Path, store: Store) -> None:
    """In 2019 Britain too; Poland's own schedule of before its accession is over; none within."""
    text = "EUN,WLD,2019,850440,4\nEUN,KOR,2019,850440,1\nPOL,WLD,2003,850440,9\n"
    countries = ["GBR", "KOR", "POL", "USA"]
    rate = levied(tmp_path, store, text, countries, 2020)
    gbr, kor, pol, usa = range(4)
    assert rate[usa, gbr] == rate[usa, pol] == pytest.approx(0.04)
    assert rate[kor, gbr] == pytest.approx(0.01)
    assert rate[pol, gbr] == rate[gbr, pol] == 0.0
    assert np.isnan(rate[:, kor]).all()


def test_c05_after_it_left_britain_levies_nothing_of_the_union(
    tmp_path: Path, store: Store
) -> None:
    rate = levied(tmp_path, store, "EUN,WLD,2022,850440,4\n", ["DEU", "GBR", "USA"], 2022)
    assert rate[1:, 0] == pytest.approx([0.04, 0.04])
    assert np.isnan(rate[:, 1]).all()


def test_c05_a_rate_on_the_union_is_on_each_of_its_members(tmp_path: Path, store: Store) -> None:
    text = "KOR,WLD,2022,850440,8\nKOR,EUN,2022,850440,0\nKOR,POL,2022,850440,3\n"
    rate = levied(tmp_path, store, text, ["DEU", "GBR", "KOR", "POL"], 2022)
    assert rate[[0, 1, 3], 2] == pytest.approx([0.0, 0.08, 0.0])


def test_members_of_the_union_by_year() -> None:
    sizes = {year: len(union_members("EUN", year)) for year in (1988, 1995, 2004, 2013, 2020, 2021)}
    assert sizes == {1988: 12, 1995: 15, 2004: 25, 2013: 28, 2020: 28, 2021: 27}


def test_an_applied_rate_on_the_world_is_due_on_nobody(tmp_path: Path, store: Store) -> None:
    """It is a mean over partners: the rate on everybody is the MFN one."""
    world = QUERY.replace(",410,", ",000,").replace("330499", "850440")
    both = world + world.splitlines()[1].replace("AHS,2.5", "MFN,8") + "\n"
    (tmp_path / "w.csv").write_text(both)
    add("wits", [tmp_path / "w.csv"], store)
    found = line_weighted_rates(store, 2021, ["CHN", "KOR"], industries("icio"))
    assert found is not None
    assert found.levied[1, 0, CODES.index("C27")] == pytest.approx(0.08)


def test_two_downloads_of_one_rate_count_once(tmp_path: Path, store: Store) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(QUERY.replace("330499", "850440").replace(",410,", ",000,").replace(
            "AHS", "MFN"))  # fmt: skip
    add("wits", [tmp_path / "a.csv", tmp_path / "b.csv"], store)
    found = line_weighted_rates(store, 2021, ["CHN", "KOR"], industries("icio"))
    assert found is not None
    assert found.levied[1, 0, CODES.index("C27")] == pytest.approx(0.025)


EXPLORER = seed("stri/explorer_names")
OTHER = EXPLORER.splitlines()[1].replace(
    "CLAS1_1,Restrictions on foreign entry", "CLAS2_1,Discriminatory"
)


def test_c06_policy_areas_have_the_names_of_the_library(tmp_path: Path) -> None:
    assert same(scores(tmp_path, {"five.csv": EXPLORER}), SCORED)


FURTHER_SCORES: list[tuple[str, Contents, list[tuple[object, ...]] | str]] = [
    ("codes alone", seed("stri/explorer_codes"), SCORED),
    ("codes and names in one cell", seed("stri/explorer_both"), SCORED),
    ("semicolons and decimal commas", semicolons(seed("stri/explorer_codes").replace("1.0", "1")),
     SCORED),
    ("names of the areas in place of codes", re.sub(r"CLAS1_\d,([A-Z][a-z ]+),", r"\1,\1,", EXPLORER), SCORED),
    ("another decomposition beside", EXPLORER + OTHER + "\n", SCORED),
    ("the digital index", EXPLORER.replace("DF_STRI_MAIN", "DF_STRI_DIGITAL"),
     "is no table of the Services Trade Restrictiveness Index itself (DF_STRI_MAIN)"),
    ("the index within the European Economic Area", EXPLORER.replace("MAIN", "INTRAEEA"),
     "is no table of the Services Trade Restrictiveness Index itself"),
    ("another decomposition alone", "".join(
        line.replace("CLAS1_", "CLAS3_") + "\n" for line in seed("stri/explorer_codes").splitlines()[:6]),
     "has no score of the index or of one of its five policy areas"),
    ("an area of the digital index", without(seed("stri/explorer_codes"), "DATAFLOW").replace("CLAS1_5", "CLAS1_6"),
     "'CLAS1_6' is no area of this index but of the digital one"),
    ("another partner", seed("stri/explorer_codes").replace(",W,", ",EEA,"),
     "has no rows that are read (COUNTERPART_AREA is not"),
    ("a code under another area's name", EXPLORER.replace("CLAS1_1,", "CLAS1_2,", 1),
     "'CLAS1_2' is 'Restrictions to movement of people', and the file calls it"),
    ("four of five areas without the index", "".join(
        line + "\n" for line in seed("stri/repackaged").splitlines()[:5]),
     "has 4 of the 5 policy areas of KOR TC 2024"),
    ("a score in per cent", seed("stri/repackaged").replace("0.05", "5"), "line 2: 5 is no score of the index"),
    ("a field that is none", seed("stri/repackaged").replace("TC,", "J61,"), "line 2: 'J61' is no field"),
    ("a score twice", seed("stri/repackaged") + seed("stri/repackaged").splitlines()[1] + "\n",
     "has the score of KOR, TC, 2024, Restrictions on foreign entry twice"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "right"), FURTHER_SCORES)
def test_further_inputs_of_c06(
    what: str, content: Contents, right: list | str, tmp_path: Path
) -> None:
    if isinstance(right, list):
        assert same(scores(tmp_path, {"s.csv": content}), right)
        return
    with pytest.raises(DataError) as caught:
        parsed(tmp_path, "stri", {"s.csv": content})
    assert right in str(caught.value)


def test_c06_what_is_left_out_of_the_measures_is_counted(tmp_path: Path) -> None:
    (one,) = parsed(tmp_path, "stri", {"s.csv": EXPLORER + OTHER + "\n"})
    assert one.about["left out: other measures than the index and its areas"] == "1"


def test_c30_decimal_commas_of_rates(tmp_path: Path) -> None:
    teti = 'year,sector,importer,exporter,tariff\n2018,C26,KOR,CHN,"0,08"\n'
    assert rates(tmp_path, "teti", {"teti.csv": teti}) == [("KOR", "CHN", "C26", "applied", 0.08)]
    wits = QUERY.replace("2.5,2.4", '"2,5","2,4"')
    assert rates(tmp_path, "wits", {"wits.csv": wits}) == APPLIED


def test_a_rate_of_a_special_use_is_not_the_rate_of_a_line(tmp_path: Path) -> None:
    (one,) = parsed(tmp_path, "korea-tariff", {"k.csv": seed("korea-tariff/customs")})
    assert one.about["left out: 용도세율구분 is not empty"] == "1"


def two_sheets(path: Path, first: str, second: str) -> None:
    """A workbook with the Korean table in two sheets, of 20 % in the first and 30 in the second."""
    table = [line.split(",") for line in seed("korea-tariff/customs").splitlines()]
    sheet(path, [[*row[:2], "30", *row[3:]] if row[1] == "A" else row for row in table], second,
          before=True)  # fmt: skip
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"Legend", first.encode())
    newer = parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet1.xml"] = newer.replace(b"<t>30</t>", b"<t>20</t>")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_of_a_years_editions_in_one_workbook_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "k.xlsx"
    two_sheets(path, "1.1", "2.12")
    (one,) = SOURCES["korea-tariff"].read([path], lambda step: None)
    assert "'2.12'" in one.about["read_as"]
    found = one.tables["tariffs"].query("origin == 'WLD' and sector == '0306179090'")
    assert found.rate.tolist() == pytest.approx([0.3])
    two_sheets(path, "1.1", "copy")
    with pytest.raises(DataError, match="in 2 sheets; keep one"):
        SOURCES["korea-tariff"].read([path], lambda step: None)


def test_a_provisional_rate_goes_before_the_basic_one(tmp_path: Path) -> None:
    text = seed("korea-tariff/customs") + "8504401010,B,12,,,1,,20260101,20261231\n"
    found = rates(tmp_path, "korea-tariff", {"k.csv": text})
    assert ("KOR", "WLD", "8504401010", "mfn", 0.12) in found


def test_an_agreement_that_is_not_known_is_refused(tmp_path: Path) -> None:
    text = seed("korea-tariff/applicable").replace("applied_us", "applied_jp")
    with pytest.raises(DataError, match="whose goods the column 'applied_jp' is about"):
        parsed(tmp_path, "korea-tariff", {"a.csv": text})


def test_of_two_agreements_the_lower_rate_counts_and_two_rates_on_everybody_are_refused(
    tmp_path: Path,
) -> None:
    lines = LINES + "KOR,CHN,2022,8504401010,5\nKOR,CHN,2022,8504401010,3\n"
    assert rates(tmp_path, "tariff-lines", {"l.csv": lines})[0][-1] == 0.03
    with pytest.raises(DataError, match="the rate on everybody of 2022, KOR, 8504401010 twice"):
        parsed(tmp_path, "tariff-lines", {"l.csv": lines.replace("CHN", "WLD")})


def test_lines_of_nine_digits_are_japans_and_of_no_country_with_more() -> None:
    place = FilePlace(Path("rates.csv"))
    japan = pd.Series(["JPN", "JPN"])
    assert to_lines(place, pd.Series(["854231000", "8542.31.010"]), japan).tolist() == [
        "854231000", "854231010",
    ]  # fmt: skip
    with pytest.raises(DataError):
        to_lines(place, pd.Series(["854231000", "8542310000"]), pd.Series(["KOR", "KOR"]))
