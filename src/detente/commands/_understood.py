"""What was asked, in codes: names read as people write them, and what is wrong said at once.

Nothing here loads the engine. A request that comes out does not depend on how a name was spelled.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import gazetteer
from .._core import nearest, OutcomeError, ScenarioError
from .._document import checked, in_library, name_of, value_in
from .._ratios import SureRatio
from ..gazetteer import World
from ..names import choice, endings, everywhere, Names
from ..scenario import LIBRARY, load_scenario, require_known, Scenario
from ._files import on_baseline
from ._setting import setting_of
from .asks import Ask, named, OnAWorld, option_of
from .asks.model import InASetting, Stance
from .asks.record import Episode


COMPACT = "compact-2022"
"""The world of a question that names none."""
OUTSIDE = ("status quo", "boycott")
"""What may hold without an agreement, beside a scenario."""
Reader = Callable[[str, World | None], str]


def understood(ask: Ask) -> Ask:
    """The question with codes for names; raises a sentence for what is none, or is named twice."""
    kinds = {name: option_of(info).names for name, info in type(ask).model_fields.items()}
    given = {name: getattr(ask, name) for name in kinds}
    world = _world_of(ask, kinds)
    read = {
        name: _read(value, READERS[kinds[name]], world) if kinds[name] else value
        for name, value in given.items()
    }
    if isinstance(ask, InASetting) and not isinstance(ask, Stance | Episode):
        scenario = setting_of(ask, _in_force(ask, kinds))
        read["overrides"] = in_codes(ask.overrides, scenario)
    changed = {name: value for name, value in read.items() if value != given[name]}
    ask = _again(ask, changed) if changed else ask
    _refuse_twice(ask, kinds)
    return ask


def understood_run(
    reference: str, overrides: Sequence[str], baseline: str | None
) -> tuple[str, list[str], str | None]:
    """What `run` is told, in codes; raises a sentence for what it cannot play."""
    scenario = load_scenario(reference, on_baseline(overrides, baseline))
    require_known(scenario)
    world = None if baseline is None else gazetteer.world_name(baseline)
    return _of_library(reference), list(in_codes(overrides, scenario)), world


def in_codes(overrides: Sequence[str], scenario: Scenario) -> tuple[str, ...]:
    """Changes of a scenario, `PATH=VALUE`, with the codes that it understood by them."""
    return tuple(_in_codes(one, scenario) for one in overrides)


def _in_codes(override: str, scenario: Scenario) -> str:
    path, _, value = override.partition("=")
    written, meant = value_in(value.strip()), _at(scenario, path.strip().split("."))
    if isinstance(written, str) and isinstance(meant, str):
        return f"{path.strip()}={meant}"
    if isinstance(written, list) and isinstance(meant, tuple) and all(map(_is_word, meant)):
        # A list of words is written alike in JSON and in TOML.
        return f"{path.strip()}={json.dumps(meant, ensure_ascii=False)}"
    return override


def _is_word(value: Any) -> bool:
    return isinstance(value, str)


def _at(held: Any, keys: Sequence[str]) -> Any:
    """What a scenario holds at a path, from its top or from its policies; else nothing."""
    if isinstance(held, Scenario) and keys[0] not in type(held).model_fields:
        held = held.policies
    for key in keys:
        held = held.get(key) if isinstance(held, Mapping) else getattr(held, key, None)
    return held


def _world_of(ask: Ask, kinds: Mapping[str, str]) -> World | None:
    """The names of the world that the question is put to; none where they are not known so far."""
    if not isinstance(ask, OnAWorld) or (isinstance(ask, Episode) and ask.name is None):
        return None
    if isinstance(ask, Stance | Episode) or not isinstance(ask, InASetting):
        reference = ask.baseline or COMPACT
        gazetteer.find_baseline(gazetteer.plain_name(reference) or reference)
        return gazetteer.world(gazetteer.world_name(reference))
    played = [setting_of(ask, name) for name in _references(ask, kinds) or [None]]
    for scenario in played:
        require_known(scenario)
    return gazetteer.world(played[0].baseline)


def _references(ask: Ask, kinds: Mapping[str, str]) -> list[str]:
    """The scenarios in which the question is put."""
    held = [getattr(ask, name) for name, kind in kinds.items() if kind == "scenario"]
    several = [one if isinstance(one, tuple) else (one,) for one in held]
    return [name for names in several for name in names if name is not None]


def _in_force(ask: Ask, kinds: Mapping[str, str]) -> str | None:
    return next(iter(_references(ask, kinds)), None)


def _read(value: Any, reader: Reader, world: World | None) -> Any:
    """A name, or each of several once."""
    if isinstance(value, tuple):
        return tuple(reader(one, world) for one in value)
    return value if value is None else reader(value, world)


def _country(written: str, world: World | None) -> str:
    return written if world is None else _code(world.countries, written)


def _sector(written: str, world: World | None) -> str:
    return written if world is None or written == "all" else _code(world.sectors, written)


def _code(names: Names, written: str) -> str:
    code = names.read(written)
    if code is None:
        raise ScenarioError(names.why_not(written))
    return code


def _economy(written: str, world: World | None) -> str:
    """A code of the record, which may know more of them than are named here."""
    known = everywhere()
    if len(known.candidates(written)) > 1:
        raise ScenarioError(known.why_not(written))
    return known.read(written) or written


def _of_library(reference: str) -> str:
    return name_of(reference, LIBRARY, "scenario")


def _played(written: str, world: World | None) -> str:
    return run_or_scenario(written)


def run_or_scenario(written: str) -> str:
    """A run that is there, or a scenario by its whole name; raises `OutcomeError` for neither."""
    if Path(written).exists():
        return written
    try:
        return _of_library(written)
    except ScenarioError as error:
        unknown = f"there is no scenario '{written}'"
        neither = f"'{written}' is neither a run directory nor a scenario"
        raise OutcomeError(str(error).replace(unknown, neither)) from error


def _outside(written: str, world: World | None) -> str:
    known = choice(written, OUTSIDE)
    if known is not None:
        return known
    if endings(written, scenarios := in_library(LIBRARY)) or Path(written).suffix:
        return _of_library(written)
    near = nearest(written, [*OUTSIDE, *scenarios])
    raise ScenarioError(f"there is no outside option '{written}'; {near}")


def _game(written: str, world: World | None) -> str:
    return name_of(written, "games", "game")


def _episode(written: str, world: World | None) -> str:
    return name_of(written, "episodes", "episode")


def _number(written: str, world: World | None) -> str:
    """A variable and its labels, of countries or sectors: `welfare.KOR`."""
    if world is None:
        return written
    variable, *labels = written.split(".")
    read = (world.countries.read(one) or world.sectors.read(one) or one for one in labels)
    return ".".join([variable, *read])


def _cost(written: str, world: World | None) -> str:
    """`COUNTRY.SECTOR=PERCENT`; what is not written so is left for the question to refuse."""
    place, equals, size = written.partition("=")
    country, dot, sector = place.partition(".")
    if not equals or not dot or world is None:
        return written
    return f"{_country(country, world)}.{_sector(sector, world)}={size}"


def _people(written: str, world: World | None) -> str:
    """`COUNTRY=MILLIONS`."""
    country, equals, size = written.partition("=")
    return f"{_country(country, world)}={size}" if equals else written


def _worth(written: str, world: World | None) -> str:
    """`NAME:COUNTRY=PERCENT,COUNTRY=PERCENT`."""
    name, colon, sides = written.partition(":")
    if not colon:
        return written
    return f"{name}:{','.join(_people(side, world) for side in sides.split(','))}"


READERS: Mapping[str, Reader] = {
    "country": _country,
    "economy": _economy,
    "sector": _sector,
    "scenario": lambda written, world: _of_library(written),
    "other scenario": lambda written, world: _of_library(written),
    "played": _played,
    "outside": _outside,
    "game": _game,
    "episode": _episode,
    "world": lambda written, world: gazetteer.world_name(written),
    "number": _number,
    "cost": _cost,
    "people": _people,
    "worth": _worth,
}
"""How each kind of name is read."""


def _again(ask: Ask, changed: Mapping[str, Any]) -> Ask:
    """The request checked again, for what its fields may not say together."""
    given = {name: getattr(ask, name) for name in ask.model_fields_set}
    # A ratio was asked about before.
    sure = {name: SureRatio(one) if isinstance(one, float) else one for name, one in given.items()}
    return checked(type(ask), {**sure, **changed}, named(ask))


def _refuse_twice(ask: Ask, kinds: Mapping[str, str]) -> None:
    """Raise where a question names one country twice, for it would count twice."""
    seen: set[str] = set()
    for name, kind in kinds.items():
        value = getattr(ask, name)
        several = value if isinstance(value, tuple) else (value,)
        for one in several if kind in ("country", "economy") else ():
            if one in seen:
                raise ScenarioError(f"'{one}' is named twice; name each country once.")
            seen |= {one} - {None}
