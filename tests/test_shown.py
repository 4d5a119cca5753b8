"""What has a name is shown, copied and opened; and what an installation has."""

import io
import json
import re
import tomllib
import webbrowser
from pathlib import Path

import pytest
from rich.console import Console

from detente import commands, report
from detente._core import DetenteError, OutcomeError
from detente.cli.completion import completing
from detente.report.section import Section, table_of
from detente.scenario import available, load_scenario, require_known, to_toml

from .test_cli import detente as detente, Run


def printed(section: Section, width: int = 100) -> str:
    screen = Console(file=io.StringIO(), width=width)
    screen.print(report.terminal(section))
    return screen.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


def test_a_scenario_is_shown_with_its_assumptions_and_its_file(home: Path) -> None:
    scenario, text = load_scenario("phase-two"), printed(commands.show("Phase two"), 10_000)
    assert text.startswith(f"{scenario.title}\n{scenario.question}\n")
    assert "china-korea/phase-two, on compact-2022, in the long run." in text
    assert "South Korea closes 25 % of its gap" in text
    assert all(limit in text for limit in scenario.limits)
    head, _, file = text.partition("\nFile\n")
    assert head and load_document(file) == load_document(to_toml(scenario))


def load_document(text: str) -> dict:
    return tomllib.loads(re.sub(r" +$", "", text, flags=re.MULTILINE))


def test_a_world_and_a_source_are_shown(home: Path) -> None:
    text = printed(commands.show("Compact-2022"))
    assert (
        "KOR: South Korea" in text and "MET: Metals and metal products" in text and "ASEAN" in text
    )
    assert "CC BY 4.0" in printed(commands.show("ICIO"))
    document = commands.as_document("compact-2022")
    assert document["countries"]["VNM"] == "Viet Nam" and len(document["sectors"]) == 28
    assert commands.as_document("phase-two")["focus"] == ["KOR", "CHN"]
    assert commands.as_document("wdi")["licence"]
    with pytest.raises(DetenteError, match="there is no scenario 'nothing'"):
        commands.show("nothing")


def test_the_template_runs_as_it_is(home: Path) -> None:
    path = commands.new_scenario(home / "new.toml")
    text = path.read_text()
    assert text.count("\n#") > 5
    scenario = load_scenario(path)
    require_known(scenario)
    assert scenario.focus == ("KOR", "JPN")
    done = commands.run(str(path), overrides=["uncertainty.draws=0"], keep=False)
    assert done.outcome.attrs["solved"]
    # What stands in comments can be taken out of them.
    path.write_text(re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE))
    both = load_scenario(path)
    require_known(both)
    assert both.policies["cars"].sectors == ("AUT",)


@pytest.mark.parametrize("name", available())
def test_a_copy_of_a_scenario_is_that_scenario(name: str, tmp_path: Path) -> None:
    copy = load_scenario(commands.new_scenario(tmp_path / "copy.toml", name))
    assert copy.model_copy(update={"name": name}) == load_scenario(name)


def test_a_new_scenario_takes_no_place_of_another(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("mine")
    for place in ("a.toml", "b.txt", "no/where.toml"):
        with pytest.raises(OutcomeError):
            commands.new_scenario(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


def test_the_brief_of_a_run_is_opened(detente: Run, home: Path, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    (home / "run").mkdir()
    page = home / "run" / "brief.html"
    page.write_text("<html></html>")
    code, out, _ = detente("open", "run")
    assert (code, out.strip(), opened) == (0, str(page.resolve()), [page.resolve().as_uri()])


def test_the_doctor_says_what_is_here(detente: Run, home: Path) -> None:
    code, out, err = detente("doctor", "--format", "json")
    facts = json.loads(out)
    assert (code, err) == (0, "")
    assert "compact-2022" in facts["worlds"] and facts["sources"] == "nothing has been added"
    assert "can be made" in facts["data"] and "cpu" in facts["JAX"].lower()
    (home / "home" / "baselines").mkdir(parents=True)
    (home / "home" / "baselines" / "broken.nc").write_text("no world")
    assert "broken (cannot be read" in commands.doctor()["worlds"]


def test_the_version_and_the_help_in_other_words(detente: Run) -> None:
    assert detente("-V") == detente("--version")
    assert detente("help") == detente("--help")
    assert detente("help", "data", "build").out == detente("data", "build", "--help").out


OFFERED = {
    ("country", "ko"): ["KOR"],
    ("sector", "ME"): ["MET"],
    ("scenario", "china-korea/phase"): ["china-korea/phase-two"],
    ("scenario", "Phase"): ["phase-two"],
    ("world", "compact-2022"): ["compact-2022", "compact-2022-travel"],
    ("game", ""): ["seoul"],
    ("episode", "th"): ["thaad"],
}


@pytest.mark.parametrize(("kind", "begun"), OFFERED)
def test_a_shell_is_offered_names(kind: str, begun: str, home: Path) -> None:
    offered = [name for name, _ in completing(kind)["autocompletion"](begun)]
    assert offered == OFFERED[kind, begun]


NARROW = table_of(
    ("", "Welfare\n%", "Worth\nUS$ bn", "Real\nwage %"),
    [("European Union (27)", "+0.089", ">−0.001", "+12.345"), ("South Korea", "−0.010", "", "0")],
    title="Countries", caption="in the long run",
)  # fmt: skip


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 120])
def test_no_name_and_no_digit_is_cut_at_any_width(width: int) -> None:
    text = printed(Section([NARROW]), width)
    whole = " ".join(text.split())
    for cell in (
        "European",
        "Union",
        "(27)",
        "+0.089",
        ">−0.001",
        "+12.345",
        "South",
        "Korea",
        "−0.010",
    ):
        assert cell in whole, text
    assert "…" not in text
    assert ("Worth US$ bn: >−0.001" in whole) == (width < 40)


def test_a_policy_that_moves_nothing_is_said(home: Path) -> None:
    from detente.calibrate.baseline import load_baseline
    from detente.scenario import assumptions

    path = home / "s.toml"
    path.write_text(
        'title = "t"\n[policies.own]\nkind = "services_liberalisation"\nopens = ["KOR"]\nto = "all"\n'
        'sectors = ["goods"]\nstri_cut = 0.5\ncost_per_stri_point = 1.5\n[policies.levy]\nkind = "tariff"\n'
        'importers = ["KOR"]\nexporters = ["JPN"]\nrate = 0.2\n'
    )
    base = load_baseline("compact-2022")
    said = assumptions(load_scenario(path), base)
    assert [line.startswith("It changes nothing here") for line in said] == [False, True, False]
    later = load_scenario(path, ["levy.phase_in={start=2030}", "year=2025", "own.enabled=false"])
    assert not any("changes nothing" in line for line in assumptions(later, base))
