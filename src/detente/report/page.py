"""An answer as a page of its own: its title, its setting, what it rests on, in one place."""

import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, TYPE_CHECKING

from .._core import figure, with_minus
from ._format import MISSING
from ._frames import HORIZONS
from .section import Chart, Code, Figure, Page, REPRODUCTION, Section, Terms


if TYPE_CHECKING:
    from ..about import About


_FOOTER = (
    "The figures are what the model computes on its assumptions, or what the sources say; they do "
    "not say what will be."
)
PAGES = (".html", ".md")
"""What a page can be written as."""
_ELSEWHERE = {"question", "sentence", "draws_left_out", "unit", "units"}
"""What a page says above: in its title, in its sentences, over the columns of its tables."""


def page_of(
    body: Section,
    about: "About",
    command: str,
    picture: Mapping[str, Any] | None = None,
) -> Page:
    """The page of an answer; its title is that of the answer, or the question."""
    title = body.title or about.question
    title = title[:1].upper() + title[1:]
    said = {name: value for name, value in about.record.items() if name not in _ELSEWHERE}
    facts = [(name.replace("_", " "), _said(value)) for name, value in said.items()]
    setting = ", ".join(_setting(about))
    rests = [Section([Terms([row for row in facts if row[1]])], "What it rests on")]
    return Page(
        title,
        body,
        setting=setting,
        figure=None if picture is None else Figure([Chart(picture, title)], setting),
        annex=[*(rests if facts else []), Section([Code(command)], REPRODUCTION)],
        footer=_FOOTER,
    )


def _setting(about: "About") -> Iterable[str]:
    """What belongs under every figure: the world, the horizon and the accounting basis."""
    if about.baseline:
        yield about.baseline
    if about.baseline_year:
        yield str(about.baseline_year)
    if about.horizon:
        yield HORIZONS.get(about.horizon, f"{about.horizon} horizons")
    if about.basis:
        yield f"{about.basis} basis"


def _said(value: Any) -> str:
    """A value in words; rows of tables are in JSON alone."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return with_minus(str(value))
    if isinstance(value, Real):
        return figure(float(value), ".6g") if math.isfinite(value) else MISSING
    if isinstance(value, Mapping):
        parts = ((str(name).replace("_", " "), _said(one)) for name, one in value.items())
        return "; ".join(f"{name}: {said}" for name, said in parts if said)
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_said(one) for one in value if not isinstance(one, Mapping)]
        return " ".join(parts) if any(one.endswith(".") for one in parts) else ", ".join(parts)
    return "" if value is None else with_minus(str(value))
