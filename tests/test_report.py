"""The report on constructed outcomes: data behind charts, sentences, and the page as a file."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from string import Formatter
from typing import Any

import numpy as np
import pytest
import xarray as xr
from rich.console import Console

from detente import library, load_baseline, report
from detente._words import in_sentence
from detente.account import main_pair
from detente.claims import judge, load_ledger
from detente.commands.asks import QUESTIONS
from detente.desk.laws import LAWS
from detente.desk.page import WORDS
from detente.report import _format, _frames, charts
from detente.report.figures import figures
from detente.report.html import _prose
from detente.report.section import Chart
from detente.schema import conform, of_kind

from . import pages
from .claims_record import small_record


CODES = ["CHN", "KOR", "USA", "JPN", "VNM"]
NAMES = ["China", "South Korea", "United States", "Japan", "Viet Nam"]
SECTORS = {
    "A01": "Agriculture",
    "C26": "Computer, electronic and optical equipment",
    "J62": "ICT services",
}
ABOUT = {
    "title": "Services opening between China and South Korea",
    "question": "What would it do to each country if both halved their services restrictions?",
    "scenario": "china-korea/services-opening",
    "scenario_toml": 'title = "Services opening"\n[[policy]]\nkind = "services_opening"\ncountries = ["CHN", "KOR"]\n',
    "focus": json.dumps(["CHN", "KOR"]),
    "baseline": "compact",
    "baseline_title": "Compact world",
    "baseline_year": 2018,
    "baseline_hash": "9f2c41d07ab3",
    "basis": "harmonised",
    "horizon": "long",
    "deficits": "fixed share of world value added",
    "numeraire": "world value added",
    "status": "Solved: every market clears.",
    "solved": 1,
    "steps": 14,
    "residual": 3.2e-12,
    "walras": 1.1e-15,
    "version": "0.1.0",
    "assumptions": json.dumps(
        [
            "China closes 50 % of its restrictiveness gap towards South Korea: trade cost of ICT services −13.1 %."
        ]
    ),
    "limits": json.dumps(["Investment and the movement of people are not represented."]),
    "imputation": json.dumps(
        [
            {
                "cells": "services flows of Viet Nam",
                "rule": "gravity prediction",
                "share_of_value": 0.012,
                "count": 4,
            }
        ]
    ),
    "sources": "OECD Inter-Country Input-Output tables, 2023 edition, https://www.oecd.org/sti/ind/inter-country-input-output-tables.htm\nOECD STRI",
    "licence": "CC BY 4.0",
    "command": "detente run china-korea/services-opening",
    "sector_groups": json.dumps({"goods": ["A01", "C26"], "services": ["J62"]}),
}


def outcome_of(
    trade: np.ndarray,
    changed: np.ndarray,
    hats: dict[str, np.ndarray],
    labels: dict,
    **about: object,
) -> xr.Dataset:
    """An outcome whose sums, balances, shares and volumes follow from the flows before and after."""
    wage, price_index, unit_cost, income = (
        hats[name] for name in ("wage", "price_index", "unit_cost", "income")
    )
    output, after = trade.sum(1), changed.sum(1)
    volume = (after / output) / unit_cost
    income_before = 0.5 * output.sum(1)
    welfare = income / price_index
    balance = (flows := trade.sum(2)) - flows.T
    balance_after = (flows_after := changed.sum(2)) - flows_after.T
    values = {
        "welfare": 100 * (welfare - 1),
        "equivalent_variation": (welfare - 1) * income_before,
        "welfare_linear": 98 * (welfare - 1),
        "terms_of_trade_linear": 30 * (welfare - 1),
        "volume_of_trade_linear": 68 * (welfare - 1),
        "real_gdp": 2 * (welfare - 1),
        "total_employment": 0.0 * welfare,
        "real_wage": 100 * (wage / price_index - 1),
        "wage": 100 * (wage - 1),
        "price_index": 100 * (price_index - 1),
        "price": 100 * (unit_cost - 1),
        "unit_cost": 100 * (unit_cost - 1),
        "output": 100 * (volume - 1),
        "employment": 100 * (volume - 1),
        "output_before": output,
        "output_after": after,
        "value_added_before": 0.4 * output,
        "value_added_after": 0.4 * after,
        "income_before": income_before,
        "income_after": income_before * income,
        "tariff_revenue_before": 0.02 * flows.sum(0),
        "tariff_revenue_after": 0.02 * flows_after.sum(0),
        "rents": 0.0 * flows_after.sum(0),
        "profits": 0.0 * flows_after.sum(0),
        "sector_wage": 0.0 * unit_cost,
        "deficit_before": flows.sum(0) - flows.sum(1),
        "deficit_after": flows_after.sum(0) - flows_after.sum(1),
        "trade_before": trade,
        "trade_after": changed,
        "expenditure_share_before": trade / trade.sum(0),
        "expenditure_share_after": changed / changed.sum(0),
        "balance_before": balance,
        "balance_after": balance_after,
    }
    rows = of_kind("outcome")
    data = {
        name: (rows[name].dims, np.asarray(array, float), {"units": rows[name].unit})
        for name, array in values.items()
    }
    codes, names, sectors, sector_names = (
        labels[key] for key in ("codes", "names", "sectors", "sector_names")
    )
    coords = {dim: codes for dim in ("country", "partner", "origin", "destination")} | {
        "sector": sectors,
        "country_name": ("country", names),
        "sector_name": ("sector", sector_names),
    }
    return xr.Dataset(data, coords=coords, attrs={**ABOUT, **about})


@pytest.fixture(scope="module", params=[(5, 3), (20, 25), (77, 45)], ids=str)
def outcome(request: pytest.FixtureRequest) -> xr.Dataset:
    return random_outcome(*request.param)


def random_outcome(
    countries: int = 5, sectors: int = 3, size: float = 0.01, **about: object
) -> xr.Dataset:
    draw = np.random.default_rng(countries * sectors)
    codes = CODES + [f"X{n:02d}" for n in range(countries - 5)]
    names = NAMES + [f"Country {n:02d}" for n in range(countries - 5)]
    some = SECTORS | {
        f"S{n:02d}": f"Sector {n:02d} with a name of ordinary length" for n in range(sectors - 3)
    }
    keys = list(some)
    trade = draw.lognormal(7, 1.5, (countries, countries, sectors))
    trade[np.arange(countries), np.arange(countries)] *= 40
    reach = np.full((countries, countries, 1), 0.05)
    reach[:2, :2] = 1
    changed = trade * np.exp(size * 10 * reach * draw.normal(0.3, 1, trade.shape))
    grow = np.where(np.arange(countries) < 2, 1.0, 0.02)
    hats = {
        "wage": 1 + size * grow * draw.normal(0.2, 0.1, countries),
        "price_index": 1 + size * grow * draw.normal(0, 0.1, countries),
        "unit_cost": 1 + size * draw.normal(0, 0.1, (countries, sectors)),
        "income": 1 + size * grow * draw.normal(0.2, 0.1, countries),
    }
    groups = {
        "sector_groups": json.dumps(
            {"goods": keys[: sectors // 2], "services": keys[sectors // 2 :]}
        )
    }
    labels = {"codes": codes, "names": names, "sectors": keys, "sector_names": list(some.values())}
    return outcome_of(trade, changed, hats, labels, **{**groups, **about})


def edited(outcome: xr.Dataset, variable: str, values: dict[tuple[str, ...], float]) -> xr.Dataset:
    """The outcome with some values replaced, for sentences about one sign or size."""
    changed = outcome.copy(deep=True)
    for labels, value in values.items():
        changed[variable].loc[labels] = value
    return changed


def shown(section: report.Section, width: int = 80) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(report.terminal(section, width))
    return captured.get().replace("\u00a0", " ")


def test_the_constructed_outcome_conforms(outcome: xr.Dataset) -> None:
    assert conform(outcome, "outcome") == []


# Frames and the rows of charts


def test_country_frame_has_focus_first_and_exports_without_domestic_sales(
    outcome: xr.Dataset,
) -> None:
    frame = _frames.country_frame(outcome)
    assert list(frame.index[:2]) == ["CHN", "KOR"]
    assert len(frame) == outcome.sizes["country"]
    trade = outcome["trade_before"].sum("sector")
    korea = float(trade.sel(origin="KOR").sum() - trade.sel(origin="KOR", destination="KOR"))
    assert frame.loc["KOR", "exports_before"] == pytest.approx(korea)
    worth = frame.loc[~frame["focus"], "equivalent_variation"].abs()
    assert worth.is_monotonic_decreasing


def test_sector_contributions_add_up_to_the_change_of_output(outcome: xr.Dataset) -> None:
    frame = _frames.sector_frame(outcome, "KOR")
    here = outcome.sel(country="KOR")
    assert frame["contribution"].sum() == pytest.approx(
        float((here["output"] / 100 * here["output_before"]).sum())
    )
    assert frame["share"].sum() == pytest.approx(100)
    assert frame["contribution"].is_monotonic_decreasing


def test_flows_and_account_agree_with_the_balance(outcome: xr.Dataset) -> None:
    account = _frames.account_frame(outcome, "CHN", "KOR")
    before, after = _frames.balance(outcome, "CHN", "KOR")
    assert account.loc["total", "balance_before"] == pytest.approx(before)
    assert account.loc["total", "balance_after"] == pytest.approx(after)
    parts = account.loc[["goods", "services"]].sum()
    np.testing.assert_allclose(parts, account.loc["total"])
    there, back = (
        _frames.flow_frame(outcome, *route)["change"].sum()
        for route in (("CHN", "KOR"), ("KOR", "CHN"))
    )
    assert there - back == pytest.approx(after - before)


def test_chart_rows_are_in_order_and_at_most_so_many(outcome: xr.Dataset) -> None:
    panels = [
        charts.headline_data(outcome),
        charts.sector_data(outcome, "CHN"),
        charts.flow_data(outcome, "CHN", "KOR"),
    ]
    for data in panels:
        assert data["value"].is_monotonic_decreasing
        assert 0 < len(data) <= charts.ROWS
        assert set(data["colour"][data["value"] < 0]) <= {charts.LOSS, charts.PALE_LOSS}
    headline = panels[0]
    assert {"CHN", "KOR"} <= set(headline.index)
    # Whose bar would not be seen is in the table alone, unless the scenario acts on it.
    others = headline.loc[~headline.focus, "value"].abs()
    assert (others >= charts.VISIBLE * headline["value"].abs().max()).all()


def test_third_countries_are_split_by_sign_and_hold_no_focus_country(outcome: xr.Dataset) -> None:
    gains, losses = (charts.third_data(outcome, gaining=gaining) for gaining in (True, False))
    assert (gains["value"] > 0).all() and (losses["value"] < 0).all()
    assert not {"CHN", "KOR"} & {*gains.index, *losses.index}
    assert gains["value"].is_monotonic_decreasing and losses["value"].is_monotonic_increasing


def test_small_sectors_are_left_out() -> None:
    outcome = random_outcome(20, 25)
    small = edited(outcome, "output_before", {("KOR", "C26"): 1.0})
    small = edited(small, "output", {("KOR", "C26"): 500.0})
    assert "C26" not in charts.sector_data(small, "KOR").index
    assert "C26" not in _frames.moving_sectors(small, "KOR", 5).index
    assert "computer" not in report.answer(small)[3]
    assert "C26" in charts.flow_data(small, "KOR", "CHN", rows=25).index


def pixels(panel: Chart) -> list[float]:
    """How far the bars of a panel go for one of what they show."""
    return [(row["end"] - row["zero"]) / row["value"] for row in rows_of(panel)]


def rows_of(panel: Chart) -> list[dict[str, Any]]:
    return [] if panel.specification is None else panel.specification["datasets"]["rows"]


def test_panels_that_are_compared_share_one_scale(outcome: xr.Dataset) -> None:
    for name in ("flows", "thirds"):
        scales = [scale for panel in figures(outcome)[name].panels for scale in pixels(panel)]
        assert len(scales) > 2 and scales[0] > 0
        np.testing.assert_allclose(scales, scales[0])


def test_bars_are_drawn_to_scale(outcome: xr.Dataset) -> None:
    rows = charts.bar_table(charts.sector_data(outcome, "KOR"))["datasets"]["rows"]
    lengths = np.array([row["end"] - row["zero"] for row in rows])
    values = np.array([row["value"] for row in rows])
    np.testing.assert_allclose(lengths / np.abs(lengths).max(), values / np.abs(values).max())
    assert all(
        charts.NARROW.bars[0] - 1e-9 <= row["end"] <= charts.NARROW.bars[1] + 1e-9 for row in rows
    )


# Sentences


def test_answer_leads_with_who_gains_and_how_much() -> None:
    outcome = random_outcome()
    outcome = edited(outcome, "welfare", {("CHN",): 0.0213, ("KOR",): -0.2412})
    outcome = edited(outcome, "equivalent_variation", {("CHN",): 3012.0, ("KOR",): -3925.0})
    said = report.answer(outcome)
    assert said[0] == (
        "In the long run, China gains 0.021 % of real income, or US$ 3.01 billion a year at 2018 prices; "
        "South Korea loses 0.24 %, or US$ 3.92 billion."
    )
    assert 3 <= len(said) <= 6


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            -1000.0,
            -600.0,
            "trade deficit with South Korea shrinks by US$ 400 million a year, from US$ 1.00 billion to US$ 0.60 billion",
        ),
        (
            1000.0,
            -500.0,
            "trade surplus of US$ 1.00 billion with South Korea turns into a trade deficit of US$ 0.50 billion",
        ),
        (30200.0, 30200.2, "trade surplus with South Korea stays at US$ 30.2 billion"),
        (
            -600.0,
            -1000.0,
            "trade deficit with South Korea grows by US$ 400 million a year, from US$ 0.60 billion to US$ 1.00 billion",
        ),
    ],
)
def test_balance_has_a_direction_a_size_and_a_basis(
    before: float, after: float, words: str
) -> None:
    outcome = edited(random_outcome(), "balance_before", {("CHN", "KOR"): before})
    said = report.answer(edited(outcome, "balance_after", {("CHN", "KOR"): after}))
    assert said[1] == (
        f"China's {words} (goods and services at producer prices, harmonised basis, 2018)."
    )


def test_a_small_effect_that_is_worth_money_is_said_with_its_digits() -> None:
    edits = {"welfare": {("KOR",): 0.00071}, "equivalent_variation": {("KOR",): 12.8}}
    outcome = random_outcome()
    for name, values in edits.items():
        outcome = edited(outcome, name, values)
    assert "South Korea gains 0.00071 %, or US$ 13 million" in report.answer(outcome)[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2412, "+0.24"),
        (0.0213, "+0.021"),
        (-0.00071, "−0.00071"),
        (0.0000042, "+0.0000042"),
        (0.00099999, "+0.00100"),
        (1e-7, "0"),
    ],
)
def test_signed_fine_percent(value: float, text: str) -> None:
    assert _format.signed_fine_percent(value) == text


def test_sectors_rise_and_fall_by_name() -> None:
    values = {("KOR", "A01"): -0.5, ("KOR", "C26"): 0.0, ("KOR", "J62"): 2.1}
    said = report.answer(edited(random_outcome(), "output", values))
    assert (
        said[3]
        == "In South Korea, output rises most in ICT services (+2.10 %) and falls most in agriculture (−0.50 %)."
    )


def test_third_countries_gain_and_lose() -> None:
    worth = {("USA",): -200.0, ("JPN",): 40.0, ("VNM",): 0.2}
    welfare = {("USA",): -0.004, ("JPN",): 0.0004, ("VNM",): 0.0001}
    outcome = edited(edited(random_outcome(), "equivalent_variation", worth), "welfare", welfare)
    assert report.answer(outcome)[4] == (
        "Elsewhere, Japan gains most (US$ 40 million a year, less than 0.001 % of its real income) "
        "and the United States loses most (US$ 200 million a year, 0.004 % of its real income)."
    )


def test_tiny_effects_are_small_and_never_zero() -> None:
    said = " ".join(report.answer(random_outcome(size=1e-6)))
    assert "China gains less than 0.001 % of real income, or less than US$ 1 million a year" in said
    assert "no sector's output moves by as much as 0.001 %" in said
    assert not re.search(r"(?<![\d.])0\.0+ %", said)


@pytest.mark.parametrize(
    ("welfare", "title"),
    [
        ((0.2, 0.1), "China and South Korea gain"),
        ((0.2, -0.1), "China gains and South Korea loses"),
        ((-0.2, -0.1), "China and South Korea lose"),
        ((0.0, 0.1), "South Korea gains"),
    ],
)
def test_the_title_of_the_chart_is_what_it_shows(welfare: tuple[float, float], title: str) -> None:
    values = {("CHN",): welfare[0], ("KOR",): welfare[1]}
    outcome = edited(random_outcome(), "welfare", values)
    panel = figures(outcome)["welfare"].panels[0]
    assert panel.title == title and title in report.brief(outcome)


def test_no_effect_is_said_plainly() -> None:
    assert report.answer(random_outcome(size=0))[0] == "No country's real income changes."


def test_one_focus_country_is_set_against_the_partner_whose_balance_moves_most() -> None:
    outcome = random_outcome(focus=json.dumps(["KOR"]))
    said = report.answer(outcome)
    change = (
        abs(outcome["balance_after"] - outcome["balance_before"])
        .sel(country="KOR")
        .drop_sel(partner="KOR")
    )
    partner = NAMES[CODES.index(str(change.idxmax().item()))]
    assert said[0].startswith("In the long run, South Korea gains")
    assert f" with {in_sentence(partner)} " in said[1] and said[1].startswith(
        "South Korea's trade "
    )
    assert sum("output" in line for line in said) == 1


def test_without_a_focus_the_largest_gain_leads() -> None:
    outcome = random_outcome(focus="[]")
    said = report.answer(outcome)
    best = outcome["country_name"].values[np.argmax(outcome["equivalent_variation"].values)]
    assert said[0].startswith(f"In the long run, {best} gains most")
    assert not any("Elsewhere" in line or "trade " in line for line in said)
    assert main_pair(outcome) is None
    page = report.brief(outcome)
    assert "gain</h2>" in page and "Countries</caption>" in page and "<h2>Between" not in page


def test_many_focus_countries_are_summed_beyond_three() -> None:
    said = report.answer(random_outcome(20, 25, focus=json.dumps([*CODES, "X01"])))
    assert "; the other 3 countries that the scenario acts on gain US$" in said[0]
    assert 3 <= len(said) <= 6


def test_unsolved_says_its_status_and_no_figure() -> None:
    outcome = random_outcome(solved=0, status="No equilibrium was found in 200 steps")
    assert report.answer(outcome) == ["No equilibrium was found in 200 steps."]
    assert "+" not in shown(report.summary_table(outcome))
    page = report.brief(outcome)
    # The ledger's claims have figures of other scenarios.
    assert (
        "<svg" not in page and "real income" not in page.partition("What has been said about it")[0]
    )
    assert "No equilibrium was found in 200 steps." in page
    assert "B has no figures" in shown(report.comparison(random_outcome(), outcome))


def test_a_plural_country_gains_and_loses_in_the_plural() -> None:
    names = ["Australia and New Zealand", "South Korea", "United States", "Other ASEAN", "Viet Nam"]
    outcome = random_outcome().assign_coords(country_name=("country", names))
    worth = {("USA",): 1.0, ("JPN",): -300.0, ("VNM",): -1.0}
    said = report.answer(edited(outcome, "equivalent_variation", worth))
    assert said[0].startswith("In the long run, Australia and New Zealand gain ")
    assert "the other ASEAN countries lose most" in said[4] and "of their real income" in said[4]


def test_every_country_word_is_of_a_country_that_some_world_has() -> None:
    """Words of a name that nothing prints would hide a name that changed."""
    known = {row["name"] for row in library.table("country_words.csv")}
    shipped = {
        str(name)
        for world in ("compact-2014", "compact-2022")
        for name in load_baseline(world).country_names.values()
    }
    odd = re.compile(r"\band\b|^Other|^United|Union|^Rest|lands$|pines$")
    assert {name for name in shipped if odd.search(name)} <= known
    assert "Bosnia and Herzegovina" not in known


def templates(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, one in table.items():
        if isinstance(one, dict):
            yield from templates(one, f"{above}{name}.")
        else:
            yield f"{above}{name}", one


def test_every_sentence_is_used_and_both_numbers_say_the_same() -> None:
    """What a translator is given is what is printed, and nothing else."""
    place, desk = resources.files("detente.report"), resources.files("detente.desk")
    sentences = dict(templates(library.sentences("sentences.toml")))
    code = "".join(one.read_text("utf-8") for one in place.iterdir() if one.name.endswith(".py"))
    # The page of a desk names its own by "desk.say", and labels of numbers by the number.
    code += "".join(
        named_in(one.read_text("utf-8"))
        for one in desk.iterdir() if one.name.endswith((".py", ".mjs"))
    )  # fmt: skip
    page = place.joinpath("table.html.j2").read_text("utf-8")
    code += "".join(f'"game.{word}"' for word in re.findall(r"\bgame\.(\w+)", page))
    code += "".join(f'"desk.numbers.{name}"' for of in LAWS.values() for name in (*of, "enabled"))
    code += "".join(f'"desk.{word}"' for word in WORDS)
    # Of several, each is named in whole or by its end.
    titles = {name for name in sentences if name.startswith("title.")}
    assert titles == {f"title.{name}" for name in (*QUESTIONS, "episodes")}
    stems = {re.sub(r"\.(one|many)$", "", name) for name in sentences.keys() - titles}
    for stem in stems:
        assert re.search(rf"""["']{stem}["']""", code) or is_completed(stem, code), stem
    for name, text in sentences.items():
        if name.endswith(".one"):
            other = sentences[f"{name.removesuffix('.one')}.many"]
            assert fields(text) == fields(other) != set()


def named_in(module: str) -> str:
    """A module of the page with the sentences that it names by their table named in whole."""
    module = re.sub(r"desk\.say\.((?:desk|game)\.\w+)", r'"\1"', module)
    if "{ game: words }" in module:
        module = re.sub(r"\bwords\.(\w+)", r'"game.\1"', module)
    return module


def is_completed(stem: str, code: str) -> bool:
    """Whether code has the beginning of that name, and in quotes each part that it completes."""
    for at in range(stem.index(".") + 1, len(stem) + 1):
        parts = [one for one in re.split(r"\.|(?=_next$)", stem[at:]) if one]
        quoted = all(re.search(rf"""["']{one}["']""", code) for one in parts)
        begun = [f"'{stem[:at]}{{", f'"{stem[:at]}{{', f"`{stem[:at]}${{"]
        if quoted and any(one in code for one in begun):
            return True
    return False


def fields(template: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(template)} - {None}


# Numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2412, "0.24 %"),
        (-13.14, "13.1 %"),
        (0.0213, "0.021 %"),
        (0.0009, "less than 0.001 %"),
        (0.0, "less than 0.001 %"),
    ],
)
def test_percent(value: float, text: str) -> None:
    assert _format.percent(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0004, 3, "<0.001"),
        (-0.0004, 3, ">−0.001"),
        (0.0, 3, "0"),
        (float("nan"), 3, "–"),
        (-1234.5, 1, "−1,234.5"),
    ],
)
def test_signed(value: float, decimals: int, text: str) -> None:
    assert _format.signed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4, "less than US$ 1 million"),
        (45.2, "US$ 45 million"),
        (999.7, "US$ 1.00 billion"),
        (-31000.0, "US$ 31.0 billion"),
    ],
)
def test_money(value: float, text: str) -> None:
    assert _format.money(value) == text


# Tables


@pytest.mark.parametrize("width", [80, 100])
def test_terminal_fits_and_shows_the_conditions(outcome: xr.Dataset, width: int) -> None:
    text = shown(report.summary(outcome), width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text.split("Countries")[1].split("China:")[0]
    for word in (
        "2018",
        "long run",
        "harmonised basis",
        "world value added",
        "1e-10",
        "Solved",
    ):
        assert word in text
    korea = float(outcome["welfare"].sel(country="KOR"))
    assert _format.signed(korea, 3) in text


def test_a_certificate_says_what_is_met_and_prints_what_is_missed() -> None:
    """The digits of what is met are the machine's; those of what is not are a finding."""
    met, missed = random_outcome(), random_outcome(residual=3.4e-9)
    assert (
        "equilibrium error below 1e-10, Walras' law below 1e-10"
        in _frames.facts_of(met).certificate
    )
    assert (
        "equilibrium error 3.4e-09, Walras' law below 1e-10" in _frames.facts_of(missed).certificate
    )


def test_comparison_subtracts_a_from_b() -> None:
    first, second = random_outcome(), random_outcome(size=0.02, baseline_hash="other")
    frame = report.comparison_frame(first, second)
    assert list(frame.index[:2]) in (["CHN", "KOR"], ["KOR", "CHN"])
    np.testing.assert_allclose(frame["welfare_difference"], frame["welfare_b"] - frame["welfare_a"])
    assert frame.loc["KOR", "welfare_b"] == pytest.approx(
        float(second["welfare"].sel(country="KOR"))
    )
    assert "baselines differ" in shown(report.comparison(first, second)).replace("\n", " ")


def test_comparison_of_different_worlds_leaves_gaps() -> None:
    frame = report.comparison_frame(random_outcome(), random_outcome(20, 25))
    assert len(frame) == 20
    assert frame.loc["X03", ["welfare_a", "welfare_difference"]].isna().all()
    assert "–" in shown(report.comparison(random_outcome(), random_outcome(20, 25)))


# The page


class Page(HTMLParser):
    """What a page would fetch, link to, and give as ids."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = {name: value or "" for name, value in attrs}
        links = self.links if tag == "a" else self.fetched
        links += [
            given[name] for name in ("src", "href", "xlink:href", "srcset", "data") if name in given
        ]
        self.ids += [given["id"]] if "id" in given else []
        self.labels += [given.get("aria-label", "")] if given.get("role") == "img" else []


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


def test_brief_is_one_file_that_fetches_nothing(outcome: xr.Dataset) -> None:
    html = report.brief(outcome)
    page = read(html)
    assert len(html.encode()) < 500_000
    assert not page.fetched
    assert not {"script", "link", "iframe", "object", "img"} & set(page.tags)
    assert page.links == ["https://www.oecd.org/sti/ind/inter-country-input-output-tables.htm"]
    assert "@import" not in html and "url(http" not in html
    assert len(page.ids) == len(set(page.ids))
    assert len(page.labels) == page.tags.count("svg") == html.count('class="chart"')
    assert all(len(label) > 40 for label in page.labels)


def test_brief_has_every_part(outcome: xr.Dataset) -> None:
    html = report.brief(outcome)
    for part in (
        "gain</h2>",
        "What this leaves out",
        "What it rests on",
        "What is produced",
        "Between China and South Korea",
        "Other countries",
        "Assumptions",
        "Data",
        "How to reproduce",
        "9f2c41d07ab3",
        "below 1e-10",
        "<details>",
        "gravity prediction",
        "fixed share of world value added",
        "CC BY 4.0",
        "Linear welfare",
    ):
        assert part in html, part
    assert html.count("harmonised basis") >= 4


def test_brief_escapes_markup() -> None:
    names = ["<b>China</b>", "South & Korea", *NAMES[2:]]
    outcome = random_outcome(
        title="<script>alert(1)</script>",
        question='"quoted" & <i>',
        scenario_toml="</pre><script>",
        assumptions=json.dumps(["<img src=x>"]),
        sources="<a href='javascript:x'> https://example.org/<b>",
    )
    html = report.brief(outcome.assign_coords(country_name=("country", names)))
    page = read(html)
    assert not {"script", "img", "i"} & set(page.tags)
    assert page.links == ["https://example.org/"]
    assert "&lt;script&gt;alert(1)" in html and "South &amp; Korea" in html


def test_claims_are_on_the_page_only_where_their_verdicts_are_handed_over() -> None:
    """Nobody's store is opened: one outcome is one page."""
    heading, outcome = "What has been said about it", random_outcome()
    judged = judge(load_ledger(), small_record())
    assert heading not in report.brief(outcome)
    page = report.brief(outcome, judged)
    assert heading in page and "<td>0-06</td>" in page and page != report.brief(outcome)
    assert "not be held against the store: none" in report.brief(outcome, (), "none")


def test_each_face_of_a_brief_holds_the_same_numbers(outcome: xr.Dataset) -> None:
    page = report.brief_page(outcome, judge(load_ledger(), small_record()))
    whole = report.Section([*page.lead, page.body, *page.annex[:-1]])
    shown = set(pages.NUMBER.findall(pages.printed(whole)))
    assert len(shown) > 50
    for face in (report.html(page), report.markdown(page)):
        assert not shown - set(pages.NUMBER.findall(pages.read(face)))


def test_every_figure_has_its_place_on_the_page(outcome: xr.Dataset) -> None:
    """One without a place was drawn, numbered and left out."""
    page = report.brief(outcome)
    places = [page.index(str(_prose(figure.caption))) for figure in figures(outcome).values()]
    assert len(places) == page.count("<figcaption>") >= 4
    assert places == sorted(places), "figures stand in another order than in report/figures.py"
    numbers = [int(number) for number in re.findall(r"<b>Figure (\d+)\.</b>", page)]
    assert numbers == [*range(1, len(places) + 1)]


def test_every_figure_of_a_chart_is_a_figure_of_the_outcome(outcome: xr.Dataset) -> None:
    html = report.brief(outcome)
    for figure in figures(outcome).values():
        for panel in figure.panels:
            for row in rows_of(panel):
                assert f">{row['million']}</text>" in html.replace("&lt;", "<").replace("&gt;", ">")
                assert f">{row['percent']}</text>" in html.replace("&lt;", "<").replace("&gt;", ">")
    for code, row in charts.headline_data(outcome).iterrows():
        assert row["value"] == float(outcome["welfare"].sel(country=code))
    for code, row in charts.third_data(outcome, gaining=True).iterrows():
        assert row["value"] == float(outcome["equivalent_variation"].sel(country=code))


def test_words_and_tables_need_neither_charts_nor_the_solver() -> None:
    program = (
        "import sys; from detente import report; report.answer; report.summary_table\n"
        "assert not {'altair', 'vl_convert', 'jinja2', 'jax'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
