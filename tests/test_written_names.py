"""Names as people write them: one code whatever the spelling, and a reason where there is none."""

import itertools
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from detente import commands, gazetteer
from detente._core import DetenteError
from detente.adjustment import Adjustment
from detente.calibrate.baseline import load_baseline
from detente.coded import PLACES, require_names, SECTORS, TABLES
from detente.commands._understood import READERS
from detente.commands.asks import (
    Balance,
    Bargain,
    command_of,
    Exposure,
    Leverage,
    NameKind,
    QUESTIONS,
    Sensitivity,
)
from detente.geo.stance import load_game
from detente.names import choice, endings, everywhere, places
from detente.policy import POLICY_KINDS
from detente.policy.tariffs import TariffLine
from detente.scenario import available, load_scenario, require_known, Scenario, to_toml


COMPACT = gazetteer.world("compact-2022")
WORLD_2019 = gazetteer.world("world-2019")

COUNTRIES = {
    "KOR": ("kor", "KR", "Korea", "south korea", "Republic of Korea", "Korea, Rep.", "ROK", "S. Korea", "Korea (Republic of)"),
    "CHN": ("china", "PRC", "mainland China", "People's Republic of China", "P.R. China"),
    "VNM": ("Viet Nam", "Vietnam", "viet-nam", "VN"),
    "USA": ("US", "U.S.", "usa", "United States", "the United States", "United States of America", "America"),
    "GBR": ("UK", "Britain", "united kingdom"),
    "EU27": ("EU", "European Union", "eu27", "EU-27", "European Union (27)"),
    "TUR": ("Turkey", "Türkiye", "TURKIYE"),
    "TWN": ("Taiwan", "China, Taiwan", "Taiwan, China", "Chinese Taipei", "Taiwan, Province of China", "Republic of China"),
    "HKG": ("Hong Kong", "hong kong, china", "China, Hong Kong SAR", "HK"),
    "RUS": ("Russia", "Russian Federation"),
    "ROW": ("rest of the world", "Rest of World"),
    "ASEAN": ("asean",),
    "ASE": ("other asean",),
}  # fmt: skip
CODES = {name: code for code, names in COUNTRIES.items() for name in names}

INDUSTRIES = {
    "MET": ("steel", "Metals", "metals and metal products"),
    "AUT": ("cars", "Motor vehicles", "automobiles"),
    "ELE": ("chips", "semiconductors", "electronics"),
    "FIN": ("finance", "banks", "Finance and insurance"),
    "SHB": ("ships", "shipbuilding"),
    "goods": ("Goods", "all goods"),
}
KINDS = {name: code for code, names in INDUSTRIES.items() for name in names}


@pytest.mark.parametrize("written", CODES)
def test_a_country_in_any_form_is_one_code(written: str) -> None:
    assert COMPACT.countries.read(written) == CODES[written]


@pytest.mark.parametrize("written", KINDS)
def test_a_sector_in_any_form_is_one_code(written: str) -> None:
    assert COMPACT.sectors.read(written) == KINDS[written]


NOT_HERE = {
    "AUS": "Australia is part of Australia and New Zealand (ANZ) in compact-2022; world-2022 has it",
    "germany": "Germany is part of the European Union (27) (EU27) in compact-2022; world-2022 has it",
    "UAE": "United Arab Emirates is part of Saudi Arabia and the Emirates (GLF)",
    "Kenya": "Kenya is part of the rest of the world (ROW) in compact-2022; no world has it",
    "North Korea": "North Korea is part of the rest of the world",
    "DPRK": "North Korea is part of the rest of the world",
    "Korea, North": "North Korea is part of the rest of the world",
    "N. Korea": "North Korea is part of the rest of the world",
    "Korea, DPR": "North Korea is part of the rest of the world",
    "Congo": "'Congo' may be DR Congo (COD) or Congo (COG); write one of them",
    "KRO": "did you mean 'KOR'?",
    "Kroea": "did you mean 'South Korea' (KOR)?",
    "Europe": "did you mean 'European Union (27)' (EU27)?",
    "IN": "did you mean 'IND'?",
    "Macao": "Macau",
    "": "valid names are KOR, CHN",
}  # fmt: skip


@pytest.mark.parametrize("written", NOT_HERE)
def test_what_is_no_country_of_a_world_is_refused_with_the_reason(written: str) -> None:
    assert COMPACT.countries.read(written) is None
    assert NOT_HERE[written] in COMPACT.countries.why_not(written)


@pytest.mark.parametrize("written", ["EU", "European Union"])
def test_a_union_that_a_world_has_in_parts_is_no_part_of_its_rest(written: str) -> None:
    assert WORLD_2019.countries.read(written) is None
    assert "rest of the world" not in WORLD_2019.countries.why_not(written)


def test_a_sector_too_small_for_a_world_does_not_stand_for_a_larger_one() -> None:
    assert WORLD_2019.sectors.read("steel") is None
    assert WORLD_2019.sectors.why_not("steel").startswith("'steel' is part of Manufacturing (C) in")
    assert COMPACT.sectors.why_not("oil").endswith("write one of them.")


def test_no_name_of_one_economy_is_that_of_another() -> None:
    """No name in the tables means a place other than the one whose code it is beside."""
    shared = {name: codes for name, codes in places().items() if len(codes) > 1}
    assert set(shared) == {"congo", "virgin islands", "saint martin"}
    known = everywhere()
    assert known.read("Korea") == "KOR" and known.read("DPRK") == "PRK"
    assert known.read("China, Taiwan") == "TWN" and known.read("China, Macao SAR") == "MAC"
    assert known.read("Niger") == "NER" and known.read("Guinea") == "GIN"
    assert known.read("Dominica") == "DMA" and known.read("Samoa") == "WSM"


@pytest.mark.parametrize("name", sorted(gazetteer.available()))
def test_the_labels_of_a_world_are_those_of_its_baseline(name: str) -> None:
    world, baseline = gazetteer.world(name), load_baseline(name)
    assert world.countries.codes == baseline.countries and world.sectors.codes == baseline.sectors
    assert world.countries.labels == baseline.country_names
    assert world.sectors.labels == baseline.sector_names
    assert set(world.countries.groups) == set(baseline.country_groups)
    assert set(world.sectors.groups) == set(baseline.sector_groups)
    for names in (world.countries, world.sectors):
        for code in (*names.codes, *names.groups):
            assert names.read(code) == code == names.read(code.lower())
        for code, label in names.labels.items():
            assert names.read(label) == code == names.read(label.upper())


@pytest.mark.parametrize("name", available())
def test_a_scenario_of_the_library_is_found_by_its_last_words(name: str) -> None:
    assert endings(name.upper(), available()) == [name]
    assert load_scenario(name.upper()).name == name
    require_known(load_scenario(name))


def test_an_ending_that_several_have_is_refused_with_their_names() -> None:
    assert load_scenario("phase two").name == "china-korea/phase-two"
    with pytest.raises(DetenteError, match=r"may be 'china-korea/japan-boycott' or"):
        load_scenario("boycott")
    with pytest.raises(DetenteError, match=r"but an episode: 'detente episode thaad'"):
        load_scenario("THAAD")


def test_choices_in_any_case() -> None:
    assert choice("Short run", ["long", "short"]) == "short"
    assert choice("partner sector", ["partner", "partner-sector"]) == "partner-sector"
    assert choice("medium", ["long", "short"]) is None
    given = {"title": "t", "policies": {}, "horizon": "Short run", "adjustment": {"entry": "FIXED"}}
    read = Scenario.model_validate(given | {"uncertainty": {"rents": ["Importer"]}})
    assert (read.horizon, read.adjustment.entry) == ("short", "fixed")
    assert read.uncertainty.rents == ("importer",)
    assert (
        Leverage(sender="CHN", target="KOR", form="Buying", rents="ALL", cut=0.5).form == "buying"
    )


SCENARIO = """title = "t"
focus = [{focus}]
[policies.levy]
kind = "tariff"
importers = [{importer}]
exporters = [{exporter}]
sectors = [{sector}]
rate = 0.2
[policies.split]
kind = "bloc_split"
blocs = {{ west = [{importer}], east = [{exporter}] }}
change = 0.1
[adjustment]
scale = {{ {sector} = 0.1 }}
"""
SPELLED = [
    {"focus": '"USA"', "importer": '"USA"', "exporter": '"KOR"', "sector": '"MET"'},
    {"focus": '"us"', "importer": '"United States"', "exporter": '"Korea"', "sector": '"steel"'},
    {"focus": '"U.S."', "importer": '"America"', "exporter": '"kr"', "sector": '"Metals"'},
]


def written(spelling: dict[str, str], place: Path) -> Scenario:
    path = place / "s.toml"
    path.write_text(SCENARIO.format(**spelling))
    return load_scenario(path)


def test_what_a_scenario_keeps_does_not_depend_on_the_spelling(tmp_path: Path) -> None:
    first, *others = (to_toml(written(one, tmp_path)) for one in SPELLED)
    assert others == [first, first]
    assert "United States" not in first and '"USA"' in first


def test_an_outcome_does_not_depend_on_the_spelling(tmp_path: Path) -> None:
    from detente.simulation import simulate

    document = {"title": "t", "policies": {"levy": {"kind": "tariff", "importers": ["US"], "exporters": ["Korea"],
                "sectors": ["steel"], "rate": 0.2}}}  # fmt: skip
    coded = {"title": "t", "policies": {"levy": document["policies"]["levy"] | {"importers": ["USA"], "exporters": ["KOR"], "sectors": ["MET"]}}}  # fmt: skip
    base = load_baseline("compact-2022")
    first, second = (simulate(base, Scenario.model_validate(one)) for one in (document, coded))
    assert first.identical(second)


ASKED = [
    (Leverage, {"sender": "CHN", "target": "KOR", "sectors": ("MET", "goods"), "after": "china-korea/phase-two"},
     {"sender": "china", "target": "south korea", "sectors": ("steel", "Goods"), "after": "Phase two"}),
    (Exposure, {"country": "KOR", "to": ("USA",), "baseline": "compact-2022"},
     {"country": "Korea", "to": ("us",), "baseline": "Compact 2022"}),
    (Bargain, {"country": "KOR", "partner": "JPN", "cost": ("KOR.FIN=0.05",), "people": ("KOR=51.7",), "outside": "status quo"},
     {"country": "Korea", "partner": "Japan", "cost": ("korea.finance=0.05",), "people": ("S. Korea=51.7",), "outside": "Status Quo"}),
    (Sensitivity, {"scenario": "china-korea/phase-two", "of": "welfare.KOR", "overrides": ('focus=["KOR"]',)},
     {"scenario": "phase-two", "of": "welfare.Korea", "overrides": ('focus=["korea"]',)}),
    (Balance, {"country": "KOR", "partner": "CHN"}, {"country": "Korea", "partner": "PRC"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "coded", "said"), ASKED)
def test_a_question_does_not_depend_on_the_spelling(kind, coded: dict, said: dict) -> None:
    first, second = commands.understood(kind(**coded)), commands.understood(kind(**said))
    assert first == second == kind(**coded)
    assert command_of(first) == command_of(second)


def test_an_answer_does_not_depend_on_the_spelling(home: Path) -> None:
    first, second = (commands.ask("balance", country=one, partner=two) for one, two in
                     (("KOR", "CHN"), ("Republic of Korea", "china")))  # fmt: skip
    assert first.document == second.document
    assert '"KOR"' in first.document and "Republic" not in first.document


def test_a_run_is_told_in_codes() -> None:
    told = commands.understood_run(
        "phase two", ['focus=["korea", "us"]', "year=2028"], "Compact-2022"
    )
    assert told == (
        "china-korea/phase-two", ['focus=["KOR", "USA"]', "year=2028"], "compact-2022",
    )  # fmt: skip


def holds_names(annotation: object) -> bool:
    """Whether a field of a policy holds names, by its type."""
    parts = {annotation, *get_args(annotation)}
    return tuple[str, ...] in parts or any(tuple[str, ...] in get_args(one) for one in parts)


def test_every_field_of_names_is_read() -> None:
    """A new policy whose field of names is not listed would be kept as it was spelled."""
    models: list[type[BaseModel]] = [*POLICY_KINDS.values(), Scenario, Adjustment, TariffLine]
    others = {"policy_areas", "limits", "hold", "rents"}
    for model in models:
        fields = {name for name, info in model.model_fields.items() if holds_names(info.annotation)}
        assert fields <= PLACES | SECTORS | others, (model, fields)
    assert set(TABLES) == {"positions", "scale", "covered_share"}


def test_every_question_reads_its_names() -> None:
    """Fields of words that are no choice say what they name, or are known to name nothing of ours."""
    free = {
        "years",
        "through",
        "basis",
        "column",
        "specifications",
        "sectors",
        "claim",
        "overrides",
    }
    for name, kind in QUESTIONS.items():
        for field, info in kind.model_fields.items():
            text = str(info.annotation)
            if "str" in text and "Literal" not in text and field not in free:
                assert any(
                    getattr(one, "names", "")
                    for one in (
                        *info.metadata,
                        *itertools.chain.from_iterable(
                            getattr(part, "__metadata__", ()) for part in get_args(info.annotation)
                        ),
                    )
                ), (name, field)


def test_a_game_is_in_codes(tmp_path: Path) -> None:
    from detente import library

    text = library.path("games/seoul.toml").read_text()
    spelled = tmp_path / "seoul.toml"
    spelled.write_text(
        text.replace('importers = ["USA"]', 'importers = ["us"]').replace('["goods"]', '["Goods"]')
    )
    assert load_game(spelled).players == load_game("seoul").players
    assert load_game(spelled).states == load_game("seoul").states


def test_a_name_in_a_policy_out_of_force_is_not_asked_about() -> None:
    scenario = load_scenario("phase-two", ['services.to=["AUS"]', "services.enabled=false"])
    require_known(scenario)
    with pytest.raises(DetenteError, match=r"policy 'services': Australia is part of"):
        require_known(load_scenario("phase-two", ['services.to=["AUS"]']))
    with pytest.raises(DetenteError):
        require_names(load_scenario("phase-two", ['focus=["KRO"]']), COMPACT)


TWICE = [
    ("tariffs", {"players": ("KOR", "korea")}),
    ("leverage", {"sender": "CHN", "target": "KOR", "joined": ("China",)}),
    ("conflict", {"country": "KOR", "partner": "South Korea"}),
    ("bargain", {"country": "KOR", "partner": "CHN", "beside": "PRC"}),
    ("balance", {"country": "KOR", "partner": "KR"}),
    ("exposure", {"country": "KOR", "to": ("USA", "us")}),
]


@pytest.mark.parametrize(("name", "fields"), TWICE)
def test_a_country_that_is_named_twice_is_refused(name: str, fields: dict) -> None:
    with pytest.raises(DetenteError, match=r"named twice"):
        commands.understood(QUESTIONS[name](**fields))


def test_one_name_is_a_list_of_one() -> None:
    scenario = load_scenario("phase-two", ["focus=korea", "services.to=All", "services.opens=CHN"])
    assert scenario.focus == ("KOR",)
    assert scenario.policies["services"].to == "all"
    assert scenario.policies["services"].opens == ("CHN",)


def test_every_kind_of_name_that_a_field_takes_is_read_and_no_other() -> None:
    assert READERS.keys() == set(get_args(NameKind)) - {""}
