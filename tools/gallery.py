"""The pages of the gallery, each from a script in `examples/` with what it prints and draws.

    python -m tools.gallery [NAME ...]

A page is plain Markdown with a picture beside it: whatever builds Markdown can build it.
"""

import ast
import contextlib
import io
import re
import runpy
import sys
import textwrap
from pathlib import Path
from typing import Any


ROOT = Path(__file__).resolve().parents[1]
SCRIPTS, PAGES = ROOT / "examples", ROOT / "docs" / "gallery"
TITLES = {
    "eu_india_agreement": "Another pair of countries: the EU and India",
    "us_tariff_viet_nam": "A tariff of the United States on Viet Nam",
    "australia_wine_barley": "Duties on Australian barley and wine",
    "korea_japan_materials": "Japan's materials for South Korea's chips",
    "services_opening": "Opening services, at once and in the long run",
    "what_each_policy_brings": "What each part of an agreement brings",
    "own_elasticities": "Elasticities of your own",
    "leverage": "What China can threaten South Korea with",
    "stance": "What each stance of South Korea is answered with",
    "exposure": "Whose growth helps Viet Nam",
    "balances": "One balance on two books",
    "note_to_word": "A note in Word",
}
"""The scripts of the gallery, in order."""
# Letters of a line that a page shows without being moved sideways.
_WIDTH = 92
_UNITS = re.compile(r"(?<=US\$) | (?=%)")
NO_BREAK = "\u00a0"


def run(name: str) -> tuple[str, Any]:
    """What a script prints, and its `picture`, a chart of Altair."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names = runpy.run_path(str(SCRIPTS / f"{name}.py"))
    return printed.getvalue(), names["picture"]


def page(name: str, printed: str) -> str:
    """The page of a script with what it printed, long lines folded."""
    text = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text)) or ""
    code = text[text.index("import ") :]
    return (
        f"# {TITLES[name]}\n\n{said}\n\n![{said.splitlines()[0]}]({name}.svg)\n\n"
        f"It prints:\n\n```text\n{folded(printed)}\n```\n\n"
        f"## The script\n\n`python examples/{name}.py`\n\n```python\n{code.rstrip()}\n```\n"
    )


def folded(printed: str) -> str:
    """The lines of a text, the too long ones in several; a row of a table keeps its spaces."""
    lines: list[str] = []
    for line in printed.rstrip().splitlines():
        tied = _UNITS.sub(NO_BREAK, line)
        lines += [line.rstrip()] if len(line) <= _WIDTH else textwrap.wrap(tied, _WIDTH)
    return "\n".join(lines).replace(NO_BREAK, " ")


def drawing(picture: Any) -> bytes:
    """The picture as SVG on white, which can be seen on a dark page too."""
    from detente.report import picture as drawn

    specification = picture.to_dict()
    specification["config"] = {**specification.get("config", {}), "background": "white"}
    return drawn(specification | {"background": "white", "padding": 12}, ".svg")


def index() -> str:
    """The page that lists the others."""
    rows = [f"- [{title}]({name}.md)" for name, title in TITLES.items()]
    said = "Scripts of a few lines, each with what it prints and draws. They run on what ships."
    return "\n".join(["# Gallery", "", said, "", *rows, ""])


def main(names: list[str]) -> None:
    PAGES.mkdir(exist_ok=True)
    for name in names or TITLES:
        printed, picture = run(name)
        (PAGES / f"{name}.md").write_text(page(name, printed), encoding="utf-8")
        (PAGES / f"{name}.svg").write_bytes(drawing(picture))
    (PAGES / "index.md").write_text(index(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
