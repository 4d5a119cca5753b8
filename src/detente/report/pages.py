"""Where the templates of pages are, and how they are filled: escaped, and with nothing left out."""

from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    import jinja2


def environment() -> "jinja2.Environment":
    """An environment of one's own, to add filters to."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
