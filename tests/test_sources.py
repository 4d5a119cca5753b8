"""Public sources as published: what they become, and the one sentence for each fault."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detente._core import DataError
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.from_store import build_from_store, recipes
from detente.data.sources import add, SOURCES
from detente.data.store import Store
from tests import source_files as files
from tests.fuzz_readers import seeds


CODES = "country_codes_V202501.csv"
BACI_NAME = "BACI_HS22_Y2023_V202501.csv"
PUBLISHED: dict[str, tuple[str, Mapping[str, str], str, list[object]]] = {
    "baci": (
        "select value, quantity, basis from trade where source = 'baci' and reporter = 'KOR' "
        "and product = '010121'",
        {BACI_NAME: files.BACI, CODES: files.BACI_CODES}, "HS22 V202501", [1.5, None, "harmonised"],
    ),
    "comtrade": (
        "select value, flow, basis from trade where source = 'comtrade' and product = '85'",
        {"ct.csv": files.COMTRADE}, "H6", [61000.0, "exports", "comtrade"],
    ),
    "wits": (
        "select rate, kind, destination from tariffs where origin = 'WLD'",
        {"wits.csv": files.WITS}, "WITS", [0.05, "mfn", "CHN"],
    ),
    "teti": ("select rate, sector from tariffs", {"t.csv": files.TETI}, "by ICIO sector", [0.08, "C26"]),
    "tariff-lines": (
        "select rate, kind, destination from tariffs where sector = '85044020' and origin = 'KOR'",
        {"china.csv": files.LINES}, "plain", [0.06, "applied", "CHN"],
    ),
    "korea-tariff": (
        "select rate, year, destination from tariffs where sector = '8504401010' and origin = 'CHN'",
        {"rates_2022.csv": files.KOREA_TARIFF}, "Korea Customs Service", [0.056, 2022, "KOR"],
    ),
    "stri": (
        "select score, country from restrictions where policy_area = 'STRI'",
        {"stri.csv": files.STRI}, "2024-2024", [0.3, "KOR"],
    ),
    "gravity": (
        "select value, destination from gravity where variable = 'dist'",
        {"Gravity_V202211.csv": files.GRAVITY}, "V202211", [956.0, "CHN"],
    ),
    "wdi": (
        "select value, unit from indicators where year = 2023",
        {"API_NY.csv": files.WDI}, "2025-03-24", [1712792854202.4, "current US$"],
    ),
    "korea-customs": (
        "select value, partner, basis from trade where flow = 'exports' and period = '2019-01-01' "
        "and source <> 'record'",
        {"kosis.csv": files.KOSIS}, "monthly", [10836.0, "CHN", "korean customs"],
    ),
    "korea-exports": (
        "select value, partner, status from trade where frequency = 'M' and period = '2026-07-01'",
        {"partners.csv": files.KOREA_PARTNERS}, "monthly", [21660.0, "CHN", "preliminary"],
    ),
    "btige": (
        "select value, basis, status from trade where source = 'btige' and reporter = 'VNM'",
        {"btige.csv": files.BTIGE}, "2024-2024", [26521.56, "exporter", "derived"],
    ),
    "weo": (
        "select value, unit from indicators where indicator = 'WEO.NGDPD' and country = 'KOR'",
        {"weo.csv": files.WEO}, "to 2024", [1875.388, "billion US$"],
    ),
    "us-census": (
        "select value, partner from trade where reporter = 'USA' and flow = 'imports'",
        {"us_china.csv": files.US}, "monthly", [8427.5, "CHN"],
    ),
    "japan-customs": (
        "select value, status from trade where source = 'japan-customs' and flow = 'exports'",
        {"japan_china.csv": files.JAPAN, "rates.csv": files.RATES}, "monthly",
        [231700220 / 110 / 1000, "derived"],
    ),
    "kto": (
        "select persons, destination from arrivals where nationality = 'CHN' and purpose = 'tourism'",
        {"kto_2019-05.csv": files.KTO}, "monthly", [400.0, "KOR"],
    ),
    "ideal-points": (
        "select ideal_point, year from alignment where country = 'KOR'",
        {"ideal.csv": files.IDEAL}, "to session 74", [0.55, 2019],
    ),
    "batis": (
        "select value, basis from trade where source = 'batis' and product = 'SD' and flow = 'exports'",
        {"batis.csv": files.BATIS}, "BPM6 2019-2019", [12000.0, "harmonised"],
    ),
}  # fmt: skip


def written(tmp_path: Path, contents: Mapping[str, str]) -> list[Path]:
    paths = [tmp_path / name for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_as_published_is_stored(name: str, tmp_path: Path, store: Store) -> None:
    query, contents, edition, expected = PUBLISHED[name]
    entries = add(name, written(tmp_path, contents), store)
    assert [entry.edition for entry in entries] == [edition]
    assert set(entries[0].files) == set(contents)
    assert all(len(one) == 64 for one in entries[0].files.values())
    rows = store.query(query)
    assert len(rows) == 1, rows
    found = [None if pd.isna(cell) else cell for cell in rows.iloc[0]]
    for cell, truth in zip(found, expected, strict=True):
        assert cell == pytest.approx(truth) if isinstance(truth, float) else cell == truth


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_a_file_in_its_layout_that_is_stored(
    name: str, tmp_path: Path, store: Store
) -> None:
    """A source without one, in `tests/layouts` or made by `fuzz_readers`, fails."""
    _, paths = next(seeds(name, tmp_path))
    entries = add(name, paths, store)
    assert entries and all(sum(entry.tables.values()) > 0 for entry in entries)


def test_imports_of_all_partners_follow_from_the_balance(tmp_path: Path, store: Store) -> None:
    add("korea-exports", written(tmp_path, {"all.csv": files.KOREA_ALL}), store)
    found = store.query("select flow, value from trade where partner = 'WLD' order by flow")
    assert found["value"].tolist() == [98920.0, 98920.0 - 30400.0]


def test_the_former_form_of_comtrade_and_the_bulk_form_of_trains(
    tmp_path: Path, store: Store
) -> None:
    add("comtrade", written(tmp_path, {"old.csv": files.COMTRADE_FORMER}), store)
    rows = store.query("select * from trade where source = 'comtrade' order by flow")
    assert list(rows["value"]) == [13400.0, 40000.0]
    assert list(rows.partner) == ["CHN", "WLD"]
    assert set(rows.frequency) == {"M"}
    add("wits", written(tmp_path, {"H5_410.csv": files.TRAINS}), store)
    assert store.query("select origin, rate from tariffs").iloc[0].tolist() == ["WLD", 0.08]


FAULTS = [
    ("baci", BACI_NAME, files.BACI[:-8], "ends within a line .*: it was cut off"),
    ("comtrade", "c.csv", files.COMTRADE[:-30], "ends within a line .*: it was cut off"),
    ("wdi", "w.csv", files.WDI[:-40], "ends within a line .*: it was cut off"),
    ("baci", BACI_NAME, "<!DOCTYPE html><html>", "is a web page, not data"),
    ("baci", BACI_NAME, "", "is empty"),
    ("baci", BACI_NAME, files.BACI.replace("1500.0", "15x"), "line 3: '15x' in the column 'v' is not a number"),
    ("baci", BACI_NAME, files.BACI.replace("2023,410,156,010121", "2022,410,156,010121"), "holds the year 2022, and its name says 2023"),
    ("baci", BACI_NAME, files.BACI.replace("000000,", ","), "trade adds up to .* the file is in another unit"),
    ("baci", BACI_NAME, files.BACI.replace("490", "997"), "'997' is not the code of a known economy"),
    ("baci", "trade.csv", files.BACI, "keep the publisher's name, such as BACI_HS17"),
    ("baci", BACI_NAME, files.BACI.replace(",q", ",w"), "should have the column 'q', and has none"),
    ("comtrade", "c.csv", files.COMTRADE.replace("customsCode", "customs").replace(",1000,", ",0,"), "has trade of KOR, CHN, exports, 85, 2023-01-01 twice, in lines 4 and 5"),
    ("comtrade", "c.csv", files.COMTRADE.replace(",X,", ",Q,"), "has the unknown trade flow 'Q'"),
    ("wdi", "w.csv", files.WDI.replace("1712792854202.4", "many"), "line 6: 'many' in the column '2023' is not a number"),
    ("wdi", "w.csv", files.BACI, "should have the column 'Country Name', and has none"),
    ("stri", "s.csv", files.STRI.replace("0.3", "30"), "line 4: 30 is no score of the index, which lies between 0 and 1"),
    ("stri", "s.csv", files.STRI.replace("0.2", "0.1"), "policy areas should add to the index"),
    ("wits", "w.csv", files.WITS.replace("AHS,2.5", "AHS,25000"), "line 3: 25,000 is no tariff in per cent, which lies between 0 and 3,000"),
    ("wits", "w.csv", files.WITS.replace("MFN", "XYZ"), "line 4: 'XYZ' is no duty type"),
    ("gravity", "Gravity_V1.csv", files.GRAVITY.replace("956", "956000"), "is it in another unit"),
    ("korea-exports", "k.csv", files.KOREA_PARTNERS.replace("19990.0", "19990000.0"), "is the file in another unit"),
    ("korea-exports", "k.csv", files.KOREA_PARTNERS.replace("2026-07", "2026-06"), "has the value of CHN, total, exports, 2026-06-01 twice, in lines 2 and 4"),
    ("korea-exports", "k.csv", files.KOREA_PARTNERS.replace("ASEAN", "ASIA"), "'ASIA' is not the code of a known economy"),
    ("korea-exports", "k.csv", files.KOREA_PARTNERS.replace("partner", "country"), "should have the column 'partner'"),
    ("korea-exports", "k.csv", files.KOREA_ALL.replace("30400.0", "many"), "line 2: 'many' in the column 'balance_musd' is not a number"),
    ("btige", "b.csv", files.BTIGE.replace("132903000.0", "132903000000.0"), "is no export in million US\\$, .* is it in another unit"),
    ("btige", "b.csv", files.BTIGE.replace("VNM,KOR", "KOR,CHN"), "has the export of 2024, KOR, CHN, total twice, in lines 2 and 3"),
    ("weo", "w.csv", files.WEO.replace("1875.388", "1875388.0"), "is no GDP in billion US\\$"),
    ("weo", "w.csv", files.WEO.replace("ABW", "KOR").replace(",2024,,", ",2024,1.0,"), "has the value of KOR, 2024, ngdpd twice"),
    ("korea-customs", "k.csv", files.KOSIS.replace("2019.02", "2019.13"), "line 3: '2019.13' is not a month"),
    ("korea-customs", "k.csv", files.KOSIS.replace("8600000", "8600000000000"), "is the file in another unit"),
    ("korea-customs", "k.csv", files.KOSIS.replace("중국,2019.02", "그곳,2019.02"), "line 3: '그곳' is not the name of a known economy"),
    ("japan-customs", "japan_china.csv", files.JAPAN, "trade of Japan is in yen"),
    ("kto", "2019-05.csv", files.KTO.replace("400", "300"), "the purposes of 중국 in 2019-05 add up to 400 persons, and the total is 500"),
    ("kto", "may.csv", files.KTO, "the month of .* is not in its name"),
    ("ideal-points", "i.csv", files.IDEAL.replace("0.55", "55"), "55 is no ideal point"),
    ("batis", "b.csv", files.BATIS.replace("14000,12000", "14000,14000"), "differ from the mirror imports"),
    ("batis", "b.csv", files.BATIS.replace(",Balanced_value", ",Value"), "should have the column 'Balanced_value'"),
    ("tariff-lines", "l.csv", files.LINES.replace("8542.31.00", "1012"), "line 2: '1012' is no product code of the Harmonized System"),
    ("tariff-lines", "l.csv", files.LINES.replace("CHN,KOR", "CHN,Korea"), "line 5: 'Korea' is not the code of a known economy"),
    ("tariff-lines", "l.csv", files.LINES.replace(",10", ",10000"), "line 4: 10,000 is no tariff in per cent, which lies between 0 and 3,000"),
    ("tariff-lines", "l.csv", "importer,exporter,year,hs,rate\nCHN,WLD,2019,854231,\n", "has no line with a rate in per cent"),
    ("tariff-lines", "l.csv", files.LINES.replace("hs,", "code,"), "should have the column 'hs', and has none"),
    ("korea-tariff", "k.csv", files.KOREA_TARIFF.replace("관세율구분", "구분"), "should have the column '관세율구분', and has none"),
    ("korea-tariff", "k.csv", files.ATLAS.replace("hs10", "hs"), "should have the column 'hs10', and has none"),
    ("korea-tariff", "k.csv", files.ATLAS.replace("44.5", "44.5x"), "line 2: '44.5x' in the column 'applied_cn' is not a number"),
    ("wits", "w.csv", files.TRAINS_PREFERENCES.replace(",410,", ",N26,"), "has no rate in per cent of a single partner"),
    ("teti", "t.csv", files.TETI.replace("0.08", ""), "line 2: there is no value in the column 'tariff'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "content", "sentence"), FAULTS)
def test_a_fault_is_one_sentence_and_changes_nothing(
    name: str, file: str, content: str, sentence: str, tmp_path: Path, store: Store
) -> None:
    add("ideal-points", written(tmp_path, {"before.csv": files.IDEAL}), store)
    before = store.contents()
    with pytest.raises(DataError, match=sentence) as caught:
        add(name, written(tmp_path, {file: content}), store)
    assert "\n" not in str(caught.value)
    assert store.contents() == before
    assert len(list((tmp_path / "store" / "content").iterdir())) == 1


def test_names_of_sources_and_archives_are_refused(tmp_path: Path, store: Store) -> None:
    with pytest.raises(DataError, match="there is no source 'bacci'; did you mean 'baci'"):
        add("bacci", [], store)
    with pytest.raises(DataError, match="name the files of 'baci': BACI_HSxx"):
        add("baci", [], store)
    (tmp_path / "a.csv").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(DataError, match="is a compressed archive; unpack it"):
        add("wdi", [tmp_path / "a.csv"], store)
    with pytest.raises(DataError, match="there is no file at"):
        add("wdi", [tmp_path / "b.csv"], store)


def test_one_bad_file_of_several_stores_none(tmp_path: Path, store: Store) -> None:
    good, bad = tmp_path / "2019_SML.csv", tmp_path / "2020_SML.csv"
    files.icio(good)
    bad.write_text("<html>")
    with pytest.raises(DataError, match=r"2020_SML\.csv is a web page"):
        add("icio", [good, bad], store)
    assert store.contents() == []


@pytest.mark.parametrize(("edition", "industries"), [("2023", 45), ("2025", 50)])
def test_tables_of_the_oecd(edition: str, industries: int, tmp_path: Path, store: Store) -> None:
    path = tmp_path / "2020_SML.csv"
    table = files.icio(path, edition=edition)
    (entry,) = add("icio", [path], store)
    assert (entry.edition, entry.part, entry.years) == (edition, "2020", (2020, 2020))
    size = len(table)
    kor, chn = slice(0, industries), slice(industries, 2 * industries)
    final_chn = slice(size + 6, size + 12)
    truth = table[kor, chn].sum() + table[kor, final_chn].sum()
    pair = "select sum(value) as v from io where origin = 'KOR' and destination = 'CHN'"
    assert store.query(pair).v.iloc[0] == pytest.approx(truth, rel=1e-8)
    outputs = "select sum(value) as v from io_account where item = 'OUT' and country = 'KOR' and not starts_with(sector, 'H')"
    assert store.query(outputs).v.iloc[0] > 0
    assert store.query("select min(value) as v from io").v.iloc[0] < 0, "inventories keep signs"


def test_processing_trade_of_china_and_mexico_is_merged(tmp_path: Path, store: Store) -> None:
    merged, split = tmp_path / "2019_SML.csv", tmp_path / "2020.csv"
    countries = ("KOR", "CHN", "CN1", "CN2", "ROW")
    table = files.icio(split, countries=countries)
    add("icio", [split], store)
    assert set(store.query("select distinct origin from io").origin) == {"KOR", "CHN", "ROW"}
    size = 45
    both = table[0:size, size : 4 * size].sum() + table[0:size, 5 * size + 6 : 5 * size + 24].sum()
    pair = "select sum(value) as v from io where origin = 'KOR' and destination = 'CHN'"
    assert store.query(pair).v.iloc[0] == pytest.approx(both, rel=1e-8)
    assert not merged.exists()


def test_faults_of_a_table_name_the_line_or_the_account(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "2020_SML.csv"
    files.icio(path)
    lines = path.read_text().splitlines(keepends=True)
    cells = lines[7].split(",")

    def refused(content: str, sentence: str, name: str = "2020_SML.csv") -> None:
        (tmp_path / name).write_text(content)
        with pytest.raises(DataError, match=sentence):
            add("icio", [tmp_path / name], store)
        assert store.contents() == []

    refused(
        "".join([*lines[:7], ",".join([*cells[:3], "abc", *cells[4:]]), *lines[8:]]),
        "line 8, column 4: 'abc' is not a number",
    )
    refused("".join(lines[:100]) + lines[100][:200], "the cell is empty or the line was cut off")
    refused("".join(lines[:100]), "should have the rows TLS, VA and OUT, and has no TLS, VA, OUT")
    refused(
        "".join([*lines[:7], ",".join([*cells[:3], "9e7", *cells[4:]]), *lines[8:]]),
        "the uses of KOR_.* add up to .* million US\\$, but its output is",
    )
    refused(
        "".join(lines[:3] + lines[4:]),
        "has the column 'KOR_B05_06', which is neither an industry of its rows",
    )
    refused(
        "".join(lines).replace("A01_02", "01T02"),
        "industries, which are not those of the editions of 2023",
    )
    refused(
        "".join(lines).replace("_HFCE", "_XYZ"),
        "has the column 'KOR_XYZ', which is neither an industry",
    )
    refused("".join(lines).replace(",OUT\n", "\n"), "should end with the column 'OUT'")
    refused("".join(lines), "the year of .* is not in its name", name="table.csv")
    files.icio(path, scale=1000.0)
    with pytest.raises(
        DataError, match=r"output adds up to 1\.\d+e\+11 million US\$.*another unit"
    ):
        add("icio", [path], store)


def test_tables_of_wiod_and_of_the_development_bank(tmp_path: Path, store: Store) -> None:
    files.adb(tmp_path / "ADB-MRIO-2022.csv")
    (entry,) = add("adb-mrio", [tmp_path / "ADB-MRIO-2022.csv"], store)
    assert entry.edition == "4 economies"
    assert set(store.query("select distinct origin from io").origin) == {"KOR", "CHN", "TWN", "ROW"}
    world = store.query("select sum(value) as v from io").v.iloc[0]
    assert world == pytest.approx(files.WORLD, rel=1e-6)
    for name in ("WIOT2014.csv", "WIOT2014.dta"):
        files.wiod(tmp_path / name)
        add("wiod", [tmp_path / name], store)
        rows = store.query("select * from io where source = 'wiod' and use = 'CONS_h'")
        assert set(rows.origin) == {"KOR", "ROW"}
    with pytest.raises(DataError, match="cannot be read; add the Stata file"):
        (tmp_path / "WIOT2014.xlsb").write_bytes(b"nothing")
        add("wiod", [tmp_path / "WIOT2014.xlsb"], store)
    (tmp_path / "ADB-2022.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(DataError, match="is damaged, or is not an Excel workbook"):
        add("adb-mrio", [tmp_path / "ADB-2022.xlsx"], store)


def test_a_world_from_a_stored_table(tmp_path: Path, store: Store) -> None:
    """Flows are sums of the table, inputs those of the table, accounts close; without tariffs it says so."""
    path = tmp_path / "2020_SML.csv"
    table = files.icio(path)
    with pytest.raises(
        DataError, match="'icio-2020' cannot be built: no table of the OECD is stored"
    ):
        build_from_store("icio-2020", store, lambda step: None)
    add("icio", [path], store)
    assert list(recipes(store)) == ["icio-2020", "icio-2020-compact"]
    with pytest.raises(DataError, match="'icio-2002' cannot be built: did you mean 'icio-2020'"):
        build_from_store("icio-2002", store, lambda step: None)
    world = build_from_store("icio-2020", store, lambda step: None)
    assert "every rate is zero" in world.attrs["adjustments"]
    truth = np.maximum(table[0, 225 : 225 + 6].sum() + table[0, 0:45].sum(), 0)
    flow = float(world.trade.sel(origin="KOR", destination="KOR", sector="A01_02"))
    assert flow == pytest.approx(truth, rel=1e-5)
    baseline = baseline_from_dataset(world)
    assert baseline.countries == ("CHN", "JPN", "KOR", "ROW", "USA")
    compact = build_from_store("icio-2020-compact", store, lambda step: None)
    assert float(compact.trade.astype(float).sum()) == pytest.approx(
        float(world.trade.astype(float).sum()), rel=1e-5
    )
    assert baseline_from_dataset(compact).about["year"] == 2020
    add("teti", written(tmp_path, {"t.csv": files.TETI}), store)
    rate = build_from_store("icio-2020", store, lambda step: None).tariff
    assert float(rate.max()) == 0.0, "rates of 2021 are not those of 2020"


ADDER = """
import sys
from pathlib import Path
from detente.data.sources import add
from detente.data.store import Store
add("icio", [Path(sys.argv[2])], Store.open(Path(sys.argv[1])), lambda step: print(step, flush=True))
"""


def test_a_killed_addition_leaves_the_old_content(tmp_path: Path, store: Store) -> None:
    add("ideal-points", written(tmp_path, {"before.csv": files.IDEAL}), store)
    files.icio(tmp_path / "2020_SML.csv")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    command = [sys.executable, "-c", ADDER, str(tmp_path / "store"), str(tmp_path / "2020_SML.csv")]
    for moment in ("reading", "laying", "storing"):
        adder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert adder.stdout is not None
        for line in adder.stdout:
            if line.startswith(moment):
                break
        time.sleep(0.002)
        adder.send_signal(signal.SIGKILL)
        adder.wait()
        adder.stdout.close()
        opened = Store.open(tmp_path / "store")
        assert [entry.source for entry in opened.contents()] in (
            ["ideal-points"],
            ["icio", "ideal-points"],
        )
        assert len(opened.query("select * from alignment")) == 2
    assert set(SOURCES) >= {"icio", "wiod", "adb-mrio"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "paths", "table", "rows"),
    [
        ("icio", ["oecd_icio_flows_2011_2022/flows.parquet"], "flows", 1998629),
        ("wiod", ["wiod2013_release/wiot_2011.parquet"], "io", 465182),
        ("wiod", ["wiod2014_rebuilt/icio17x27_intermediate.parquet"], "io", 202087),
        ("baci", ["baci2023_totals/baci_hs22_2023_v202501_totals.parquet"], "trade", 25398),
        ("comtrade", ["us_china_hs2/us_china_hs2_1991_2023.parquet"], "trade", 6330),
        ("wdi", ["wdi_gdp/wdi_gdp_current_usd_1960_2023.parquet"], "indicators", 14307),
        ("stri", ["oecd_stri/stri_2014_2024.parquet"], "restrictions", 74085),
        ("teti", ["tariffs/teti_by_icio_sector_2011_2022.parquet"], "tariffs", 1589293),
        ("gravity", ["gravity/dist_cepii.parquet"], "gravity", 597682),
        ("korea-customs", ["korea_china_trade/kosis_korea_china_monthly_2001_2019.csv"], "trade", 456),
        ("korea-exports", ["korea_trade_recent/korea_exports_by_partner_monthly_2025_06_2026_07.csv"], "trade", 84),
        ("btige", ["oecd_btige_2021_2025/totals_top10_partners.csv"], "trade", 1918),
        ("weo", ["imf_weo_2026_04/weo.parquet"], "indicators", 150186),
        ("us-census", ["korea_china_trade/us_census_us_china_monthly_2001_2019.csv"], "trade", 456),
        (
            "japan-customs",
            ["korea_china_trade/japan_mof_japan_china_monthly_2001_2019.csv", "korea_china_trade/imf_exchange_rates_daily_2001_2019.csv"],
            "trade", 456,
        ),
        ("kto", ["korea_inbound_tourism/kto_arrivals_by_nationality_purpose_2010_2020.parquet"], "arrivals", 39750),
        ("ideal-points", ["un_ideal_points/idealpoints_all_apr2020.parquet"], "alignment", 10469),
    ],
)  # fmt: skip
def test_repackaged_files_come_through_the_same_doors(
    name: str, paths: list[str], table: str, rows: int, raw_directory: Path, store: Store
) -> None:
    entries = add(name, [raw_directory / path for path in paths], store)
    assert sum(entry.tables[table] for entry in entries) == rows
    if name == "korea-customs":
        year = store.query(
            "select sum(value) as v from trade where source = 'korea-customs' and flow = 'exports' "
            "and year(period) = 2018"
        )
        assert year.v.iloc[0] == pytest.approx(162125, abs=1), "KITA"
    if name == "korea-exports":
        year = store.query(
            "select sum(value) as v from trade where source = 'korea-exports' and partner = ? "
            "and period >= '2025-08-01'",
            ["CHN"],
        )
        assert year.v.iloc[0] == pytest.approx(180_400, abs=50), "twelve months to July 2026"
    if name == "kto":
        china = store.query(
            "select sum(persons) as v from arrivals where nationality = 'CHN' and purpose = 'total' "
            "and year(month) = 2016"
        )
        assert china.v.iloc[0] == 8067722, "as published"


def test_a_workbook_gives_the_table_of_its_sheet(tmp_path: Path, store: Store) -> None:
    """The same table as a workbook and as CSV is stored alike; shared texts and gaps are read."""
    files.adb(tmp_path / "ADB-MRIO-2022.csv")
    files.workbook(tmp_path / "ADB-MRIO-2021.xlsx", tmp_path / "ADB-MRIO-2022.csv")
    add("adb-mrio", [tmp_path / "ADB-MRIO-2022.csv", tmp_path / "ADB-MRIO-2021.xlsx"], store)
    sums = store.query("select year, sum(value) as v, count(*) as n from io group by year")
    assert sums.v.iloc[0] == pytest.approx(sums.v.iloc[1], rel=1e-12)
    assert sums.n.iloc[0] == sums.n.iloc[1]
