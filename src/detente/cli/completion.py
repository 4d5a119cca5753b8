"""What a shell offers for a name: scenarios, worlds, countries, sectors and the like."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .. import gazetteer
from .._document import in_library
from ..commands.asks import NameKind


COMPACT = "compact-2022"
"""The world whose names are offered: most questions are put to it."""
Offered = list[tuple[str, str]]
"""Names, each with what it stands for."""


def completing(kind: NameKind) -> dict[str, Any]:
    """How an argument or option that names something of a kind is completed; none where nothing."""
    return {"autocompletion": OFFERS[kind]} if kind in OFFERS else {}


def _beginning(incomplete: str, names: Iterable[tuple[str, str]]) -> Offered:
    return [
        (name, text) for name, text in names if name.casefold().startswith(incomplete.casefold())
    ]


def _of_folder(folder: str) -> Callable[[str], Offered]:
    def offered(incomplete: str) -> Offered:
        names = in_library(folder)
        whole = _beginning(incomplete, ((name, "") for name in names))
        short = ((name.rpartition("/")[2], name) for name in names)
        return whole or _beginning(incomplete, short)

    return offered


def _labels(kind: str) -> Callable[[str], Offered]:
    def offered(incomplete: str) -> Offered:
        world = gazetteer.world(COMPACT)
        if world is None:
            return []
        names = world.countries if kind == "country" else world.sectors
        groups = [(group, "a group") for group in names.groups]
        return _beginning(incomplete, [*names.labels.items(), *groups])

    return offered


def worlds(incomplete: str) -> Offered:
    """Every world that is there, and each with travel laid over it."""
    names = [name for world in gazetteer.available() for name in (world, world + gazetteer.TRAVEL)]
    return _beginning(incomplete, ((name, "") for name in names))


scenarios = _of_folder("scenarios")
OFFERS: Mapping[str, Callable[[str], Offered]] = {
    "country": _labels("country"),
    "economy": _labels("country"),
    "sector": _labels("sector"),
    "scenario": scenarios,
    "other scenario": scenarios,
    "outside": scenarios,
    "played": scenarios,
    "game": _of_folder("games"),
    "episode": _of_folder("episodes"),
    "world": worlds,
}
"""By what is named."""
