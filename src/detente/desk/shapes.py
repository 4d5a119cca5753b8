"""The shapes that the map of a page draws: those of countries, joined to the regions of a world.

Made with Natural Earth (public domain), as `tools/shapes.py` says; the shapes take no position on
borders.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from .. import library
from ..names import regions
from ..world import Baseline


REST = "ROW"
"""The rest of the world: whoever has no place of their own in a world that has one."""


def shapes_for_page(worlds: Iterable[Baseline]) -> dict[str, Any]:
    """By the fingerprint of each world, the size of the picture and a path of SVG by country.

    A country of a world that has no shape is not in it; one shape of two countries there is none.
    """
    made: dict[str, Any] = {}
    for world in worlds:
        document = _document()
        parts: defaultdict[str, str] = defaultdict(str)
        for code, path in document["shapes"].items():
            region = region_of(code, world)
            if region is not None:
                parts[region] += path
        made[fingerprint_of(world)] = {**document, "shapes": dict(parts)}
    return made


def region_of(code: str, world: Baseline) -> str | None:
    """The country of a world in which an economy is; None where it is in none."""
    region = regions(world.name).get(code, code)
    if region in world.country_index:
        return region
    return REST if REST in world.country_index else None


def fingerprint_of(world: Baseline) -> str:
    """As the page has it: the first letters of the hash of a world."""
    return str(world.about["hash"])[:12]


@cache
def _document() -> Mapping[str, Any]:
    return json.loads(library.path("shapes.json").read_text(encoding="utf-8"))
