"""How many digits a figure has: those that are left of it where a part of it is imputed."""

import json
import math
import re
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, strategies as st

import detente
from detente.calibrate.baseline import load_baseline
from detente.ensemble import simulate_draws
from detente.evidence import acted_on, evidence, imputed_output
from detente.report import _format
from detente.report._frames import digits_borne
from detente.report.answer import said as said_of
from detente.scenario import available, load_scenario
from detente.simulation import prepare
from detente.world import Baseline


SIZES = st.floats(1e-6, 1e9)
DIGITS = st.integers(1, 4)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# What is no figure of the model: years, counts and chances, and what is too small to be told.
NO_FIGURE = re.compile(
    r"at \d{4} prices|Across \d+ sets|\(90 % of \d+ simulations\)|less than [^,)]+?(?:%|million)"
)
MOVES = re.compile(r"(?:grows|shrinks) by (US\$ [\d.,]+)")
FROM_TO = re.compile(r"from US\$ ([\d.,]+) \w+ to US\$ ([\d.,]+)")


def digits_of(text: str) -> int:
    """The significant digits of a number as printed; noughts that end a whole number are none.

    >>> [digits_of(one) for one in ("0.0552", "0.010", "1,690", "30", "US$ 2.0")]
    [3, 2, 3, 1, 2]
    """
    digits = re.sub(r"[^\d.]", "", text).lstrip("0.")
    return len(digits.replace(".", "")) if "." in text else len(digits.rstrip("0")) or 1


def numbers(lines: list[str]) -> list[str]:
    return [one for line in lines for one in NUMBER.findall(NO_FIGURE.sub("", line))]


def in_million(text: str) -> float:
    size, unit = text.removeprefix("US$ ").split()
    return float(size.replace(",", "")) * {"million": 1.0, "billion": 1e3}[unit]


@given(SIZES, DIGITS)
def test_a_size_has_no_more_digits_than_it_bears_and_is_rounded(size: float, digits: int) -> None:
    """Half a step of the last digit is the most that rounding moves it."""
    for written, value in (
        (_format.percent(size, digits), size),
        (_format.fine_percent(size, digits), size),
        (_format.signed_fine_percent(size, digits), size),
        (_format.about_percent(size, 0.5 * size, 2 * size, digits), size),
    ):
        (number,) = NUMBER.findall(written)
        if "less than" in written:
            continue
        assert digits_of(number) <= digits
        # Never coarser than the coarser of the digit borne and the one printed anyway.
        step = max(10.0 ** (math.floor(math.log10(value)) - digits + 1), 0.1 * value, 1e-3)
        assert abs(float(number.replace(",", "")) - value) <= 0.51 * step or value < 1e-3


@given(st.floats(1.0, 1e9), DIGITS)
def test_money_has_no_more_digits_than_it_bears_and_is_rounded(size: float, digits: int) -> None:
    for written in (
        _format.money(size, digits),
        _format.about_money(-size, -2 * size, 0.0, digits),
    ):
        assert digits_of(NUMBER.findall(written)[0]) <= max(digits, 1)
        step = max(10.0 ** (math.floor(math.log10(size)) - digits + 1), 0.1 * size)
        assert abs(in_million(written) - size) <= 0.51 * step + 0.5 * (size < 10)


@given(st.floats(1.0, 1e7), st.floats(1.0, 1e7), DIGITS, DIGITS)
def test_two_levels_show_no_more_of_the_change_than_it_bears(
    before: float, after: float, levels: int, change: int
) -> None:
    written = _format.money_pair(before, after, levels, change)
    first, second = (in_million(one) for one in written)
    unit = 1000.0 if "billion" in written[0] else 1.0
    moved, most = abs(after - before), max(before, after)
    if moved < 1e-9:
        return
    # The last digit of both is one step, which is no finer than either bears.
    step = 10.0 ** (math.floor(math.log10(moved / unit)) - change) * unit
    for one in (first, second):
        assert abs(one / step - round(one / step)) < 1e-6 * max(one / step, 1.0)
    assert digits_of(written[before < after]) <= levels + 1 or most < unit


@pytest.mark.parametrize(
    ("part", "digits"),
    [
        (0.0, _format.ALL_DIGITS),
        (0.1, _format.ALL_DIGITS),
        (0.11, 2),
        (0.5, 2),
        (0.51, 1),
        (1.0, 1),
    ],
)
def test_the_first_digit_alone_is_left_where_most_is_imputed(part: float, digits: int) -> None:
    assert digits_borne(part) == digits


def test_an_opening_of_what_is_mostly_imputed_by_hand() -> None:
    """South Korean films and programmes in China: US$ 811 million, of which 0.59 are imputed."""
    world = load_baseline("compact-2022")
    assert world.imputed_share is not None
    cell = world.country_index["KOR"], world.country_index["CHN"], world.sector_index["AVP"]
    assert float(world.economy.trade[cell]) == pytest.approx(811.5, abs=0.1)
    assert float(world.imputed_share[cell]) == pytest.approx(0.59, abs=0.005)
    outcome = simulated("china-korea/entertainment-opening", world)
    worth = float(outcome.equivalent_variation.sel(country="KOR"))
    (gains, _) = said_of(outcome).gains[0].split("; ")
    assert 35 < worth < 45 and "or US$ 40 million a year" in gains
    (line,) = [one for one in detente.answer(outcome) if "observed" in one]
    assert "(US$ 800 million a year, 41 % observed)" in line


def simulated(name: str, world: Baseline) -> xr.Dataset:
    return detente.simulate(world, load_scenario(name, ["uncertainty.draws=0"]))


def imputed_by_hand(name: str, world: Baseline) -> float:
    """Of the flows that a scenario acts on, the imputed part: a sum over cells, one by one."""
    play = prepare(world, load_scenario(name))
    cells, part = acted_on(play.baseline, play.shock), play.baseline.imputed_share
    if part is None or not cells.any():
        return 0.0
    trade = np.asarray(play.economy.trade)
    values = [(trade[tuple(at)], part[tuple(at)]) for at in np.argwhere(cells)]
    return float(sum(value * share for value, share in values) / sum(one for one, _ in values))


OF_IMPUTED_FLOWS = [
    "china-korea/entertainment-opening", "china-korea/services-opening",
    "china-korea/services-both", "china-korea/state-visit",
]  # fmt: skip


def policies_figures(outcome: xr.Dataset) -> list[str]:
    """What an answer says that the policies do, as numbers: all but levels and what is observed."""
    said = said_of(outcome)
    moves = [one for line in said.between for one in MOVES.findall(line)]
    sure = [line for line in said.sure if "not all is observed" not in line]
    lines = [*said.gains, *said.volumes, *said.sectors, *said.elsewhere, *sure]
    return [*numbers(lines), *(NUMBER.findall(one)[0] for one in moves)]


@pytest.fixture(scope="module")
def worlds() -> dict[str, Baseline]:
    return {}


@pytest.mark.parametrize("name", available())
def test_no_sentence_of_the_library_has_digits_that_are_imputed(
    name: str, worlds: dict[str, Baseline]
) -> None:
    """Solved where more than a little of what a scenario acts on is imputed."""
    scenario = load_scenario(name)
    try:
        world = worlds.setdefault(scenario.baseline, load_baseline(scenario.baseline))
        part = imputed_by_hand(name, world)
    except detente.DetenteError as error:
        pytest.skip(f"its world is not here: {error}")
    most = digits_borne(part)
    assert (most < _format.ALL_DIGITS) or name not in OF_IMPUTED_FLOWS[:3]
    if most == _format.ALL_DIGITS:
        return
    outcome = simulated(name, world)
    assert json.loads(outcome.attrs["evidence"])["imputed"] == pytest.approx(part, rel=1e-6)
    figures = policies_figures(outcome)
    assert figures and max(map(digits_of, figures)) <= most, figures
    for line in said_of(outcome).between:
        for first, second in FROM_TO.findall(line):
            moved = abs(float(second.replace(",", "")) - float(first.replace(",", "")))
            assert digits_of(f"{moved:.3f}".rstrip("0").rstrip(".")) <= most + 1, line


def test_a_drawn_answer_bears_no_more_either() -> None:
    """With draws as without: ranges, what moves them, and the other horizon too."""
    world = load_baseline("compact-2022")
    name = "china-korea/entertainment-opening"
    outcome = simulate_draws(world, load_scenario(name, ["uncertainty.draws=6"]))
    figures = policies_figures(outcome)
    assert len(figures) > 20 and max(map(digits_of, figures)) == 1, figures
    said = said_of(outcome)
    assert any("simulations" in line for line in said.sure) and len(said.gains) == 2


def test_a_sector_bears_what_its_own_sales_and_the_policies_leave() -> None:
    """Chinese publishing is mostly imputed, its electronics observed; the policies bear two."""
    world = load_baseline("compact-2022")
    assert world.imputed_share is not None
    trade, china = np.asarray(world.economy.trade), world.country_index["CHN"]
    outcome = simulated("china-korea/services-opening", world)
    for code in world.sectors:
        s = world.sector_index[code]
        part = float((world.imputed_share * trade)[china, :, s].sum() / trade[china, :, s].sum())
        assert imputed_output(world)[china, s] == pytest.approx(part)
        assert outcome.output_imputed_share.sel(country="CHN", sector=code) == pytest.approx(part)
    (line,) = [one for one in said_of(outcome).sectors if one.startswith("In China")]
    electronics = re.search(r"optical products \(\+(.*?) %\)", line)
    publishing = re.search(r"broadcasting \(−(.*?) %\)", line)
    assert electronics and publishing
    assert (digits_of(electronics[1]), digits_of(publishing[1])) == (2, 1)


def test_a_balance_that_looks_the_same_says_by_how_much_it_moves() -> None:
    world = load_baseline("compact-2022")
    outcome = simulated("china-korea/entertainment-opening", world).copy(deep=True)
    outcome["account_imputed_share"].loc[{"side": "balance", "item": "total"}] = 0.6
    (line,) = said_of(outcome).between
    assert line == (
        "South Korea's trade surplus with China, of US$ 20 billion (goods and services at producer "
        "prices, harmonised basis, 2022), grows by US$ 200 million a year."
    )


def test_what_is_all_observed_keeps_its_digits() -> None:
    world = load_baseline("compact-2022")
    goods = np.array([code in world.sector_groups["goods"] for code in world.sectors])
    cells = np.zeros(np.shape(world.economy.trade), bool)
    cells[world.country_index["KOR"], world.country_index["CHN"]] = goods
    assert evidence(world, cells) == {}
    document: dict[str, Any] = {
        "title": "A tariff", "uncertainty": {"draws": 0}, "focus": ["KOR", "CHN"],
        "policies": {"one": {"kind": "tariff", "importers": ["CHN"], "exporters": ["KOR"], "change": 0.1}},
    }  # fmt: skip
    outcome = detente.simulate(world, detente.scenario.parse_scenario(document, "test"))
    worth = abs(float(outcome.equivalent_variation.sel(country="KOR"))) / 1000
    assert f"US$ {worth:.2f} billion" in said_of(outcome).gains[0] and worth < 10
