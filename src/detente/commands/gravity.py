"""Gravity: the named specifications, and the trade elasticities of our own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .. import report
from .._core import EstimationError, nearest
from ..calibrate.own_elasticities import as_text, beside_published
from ..data.tables import raw_directory
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Elasticities, Gravity


if TYPE_CHECKING:
    from ..gravity import Estimate


ALL = "all"


def gravity(ask: Gravity, progress: Progress = quiet) -> Answer:
    """Specifications of gravity, estimated; without any, a list of them."""
    if not ask.specifications:
        return _listed()
    estimates = estimate_gravity(
        ask.specifications, sources=ask.sources, years=ask.years, progress=progress
    )
    facts = {one.specification.name: report.gravity_facts(one, ask.theta) for one in estimates}
    return Answer(
        report.gravity_table(estimates, ask.theta),
        rows=report.gravity_frame(estimates),
        own_document=json.dumps(facts, indent=2),
    )


def _listed() -> Answer:
    from ..gravity import SPECIFICATIONS

    rows = [(one.name, one.title, one.source) for one in SPECIFICATIONS.values()]
    keys = ("name", "title", "source")
    return Answer(
        report.listed(("name", "what it explains flows by", "source"), rows),
        rows=pd.DataFrame(rows, columns=list(keys)),
        own_document=json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2),
    )


def elasticities(ask: Elasticities, progress: Progress = quiet) -> Answer:
    """Trade elasticities from tariffs; the file of its rows is a set that the package can ship."""
    rows = estimate_elasticities(ask.sectors, sources=ask.sources, progress=progress)
    published = dict(zip(rows["sector"], rows["published_median"], strict=True))
    return Answer(
        report.elasticities_table(rows, published),
        rows=as_text(rows),
        own_document=rows.to_json(orient="records", indent=2),
    )


def estimate_gravity(
    names: Sequence[str],
    *,
    sources: Path | None = None,
    years: str | None = None,
    progress: Progress = quiet,
) -> list["Estimate"]:
    """Named specifications (or `all`) on the guide's panel, in its years or in those asked for."""
    from ..data.panels import read_guide_panel
    from ..gravity import estimate, Panel, parse_years, SPECIFICATIONS, with_guide_columns
    from ..gravity.guide import YEARS

    wanted = list(SPECIFICATIONS) if list(names) == [ALL] else list(names)
    for name in wanted:
        if name not in SPECIFICATIONS:
            valid = nearest(name, [*SPECIFICATIONS, ALL])
            raise EstimationError(f"there is no specification '{name}'; {valid}")
    asked = parse_years(years) if years else YEARS
    panel = Panel(read_guide_panel(raw_directory(sources))).in_years(asked)
    panel = with_guide_columns(panel)
    estimates = []
    for name in wanted:
        progress(name)
        estimates.append(estimate(panel, SPECIFICATIONS[name]))
    return estimates


def estimate_elasticities(
    sectors: Sequence[str] = (), *, sources: Path | None = None, progress: Progress = quiet
) -> pd.DataFrame:
    """Trade elasticities by ICIO goods sector, one row each, with what a set of them needs.

    Columns sector, theta, standard_error, rows, clusters, seconds, usable, reason,
    published_median (of seven publications), and world_trade (2022, million US$).
    """
    from ..data.icio import flow_sectors
    from ..data.panels import read_sector_panel
    from ..gravity import estimate_elasticity, Panel
    from ..gravity.elasticities import elasticity_table

    directory = raw_directory(sources)
    estimates = []
    for sector in sectors or flow_sectors():
        progress(sector)
        estimates.append(estimate_elasticity(Panel(read_sector_panel(directory, sector)), sector))
    return beside_published(elasticity_table(estimates), directory)
