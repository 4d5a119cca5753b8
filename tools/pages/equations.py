"""Equations set as pictures in the page itself, which need no network and no script.

A page has them in LaTeX, one a line, in ```` ```math ````: a number in round brackets where there
is one, the equation, and after `\\quad\\text{` what it says in words. matplotlib's mathtext sets
them.
"""

import html
import re
from collections.abc import Iterable
from functools import cache
from typing import Any


_BLOCK = re.compile(r"^```math\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"(?:\((?P<number>\d+)\) )?(?P<equation>.*?)(?: \\quad\\text\{(?P<said>.*)\})?")
_EM = 100.0
"""The size at which letters are set: matplotlib has their shapes at this one."""
_STEPS, _CLOSE = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3)}, 79
"""What the codes of matplotlib's paths are called in SVG, and how many points each takes."""


def set_in(markdown: str) -> str:
    """A page with its equations set; `ValueError` names one that cannot be."""
    glyphs: dict[str, Any] = {}
    page = _BLOCK.sub(lambda block: _table(block[1].splitlines(), glyphs), markdown)
    return page if not glyphs else f"{page.rstrip()}\n\n{_shapes(glyphs)}\n"


def _table(lines: Iterable[str], glyphs: dict[str, Any]) -> str:
    rows = []
    for line in lines:
        parts = _LINE.fullmatch(line)
        assert parts is not None
        number = f"({parts['number']})" if parts["number"] else ""
        said = html.escape((parts["said"] or "").replace("\\$", "$"))
        drawn = _drawn(parts["equation"], glyphs)
        rows.append(f"<tr><td>{number}</td><td>{drawn}</td><td>{said}</td></tr>")
    return '<table class="equations">\n' + "\n".join(rows) + "\n</table>"


def _drawn(equation: str, glyphs: dict[str, Any]) -> str:
    """An equation as SVG in the colour of the text around it, with its LaTeX to read aloud."""
    letters, shapes, bars, (width, height, depth) = _laid_out(equation)
    glyphs |= shapes
    drawn = [
        f'<use href="#g-{name}" transform="translate({x:.1f} {-y:.1f}) scale({size:.2f})"/>'
        for name, x, y, size in letters
    ]
    drawn += [f'<path d="{_path(*bar)}"/>' for bar in bars]
    box = f"0 {-height:.1f} {width:.1f} {height + depth:.1f}"
    return (
        f'<svg role="img" aria-label="{html.escape(equation)}" viewBox="{box}" '
        f'style="width:{width / _EM:.2f}em" fill="currentColor">{"".join(drawn)}</svg>'
    )


def _displayed(equation: str) -> str:
    """What LaTeX does by itself in a displayed equation, and mathtext where it is told to."""
    equation = equation.replace(r"\frac", r"\dfrac")
    equation = re.sub(r"'(?=_)", r"^{\\prime}", equation)
    return re.sub(r"(\\(?:sum|prod)(?:_(?:\{[^}]*\}|.))?)", r"\1\\,", equation)


@cache
def _laid_out(equation: str) -> tuple[Any, Any, Any, tuple[float, float, float]]:
    """Letters with their places, their shapes, bars, and width, height and depth."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    equation = _displayed(equation)
    font = FontProperties(size=_EM, math_fontfamily="stix")
    try:
        letters, shapes, bars = text_to_path.get_glyphs_mathtext(font, f"${equation}$")
        whole = text_to_path.get_text_width_height_descent(f"${equation}$", font, ismath=True)
    except ValueError as error:
        raise ValueError(f"the equation {equation} cannot be set: {error}") from error
    width, height, depth = whole
    return letters, dict(shapes), bars, (width, height - depth, depth)


def _shapes(glyphs: dict[str, Any]) -> str:
    """Every letter of the page once, not shown where it stands."""
    paths = [f'<path id="g-{name}" d="{_path(*shape)}"/>' for name, shape in glyphs.items()]
    return f'<svg width="0" height="0" aria-hidden="true"><defs>{"".join(paths)}</defs></svg>'


def _path(points: Iterable[Iterable[float]], codes: Iterable[int]) -> str:
    """A path of matplotlib as SVG, where y grows downwards."""
    words, waiting = [], 0
    for (x, y), code in zip(points, codes, strict=True):
        if code == _CLOSE:
            words.append("Z")
            continue
        # A curve has its code at each of its points.
        letter = "" if waiting else _STEPS[code][0]
        waiting = (waiting or _STEPS[code][1]) - 1
        words.append(f"{letter}{x:.1f} {-y:.1f}")
    return " ".join(words)
