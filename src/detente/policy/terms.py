"""A policy by the settings that somebody wrote, with names in the place of codes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._core import figure
from .._words import series
from ..gazetteer import World
from ._instrument import Instrument


# What every policy has and nobody asks about first.
_ASIDE = {"kind", "enabled", "source", "note"}
# Members of a list that are named; of more the others are counted.
_NAMED = 6


def policy_terms(policy: Instrument, world: World | None) -> str:
    """Its kind and its settings in a row; what they come to in numbers needs the world itself."""
    kind = str(getattr(policy, "kind", "")).replace("_", " ")
    parts = [kind if policy.enabled else f"{kind}, left out"]
    given = policy.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    parts += [f"{key.replace('_', ' ')} {_said(value, world)}"
              for key, value in given.items() if key not in _ASIDE]  # fmt: skip
    return "; ".join(parts)


def called(code: str, world: World | None) -> str:
    """A country or a sector by its name in a world; any other word as it is."""
    if world is None:
        return code
    return world.countries.labels.get(code) or world.sectors.labels.get(code) or code


def _said(value: Any, world: World | None) -> str:
    if isinstance(value, str):
        return called(value, world)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return figure(float(value), "g")
    if isinstance(value, Mapping):
        return ", ".join(_pairs(value, world))
    return _several(value, world)


def _pairs(table: Mapping[str, Any], world: World | None) -> Iterator[str]:
    for name, value in table.items():
        yield f"{called(str(name), world)}: {_said(value, world)}"


def _several(values: Sequence[Any], world: World | None) -> str:
    if any(isinstance(one, Mapping) for one in values):
        return f"of {len(values)}"
    shown = [_said(one, world) for one in values[:_NAMED]]
    more = len(values) - len(shown)
    return series([*shown, f"{more} more"] if more else shown)
