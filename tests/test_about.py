"""What an answer rests on is said alike by every question, and typed."""

from dataclasses import fields, replace

import detente
from detente import commands
from detente.about import About
from detente.scenario import parse_scenario
from detente.schema import columns


SHARED = {one.name for one in fields(About)} - {"own", "country_names", "sector_names"}


def test_what_is_no_field_is_the_questions_own_and_nothing_is_lost() -> None:
    said = {"baseline": "mine", "baseline_year": 2022, "target": "KOR", "draws": 0}
    about = About.of(said)
    assert about.baseline == "mine" and about["target"] == "KOR"
    assert said.items() <= about.record.items()
    assert About.of(about.record) == about


def test_more_said_replaces_what_was_said() -> None:
    about = About.of({"draws": 0, "target": "KOR"}).adding(draws=8, target="JPN", size="all")
    assert (about.draws, about["target"], about["size"]) == (8, "JPN", "all")


def test_a_world_and_its_setting_are_always_said() -> None:
    baseline = detente.load_baseline("compact-2022")
    document = {"title": "x", "horizon": "short", "limits": ["no war"], "policies": {}}
    setting = parse_scenario(document, "x")
    about = About.on(baseline, setting)
    assert (about.baseline, about.baseline_year) == ("compact-2022", 2022)
    assert about.basis and about.elasticities == baseline.about["elasticities"]
    assert (about.horizon, about.limits) == ("short", ("no war",))
    assert About.on(baseline, setting, "both").horizon == "both"
    published = setting.model_copy(update={"elasticities": "FGO"})
    assert About.on(baseline, published).elasticities == "FGO"
    unknown = replace(baseline, about={})
    assert About.on(unknown).record["baseline_year"] is None


def test_what_does_not_apply_is_not_said() -> None:
    assert About(own={"country": "KOR"}).record == {"country": "KOR"}
    assert About(draws=0).record == {"draws": 0, "draws_left_out": False}


def test_every_field_is_described_and_hidden_by_no_question() -> None:
    described = {name: where for where, name in columns() if where.endswith("about")}
    assert set(described) >= SHARED
    assert {where for where, name in columns() if name in SHARED and "about" in where} == {"about"}


def test_a_question_is_said_with_the_names_of_its_countries() -> None:
    answer = commands.ask("timeline", country="KOR", partner="CHN")
    assert answer.about.question == "What happened between South Korea and China"
    assert answer.about.record["country"] == "KOR"
