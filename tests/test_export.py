"""Answers in the files that others work with: read back, they hold what the answer holds."""

import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
import python_calamine

from detente import commands, export, load_outcome
from detente._core import OutcomeError
from detente.cli._options import FORMS as NAMED
from detente.commands import _files
from detente.commands._answer import Answer
from detente.commands.asks import Ask, Balance, QUESTIONS, Timeline
from detente.commands.exports import material_of, material_of_outcome
from detente.export import FORMS, forms, tidy
from detente.export.excel import MOST_NAME, MOST_ROWS, sheet_names
from detente.export.rows import in_commas
from detente.export.tidy import TidyTable
from detente.report import Page, Section
from detente.report.section import Code, Table, TableColumn, Terms
from detente.schema import Column

from . import test_cli
from .exports import assert_every_form, contents, words_of
from .test_cli import assert_refused, Run
from .test_pages import CHEAP
from .test_questions import asked


detente = test_cli.detente
PAIR = {"country": "KOR", "partner": "CHN"}
HOSTILE = ("=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", "\t=1", "http://a.b", "a\x00b\x0bc", "<&>\"'", "{=1}", "x" * 40_000)  # fmt: skip


@pytest.mark.parametrize("ask", CHEAP, ids=lambda ask: type(ask).__name__)
def test_every_form_of_an_answer_holds_what_it_says(ask: Ask, home: Path) -> None:
    """So does the first answer to each question that the suite asks: `conftest.py` sees to it."""
    assert_every_form(material_of(commands.answer(ask)))


def made(**given: object) -> export.Material:
    """An answer of one table with a hostile text in every place."""
    frame = pd.DataFrame({"note": HOSTILE, "exports": np.arange(len(HOSTILE)) / 3})
    answer = Answer(Section([]), tables={"rows": frame})
    material = material_of(answer)
    text = HOSTILE[6]
    table = Table([TableColumn(text), TableColumn(text, figures=True)], [(text, text)], text, text)
    body = Section([text, table, Section([table], text)])
    page = Page(text, body, text, annex=[Section([Terms([(text, text)]), Code(text)])])
    return replace(material, page=page, **given)


def test_no_text_is_a_formula_a_link_or_lost() -> None:
    book = openpyxl.load_workbook(io.BytesIO(contents(made(), "x.xlsx")["x.xlsx"]))
    cells = [cell for row in book["Rows"].iter_rows(min_row=2, max_col=1) for cell in row]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)
    assert not [cell for cell in cells if cell.hyperlink]
    assert [cell.value for cell in cells[:6]] == [*HOSTILE[:6]]
    assert cells[-1].value.endswith("… (cut here)")
    text = contents(made(), "x.csv")["x.csv"].decode()
    read = pd.read_csv(io.StringIO(text), keep_default_na=False).note
    assert [*read[:5]] == [f"'{one}" for one in HOSTILE[:5]]


@pytest.mark.parametrize("form", [".docx", ".pptx", ".xlsx", ".md", ".html"])
def test_signs_that_xml_lacks_break_no_file(form: str) -> None:
    content = contents(made(), f"x{form}")[f"x{form}"]
    assert content
    if form == ".docx":
        said, tables = words_of(content)
        assert "a\ufffdb\ufffdc" in said and tables[0][0][0] == "a\ufffdb\ufffdc"


def test_numbers_are_numbers_with_their_unit_and_format() -> None:
    described = {
        "trade": Column("trade", "", "million US$", "world", "", "The flow"),
        "share": Column("share", "", "1", "", "", "Its share"),
    }
    frame = pd.DataFrame(
        {"trade": [1234.5, np.nan, -np.inf], "share": [1 / 3, -0.0, 1.0], "year": [1, 2, 3]}
    )
    table = tidy("flows", frame, described.get, basis="harmonised")
    assert [one.heading for one in table.columns] == ["Trade (million US$)", "Share", "Year"]
    assert [one.basis for one in table.columns] == ["harmonised", "", ""]
    assert [one.kind for one in table.columns] == ["number", "number", "integer"]
    book = openpyxl.load_workbook(io.BytesIO(contents(made(tables=[table]), "x.xlsx")["x.xlsx"]))
    first, gap, endless = (book["Flows"].cell(row, 1) for row in (2, 3, 4))
    assert first.value == 1234.5 and first.number_format.startswith("#,##0.0")
    assert gap.value is None and endless.value == "−infinite"
    assert book["Flows"]["B2"].value == 1 / 3 and book["Flows"]["C2"].number_format.startswith("0;")


def test_a_name_stands_beside_a_code_and_never_beside_a_sector_that_looks_like_one() -> None:
    """AUT is motor vehicles among sectors and Austria among countries."""
    frame = pd.DataFrame(
        {"leader": ["KOR", None], "sector": ["AUT", "AUT"], "class": ["AUT", "FIN"]}
    )
    table = tidy("x", frame, lambda name: None)
    assert [one.name for one in table.columns] == [
        "leader",
        "leader_name",
        "sector",
        "sector_name",
        "class",
    ]
    assert table.frame.leader_name[0] == "South Korea" and table.frame.leader_name[1] in ("", None)
    assert "vehicle" in table.frame.sector_name[0].lower()
    codes = tidy("x", pd.DataFrame({"who": ["KOR", "nobody"]}), lambda name: None)
    assert [one.name for one in codes.columns] == ["who"]
    twice = tidy(
        "x", pd.DataFrame({"country": ["KOR"], "name": ["South Korea"]}), lambda name: None
    )
    assert [one.name for one in twice.columns] == ["country", "name"]


def test_names_of_sheets_are_those_that_excel_takes() -> None:
    said = ("a/b[c]", "A_B C ", "history", "about", "x" * 40, "X" * 40, "'''", "")
    names = [*sheet_names([TidyTable(one, pd.DataFrame()) for one in said])]
    assert len({name.lower() for name in names}) == len(said)
    for name in names:
        assert 0 < len(name) <= MOST_NAME and not set(name) & set("[]:*?/\\")
        assert name.lower() not in ("about", "columns", "history") and name.strip("' ") == name


def test_a_table_that_no_sheet_holds_is_refused() -> None:
    long = TidyTable("flows", pd.DataFrame(index=range(MOST_ROWS + 1)))
    with pytest.raises(OutcomeError, match=r"'flows' has 1,048,576 rows .* as \.zip"):
        contents(made(tables=[long]), "x.xlsx")


def test_the_same_answer_is_the_same_archive(home: Path) -> None:
    material = material_of(commands.answer(Balance(**PAIR, years="2018:2022")))
    assert contents(material, "x.zip") == contents(material, "x.zip")


def test_another_reader_sees_the_workbook_too(home: Path) -> None:
    """calamine shares no code with openpyxl."""
    answer = commands.answer(Balance(**PAIR, years="2018:2022"))
    (path,) = commands.export(answer, home / "x.xlsx")
    rows = python_calamine.load_workbook(path).get_sheet_by_name("Balances").to_python()
    assert rows[0][2] == "Exports (million US$)"
    assert rows[1][2] == answer.tables["balances"].exports.iloc[0]


# --- Names of files -------------------------------------------------------------------------------


def test_the_help_names_every_form() -> None:
    assert NAMED.replace(" or ", ", ").split(", ") == [*FORMS]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_form_that_is_none_is_refused_before_anything_is_computed(
    name: str, detente: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "answer", lambda *_: pytest.fail("it was computed"))
    words = [name, *asked(QUESTIONS[name]), *(["--ledger"] if name == "check" else [])]
    for file in ("x.doc", "x", "x.txt", "x.xls", "x.csv.gz"):
        assert_refused(detente(*words, "--out", file), f"written as '{file}'", *FORMS)
    if not QUESTIONS[name].PICTURED:
        assert_refused(detente(*words, "--out", "x.png"), "no picture", "x.png")
    (home / "x.datapackage.json").write_text("mine\n")
    assert_refused(detente(*words, "--out", "x.csv"), "x.datapackage.json exists already")
    for suffix in FORMS if QUESTIONS[name].PICTURED and name != "episode" else (".xlsx", ".DOCX"):
        (home / f"kept{suffix}").write_text("mine\n")
        assert_refused(detente(*words, "--out", f"kept{suffix}"), f"kept{suffix} exists already")
    assert not (home / "x.csv").exists()


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_a_package_that_is_missing_is_one_sentence(
    suffix: str, detente: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "answer", lambda *_: pytest.fail("it was computed"))
    monkeypatch.setattr(forms, "find_spec", lambda name: None)
    said = detente("balance", "KOR", "CHN", "--out", f"x{suffix}")
    assert_refused(said, "not installed", 'pip install "detente[office]"')


def test_files_are_written_from_the_command_line(detente: Run, home: Path) -> None:
    ask = ("timeline", "KOR", "CHN", "--years", "2016:2018")
    for suffix in FORMS:
        assert detente(*ask, "--out", f"out{suffix}").code == 0
    for suffix in (".png", ".svg", ".pdf", ".html", ".json"):
        assert detente(*ask, "--chart", f"chart{suffix}").code == 0
    assert all((home / f"out{suffix}").stat().st_size for suffix in FORMS)
    material = material_of(commands.answer(Timeline(**PAIR, years="2016:2018")))
    chart = json.loads((home / "chart.json").read_text("utf-8"))
    assert chart["usermeta"]["credit"] == material.credit and "vega-lite" in chart["$schema"]
    assert material.credit.split(".")[-2].strip() in (home / "chart.html").read_text("utf-8")


def test_an_answer_without_a_picture_leaves_no_file(home: Path) -> None:
    answer = Answer(Section([]), tables={"rows": pd.DataFrame({"exports": [1.0]})})
    with pytest.raises(OutcomeError, match="has no picture"):
        commands.export(answer, home / "x.png")
    assert not [*home.glob("x*")]


def test_two_files_are_written_or_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, calls = _files.write_bytes, []

    def once(content: bytes, path: Path) -> None:
        if calls:
            raise OutcomeError("the disk is full.")
        calls.append(path)
        kept(content, path)

    monkeypatch.setattr(_files, "write_bytes", once)
    with pytest.raises(OutcomeError, match="full"):
        commands.export(
            Answer(Section([]), tables={"rows": pd.DataFrame({"exports": [1.0]})}), home / "x.csv"
        )
    assert calls and not [*home.glob("x*")]


# --- A run ----------------------------------------------------------------------------------------


@pytest.fixture
def run(detente: Run, home: Path) -> Path:
    assert detente("run", "levy.toml", "--draws", "3", "--out", "answer").code == 0
    return home / "answer"


def test_a_run_is_handed_on_in_every_form(run: Path, detente: Run, home: Path) -> None:
    outcome = load_outcome(run)
    material = material_of_outcome(outcome)
    assert_every_form(material)
    tables = {table.name: table.frame for table in material.tables}
    assert {"countries", "sectors", "flows", "balances", "drivers"} <= set(tables)
    flows = tables["flows"].set_index(["origin", "destination", "sector"])
    for moment in ("before", "after"):
        held = outcome[f"trade_{moment}"].to_series()
        np.testing.assert_array_equal(flows.loc[held.index, f"trade_{moment}"], held)
    np.testing.assert_array_equal(flows.change, flows.trade_after - flows.trade_before)
    welfare = tables["countries"].set_index("country")
    assert (welfare.welfare_low <= welfare.welfare_high).all()
    assert welfare.welfare["KOR"] == float(outcome["welfare"].sel(country="KOR"))
    said = detente("export", str(run), "--out", "levy.xlsx")
    assert (said.code, said.out) == (0, "levy.xlsx\n") and (home / "levy.xlsx").is_file()
    assert detente("export", str(run / "outcome.nc"), "--out", "levy.csv").out.count("\n") == 2
    assert_refused(detente("export", str(run), "--out", "levy.xlsx"), "levy.xlsx exists already")
    assert_refused(detente("export", str(run), "--out", "levy.doc"), "'levy.doc'", *FORMS)
    assert_refused(
        detente("export", "nowhere", "--out", "x.xlsx"),
        "'nowhere' is neither a run directory nor a scenario",
    )
    assert not (home / "x.xlsx").exists()


def test_a_note_is_the_brief_without_its_annex(run: Path, detente: Run, home: Path) -> None:
    assert detente("note", str(run), "--out", "note.html").code == 0
    assert detente("note", str(run), "--out", "note.docx").code == 0
    assert_refused(detente("note", str(run), "--out", "note.html"), "note.html exists already")
    note, whole = (home / "note.html").read_text("utf-8"), (run / "brief.html").read_text("utf-8")
    assert 'class="annex"' in whole and 'class="annex"' not in note
    first_pages = [
        text.partition("</header>")[2].partition("</table>")[0] for text in (note, whole)
    ]
    assert "<svg" in first_pages[0] and first_pages[0] == first_pages[1]
    assert 1 <= first_pages[0].partition("</section>")[0].count("<li>") <= 3
    said, _ = words_of((home / "note.docx").read_bytes())
    assert "What it rests on" in said and "What is produced" not in said


def test_a_run_is_no_file(detente: Run, home: Path) -> None:
    said = detente("run", "levy.toml", "--out", "phase.xlsx")
    assert_refused(said, "phase.xlsx has the name of a file", "detente export DIR --out phase.xlsx")
    assert_refused(detente("run", "levy.toml", "--out", "phase.nc"), "leave '.nc' out.")
    assert not (home / "phase.xlsx").exists() and not (home / "phase.nc").exists()


def test_an_outcome_reads_back_with_its_attributes(run: Path) -> None:
    attributes = load_outcome(run).attrs
    assert {type(one) for one in attributes.values()} <= {str, int, float}
    assert attributes["draws"] == 3 and attributes["level"] == 0.9


def test_a_picture_says_where_it_is_from(run: Path) -> None:
    material = material_of_outcome(load_outcome(run))
    svg = ElementTree.fromstring(contents(material, "x.svg")["x.svg"].decode())
    words = " ".join(" ".join("".join(one.itertext()) for one in svg).split())
    for said in (material.page.setting.split(",")[0], "basis", material.date, material.maker):
        assert said.split()[0] in words


def test_rows_of_any_kind_are_text_and_come_back() -> None:
    frame = pd.DataFrame(
        {"when": pd.to_datetime(["2020-01-01", None]), "who": [["KOR", "CHN"], None], "x": [0.1, -1e-300]}
    )  # fmt: skip
    table = tidy("x", frame, lambda name: None)
    assert [one.kind for one in table.columns] == ["date", "string", "number"]
    assert in_commas(table.frame).splitlines() == [
        "when,who,x",
        "2020-01-01,KOR; CHN,0.1",
        ",,-1e-300",
    ]
