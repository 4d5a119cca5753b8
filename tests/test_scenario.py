"""Scenario files: what is read back is what was meant, and what is wrong is said in a sentence."""

import re
import tomllib
from pathlib import Path

import pytest

from detente._core import ScenarioError
from detente.scenario import available, load_scenario, parse_scenario, Scenario, to_toml


# Every kind of policy, every kind of value, and text that a careless writer would break.
FILE = '''
title = "Everything at once \u00b7 \\"quoted\\""
question = "Who gains?"
reading = """
Two lines,
and a tab\\t."""
baseline = "compact-2022"
year = 2031
focus = ["KOR", "CHN"]
limits = ["No capital moves.", "Nor do people."]

[policies.levy]
kind = "tariff"
importers = ["KOR"]
exporters = ["CHN"]
sectors = ["CAR"]
rate = 0.123456789012345678
source = "a guess"

[policies.more]
kind = "tariff"
change = -0.01
enabled = false

[policies.lines]
kind = "tariff"
lines = [{ importer = "KOR", exporter = "CHN", sector = "CAR", rate = 0.1 }]

[policies.haulage]
kind = "trade_cost"
change = -0.1

[policies.agreement]
kind = "free_trade_agreement"
members = ["KOR", "CHN"]
tariff_cut = 0.5
phase_in = { start = 2030, years = 5 }

[policies.services]
kind = "services_liberalisation"
opens = ["CHN"]
to = "all"
stri_cut = 0.5
cost_per_stri_point = 1.51
'''
SCHEDULE = "importer,exporter,sector,rate\nKOR,CHN,CAR,0.1\nKOR,CHN,ELE,1e-1\n"
SCHEDULED = '[policies.levy]\nkind = "tariff"\nfile = "rates.csv"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "all.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def said(*overrides: str, reference: Path) -> str:
    """The sentence with which a scenario is refused: one line, with the scenario's name in it."""
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(reference, overrides)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith((".", "?"))
    return str(refusal.value)


def test_a_file_from_a_windows_editor_is_the_same_scenario(file: Path, tmp_path: Path) -> None:
    windows = tmp_path / "windows" / "all.toml"
    windows.parent.mkdir()
    windows.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert load_scenario(windows) == load_scenario(file)


def test_a_scenario_survives_its_file(file: Path, tmp_path: Path) -> None:
    """scenario.toml in a run directory is what runs again: nothing may be lost or rounded."""
    first = load_scenario(file)
    again = tmp_path / "elsewhere" / "scenario.toml"
    again.parent.mkdir()
    again.write_text(to_toml(first), encoding="utf-8")
    assert load_scenario(again) == first
    assert to_toml(load_scenario(again)) == to_toml(first)
    assert list(load_scenario(again).policies) == list(first.policies)
    assert first.name == "all"
    assert first.policies["levy"].rate == 0.123456789012345678
    assert first.reading == "Two lines,\nand a tab\t."


def test_what_is_empty_is_written_only_where_a_missing_key_would_not_say_it() -> None:
    """Before, a list of names of keys decided: it lacked `hedging`, and an empty title was lost."""
    control = {"kind": "export_control", "exporters": ["USA"], "sectors": ["CAR"],
               "defence_share": 0.1, "public_sectors": []}  # fmt: skip
    split = {"kind": "bloc_split", "blocs": {"A": ["USA"], "B": ["CHN"]}, "change": 0.1}
    levy = {"kind": "tariff", "rate": 0.1, "sectors": [], "lines": [], "note": ""}
    named = {"control": control, "split": split, "levy": levy}
    first = parse_scenario({"title": "", "policies": named}, "test")
    written = to_toml(first)
    assert parse_scenario(tomllib.loads(written), "again") == first
    empty = re.findall(r'^(\w+) = (?:\[\]|"")$', written, re.MULTILINE)
    assert empty == ["title", "public_sectors", "sectors"]


@pytest.mark.parametrize("name", available())
def test_a_scenario_of_the_library_survives_its_file(name: str, tmp_path: Path) -> None:
    first = load_scenario(name)
    (tmp_path / "scenario.toml").write_text(to_toml(first), encoding="utf-8")
    assert load_scenario(tmp_path / "scenario.toml") == first
    assert first.name == name


def test_a_schedule_survives_without_its_csv_file(tmp_path: Path) -> None:
    """The run directory holds no CSV file, so its lines have to be in scenario.toml."""
    source = tmp_path / "here" / "levy.toml"
    source.parent.mkdir()
    source.write_text(f'title = "T"\n{SCHEDULED}')
    (source.parent / "rates.csv").write_text(SCHEDULE)
    first = load_scenario(source)
    lines = [(line.importer, line.exporter, line.sector, line.rate) for line in first.policies["levy"].lines]  # fmt: skip
    assert lines == [("KOR", "CHN", "CAR", 0.1), ("KOR", "CHN", "ELE", 0.1)]
    (tmp_path / "scenario.toml").write_text(to_toml(first))
    assert load_scenario(tmp_path / "scenario.toml") == first


def _get(scenario: Scenario, path: str) -> object:
    value: object = scenario
    for key in path.split("."):
        value = value[key] if isinstance(value, dict) else getattr(value, key)
    return value


SET = [
    ("policies.services.stri_cut=0.3", "policies.services.stri_cut", 0.3),
    ("services.stri_cut=0.3", "policies.services.stri_cut", 0.3),
    (" services.stri_cut = 0.3 ", "policies.services.stri_cut", 0.3),
    ("services.stri_cut=1", "policies.services.stri_cut", 1.0),
    ("agreement.phase_in.years=10", "policies.agreement.phase_in.years", 10),
    ("levy.enabled=false", "policies.levy.enabled", False),
    ("more.enabled=true", "policies.more.enabled", True),
    ('services.opens=["CHN","KOR"]', "policies.services.opens", ("CHN", "KOR")),
    ("services.to=all", "policies.services.to", "all"),
    ('focus=["JPN"]', "focus", ("JPN",)),
    ("year=2040", "year", 2040),
    ("title=A title without quotes", "title", "A title without quotes"),
    ("baseline=compact-2014", "baseline", "compact-2014"),
    ("baseline='some/file.nc'", "baseline", "some/file.nc"),
    ("levy.note=a=b", "policies.levy.note", "a=b"),
]


@pytest.mark.parametrize(("override", "path", "value"), SET)
def test_set_changes_that_value_and_no_other(override: str, path: str, value, file: Path) -> None:
    before, after = load_scenario(file), load_scenario(file, [override])
    found = _get(after, path)
    assert found == value
    assert type(found) is type(value)
    *parents, last = path.split(".")
    restored = after.model_dump()
    table = restored
    for key in parents:
        table = table[key]
    table[last] = _get(before, path)
    assert parse_scenario(restored, "test") == before


def test_the_last_of_two_settings_wins(file: Path) -> None:
    found = load_scenario(file, ["services.stri_cut=0.3", "services.stri_cut=0.4"])
    assert found.policies["services"].stri_cut == 0.4


def test_set_can_write_a_whole_new_policy(file: Path) -> None:
    found = load_scenario(file, ["policies.extra.kind=trade_cost", "policies.extra.change=0.1"])
    assert found.policies["extra"].change == 0.1
    assert list(found.policies)[-1] == "extra"


BAD_SETTINGS = [
    ("services.stri_cut", ("'services.stri_cut' changes no value", "PATH=VALUE")),
    ("servces.stri_cut=0.3", ("'servces'", "did you mean 'services'")),
    ("titel=x", ("'titel'", "did you mean 'title'?")),
    ("title.x=1", ("'title.x' cannot be set", "'title' is not a table")),
    ("services.stri_cut.x=1", ("'stri_cut' is not a table",)),
    ("services.sri_cut=0.3", ("'policies.services.sri_cut'", "did you mean 'stri_cut'?")),
    ("policies.services.sri_cut=0.3", ("did you mean 'stri_cut'?",)),
    ("agreement.tarif_cut=0.3", ("did you mean 'tariff_cut'?",)),
    ("services.kind=services", ("unknown kind 'services'", "'services_liberalisation'")),
    ("policies.extra.rate=0.3", ("policies.extra does not say its kind", "trade_cost")),
    ("services.stri_cut=1.01", ("'policies.services.stri_cut'", "less than or equal to 1", "1.01")),
    ("services.stri_cut=-0.01", ("greater than or equal to 0", "-0.01")),
    ("services.stri_cut=half", ("should be a number", "half")),
    ("services.stri_cut=nan", ("'policies.services.stri_cut'",)),
    ("services.cost_per_stri_point=0", ("greater than 0",)),
    ("services.cost_per_stri_point=inf", ("finite",)),
    ("agreement.tariff_cut=2", ("'policies.agreement.tariff_cut'", "less than or equal to 1")),
    ("levy.rate=-1", ("'policies.levy.rate'", "greater than -1", "-1")),
    ("levy.rate=-1.5", ("greater than -1", "-1.5")),
    ("levy.change=0.1", ("'policies.levy'", "exactly one of rate, change, lines, file or quantity")),
    ('lines.sectors=["CAR"]', ("'policies.lines'", "no sectors beside a schedule")),
    ("haulage.change=-1", ("'policies.haulage.change'", "greater than -1")),
    ("agreement.phase_in.years=0", ("'policies.agreement.phase_in.years'", "greater than")),
    ("agreement.phase_in.start=soon", ("'policies.agreement.phase_in.start'", "soon")),
    ("horizon=medium", ("'horizon'", "'long'", "medium")),
    ("year=20311", ("'year'", "2200")),
    ("policies=3", ("'policies'",)),
]  # fmt: skip


@pytest.mark.parametrize(("override", "named"), BAD_SETTINGS)
def test_a_setting_that_cannot_be_is_said(override: str, named: tuple, file: Path) -> None:
    sentence = said(override, reference=file)
    for name in named:
        assert name in sentence, sentence


BAD_FILES = {
    "not TOML": ("title = \n", ("all.toml is not valid TOML", "line 1")),
    "not text": (b"\xff\xfe", ("all.toml is not valid TOML",)),
    "empty": ("", ("'title' is missing",)),
    "no policies": ('title = "T"', ("'policies' is missing",)),
    "no kind": ('title = "T"\n[policies.a]\nrate = 0.1', ("policies.a does not say its kind",)),
    "unknown kind": ('title = "T"\n[policies.a]\nkind = "tarif"', ("'tarif'", "did you mean 'tariff'")),
    "unknown key at the top": ('title = "T"\nfocuss = []\n[policies]', ("'focuss'", "'focus'")),
    "no members": (
        'title = "T"\n[policies.a]\nkind = "free_trade_agreement"',
        ("'policies.a.members' is missing",),
    ),
    "no size": ('title = "T"\n[policies.a]\nkind = "tariff"', ("exactly one of rate",)),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_bad_file_is_said(fault: str, tmp_path: Path) -> None:
    content, named = BAD_FILES[fault]
    path = tmp_path / "all.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    sentence = said(reference=path)
    for name in (str(path), *named):
        assert name in sentence, sentence


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("china-korea/services-openning", ("did you mean 'china-korea/services-opening'",)),
        ("nonsense", ("valid names are china-korea/",)),
        ("nowhere/scenario.toml", ("there is no scenario file at nowhere/scenario.toml",)),
        (".", ("there is no scenario '.'",)),
    ],
)
def test_what_is_not_there_is_said(reference: str, named: tuple[str, ...], home: Path) -> None:
    sentence = said(reference=Path(reference) if reference != "." else reference)
    for name in named:
        assert name in sentence, sentence


BAD_SCHEDULES = {
    "no file": (None, ("there is no tariff schedule at", "rates.csv")),
    "empty": ("", ("rates.csv must have the columns exporter, importer, rate, sector",)),
    "no rows": ("importer,exporter,sector,rate\n", ("and a row",)),
    "a column short": ("importer,exporter,sector\nKOR,CHN,CAR\n", ("must have the columns",)),
    "another column": ("importer,exporter,product,rate\nKOR,CHN,CAR,0.1\n", ("must have the columns",)),
    "a value too many": (SCHEDULE + "KOR,CHN,BUS,0.1,0.2\n", ("rates.csv", "in line 4 than in its")),
    "a value short": (SCHEDULE + "KOR,CHN,BUS\n", ("policies.levy.lines.2.rate",)),
    "a rate in words": (SCHEDULE + "KOR,CHN,BUS,free\n", ("policies.levy.lines.2.rate", "'free'")),
    "a rate of -100 %": (SCHEDULE + "KOR,CHN,BUS,-1\n", ("greater than -1", "'-1'")),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_SCHEDULES)
def test_a_bad_schedule_is_said(fault: str, tmp_path: Path) -> None:
    content, named = BAD_SCHEDULES[fault]
    path = tmp_path / "levy.toml"
    path.write_text(f'title = "T"\n{SCHEDULED}')
    if content is not None:
        (tmp_path / "rates.csv").write_text(content)
    sentence = said(reference=path)
    for name in named:
        assert name in sentence, sentence


def test_a_schedule_written_as_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """Other line ends and another order of columns are the same table."""
    (tmp_path / "levy.toml").write_text(f'title = "T"\n{SCHEDULED}')
    (tmp_path / "rates.csv").write_bytes(b"rate,sector,exporter,importer\r\n0.1,CAR,CHN,KOR\r\n")
    (line,) = load_scenario(tmp_path / "levy.toml").policies["levy"].lines
    assert (line.importer, line.exporter, line.sector, line.rate) == ("KOR", "CHN", "CAR", 0.1)


# Each of these was once a traceback, silence, or a sentence that named the wrong thing.
ONCE_WRONG = {
    "a second setting breaks on policies that are not a table": ("policies=3", "china.x=1"),
    "a schedule that is set is never read": (
        "policies.new.kind=tariff", "policies.new.file=nowhere.csv",
    ),
    "words of the type checker": ("services.to=3",),
    "the kind of a policy is taken for its name": (
        "policies.tariff.kind=tariff", "policies.tariff.rat=0.1",
    ),
    "a sentence in two lines": ('policies.new.kind="two\\nlines"',),
}  # fmt: skip


@pytest.mark.parametrize("bug", ONCE_WRONG)
def test_what_was_once_wrong_is_said(bug: str, file: Path) -> None:
    sentence = said(*ONCE_WRONG[bug], reference=file)
    assert "tuple" not in sentence
    if bug.startswith("the kind of a policy"):
        assert "'policies.tariff.rat'" in sentence and "'rate'" in sentence


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\xef\xbb\xbf" + SCHEDULE.encode()])
def test_a_schedule_in_another_encoding(content: bytes, tmp_path: Path) -> None:
    """Not text is refused in a sentence; the byte-order mark of a spreadsheet is no obstacle."""
    (tmp_path / "levy.toml").write_text(f'title = "T"\n{SCHEDULED}')
    (tmp_path / "rates.csv").write_bytes(content)
    if content.startswith(b"\xff"):
        said(reference=tmp_path / "levy.toml")
    else:
        assert len(load_scenario(tmp_path / "levy.toml").policies["levy"].lines) == 2


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_of_any_editor_is_read(before: bytes, end: bytes, tmp_path: Path) -> None:
    """Windows puts a byte-order mark in front and ends its lines in two characters."""
    lines = ['title = "T"', "[policies.levy]", 'kind = "tariff"', "rate = 0.1"]
    (tmp_path / "levy.toml").write_bytes(before + end.join(line.encode() for line in lines))
    assert load_scenario(tmp_path / "levy.toml").policies["levy"].rate == 0.1


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("services.stri_cut=half", "'policies.services.stri_cut' should be a number, not 'half'."),
        ("services.stri_cut=", "'policies.services.stri_cut' should be a number, not ''."),
        ("uncertainty.draws=few", "'uncertainty.draws' should be a whole number, not 'few'."),
        ("uncertainty.draws=2.5", "'uncertainty.draws' should be a whole number, not 2.5."),
        ("services.enabled=perhaps", "'policies.services.enabled' should be true or false, not"),
    ],
)
def test_a_value_of_another_type_is_said_in_plain_words(override: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        load_scenario("china-korea/services-opening", [override])
    assert sentence in str(refusal.value)
    assert "parse" not in str(refusal.value)


def test_an_empty_list_that_means_something_is_kept() -> None:
    """No sectors is not the default of all goods: dropping the key would change the run."""
    nothing = {"kind": "tariff", "sectors": [], "rate": 0.1}
    scenario = parse_scenario({"title": "T", "policies": {"none": nothing}}, "here")
    again = parse_scenario(tomllib.loads(to_toml(scenario)), "here")
    assert again == scenario
    assert again.policies["none"].sectors == ()
