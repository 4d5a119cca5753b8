"""Requests with the codes of a world in place of the names that people wrote.

What a request keeps, prints and stores does not depend on how a name was spelled.
"""

from collections.abc import Callable, Mapping
from typing import Any, TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from ._core import ScenarioError
from .gazetteer import World
from .names import EVERYONE, Names
from .selection import industries, places


if TYPE_CHECKING:
    from .world import Baseline


Model = TypeVar("Model", bound=BaseModel)
Read = Callable[[Names, str], str]
PLACES = frozenset(
    "importers exporters importer exporter members acceding as_for opens to parents hosts visitor "
    "host blocs hedging countries pegged focus".split()
)
"""Keys of scenarios that name countries or groups of them."""
SECTORS = frozenset(("sectors", "except_sectors", "sector", "public_sectors"))
"""Keys that name sectors or groups of them."""
TABLES = {"positions": "countries", "scale": "sectors", "covered_share": "sectors"}
"""Tables whose own keys are names, and of what."""


def in_codes(request: Model, world: World | None) -> Model:
    """The request with codes wherever a name means one; what means none stays for others to say."""
    return request if world is None else _coded(request, world, _lenient)


def names_of(baseline: "Baseline") -> World:
    """The names of a world that is at hand."""
    return World(places(baseline), industries(baseline))


def require_names(request: BaseModel, world: World) -> None:
    """Raise `ScenarioError` for the first name in a request that the world does not have."""
    _coded(request, world, _strict)


def _lenient(names: Names, written: str) -> str:
    return names.read(written) or written


def _strict(names: Names, written: str) -> str:
    code = names.read(written)
    if code is None:
        raise ScenarioError(names.why_not(written))
    return code


def _coded(held: Any, world: World, read: Read, key: str = "") -> Any:
    """What is held under a key, with the names in it read."""
    if isinstance(held, BaseModel):
        # What nobody wrote may mean nothing here: a schedule says its own sectors.
        named = {name: getattr(held, name) for name in held.model_fields_set}
        coded = {name: _coded(one, world, read, name) for name, one in named.items()}
        changed = {name: one for name, one in coded.items() if one is not named[name]}
        return held.model_copy(update=changed) if changed else held
    names = world.countries if key in PLACES else world.sectors if key in SECTORS else None
    if isinstance(held, str) and names is not None:
        return held if held == EVERYONE else _same(held, read(names, held))
    if isinstance(held, tuple):
        return _same(held, tuple(_coded(one, world, read, key) for one in held))
    if isinstance(held, Mapping):
        return _same(held, _coded_table(held, world, read, key))
    return held


def _coded_table(held: Mapping[str, Any], world: World, read: Read, key: str) -> dict[str, Any]:
    """A table: of countries or sectors where its key says so, else of names of the user's own."""
    names = getattr(world, TABLES[key]) if key in TABLES else None
    keys = {name: name if names is None else read(names, name) for name in held}
    return {keys[name]: _coded(one, world, read, key) for name, one in held.items()}


def _same(old: Any, new: Any) -> Any:
    """The old object where nothing changed, so that a request without names is itself."""
    return old if new == old else new
