"""Cards: what an object shows of itself in a notebook, as HTML that styles nothing else."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path


def card(title: str, setting: str, *parts: str) -> str:
    """A card of parts that are HTML already; its title and what stands beside it are texts."""
    head = f"<header><b>{escape(title)}</b><span>{escape(setting)}</span></header>"
    return f'<div class="detente-card"><style>{_style()}</style>{head}{"".join(parts)}</div>'


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def terms(rows: Iterable[tuple[str, str]]) -> str:
    """Terms and what each of them is; one of which nothing is said is left out."""
    said = [(escape(name), escape(text)) for name, text in rows if text]
    lines = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in said)
    return f'<dl class="facts">{lines}</dl>' if said else ""


def folded(summary: str, lines: Sequence[str]) -> str:
    """A list under a line that opens it."""
    if not lines:
        return ""
    inside = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>{escape(summary)}</summary><ul>{inside}</ul></details>"


@cache
def _style() -> str:
    return (Path(__file__).parent / "card.css").read_text(encoding="utf-8")
