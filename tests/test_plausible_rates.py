"""A ratio typed by a person has a plausible range; outside it a question, and a way to mean it."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from detente._core import ScenarioError
from detente._ratios import RATES, RISES, SureRatio
from detente.calibrate.baseline import baseline_from_dataset
from detente.geo.bargaining.terms import Terms
from detente.geo.conflict import conflict, War
from detente.geo.leverage.question import asked
from detente.geo.stance.game import Action
from detente.policy import Tariff
from detente.scenario import assumptions, compile_shock, load_scenario, parse_scenario, to_toml
from detente.world import Baseline

from .worlds import dataset, economy


LINE = {"importer": "KOR", "exporter": "CHN", "sector": "ELE"}
FLOW = {"importers": ["KOR"], "exporters": ["CHN"], "sectors": ["ELE"]}
POLICIES: dict[str, dict[str, Any]] = {
    "tariff": {"kind": "tariff", **FLOW, "rate": 0.1},
    "points": {"kind": "tariff", **FLOW, "change": 0.1},
    "export_tax": {"kind": "export_tax", **FLOW, "rate": 0.1},
    "rationing": {"kind": "rationing", **FLOW, "markup": 0.1, "rent": "nobody"},
    "taste": {"kind": "taste", **FLOW, "change": -0.1},
    "trade_cost": {"kind": "trade_cost", **FLOW, "change": 0.1},
    "bloc_split": {"kind": "bloc_split", "blocs": {"a": ["KOR"], "b": ["CHN"]}, "change": 0.1},
    "opening": {"kind": "opening", **FLOW, "part": 1.0, "potential_share": 0.1},
    "agreement": {"kind": "free_trade_agreement", "members": ["KOR", "CHN"], "tariff_cut": 0.5},
    "summit": {"kind": "summit", "visitor": ["KOR"], "host": ["CHN"], "growth": 0.1},
    "affiliates": {
        "kind": "affiliate_demand", "parents": ["KOR"], "hosts": ["CHN"], "sectors": ["ELE"],
        "output_growth": 0.1, "parts_elasticity": 0.4,
    },
    "control": {"kind": "export_control", **FLOW, "covered_share": 0.1},
    "deals": {
        "kind": "export_deals", "exporters": ["KOR"], "importers": ["CHN"], "value": 5.0,
        "realisation": 0.3,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario(kind: str = "tariff", **changes: Any):
    policy = {**POLICIES[kind], **changes}
    return parse_scenario({"title": "A test", "policies": {"p": policy}}, "test")


def lines(**size: Any):
    made = {"kind": "tariff", "lines": [{**LINE, **size}]}
    return parse_scenario({"title": "A test", "policies": {"p": made}}, "test")


def refused(ask) -> str:
    with pytest.raises(ScenarioError) as raised:
        ask()
    return str(raised.value)


# --- asked about -----------------------------------------------------------------------------------


def test_c35_twenty_five_is_asked_about_and_a_quarter_is_not(tmp_path: Path) -> None:
    text = 'title = "t"\n[policies.s]\nkind = "tariff"\nlines = [{{ importer = "USA", exporter = "CHN", sector = "goods", rate = {} }}]\n'
    for name, rate in {
        "r25": "25",
        "r025": "0.25",
        "meant": '"2500%"',
        "percent": '"25 %"',
    }.items():
        (tmp_path / f"{name}.toml").write_text(text.format(rate))
    sentence = refused(lambda: load_scenario(tmp_path / "r25.toml"))
    assert sentence == (
        f"{tmp_path / 'r25.toml'}: 'policies.s.lines.0.rate' = 25 is 2,500 %; "
        "did you mean 0.25? Write '2500%' if it is meant."
    )
    rate = lambda name: load_scenario(tmp_path / f"{name}.toml").policies["s"].lines[0].rate
    assert [rate(name) for name in ("r025", "percent", "meant")] == [0.25, 0.25, 25.0]


ASKED = {
    "tariff": ("tariff", "rate", 20, "20 is 2,000 %; did you mean 0.2? Write '2000%'"),
    "a huge tariff": ("tariff", "rate", 1e9, "1000000000 is 100,000,000,000 %; write '100000000000%'"),
    "an import subsidy": ("tariff", "rate", -0.5, "-0.5 is -50 %, which is a subsidy; write '-50%'"),
    "an export subsidy": ("export_tax", "rate", -0.1, "-0.1 is -10 %, which is a subsidy"),
    "points": ("points", "change", 10, "10 is 1,000 %; did you mean 0.1? Write '1000%'"),
    "fewer points": ("points", "change", -25, "-25 is -2,500 %; did you mean -0.25?"),
    "export tax": ("export_tax", "rate", 15, "15 is 1,500 %; did you mean 0.15?"),
    "mark-up": ("rationing", "markup", 30, "30 is 3,000 %; did you mean 0.3?"),
    "taste": ("taste", "change", -30, "should be greater than -1, not -30; did you mean -0.3?"),
    "trade cost": ("trade_cost", "change", 10, "10 is 1,000 %; did you mean 0.1?"),
    "blocs": ("bloc_split", "change", 50, "50 is 5,000 %; did you mean 0.5?"),
    "part": ("opening", "part", 80, "should be less than or equal to 1, not 80; did you mean 0.8?"),
    "share": ("opening", "potential_share", 5, "should be less than or equal to 1, not 5; did you mean 0.05?"),
    "cut": ("agreement", "tariff_cut", 50, "should be less than or equal to 1, not 50; did you mean 0.5?"),
    "growth": ("summit", "growth", 9, "9 is 900 %; did you mean 0.09?"),
    "output": ("affiliates", "output_growth", 40, "40 is 4,000 %; did you mean 0.4?"),
    "elasticity": ("affiliates", "parts_elasticity", 40, "40 is 4,000 %; did you mean 0.4?"),
    "covered": ("control", "covered_share", 25, "not 25; did you mean 0.25?"),
    "realised": ("deals", "realisation", 30, "not 30; did you mean 0.3?"),
    "over-compliance": ("control", "over_compliance", 20, "20 is 2,000 %; did you mean 0.2?"),
    "text": ("tariff", "rate", "25", "25 is 2,500 %; did you mean 0.25?"),
    "true": ("tariff", "rate", True, "should be a number, not true"),
    "a comma": ("tariff", "rate", "12,5%", "should be a number"),
    "not a number": ("tariff", "rate", "nan%", "should be a number"),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_c35_what_is_hardly_meant_is_asked_about(case: str) -> None:
    kind, field, value, sentence = ASKED[case]
    said = refused(lambda: scenario(kind, **{field: value}))
    assert f"'policies.p.{field}'" in said and sentence in said, said
    assert said.count(". ") == 0 and said[-1] in ".?"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("uncertainty.level", 90, "not 90; did you mean 0.9?"),
        ("uncertainty.elasticity_deviation", 20, "not 20; did you mean 0.2?"),
        ("uncertainty.size", [50, 150], "50 is 5,000 %; did you mean 0.5?"),
        ("uncertainty.home_relative_elasticity", [0.5, 100], "100 is 10,000 %; did you mean 1?"),
        ("adjustment.relative_elasticity", 38, "38 is 3,800 %; did you mean 0.38?"),
        ("adjustment.scale", 50, "did you mean 0.5?"),
    ],
)
def test_c35_ranges_of_draws_and_settings_too(path: str, value: Any, sentence: str) -> None:
    table, key = path.split(".")
    document = {"title": "A test", "policies": {}, table: {key: value}}
    said = refused(lambda: parse_scenario(document, "test"))
    assert sentence in said and path in said


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: asked("CHN", "KOR", markup=20), "'markup' = 20 is 2,000 %; did you mean 0.2?"),
        (lambda: asked("CHN", "KOR", cut=50), "'cut' should be less than or equal to 1, not 50"),
        (lambda: RISES.option("decoupling")(50), "decoupling = 50 is 5,000 %; did you mean 0.5?"),
        (
            lambda: RATES.option("--rate")("a lot"),
            "--rate should be a number such as 0.2, or '20%'",
        ),
    ],
)
def test_c35_questions_of_leverage_and_options(ask, sentence: str) -> None:
    assert sentence in refused(ask)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: Tariff(rate=25), "25 is 2,500 %; did you mean 0.25"),
        (lambda: Terms(power=50), "not 50; did you mean 0.5"),
        (lambda: War(bilateral=50), "50 is 5,000 %; did you mean 0.5"),
        (lambda: Action(title="a", stance=50), "not 50; did you mean 0.5"),
    ],
)
def test_c35_python_asks_too(made, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        made()


def test_c35_the_command_line_asks(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    from detente import cli

    for words, sentence in {
        ("leverage", "CHN", "KOR", "--markup", "20"): "--markup = 20 is 2,000 %; did you mean 0.2?",
        (
            "leverage",
            "CHN",
            "KOR",
            "--cut",
            "50",
        ): "--cut should be less than or equal to 1, not 50",
        ("bargain", "--power", "60"): "--power should be less than or equal to 1, not 60",
        ("conflict", "KOR", "CHN", "--bilateral", "50"): "--bilateral = 50 is 5,000 %",
        ("diversify", "KOR", "--below", "40"): "--below should be less than or equal to 1, not 40",
        ("run", "china-korea/phase-two", "--set", "uncertainty.level=95"): "did you mean 0.95?",
    }.items():
        monkeypatch.setattr(sys, "argv", ["detente", *words])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        assert stop.value.code == 2 and sentence in said.err and said.err.count("\n") == 1


def test_c35_a_conflict_in_python_asks(baseline: Baseline) -> None:
    said = refused(lambda: conflict(baseline, ("KOR", "CHN"), decoupling=50.0))
    assert "decoupling = 50 is 5,000 %" in said


# --- meant -----------------------------------------------------------------------------------------


MEANT = {
    "20%": 0.2, "20 %": 0.2, "2500%": 25.0, "-50%": -0.5, "\N{MINUS SIGN}50 %": -0.5,
    "12.5 per cent": 0.125, "0.5 percent": 0.005, "7%": 0.07, "1e2%": 1.0, "0.25": 0.25,
    "20\N{NO-BREAK SPACE}%": 0.2,
}  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_c35_per_cent_in_text_is_what_it_says(text: str) -> None:
    assert scenario(rate=text).policies["p"].rate == MEANT[text]
    assert lines(rate=text).policies["p"].lines[0].rate == MEANT[text]


@pytest.mark.parametrize("kind", POLICIES)
def test_c35_plausible_numbers_stay_as_they_are(kind: str) -> None:
    one = scenario(kind)
    again = parse_scenario(_read(to_toml(one)), "again")
    assert again == one
    assert all(getattr(one.policies["p"], key) == value for key, value in POLICIES[kind].items() if isinstance(value, float))  # fmt: skip


@pytest.mark.parametrize("text", ["2500%", "-50%", "333.3%", "1234.5678%", "0.1%"])
def test_c35_what_is_meant_is_written_so_that_it_runs_again(text: str) -> None:
    one = scenario(rate=text)
    again = parse_scenario(_read(to_toml(one)), "again")
    assert again.policies["p"].rate == one.policies["p"].rate


def test_c35_a_schedule_beside_the_scenario_is_asked_about_too(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('title = "t"\n[policies.p]\nkind = "tariff"\nfile = "s.csv"\n')
    head = "importer,exporter,sector,rate\n"
    (tmp_path / "s.csv").write_text(head + "KOR,CHN,goods,8%\nKOR,JPN,goods,8\n")
    said = refused(lambda: load_scenario(tmp_path / "s.toml"))
    assert "'policies.p.lines.1.rate' = 8 is 800 %; did you mean 0.08?" in said
    (tmp_path / "s.csv").write_text(head + "KOR,CHN,goods,8%\nKOR,JPN,goods,800%\n")
    rates = [line.rate for line in load_scenario(tmp_path / "s.toml").policies["p"].lines]
    assert rates == [0.08, 8.0]


def test_c35_what_the_model_finds_itself_is_not_asked_about() -> None:
    """A cut of nearly all trade takes a mark-up of far more than 300 %."""
    threat = asked("CHN", "KOR", markup="2000%").threats()[0]
    assert [policy.markup for policy in threat.policies().values()] == [20.0]
    assert Tariff(rate=SureRatio(25.0)).rate == 25.0


# --- in words --------------------------------------------------------------------------------------


def test_c35_the_lines_of_a_schedule_are_said(baseline: Baseline) -> None:
    one = parse_scenario(
        {
            "title": "A test",
            "policies": {
                "p": {
                    "kind": "tariff",
                    "lines": [{**LINE, "rate": 0.2}, {**LINE, "exporter": "all", "change": -0.05}],
                }
            },
        },
        "test",
    )
    said = " ".join(assumptions(one, baseline))
    for words in ("KOR", "CHN", "to 20 %", "down by 5 percentage points"):
        assert words in said, said
    found = np.asarray(compile_shock(lines(rate="20%"), baseline).tariff)
    assert found[1, 0, 1] == pytest.approx(0.2)


def test_c35_of_a_long_schedule_the_reach_is_said(baseline: Baseline) -> None:
    many = [{**LINE, "rate": 0.01 * place} for place in range(40)]
    policy = {"kind": "tariff", "lines": many}
    one = parse_scenario({"title": "A test", "policies": {"p": policy}}, "test")
    (said,) = assumptions(one, baseline)
    assert said.startswith("KOR changes its tariffs on imports from CHN, 40 lines set one by one, ")
    assert "to rates of 0 to 39 %, on average from" in said


def _read(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)
