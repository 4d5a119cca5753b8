"""Exposure, third parties, and diversification."""

from dataclasses import replace

from .. import geo, report
from ..about import About
from ..calibrate import baseline as baselines
from ..data.concordance import country_names
from ..data.store import Store
from ..data.tables import raw_directory
from ..geo.exposure_by_year import build
from ..record.items import item_shares
from ..selection import country_mask
from ._answer import Answer
from ._files import Progress, quiet
from ._setting import setting_of, world_of
from .asks import Diversify, Exposure


COMPACT = "compact-2022"
LOOKED_INTO = ("CHN", "USA")
"""Partners whose years are shown where none are named."""


def exposure(ask: Exposure, progress: Progress = quiet) -> Answer:
    """Whose growth and trade a country's real income depends on: now, by year, or of a scenario."""
    if ask.of_scenario is not None:
        return _third_parties(ask)
    return _by_year(ask) if ask.by_year else _exposure(ask)


def _exposure(ask: Exposure) -> Answer:
    world = baselines.load_baseline(ask.baseline or COMPACT)
    exposure = geo.exposure(world, ask.country, ask.to, deficits=ask.deficits or "fixed")
    tables = {"partners": exposure.partners, "cuts": exposure.cuts, "sectors": exposure.sectors}
    balanced = None
    if ask.deficits is None:
        # Signs may turn on the rule: where none is asked for, that of the literature stands beside.
        balanced = geo.exposure(world, ask.country, deficits="removed")
        tables["without_deficits"] = balanced.partners
    return Answer(
        report.exposure_table(exposure, balanced),
        exposure.about,
        tables,
        rows=report.exposure_frame(exposure),
        chart=lambda: report.exposure_chart(exposure),
    )


def _by_year(ask: Exposure) -> Answer:
    """How a country's exposure to partners moved: from the shipped table, or from raw sources."""
    table = None
    if ask.sources is not None:
        table = build(baselines.load_baseline(COMPACT), raw_directory(ask.sources))
    rows = geo.by_year(ask.country, ask.to or LOOKED_INTO, ask.deficits or "removed", table)
    return Answer(
        report.by_year_table(rows, country_names()),
        About.of(rows.attrs),
        {"rows": rows},
        chart=lambda: report.by_year_chart(rows, country_names()),
    )


def _third_parties(ask: Exposure) -> Answer:
    """Who gains from a scenario and who pays for it; the country is shown in any case."""
    scenario = setting_of(ask, ask.of_scenario)
    world = world_of(scenario)
    country_mask(world, (ask.country,))
    parties = geo.third_parties(world, scenario)
    parties = replace(parties, about=parties.about.adding(lead=ask.country))
    return Answer(
        report.third_parties_table(parties),
        parties.about,
        {"sums": parties.sums, "countries": parties.countries},
        rows=parties.countries,
        chart=lambda: report.third_parties_chart(parties),
    )


def diversify(ask: Diversify, progress: Progress = quiet) -> Answer:
    """What it takes to depend less on one supplier, when it is reached, and what it saves."""
    question = geo.Question(ask.country, ask.supplier, ask.below, ask.sectors, ask.as_one, ask.cost)
    world = baselines.load_baseline(ask.baseline or COMPACT)
    items = item_shares(Store.open(), question.buyer, question.supplier)
    strategy = geo.diversify(world, question, ask.by, items, progress)
    tables = report.diversification_document(strategy)
    return Answer(
        report.diversification_table(strategy),
        strategy.about,
        tables,
        rows=tables["cover"],
        chart=lambda: report.paths_chart(strategy.paths, ask.country, world.country_names),
    )
