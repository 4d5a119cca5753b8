"""The part of the page on rivals: what each was given, how it ended, and its time beside ours."""

from collections.abc import Mapping
from typing import Any

from .words import mb, row, seconds, size, table, why


Results = Mapping[str, Any]
SHARED = ("compact-2022", "nafta-1993", "world-2022")
HEADS = ("world", "system", "time", "steps", "residual", "wages off ours", "welfare off ours",
         "peak MB", "time over ours")  # fmt: skip


def same(results: Results) -> str:
    """One system of equations, one shock, one numeraire: the answers must agree."""
    lines = []
    for name in SHARED:
        held = results[f"world:{name}"]
        if "world" not in held:
            lines.append([name, "all", str(held.get("absent") or "not run"), *[""] * 6])
            continue
        lines += _of_world(results, name, held)
    return table(HEADS, lines)


def _of_world(results: Results, name: str, held: Mapping[str, Any]) -> list[list[str]]:
    one = held.get("solve", {})
    title = size(held)
    ours = [title, "**détente**", why(held, "solve") or row(one), str(one.get("steps", "")),
            error(one.get("residual")), "", "", _solve_memory(held), "1"]  # fmt: skip
    lines = [ours]
    for variant, words in (
        ("tuned", "nested, tuned by hand"),
        ("published", "nested as published"),
    ):
        task, threads = _faster(results, variant, name)
        lines.append(_line(title, f"{words}, {threads} BLAS", results[task], one))
    task = f"puremacro:model:{name}"
    if task in results:
        lines.append(_line(title, "puremacro", results[task], one))
    return lines


def _solve_memory(held: Mapping[str, Any]) -> str:
    part = held.get("memory of solve")
    return mb(part["mb"]) if part else ""


def _faster(results: Results, variant: str, name: str) -> tuple[str, str]:
    """The task of the two numbers of BLAS threads that took less time."""
    tasks = {threads: f"nested:{variant}:{name}:{threads}" for threads in ("1", "all")}
    taken = lambda threads: results[tasks[threads]].get("run", {}).get("median", float("inf"))
    best = min(tasks, key=taken)
    return tasks[best], best


def _line(title: str, system: str, held: Mapping[str, Any], one: Mapping[str, Any]) -> list[str]:
    if reason := why(held, "run"):
        return [title, system, reason, *[""] * 6]
    run = held["run"]
    version = f" {run['version']}" if "version" in run else ""
    ended = "" if run["converged"] else " **not converged**"
    if "max_steps" in run and not run["converged"]:
        ended += f" at the limit of {run['max_steps']} steps"
    return [
        title,
        system + version,
        row(run) + ended,
        str(run["steps"]) + (f" ({run['inner_steps']:,} inner)" if "inner_steps" in run else ""),
        error(run["residual"]),
        error(run["off_wages"]),
        error(run["off_welfare"]),
        mb(held["mb"]),
        _times(run["median"], one),
    ]


def _times(taken: float, one: Mapping[str, Any]) -> str:
    return f"{taken / one['median']:,.1f}" if "median" in one else ""


def error(value: float | None) -> str:
    return "" if value is None else f"{value:.1e}"


def gravity(results: Results) -> str:
    """gegravity beside the exact solution of the same one-sector world."""
    theirs, ours = results["gravity:packaged"], results["gravity:exact"]
    if reason := why(theirs, "run") or why(ours, "run"):
        return f"Not compared: {reason}."
    packaged, exact = theirs["run"], ours["run"]
    refused = _listed(packaged["refused"]) or "none"
    evaluations = _listed(packaged["evaluations"])
    lines = [
        ["one counterfactual, tables of results included", row(packaged), "–"],
        ["one counterfactual, arrays only", "–", row(exact)],
        ["flows of the base year", "in the above", f"{seconds(exact['fitting'])}, NumPy"],
        ["import of the package", seconds(packaged["import"]), "–"],
        ["first call, compiling", "–", seconds(exact["first"])],
        ["evaluations of three systems, or steps", evaluations, str(exact["steps"])],
        ["largest residual", error(packaged["residual"]), error(exact["residual"])],
        ["certificate", "–", error(exact["certificate"])],
        ["scale that the user sets", f"{packaged['scale']} (fails at {refused})", "–"],
        *(
            [f"{code}: {words}, %", f"{packaged[key][code]:+.4f}", f"{exact[key][code]:+.4f}"]
            for code in ("CAN", "JPN")
            for key, words in (("gate", "factory-gate price"), ("real", "real income"))
        ),
        ["peak MB", mb(theirs["mb"]), mb(ours["mb"])],
    ]  # fmt: skip
    return table(["", f"gegravity {packaged['version']}", "détente"], lines)


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def static(results: Results) -> str:
    held = results["puremacro:static"]
    title = "### puremacro's own example\n\n"
    if reason := why(held, "run"):
        return f"{title}Not timed: {reason}."
    run = held["run"]
    ended = "converged" if run["converged"] else "**not converged**"
    return (
        f"{title}The table that puremacro {run['version']} brings ({run['size'][0]} countries and "
        f"{run['size'][1]} sectors, OECD ICIO of 2019), 10 % by the United States on all imports, "
        "its default solver (Newton with differences) and tolerance (2.5e-3 in million US$): "
        f"{seconds(run['median'])} in one call, {run['steps']} steps, residual "
        f"{run['residual']:.1e}, {ended}, peak {mb(held['mb'])} MB. It is another model (two "
        "factors, fixed coefficients between inputs, foreign saving fixed), so that no answer of "
        "ours is beside it and no ratio is given."
    )
