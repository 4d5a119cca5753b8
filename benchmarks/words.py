"""Numbers as words and rows as Markdown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def seconds(value: float | None) -> str:
    """Three digits, in the unit that suits."""
    if value is None:
        return "–"
    for unit, least in (("s", 1.0), ("ms", 1e-3)):
        if value >= least:
            return f"{_digits(value / least)} {unit}"
    return f"{_digits(value * 1e6)} µs"


def _digits(value: float) -> str:
    """Three digits, and no more than are left of the point in a number of a thousand."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:,.0f}"


def row(held: Mapping[str, Any]) -> str:
    """A median with the fastest of its calls."""
    text = seconds(held["median"])
    fastest = held.get("least")
    if fastest is None or held.get("laps", 1) < 2:
        return text + " (one call)"
    return f"{text} ({seconds(fastest)})"


def minutes(value: float | None) -> str:
    return "an unknown time" if value is None else f"{value / 60:.0f} minutes"


def mb(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"


def amount(value: float | None) -> str:
    return "one way only" if value is None else f"{value:.0e}"


def size(held: Mapping[str, Any]) -> str:
    """A world by its name and its size."""
    countries, sectors = held["world"]["size"]
    name = held["world"]["name"]
    return name if "×" in name else f"{name} {countries} × {sectors}"


def cell(held: Mapping[str, Any], part: str, show: Callable[[Any], str]) -> str:
    """What a part of a task's record shows, or why there is nothing."""
    reason = why(held, part)
    return reason or show(held[part])


def why(held: Mapping[str, Any], part: str) -> str:
    """Why a part was not measured; nothing where it was."""
    if part not in held:
        return str(held.get("absent") or held.get("stopped") or "not run")
    if not isinstance(held[part], Mapping):
        return ""
    if "failed" in held[part]:
        return f"failed: {held[part]['failed']}"
    if held[part].get("status", 0):
        return "not solved: no time is given"
    return f"not run: {held[part]['absent']}" if "absent" in held[part] else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    listed = [list(heads), *(list(line) for line in rows)]
    listed.insert(1, ["---"] * len(listed[0]))
    safe = [[" ".join(text.split()).replace("|", "\\|") for text in line] for line in listed]
    return "\n".join(f"| {' | '.join(line)} |" for line in safe)
