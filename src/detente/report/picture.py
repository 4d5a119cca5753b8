"""A drawn chart as the bytes of a file: SVG, PNG, PDF, JSON, or a page of its own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .._core import nearest, OutcomeError


FORMATS = (".svg", ".png", ".pdf", ".html", ".json")
SHARPNESS = 2.0
"""Pixels of a PNG per point of the drawing, as on a present-day screen."""


def format_of(path: Path, what: str = "chart", formats: Sequence[str] = FORMATS) -> str:
    """The format that a file's name asks for, or `OutcomeError` with the nearest one."""
    suffix = path.suffix.lower()
    if suffix not in formats:
        raise OutcomeError(
            f"a {what} cannot be written as '{path.name}'; {nearest(suffix or path.name, formats)}"
        )
    return suffix


def picture(specification: dict[str, Any], suffix: str) -> bytes:
    """The chart of a Vega-Lite specification in the format of that suffix."""
    import vl_convert

    if suffix == ".png":
        return vl_convert.vegalite_to_png(specification, scale=SHARPNESS)
    if suffix == ".pdf":
        return vl_convert.vegalite_to_pdf(specification)
    if suffix == ".json":
        return json.dumps(specification, indent=2, ensure_ascii=False).encode()
    if suffix == ".html":
        return vl_convert.vegalite_to_html(specification, bundle=True).encode()
    return vl_convert.vegalite_to_svg(specification).encode()
