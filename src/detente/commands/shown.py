"""What has a name, shown: a scenario, a world or a source; and a new scenario from a template."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import gazetteer, library
from .._core import OutcomeError, ScenarioError
from .._document import find, in_library, read
from ..adjustment import horizon_in_words
from ..names import endings
from ..report.section import items, listed, Part, Section, Words
from ..scenario import assumptions, LIBRARY, load_scenario, require_known, Scenario, to_toml
from ._files import refuse_existing, write_text
from ._setting import world_of


TEMPLATE = "templates/scenario.toml"
SUFFIX = ".toml"


def show(name: str) -> Section:
    """A scenario of the library or of a file, a world, or a source, by its name.

    Raises `ScenarioError` where nothing has the name, or several scenarios have it.
    """
    world = gazetteer.world_name(name)
    if world in gazetteer.available():
        return _world(world)
    if _is_source(name):
        return _source(name)
    return _scenario(load_scenario(name))


def as_document(name: str) -> dict[str, Any]:
    """The same for a program: a scenario as it would be run, or the names and facts of a world."""
    world = gazetteer.world_name(name)
    if world in gazetteer.available():
        names = gazetteer.world(world)
        parts = {} if names is None else {"countries": names.countries, "sectors": names.sectors}
        return {"name": world} | {
            kind: {code: one.labels[code] for code in one.codes} for kind, one in parts.items()
        }
    if _is_source(name):
        return dict(_facts_of_source(name))
    return load_scenario(name).model_dump(mode="json", exclude_none=True)


def new_scenario(path: Path, like: str | None = None) -> Path:
    """Write a scenario to start from: a template with comments, or one of the library or of a file.

    It runs as it is. Raises `OutcomeError` where the place is taken, or has another suffix.
    """
    if path.suffix != SUFFIX:
        raise OutcomeError(
            f"a scenario is a TOML file; give {path} a name that ends in '{SUFFIX}'."
        )
    source = library.path(TEMPLATE) if like is None else find(like, LIBRARY, "scenario")[0]
    refuse_existing(path)
    document = read(source)
    if any("file" in policy for policy in _policies(document)):
        # A schedule beside the original is not beside the copy.
        text = to_toml(load_scenario(source))
    else:
        text = source.read_text(encoding="utf-8-sig")
    write_text(text, path)
    return path


def brief_of(directory: Path) -> Path:
    """The page of a run; raises `OutcomeError` where the directory holds none."""
    page = directory / "brief.html"
    if not page.is_file():
        what = "it holds no brief.html" if directory.is_dir() else "there is no such directory"
        raise OutcomeError(f"{directory} is not a run directory: {what}.")
    return page


def _policies(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    held = document.get("policies", {})
    return [one for one in held.values() if isinstance(one, Mapping)]


def _scenario(scenario: Scenario) -> Section:
    """What happens, what it assumes with the numbers that are looked up, and its file."""
    require_known(scenario)
    said = assumptions(scenario, world_of(scenario))
    parts: list[Part] = [scenario.question] if scenario.question else []
    run = horizon_in_words(scenario.horizon)
    parts.append(f"{scenario.name}, on {scenario.baseline}, in the {run}.")
    policies = [(name, one.kind, "" if one.enabled else "left out")
                for name, one in scenario.policies.items()]  # fmt: skip
    parts += [Section([scenario.reading], "Reading")] if scenario.reading else []
    parts.append(Section([listed(("policy", "kind", ""), policies)], "Policies"))
    parts.append(Section(items(said), "Assumptions"))
    parts += [Section(items(scenario.limits), "Limits")] if scenario.limits else []
    parts.append(Section([*map(_line, to_toml(scenario).rstrip().split("\n"))], "File"))
    return Section(parts, scenario.title)


def _line(text: str) -> Part:
    return Words(text, "dim") if text else ""


def _world(name: str) -> Section:
    names = gazetteer.world(name)
    if names is None:
        raise ScenarioError(f"{gazetteer.available()[name]} cannot be read as a baseline.")
    tables = [
        Section([f"{code}: {one.labels[code]}" for code in one.codes], title)
        for title, one in (("Countries", names.countries), ("Sectors", names.sectors))
    ]
    groups = ", ".join((*names.countries.groups, *names.sectors.groups))
    return Section([f"{gazetteer.available()[name]}", f"Groups: {groups}.", *tables], name)


def _is_source(name: str) -> bool:
    from ..data.sources import SOURCES

    return name.casefold() in SOURCES and not endings(name, in_library(LIBRARY))


def _source(name: str) -> Section:
    facts = _facts_of_source(name)
    return Section([f"{key}: {value}" for key, value in facts.items() if value], facts["title"])


def _facts_of_source(name: str) -> dict[str, str]:
    from ..data.sources import SOURCES

    source = SOURCES[name.casefold()]
    return {
        "name": name.casefold(), "title": source.title, "files": source.files,
        "licence": source.licence, "attribution": source.attribution, "builds": source.builds,
    }  # fmt: skip
