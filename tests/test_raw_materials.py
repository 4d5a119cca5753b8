"""Raw materials: the published shares, counts and lists by another route, and what is said."""

import importlib
import importlib.util
import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from detente.geo.diversification_path import with_paces
from detente.geo.logit_path import log_odds, pace_needed
from detente.record.raw_materials import _rows, PLACE, raw_materials, RawMaterials

from . import test_cli
from .test_cli import Run


ROOT = Path(__file__).parents[1]
SOURCE = Path("critical_minerals_trade") / "baci_71_minerals_2010_2024.parquet"
# Shares ship with four decimals, so a mean of them is right to half of the last.
ROUNDED = 5e-5
# China's share in Korea's imports of 2024 by value, as checked when the source was stored: percent.
STORED = {
    "251110": 95, "810110": 93, "250410": 93, "282520": 84, "280530": 80, "720292": 72,
    "282200": 69, "284690": 61,
}  # fmt: skip


detente = test_cli.detente


def korea(supplier: str | None = "CHN") -> RawMaterials:
    found = raw_materials("KOR", supplier)
    assert found is not None
    return found


def test_the_shares_are_those_checked_at_the_source() -> None:
    items = korea().items.set_index("product")
    for code, percent in STORED.items():
        assert round(100 * items.share[code]) == percent, code
        assert items.leader[code] == "CHN" and items.year[code] == 2024
    assert items.imports["282520"] == pytest.approx(1600.8, abs=0.1)


def test_the_tool_writes_the_table_that_ships(raw_directory: Path) -> None:
    spec = importlib.util.spec_from_file_location("tool", ROOT / "tools" / "raw_materials.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    built = tool.table(raw_directory / SOURCE).to_csv(index=False, lineterminator="\n")
    assert built == (PLACE / "raw_materials.csv").read_text(encoding="utf-8")


def test_counts_and_lists_agree_with_the_flows_themselves(raw_directory: Path) -> None:
    """In SQL from the source, on exact shares: no table that ships is between."""
    query = f"""
    with share as (select hs6_1992 as item, exporter, year, value_kusd::double as value,
        value_kusd::double / sum(value_kusd::double) over (partition by hs6_1992, year) as share,
        sum(value_kusd::double) over (partition by hs6_1992, year) / 1000 as imports
        from read_parquet('{raw_directory / SOURCE}') where importer = 'KOR'),
    leader as (select * from share qualify row_number() over
        (partition by item, year order by share desc) = 1)
    """
    run = lambda rest: duckdb.connect().execute(query + rest).df()
    counts = run(
        "select year, count(*) as n, count(*) filter (where share > 0.5) as half, "
        "count(*) filter (where share > 0.7) as seventy from leader group by year order by year"
    )
    found = korea()
    for name, theirs in (("products", "n"), ("above_half", "half"), ("above_seventy", "seventy")):
        assert found.counts[name].tolist() == counts[theirs].tolist()
    lists = run(
        "select a.year as first, count(*) as products, avg(a.share) as share_before, "
        "avg(coalesce(c.share, 0)) as same_supplier, avg(b.share) as whoever_leads "
        "from leader a join leader b on a.item = b.item and b.year = a.year + 7 "
        "left join share c on c.item = a.item and c.exporter = a.exporter and c.year = b.year "
        "where a.share > 0.5 and a.imports >= 1 and b.imports >= 1 group by a.year order by a.year"
    )
    whoever = korea(None).windows
    assert whoever["last"].tolist() == [year + 7 for year in range(2010, 2018)]
    for name in lists:
        np.testing.assert_allclose(whoever[name], lists[name], atol=ROUNDED)


def test_the_rows_are_whole() -> None:
    rows = _rows()
    assert all(isinstance(name, str) for name in rows.name.tolist())
    assert len(set(rows["product"].tolist())) == 73
    cells = rows.groupby(["importer", "product", "year"])
    assert max(cells.share.sum().tolist()) <= 1 + 20 * ROUNDED
    assert cells.share.first().tolist() == cells.share.max().tolist()
    cell = rows[["importer", "product", "year", "supplier"]]
    assert len(cell.drop_duplicates()) == len(cell)


def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two products: one whose leader falls at the pace of the target, one that changes hands."""
    fast = pace_needed(0.7, 0.5, 7.0)
    rows = []
    for year in range(2010, 2018):
        share = 1 / (1 + np.exp(-(log_odds(0.7) - fast * (year - 2010))))
        handed = {"JPN": 0.6, "CHN": 0.4} if year < 2014 else {"CHN": 0.6, "JPN": 0.4}
        rows += [("a", year, "CHN", share), ("a", year, "USA", 1 - share)]
        rows += [("b", year, *pair) for pair in handed.items()]
    frame = pd.DataFrame(rows, columns=["product", "year", "supplier", "share"])
    frame = frame.assign(importer="KOR", name=frame["product"], imports=5.0)
    module = importlib.import_module("detente.record.raw_materials")
    monkeypatch.setattr(module, "_rows", lambda: frame)


def test_a_list_falls_at_the_pace_at_which_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made(monkeypatch)
    found = raw_materials("KOR", "CHN")
    assert found is not None
    (row,) = with_paces(found.windows).to_dict("records")
    assert (row["first"], row["last"], row["products"]) == (2010, 2017, 1)
    assert row["pace_same"] == pytest.approx(row["needed"]) == row["pace_leader"]
    assert row["same_supplier"] == pytest.approx(0.5)
    both = raw_materials("KOR")
    assert both is not None
    (row,) = both.windows.to_dict("records")
    assert row["share_before"] == pytest.approx((0.7 + 0.6) / 2)
    assert row["same_supplier"] == pytest.approx((0.5 + 0.4) / 2)
    assert row["whoever_leads"] == pytest.approx((0.5 + 0.6) / 2)


def test_a_country_that_is_not_in_the_table_has_none() -> None:
    assert raw_materials("FRA") is None


@pytest.mark.parametrize("on", [["--on", "CHN"], []])
def test_dependence_says_what_it_counts(on: list[str], detente: Run) -> None:
    said = " ".join(detente("dependence", "KOR", *on).out.split())
    for words in ("raw materials, HS 1992", "not the 185 items", "BACI, CEPII", "US$ million"):
        assert words in said, words
    answer = json.loads(detente("dependence", "KOR", *on, "--format", "json").out)
    assert answer["about"]["raw_materials"]["unit"].startswith("shares of import value")
    assert len(answer["raw_material_counts"]) == 15
    assert len(answer["raw_materials"]) == answer["raw_material_counts"][-1]["products"]
    missing = detente("dependence", "CAN")
    assert "has no imports of Canada" in " ".join(missing.out.split())


def test_diversify_holds_the_target_against_the_lists(detente: Run) -> None:
    ended = detente("diversify", "KOR", "--from", "CHN", "--sectors", "ELQ", "--format", "json")
    answer = json.loads(ended.out)
    assert len(answer["lists"]) == 8
    assert all(row["pace_leader"] < row["needed"] for row in answer["lists"])
    named = {row["what"] for row in answer["chances"] if row["level"] == "raw material"}
    assert "lithium oxide and hydroxide" in named
    assert "lignite, agglomerated" not in named
