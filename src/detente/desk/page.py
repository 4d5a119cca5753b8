"""The desk of a scenario as one file: the page, its solver and its numbers, and no network."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..scenario import Scenario
from ..world import Baseline
from .payload import payload
from .shelf import refuse_large, shelf


MODULES = (
    "kernels", "anderson", "equations", "solve", "words", "scenario", "shelf", "pictures",
    "compare", "dom", "choose", "page",
)  # fmt: skip
"""In the order in which they stand in the page: each needs those before it alone."""
WORDS = ("undo", "reset", "link", "command", "held", "noscript", "controls", "answer")
"""Of the sentences, those that stand in the page before its script runs."""
_HERE = Path(__file__).parent
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_REEXPORT = re.compile(r"^export \{[^}]*\};\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|async)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)


class OnDesk(NamedTuple):
    """A scenario, its world, and the words of a command line that plays it."""

    scenario: Scenario
    baseline: Baseline
    command: str


def desk_page(
    scenario: Scenario, baseline: Baseline, command: str, others: Sequence[OnDesk] = ()
) -> str:
    """The page of a scenario that `command` plays, and of others that it may be held beside.

    Nothing in it is evaluated from text: data stand in a block of JSON, which cannot close itself,
    and the only script that may run is ours, by its hash. Raises as `payload` and `shelf`, and
    `OutcomeError` where several scenarios make a page that is too large.
    """
    from .. import __version__
    from ..report.pages import environment
    from ..report.wording import say

    asked = (OnDesk(scenario, baseline, command), *others)
    carried = carried_by(asked)
    script = bundle()
    page = (
        environment()
        .get_template("desk.html.j2")
        .render(
            title=scenario.title,
            question=scenario.question,
            setting=carried["desks"][0]["setting"],
            policy=_policy(script),
            version=__version__,
            style=_marked(_style()),
            desk=_marked(inert(carried)),
            script=_marked(script),
            words={word: say(f"desk.{word}") for word in WORDS},
        )
    )
    refuse_large(page, len(asked))
    return page


def carried_by(asked: Sequence[OnDesk]) -> dict[str, Any]:
    """What a page of these scenarios carries, or a file for such a page."""
    return shelf([_named(*one) for one in asked])


def _named(scenario: Scenario, baseline: Baseline, command: str) -> dict[str, Any]:
    made = payload(scenario, baseline, command)
    setting = f"{baseline.name}, {made['year']}, {made['basis']} basis"
    return {"name": scenario.name, "setting": setting, **made}


def bundle() -> str:
    """The modules as one script: without imports and exports, whose names are unlike anyway."""
    return "\n".join(_plain(_HERE / f"{name}.mjs") for name in MODULES)


def _plain(path: Path) -> str:
    text = path.read_text("utf-8")
    for pattern in (_IMPORT, _REEXPORT, _EXPORT, _COMMENT):
        text = pattern.sub("", text)
    return text


def _style() -> str:
    page = _HERE.parent / "report" / "page.css"
    return page.read_text("utf-8") + (_HERE / "desk.css").read_text("utf-8")


def inert(carried: dict[str, Any]) -> str:
    """JSON in which no element can begin or end."""
    return json.dumps(carried, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _policy(script: str) -> str:
    """What the page may do: run this script, show what it made, and ask nothing of anyone."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _marked(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)
