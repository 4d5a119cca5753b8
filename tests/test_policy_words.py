"""What every kind of policy says of itself: its numbers, its names, and a whole sentence.

Each field that takes a number is changed in turn, so that a number that is left out, or said from
somewhere else, fails; a kind that is added without such fields in `FURTHER` fails too.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import BaseModel

from detente._core import MINUS, ScenarioError
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.policy import POLICY_KINDS
from detente.scenario import available, load_scenario, parse_scenario
from detente.world import Baseline

from .test_policy import with_index
from .test_policy_kinds import EXAMPLES, ROUTE
from .worlds import dataset, economy


YEAR = 2031
COUNTRIES = {
    "KOR": "South Korea", "CHN": "China", "JPN": "Hong Kong, China", "USA": "United States",
    "ROW": "Australia and New Zealand",
}  # fmt: skip
SECTORS = {"CAR": "Motor vehicles", "ELE": "Chips, boards and discs", "BUS": "Business services"}
IN_SENTENCE = COUNTRIES | {"USA": "the United States"}
DATES = {"phase_in": {"start": 2030, "years": 7}, "fade_out": {"start": 2029, "half_life": 2.5}}
ADOPTION = {
    "start": 2014.5, "start_share": 0.012, "speed": 0.0415, "threshold": 3.0, "ceiling": 0.91,
    "swap_line": {"year": 2025.875, "jump": 0.09},
}  # fmt: skip
LINES = [
    {"importer": "USA", "exporter": "all", "sector": "goods", "change": 0.081},
    {"importer": "USA", "exporter": "KOR", "sector": "goods", "change": -0.0123},
]
FURTHER: dict[str, list[dict[str, Any]]] = {
    "tariff": [
        ROUTE | {"rate": 0.25},
        ROUTE | {"quantity": 0.615, "quantity_of": "imports"},
        {"lines": LINES},
        {"lines": [LINES[0], {"importer": "KOR", "exporter": "CHN", "sector": "CAR", "rate": 0.2}]},
    ],
    "rationing": [
        ROUTE | {"markup": 0.1, "rent": "nobody", "visitors": 0.37},
        ROUTE | {"quantity": 0.517, "rent": "nobody", "visitors": 0.37},
    ],
    "taste": [
        ROUTE | {"change": -0.3, "visitors": 0.37},
        ROUTE | {"quantity": 0.973, "quantity_of": "spending", "visitors": 0.37},
    ],
    "summit": [{"visitor": ["KOR"], "host": ["CHN"], "directions": "both", "quantity": 1.09}],
    "opening": [ROUTE | {"potential_share": 0.5, "part": 0.45}],
    "free_trade_agreement": [{"members": ["KOR", "CHN"], "acceding": ["USA"], "tariff_cut": 0.85}],
    "currency_settlement": [
        {"members": ["KOR", "CHN"], "vehicle_cost": 30, "direct_cost": 11, "adoption": ADOPTION}
    ],
    "export_deals": [
        ROUTE | {"value": 1.25, "realisation": 0.5, "realisation_range": [0.11, 0.83]}
    ],
    "export_control": [
        ROUTE | {"covered_share": {"CAR": 0.31}, "leakage": 0.07, "over_compliance": 0.13},
        ROUTE | {"defence_share": 0.0464, "public_sectors": ["BUS"]},
        ROUTE | {"quantity": 0.615, "quantity_of": "imports"},
    ],
    "bloc_split": [
        {"blocs": {"West": ["USA", "JPN"], "East": ["CHN", "ROW"]}, "change": 0.7, "hedging": ["KOR"]},
        {"blocs": {"West": ["USA", "JPN"], "East": ["CHN", "ROW"]}, "quantity": 0.405,
         "quantity_of": "imports", "hedging": ["KOR"]},
        {"blocs": {"West": ["USA"], "East": ["CHN"]}, "prohibited": True},
        {"cost_per_point": 0.15, "tolerated": 0.25, "positions": {"KOR": 1.5, "CHN": -2.25}},
    ],
    "policy_uncertainty": [
        ROUTE | {"deviations": -2.0, "cost_per_deviation": 0.017, "both_ways": False}
    ],
    "prohibition": [ROUTE | {"importers": "all"}, ROUTE | {"exporters": "all", "sectors": "all"}],
    "trade_cost": [
        ROUTE | {"exporters": ["CHN", "JPN", "USA"], "change": -0.125},
        ROUTE | {"importers": ["KOR", "USA"], "exporters": ["CHN", "JPN"], "quantity": 1.25},
    ],
    "export_tax": [
        ROUTE | {"rate": 0.1, "revenue": "nobody"},
        ROUTE | {"quantity": 0.615, "quantity_of": "spending"},
    ],
}  # fmt: skip
"""Keys that the examples of `test_policy_kinds` leave at their defaults."""
CASES = [
    (kind, keys)
    for kind, example in EXAMPLES.items()
    for keys in (example.keys, *FURTHER.get(kind, []))
]
DATED = [(kind, keys) for kind, keys in CASES
         if kind != "prohibition" and not keys.get("prohibited")]  # fmt: skip


@pytest.fixture(scope="module")
def named() -> Baseline:
    """A world in which every country and sector has a name, and groups are codes."""
    plain = baseline_from_dataset(with_index(dataset(economy())))
    groups = {"ASIA": ("KOR", "CHN", "JPN")}
    return replace(plain, country_names=COUNTRIES, sector_names=SECTORS, country_groups=groups)


def sentences(baseline: Baseline, kind: str, keys: dict[str, Any]) -> list[str]:
    document = {"title": "A test", "policies": {"one": {"kind": kind, **keys}}}
    policy = parse_scenario(document, "test").policies["one"]
    return policy.describe(baseline, YEAR)


def numbers(table: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Every number in a table of keys, with where it is."""
    inside = table.items() if isinstance(table, dict) else enumerate(table)
    for name, one in inside:
        if isinstance(one, dict | list):
            yield from numbers(one, (*above, name))
        elif isinstance(one, int | float) and not isinstance(one, bool):
            yield (*above, name), one


def changed(table: Any, place: tuple[Any, ...], value: float) -> Any:
    first, *rest = place
    inside = changed(table[first], tuple(rest), value) if rest else value
    if isinstance(table, dict):
        return {**table, first: inside}
    return [inside if at == first else one for at, one in enumerate(table)]


def spellings(value: float) -> set[str]:
    """A number as given or as a percentage, without its sign."""
    return {f"{abs(scale * value):.10g}" for scale in (1, 100)}


def said_numbers(said: list[str]) -> set[str]:
    return set(re.findall(r"\d(?:[\d.,]*\d)?", " ".join(said)))


def assert_number_is_said(
    baseline: Baseline, kind: str, keys: dict[str, Any], place: tuple[Any, ...], value: float
) -> None:
    before = sentences(baseline, kind, keys)
    assert spellings(value) & said_numbers(before), (place, before)
    other = value + 1 if isinstance(value, int) else value * 1.0625
    after = sentences(baseline, kind, changed(keys, place, other))
    assert after != before
    assert spellings(other) & said_numbers(after), (place, after)


@pytest.mark.parametrize(("kind", "keys"), CASES)
def test_every_number_of_a_policy_is_said(kind: str, keys: dict, named: Baseline) -> None:
    for place, value in numbers(keys):
        assert_number_is_said(named, kind, keys, place, value)


@pytest.mark.parametrize(("kind", "keys"), DATED)
def test_when_a_policy_comes_and_goes_is_said(kind: str, keys: dict, named: Baseline) -> None:
    dated = keys | DATES
    for place, value in numbers(DATES):
        assert_number_is_said(named, kind, dated, place, value)


def fields(model: type[BaseModel]) -> Iterator[str]:
    """The fields of a request that take a number, those inside its tables too."""
    for name, field in model.model_fields.items():
        kinds = [*_parts(field.annotation)]
        if float in kinds or int in kinds:
            yield name
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from (f"{name}.{one}" for one in fields(kind))


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


@pytest.mark.parametrize("kind", POLICY_KINDS)
def test_no_field_that_takes_a_number_goes_untried(kind: str) -> None:
    tried = {
        ".".join(str(one) for one in place if not isinstance(one, int))
        for of, keys in CASES
        if of == kind
        for place, _ in numbers(keys | DATES)
    }
    wanted = set(fields(POLICY_KINDS[kind]))
    assert {one for one in wanted if not any(key.startswith(one) for key in tried)} == set()


@pytest.mark.parametrize(("kind", "keys"), CASES)
def test_everyone_is_named_and_nobody_by_code(kind: str, keys: dict, named: Baseline) -> None:
    said = sentences(named, kind, keys)
    text = " ".join(said)
    for one in said:
        assert one[0].isupper() and one.endswith("."), one
        assert ".." not in one and "  " not in one and " ," not in one, one
    listed = re.findall(r"'([A-Z]{3})'", str(keys))
    for code in listed:
        name = IN_SENTENCE[code] if code in IN_SENTENCE else SECTORS[code]
        assert name.casefold() in text.casefold(), (name, text)
    codes = {*named.countries, *named.sectors, *named.country_groups, *named.sector_groups}
    for code in codes - {"goods", "services"}:
        assert not re.search(rf"\b{code}\b", text), (code, text)
    assert not re.search(r"(?<!the )\bUnited States", text.replace("The ", "the "))
    assert not re.search(r"\d-|-\d", text) and "None" not in text and "nan" not in text.split()


GRAMMAR = [
    ("tariff", {"importers": ["USA"], "exporters": ["KOR"], "rate": 0.9},
     "The United States raises its tariff on goods from South Korea to 90 %, from "),
    ("tariff", {"importers": ["USA", "CHN"], "exporters": ["KOR"], "change": -0.02},
     "The United States and China lower their tariffs on goods from South Korea by 2 percentage "),
    ("tariff", {"importers": ["ROW"], "exporters": "all", "change": 0.02},
     "Australia and New Zealand raise their tariffs on goods from all other countries by 2 "),
    ("free_trade_agreement", {"members": ["CHN", "JPN", "KOR"]},
     "China; Hong Kong, China; and South Korea cut their tariffs on goods from each other by 100 %"),
    ("free_trade_agreement", {"members": ["ASIA"]},
     "South Korea; China; and Hong Kong, China cut their tariffs on goods from each other by 100 %"),
    ("prohibition", {"importers": ["KOR", "CHN"], "exporters": ["CHN", "KOR"], "sectors": "all"},
     "South Korea and China may no longer sell each other any goods or services"),
    ("trade_cost", {"importers": ["KOR", "CHN"], "exporters": ["CHN", "KOR"], "change": 0.1},
     "Delivering all goods and services between China and South Korea becomes 10 % dearer"),
    ("trade_cost", {"sectors": ["ELE", "CAR"], "importers": ["KOR"], "change": 0.1},
     "Delivering chips, boards and discs; and motor vehicles from all other countries to South "),
    ("services_liberalisation", {"opens": ["CHN"], "to": ["KOR", "CHN"], "stri_cut": 0.5,
     "cost_per_stri_point": 1.5}, "China closes 50 % of its gap to the least restrictive country "
     "in the OECD's index of services trade restrictions (all policy areas) for suppliers from "
     "South Korea. At"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "keys", "begins"), GRAMMAR)
def test_a_policy_is_said_as_an_editor_would(
    kind: str, keys: dict, begins: str, named: Baseline
) -> None:
    assert sentences(named, kind, keys)[0].startswith(begins)


@pytest.mark.parametrize("year", [2029, 2031])
def test_a_prohibition_says_from_when(year: int, named: Baseline) -> None:
    document = {"kind": "prohibition", "phase_in": {"start": 2030}} | ROUTE
    one = parse_scenario({"title": "A test", "policies": {"one": document}}, "test")
    (said,) = one.policies["one"].describe(named, year)
    assert "from 2030" in said and ("not yet" in said) == (year < 2030)


def test_averages_are_those_of_the_world(named: Baseline) -> None:
    keys = {"importers": ["USA"], "exporters": ["KOR"], "change": 0.1}
    goods = [named.sector_index[code] for code in named.sector_groups["goods"]]
    at = named.country_index["KOR"], named.country_index["USA"]
    trade, rate = (
        np.asarray(one)[at][goods] for one in (named.economy.trade, named.economy.tariff)
    )
    before = 100 * float((trade * rate).sum() / trade.sum())
    said = f"on average from {before:.2f} % to {before + 10:.2f} %, weighted by baseline trade."
    assert sentences(named, "tariff", keys)[0].endswith(said)


def test_no_scenario_of_the_library_speaks_in_codes() -> None:
    """Every policy that ships, on the world it is played on where that ships too."""
    worlds: dict[str, Baseline] = {}
    for name in available():
        scenario = load_scenario(name)
        if scenario.baseline not in ("compact-2022", "compact-2014"):
            continue
        base = worlds.setdefault(scenario.baseline, load_baseline(scenario.baseline))
        codes = {*base.countries, *base.sectors, *base.country_groups, *base.sector_groups}
        codes -= {"goods", "services", "margins", "RCEP", "ASEAN", "USMCA"}
        for policy in scenario.in_force.values():
            for said in policy.describe(base, scenario.year):
                assert said[0].isupper() and said.endswith("."), said
                assert not codes & set(re.findall(r"\w+", said)), (name, said)
                assert MINUS not in said.split() and "  " not in said


def test_a_wrong_name_is_still_refused_before_it_is_said(named: Baseline) -> None:
    with pytest.raises(ScenarioError, match="'KRO'"):
        sentences(named, "tariff", ROUTE | {"importers": ["KRO"], "rate": 0.1})
