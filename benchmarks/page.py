"""The measurements as a page: tables of phases by world, of rivals, and what bounds each figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment

from . import rivals_table as rivals
from .words import amount, cell, mb, minutes, row, seconds, size, table, why


Results = Mapping[str, Any]
TEMPLATE = Path(__file__).with_name("page.md.j2")
WORLDS = ("synthetic-5x3", "compact-2022", "nafta-1993", "world-2022", "synthetic-265x170")


def page(results: Results) -> str:
    """The whole page; what was not measured says so in its place."""
    software = [found for name in WORLDS if (found := results[f"world:{name}"].get("software"))]
    words = Environment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    ).from_string(TEMPLATE.read_text(encoding="utf-8"))
    return words.render(
        machine=results["machine"],
        software=software[0] if software else {},
        duration=minutes(results["machine"].get("seconds")),
        shocks=_shocks(results),
        times=_times(results),
        absent=_absent(results),
        accuracy=_accuracy(results),
        memory=_memory(results),
        ways=_ways(results),
        same=rivals.same(results),
        gravity=rivals.gravity(results),
        static=rivals.static(results),
        bounds=_bounds(results),
        desk=_desk(results),
    )


def _shocks(results: Results) -> str:
    """One line per shock, with the worlds that it is played on."""
    by_shock: dict[str, list[str]] = {}
    for name in _present(results):
        held = results[f"world:{name}"]
        by_shock.setdefault(held["world"]["shocked"], []).append(size(held))
    lines = [f"{', '.join(names)}: {shock}." for shock, names in by_shock.items()]
    return "The counterfactual is, on " + " On ".join(lines)


def _times(results: Results) -> str:
    rows = [
        ("first solve, no compiled code anywhere", "first", lambda p: seconds(p["seconds"])),
        ("first solve of a new process, compiled code on disk", "again", None),
        ("**one solve**", "solve", row),
        ("one solve, final use and inputs apart", "uses", row),
        ("the first year of the shock", "year", row),
        ("ten years of it, one after the other", "years", row),
        ("the short run with a floor under wages", "wage floor", row),
        ("the steady state of produced capital", "capital", row),
        ("gradient to all trade costs, solve included", "gradient", row),
        ("… as a multiple of a solve", "gradient", None),
        ("Jacobian of all welfare to all tariffs, solve included", "jacobian", row),
        ("… columns", "jacobian", lambda p: str(p["columns"])),
        ("many counterfactuals", "batch", lambda p: seconds(p["seconds"])),
        ("… of them", "batch", lambda p: f"{p['members']:,}"),
        ("tariff war of all countries (Nash)", "war", row),
        ("exact split of welfare (decomposition)", "decomposition", row),
        ("load before", "load", lambda load: f"{load:.1f}"),
        ("load after", "load after", lambda load: f"{load:.1f}"),
    ]
    own = {"again": _again, "gradient": _multiples}
    lines = [
        [title, *(_cells(results, part, show) if show else own[part](results))]
        for title, part, show in rows
    ]
    return table(_columns(results), lines)


def _accuracy(results: Results) -> str:
    rows = [
        ("solve: steps", "solve", lambda p: str(p["steps"])),
        ("solve: residual", "solve", lambda p: f"{p['residual']:.1e}"),
        ("solve: certificate", "solve", lambda p: f"{p['certificate']:.1e}"),
        ("ten years: steps", "years", lambda p: str(p["steps"])),
        ("ten years: certificate", "years", lambda p: f"{p['certificate']:.1e}"),
        ("floor under wages: steps", "wage floor", lambda p: str(p["steps"])),
        ("floor under wages: certificate", "wage floor", lambda p: f"{p['certificate']:.1e}"),
        ("produced capital: steps", "capital", lambda p: str(p["steps"])),
        ("produced capital: certificate", "capital", lambda p: f"{p['certificate']:.1e}"),
        ("gradient: derivatives in it", "gradient", lambda p: f"{p['numbers']:,}"),
        ("gradient: off differences by", "gradient", lambda p: f"{p['off_differences']:.0e}"),
        ("Jacobian: ways apart by at most", "jacobian", lambda p: amount(p["apart"])),
        ("batch: solved", "batch", lambda p: f"{p['solved']:,} of {p['members']:,}"),
        ("batch: ways apart by at most", "batch", lambda p: amount(p["apart"])),
        ("war: steps", "war", lambda p: str(p["steps"])),
        ("war: first-order conditions missed by", "war", lambda p: f"{p['first_order']:.1e}"),
        ("war: certificate", "war", lambda p: f"{p['certificate']:.1e}"),
        ("war: least, median, largest rate", "war", lambda p: _percents(p["rates"])),
        ("split: left unexplained", "decomposition", lambda p: f"{p['unexplained']:.1e}"),
    ]
    lines = [[title, *_cells(results, part, show)] for title, part, show in rows]
    return table(_columns(results), lines)


def _memory(results: Results) -> str:
    rows = [
        ("world loaded, nothing solved", "world", lambda p: mb(p["before"])),
        ("after solving", "memory of solve", lambda p: mb(p["mb"])),
        ("after the gradient", "memory of gradient", lambda p: mb(p["mb"])),
        ("after everything", "memory", lambda p: mb(p["mb"])),
        ("on the device, where it counts", "memory", _on_device),
        ("one array of flows", "world", lambda p: mb(p["flow_mb"])),
    ]
    lines = [[title, *_cells(results, part, show)] for title, part, show in rows]
    return table(_columns(results), lines)


def _on_device(part: Mapping[str, Any]) -> str:
    return "–" if part["device_mb"] is None else mb(part["device_mb"])


def _ways(results: Results) -> str:
    """Every way of doing the same, so that the best is not the only one seen."""
    tables = []
    for part, title in (("jacobian", "Jacobian"), ("batch", "Many counterfactuals")):
        tried = {name: results[f"world:{name}"].get(part, {}).get("all") for name in WORLDS}
        tried = {name: held for name, held in tried.items() if held}
        ways = dict.fromkeys(way for held in tried.values() for way in held)
        lines = [
            [way, *(seconds(held[way]) if way in held else "not tried" for held in tried.values())]
            for way in ways
        ]
        if lines:
            tables.append(
                table([title, *(size(results[f"world:{name}"]) for name in tried)], lines)
            )
    return "\n\n".join(tables) or "None was."


def _bounds(results: Results) -> str:
    rows = [
        ("a compiled call that does nothing", "bounds", lambda p: seconds(p["call"])),
        ("setting up the problem, once per solve", "bounds", lambda p: seconds(p["setup"])),
        ("one step, in a compiled loop", "bounds", lambda p: seconds(p["step"])),
        ("that, times the steps of the solve", "bounds", None),
        ("one solve", "solve", lambda p: seconds(p["median"])),
        ("one kernel of flows, MB", "bounds", lambda p: mb(p["kernel_mb"])),
        ("read by one step, MB", "bounds", lambda p: mb(p["step_mb"])),
        ("so a step reads at, GB/s", "bounds", lambda p: f"{p['step_mb'] / 1e3 / p['step']:.1f}"),
        ("one matrix-vector product per sector", "bounds", lambda p: seconds(p["product"])),
        ("it reads at, GB/s", "bounds", lambda p: f"{p['product_gbs']:.1f}"),
        ("an array of 200 MB is summed at, GB/s", "bounds", lambda p: f"{p['stream_gbs']:.1f}"),
    ]
    lines = [
        [title, *(_cells(results, part, show) if show else _all_steps(results))]
        for title, part, show in rows
    ]
    return table(_columns(results), lines)


def _desk(results: Results) -> str:
    rows: list[tuple[str, Callable[[Any], str]]] = [
        ("a move, from the slider to the picture", lambda p: _spread(p["move"])),
        ("… of which the exact solve and the drawing", lambda p: _spread(p["work"])),
        ("the first picture after the page is opened", lambda p: seconds(p["picture"] / 1e3)),
        (
            "all simulations of the interval, once the sliders rest",
            lambda p: seconds(p["interval"]),
        ),
        ("size of the page, MB", lambda p: mb(p["bytes"] / 1e6)),
        ("… compressed by gzip, MB", lambda p: mb(p["gzipped"] / 1e6)),
    ]
    held = [results[f"desk:{name}"] for name in ("quiet", "busy")]
    lines = [[title, *(cell(one, "run", show) for one in held)] for title, show in rows]
    return table(["", "quiet", "all cores busy"], lines)


def _spread(held: Mapping[str, float]) -> str:
    """The median, and what 95 of 100 stay below."""
    return f"{seconds(held['median'] / 1e3)} (95 %: {seconds(held['p95'] / 1e3)})"


def _columns(results: Results) -> list[str]:
    return ["", *(size(results[f"world:{name}"]) for name in _present(results))]


def _present(results: Results) -> list[str]:
    return [name for name in WORLDS if "world" in results[f"world:{name}"]]


def _cells(results: Results, part: str, show: Callable[[Any], str]) -> list[str]:
    return [cell(results[f"world:{name}"], part, show) for name in _present(results)]


def _again(results: Results) -> list[str]:
    show = lambda part: seconds(part["seconds"])
    return [cell(results[f"again:{name}"], "first", show) for name in _present(results)]


def _multiples(results: Results) -> list[str]:
    return _with_solve(results, "gradient", lambda p, one: f"{p['median'] / one['median']:.2f}")


def _all_steps(results: Results) -> list[str]:
    return _with_solve(results, "bounds", lambda p, one: seconds(p["step"] * one["steps"]))


def _with_solve(results: Results, part: str, show: Callable[[Any, Any], str]) -> list[str]:
    """What a part shows beside the solve of the same world."""
    held = [results[f"world:{name}"] for name in _present(results)]
    return [
        why(one, "solve") or cell(one, part, lambda p, one=one: show(p, one["solve"]))
        for one in held
    ]


def _percents(rates: list[float]) -> str:
    return ", ".join(f"{100 * rate:.1f}" for rate in rates) + " %"


def _absent(results: Results) -> str:
    lines = [
        f"- {name} was not timed: {held.get('absent') or held.get('stopped') or 'it was not run'}."
        for name in WORLDS
        if "world" not in (held := results[f"world:{name}"])
    ]
    return "\n".join(lines)
