"""The desk of a scenario as one file: the page, its solver and its numbers, and no network."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from ..scenario import Scenario
from ..world import Baseline
from .payload import payload


MODULES = (
    "kernels", "anderson", "equations", "solve", "quantities", "words", "scenario", "pictures",
    "page",
)  # fmt: skip
"""In the order in which they stand in the page: each needs those before it alone."""
WORDS = ("undo", "reset", "link", "command", "held", "noscript", "controls", "answer")
"""Of the sentences, those that stand in the page before its script runs."""
_HERE = Path(__file__).parent
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_REEXPORT = re.compile(r"^export \{[^}]*\};\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|async)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)


def desk_page(scenario: Scenario, baseline: Baseline, command: str) -> str:
    """The page of a scenario that `command` plays.

    Nothing in it is evaluated from text: data stand in a block of JSON, which cannot close itself,
    and the only script that may run is ours, by its hash. Raises as `payload`.
    """
    from .. import __version__
    from ..report.pages import environment
    from ..report.wording import say

    carried = payload(scenario, baseline, command)
    script = bundle()
    return (
        environment()
        .get_template("desk.html.j2")
        .render(
            title=scenario.title,
            question=scenario.question,
            setting=f"{baseline.name}, {carried['year']}, {carried['basis']} basis",
            policy=_policy(script),
            version=__version__,
            style=_marked(_style()),
            desk=_marked(_inert(carried)),
            script=_marked(script),
            words={word: say(f"desk.{word}") for word in WORDS},
        )
    )


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


def _inert(carried: dict[str, Any]) -> str:
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
