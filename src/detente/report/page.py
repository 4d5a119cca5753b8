"""An answer as a page of its own: its title, its setting, what it rests on, in one place."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from .._core import figure, MINUS
from ._format import MISSING
from ._frames import HORIZONS
from .section import Page, Section


PAGES = (".html", ".md")
"""What a page can be written as."""


def page_of(
    body: Section,
    question: str,
    about: Mapping[str, Any],
    command: str,
    picture: Mapping[str, Any] | None = None,
) -> Page:
    """The page of an answer; its title is that of the answer, or the question."""
    facts = [(name.replace("_", " "), _said(value)) for name, value in about.items()]
    return Page(
        body.title or question,
        body,
        setting=", ".join(_setting(about)),
        command=command,
        facts=[(name, text) for name, text in facts if text],
        picture=picture,
    )


def _setting(about: Mapping[str, Any]) -> Iterable[str]:
    """What belongs under every figure: the world, the horizon and the accounting basis."""
    for name, words in (("baseline", "{}"), ("baseline_year", "{}"), ("basis", "{} basis")):
        if about.get(name):
            yield words.format(about[name])
        if name == "baseline_year" and isinstance(horizon := about.get("horizon"), str) and horizon:
            yield HORIZONS.get(horizon, f"{horizon} horizons")


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


def with_minus(text: str) -> str:
    """Figures with a minus sign instead of a hyphen; words keep theirs."""
    return re.sub(r"(?<![\w)])-(?=\d)", MINUS, text)
