"""The desk of a scenario as one file: the page, its solver and its numbers, and no network."""

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, NamedTuple

from ..scenario import Scenario, to_toml
from ..world import Baseline
from .payload import payload
from .shapes import fingerprint_of, shapes_for_page
from .shelf import refuse_large, shelf


SOLVER = (
    "kernels", "anderson", "sums", "equations", "solve", "quantities", "numbers", "words",
    "scenario", "draws", "sure", "worker",
)  # fmt: skip
"""Modules that a worker runs too: without a document."""
PAGE = (
    "shelf", "pictures", "compare", "map", "load", "toml", "dom", "fields", "choose", "drop",
    "handon", "split", "terms", "interval", "page",
)  # fmt: skip
MODULES = (*SOLVER, *PAGE)
"""In the order in which they stand in the page: each needs those before it alone."""
_PAGE_BEGINS = "/* The page begins here. */"
"""As `worker.mjs` has it."""
WORDS = (
    "undo", "reset", "link", "save", "open", "command", "held", "noscript", "controls", "answer",
    "apart",
)  # fmt: skip
"""Of the sentences, those that stand in the page before its script runs."""
_PROSE = frozenset({"title", "question", "reading", "limits", "subject", "name"})
_PROSE_OF_POLICIES = frozenset({"source", "note"})
_HERE = Path(__file__).parent
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_REEXPORT = re.compile(r"^export \{[^}]*\};\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|async|class)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)


class OnDesk(NamedTuple):
    """A scenario, its world, and the words of a command line that plays it."""

    scenario: Scenario
    baseline: Baseline
    command: str
    settings: tuple[str, ...] = ()
    """The changes it is played with, as the command has them; the world that was named is one."""
    reference: str | None = None
    """Its name in the library, or its file, where that is not its name."""
    written: Mapping[str, Any] | None = None
    """Its file as it is written, where it is played without changes."""


def desk_page(*asked: OnDesk) -> str:
    """The page of a scenario, the first, and of others that it may be held beside.

    Nothing in it is evaluated from text: data stand in a block of JSON, which cannot close itself,
    and the only script that may run is ours, by its hash. Raises as `payload` and `shelf`, and
    `OutcomeError` where several scenarios make a page that is too large.
    """
    from .. import __version__
    from ..report.pages import environment
    from ..report.wording import say

    carried: dict[str, Any] = carried_by(asked) | {
        "shapes": shapes_for_page(one.baseline for one in asked)
    }
    script = bundle()
    page = (
        environment()
        .get_template("desk.html.j2")
        .render(
            title=asked[0].scenario.title,
            question=asked[0].scenario.question,
            setting=carried["desks"][0]["setting"],
            policy=policy_of(script),
            version=__version__,
            style=marked(style_of("desk.css")),
            desk=marked(inert(carried)),
            script=marked(script),
            words={word: say(f"desk.{word}") for word in WORDS},
        )
    )
    refuse_large(page, len(asked))
    return page


def carried_by(asked: Sequence[OnDesk]) -> dict[str, Any]:
    """What a page of these scenarios carries, or a file for such a page."""
    return shelf([_named(one) for one in asked])


def _named(asked: OnDesk) -> dict[str, Any]:
    made = payload(asked.scenario, asked.baseline, asked.command)
    setting = f"{asked.baseline.name}, {made['year']}, {made['basis']} basis"
    documents = [tomllib.loads(to_toml(asked.scenario)), *filter(None, [asked.written])]
    return {
        "name": asked.scenario.name,
        "reference": asked.reference or asked.scenario.name,
        "settings": list(asked.settings),
        "setting": setting,
        "hash": fingerprint_of(asked.baseline),
        "documents": [dict(_flat(one)) for one in documents],
        **made,
    }


def _flat(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a document by their dotted paths, without what it says about itself."""
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _flat(cast("Mapping[str, Any]", value), f"{above}{name}.")
        elif name not in (_PROSE if not above else _PROSE_OF_POLICIES):
            yield f"{above}{name}", value


def bundle(behind: Sequence[str] = PAGE, solver: Sequence[str] = SOLVER) -> str:
    """The solver and modules of a page as one script: without imports and exports, whose names are
    unlike anyway."""
    solver, page = (
        "\n".join(_plain(_HERE / f"{name}.mjs") for name in names) for names in (solver, behind)
    )
    return f"{solver}\n{_PAGE_BEGINS}\n{page}"


def _plain(path: Path) -> str:
    text = path.read_text("utf-8")
    for pattern in (_IMPORT, _REEXPORT, _EXPORT, _COMMENT):
        text = pattern.sub("", text)
    return text


def style_of(*names: str) -> str:
    """The style of every page, and what these files add to it."""
    page = _HERE.parent / "report" / "page.css"
    return "".join(one.read_text("utf-8") for one in (page, *(_HERE / name for name in names)))


def inert(carried: dict[str, Any]) -> str:
    """JSON in which no element can begin or end."""
    return json.dumps(carried, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def policy_of(script: str) -> str:
    """What the page may do: run this script, show what it made, and ask nothing of anyone.

    A worker may begin from what the script itself makes, and from no address.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; worker-src blob:; "
        "style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def marked(text: str) -> Any:
    """Text that a template takes as it is."""
    from markupsafe import Markup

    return Markup(text)
