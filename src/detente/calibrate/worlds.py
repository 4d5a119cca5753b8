"""The worlds that can be built from the raw sources, by name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from .._core import DataError, nearest
from ..data.concordance import (
    compact_order,
    compact_sectors,
    country_names,
    industries,
    region_order,
    regions,
)
from .aggregate import aggregate
from .assemble import assemble, Draft
from .moved import move, YEARS
from .world_2014 import draft_world_2014
from .world_2019 import draft_world_2019, TITLE as TITLE_2019
from .world_2022 import draft_world_2022


Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a world is made: drafted from raw sources, aggregated or moved from another world."""

    title: str
    draft: Callable[[Path, Progress], Draft] | None = None
    source: str | None = None
    classification: str = "icio_2025"
    derive: Callable[[xr.Dataset, str, Path, Progress], xr.Dataset] | None = None
    """Moves the world it comes from, instead of aggregating it."""

    def build(self, name: str, raw_directory: Path, progress: Progress) -> xr.Dataset:
        """The baseline of this recipe, from the raw sources."""
        if self.draft is not None:
            draft = self.draft(raw_directory, progress)
            progress("keeping final demand positive")
            return assemble(draft, raw_directory)
        source = build_world(str(self.source), raw_directory, progress)
        if self.derive is not None:
            return self.derive(source, name, raw_directory, progress)
        progress("aggregating")
        return compact(source, name, self)


WORLDS: Mapping[str, Recipe] = {
    "world-2022": Recipe(
        "World economy of 2022, 80 economies and the rest of the world, 50 industries",
        draft=draft_world_2022,
    ),
    "compact-2022": Recipe("World economy of 2022, 20 regions and 28 sectors", source="world-2022"),
    "world-2019": Recipe(TITLE_2019, draft=draft_world_2019, classification="sections"),
    "world-2014": Recipe(
        "World economy of 2014, 44 economies and 56 industries", draft=draft_world_2014
    ),
    "compact-2014": Recipe(
        "World economy of 2014, 17 regions and 27 sectors",
        source="world-2014",
        classification="wiod",
    ),
    **{
        f"world-{year}-{book}-books": Recipe(
            f"World of 2022 moved to {year}, Korea-China goods as {whose} customs have them",
            source="world-2022",
            derive=move,
        )
        for year in YEARS
        for book, whose in (("korean", "Korean"), ("chinese", "Chinese"))
    },
}


def build_world(
    name: str, raw_directory: Path | str, progress: Progress | None = None
) -> xr.Dataset:
    """Build a world from the raw sources in a directory; `progress` is called at each step."""
    if name not in WORLDS:
        raise DataError(f"there is no recipe for the world '{name}'; {nearest(name, WORLDS)}")
    directory = Path(raw_directory)
    if not directory.is_dir():
        raise DataError(f"the raw sources were expected in {directory}, and it is not a directory.")
    return WORLDS[name].build(name, directory, progress or (lambda step: None))


def compact(source: xr.Dataset, name: str, recipe: Recipe) -> xr.Dataset:
    """A full world in the regions and sectors of the compact world of its year."""
    world = name.replace("-", "_")
    here = set(map(str, source.country.values))
    coarse = aggregate(
        source,
        {code: region for code, region in regions(world).items() if code in here},
        {row.code: row.compact for row in industries(recipe.classification)},
        country_order=region_order(world),
        sector_order=compact_order({row.compact for row in industries(recipe.classification)}),
    )
    names, sectors = country_names(), compact_sectors()
    step = {
        "step": "aggregation",
        "rule": f"{source.sizes['country']} countries and {source.sizes['sector']} sectors of "
        f"{source.attrs['name']} summed; cells and shares above are those of that world",
        "distance": 0.0,
        "unit": "share of all flows",
    }
    adjustments = [*json.loads(source.attrs["adjustments"]), step]
    named = coarse.assign_coords(
        country_name=("country", [names[code] for code in region_order(world)]),
        sector_name=("sector", [sectors[str(code)][0] for code in coarse.sector.values]),
    )
    return named.assign_attrs(name=name, title=recipe.title, adjustments=json.dumps(adjustments))
