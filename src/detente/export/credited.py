"""Pictures that leave the house: their source, world, basis, date and version burnt into them."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from xml.etree import ElementTree

from .._core import OutcomeError
from ..report.picture import picture, SHARPNESS
from .material import Material


SIZE, LINE, MARGIN = 9.0, 12.0, 12.0
"""Of the type under a picture, its lines, and the room around it, in points."""
WIDTH_OF_A_SIGN = 0.53
"""Of a letter over its size, on average, in the sans-serif type that is drawn."""
_SVG = "http://www.w3.org/2000/svg"


def credited(material: Material, suffix: str) -> bytes:
    """The picture in the format of that suffix; raises `OutcomeError` where there is none."""
    specification = material.drawn
    if specification is None:
        raise OutcomeError("this answer has no picture, and none was drawn.")
    if suffix == ".json":
        return _specification(specification, material)
    if suffix == ".html":
        return _page(specification, material)
    svg = _svg(specification, material)
    return svg.encode() if suffix == ".svg" else _converted(svg, suffix)


def _converted(svg: str, suffix: str) -> bytes:
    import vl_convert

    if suffix == ".pdf":
        return vl_convert.svg_to_pdf(svg)
    return vl_convert.svg_to_png(svg, scale=SHARPNESS)


def _specification(specification: Mapping[str, Any], material: Material) -> bytes:
    """Vega-Lite has a place for what others add, which no renderer draws."""
    said = {"usermeta": {"title": material.title, "credit": material.credit}}
    return (json.dumps({**specification, **said}, indent=2, ensure_ascii=False) + "\n").encode()


def _page(specification: Mapping[str, Any], material: Material) -> bytes:
    text = picture(dict(specification), ".html").decode()
    head, body, tail = text.rpartition("</body>")
    under = f'<p style="font: {SIZE}pt sans-serif; color: #5f6368">{escape(material.credit)}</p>\n'
    return f"{head}{under}{body}{tail}".encode()


def _svg(specification: Mapping[str, Any], material: Material) -> str:
    """The drawing with lines of small type under it, on paper that reaches down to them."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(picture(dict(specification), ".svg"))
    width, height = (float(root.attrib[side].removesuffix("px")) for side in ("width", "height"))
    signs = max(int((width - 2 * MARGIN) / (SIZE * WIDTH_OF_A_SIGN)), 20)
    lines = textwrap.wrap(material.credit, signs, break_on_hyphens=False)
    taller = height + LINE * len(lines) + MARGIN
    root.attrib |= {"height": f"{taller:g}", "viewBox": f"0 0 {width:g} {taller:g}"}
    root.insert(0, ElementTree.Element(f"{{{_SVG}}}title"))
    root[0].text = material.alternative
    root.insert(1, ElementTree.Element(f"{{{_SVG}}}rect", _paper(width, taller)))
    root.append(_lines(lines, height))
    return ElementTree.tostring(root, encoding="unicode")


def _paper(width: float, height: float) -> dict[str, str]:
    return {"width": f"{width:g}", "height": f"{height:g}", "fill": "white"}


def _lines(lines: Sequence[str], top: float) -> ElementTree.Element:
    group = ElementTree.Element(
        f"{{{_SVG}}}g",
        {"font-family": "Helvetica Neue, Helvetica, Arial, sans-serif", "font-size": f"{SIZE:g}px",
         "fill": "#5f6368"},
    )  # fmt: skip
    for place, line in enumerate(lines, 1):
        at = {"x": f"{MARGIN:g}", "y": f"{top + LINE * place:g}"}
        ElementTree.SubElement(group, f"{{{_SVG}}}text", at).text = line
    return group
