"""Gravity: the named specifications, and the trade elasticities of our own."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .._core import EstimationError, nearest
from ..data.tables import raw_directory
from ._files import Progress


if TYPE_CHECKING:
    import pandas as pd

    from ..gravity import Estimate, Specification


ALL = "all"


def list_specifications() -> list["Specification"]:
    """The named specifications, in the guide's order."""
    from ..gravity import SPECIFICATIONS

    return list(SPECIFICATIONS.values())


def estimate_gravity(
    names: Sequence[str],
    *,
    sources: Path | None = None,
    years: str | None = None,
    progress: Progress,
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
    found = []
    for name in wanted:
        progress(name)
        found.append(estimate(panel, SPECIFICATIONS[name]))
    return found


def estimate_elasticities(
    sectors: Sequence[str] = (), *, sources: Path | None = None, progress: Progress
) -> "pd.DataFrame":
    """Trade elasticities by ICIO goods sector, one row each, with what a set of them needs.

    Columns sector, theta, standard_error, rows, clusters, seconds, usable, reason,
    published_median (of seven publications), and world_trade (2022, million US$).
    """
    from ..calibrate.own_elasticities import beside_published
    from ..data.icio import flow_sectors
    from ..data.panels import read_sector_panel
    from ..gravity import estimate_elasticity, Panel
    from ..gravity.elasticities import elasticity_table

    directory = raw_directory(sources)
    found = []
    for sector in sectors or flow_sectors():
        progress(sector)
        found.append(estimate_elasticity(Panel(read_sector_panel(directory, sector)), sector))
    return beside_published(elasticity_table(found), directory)
