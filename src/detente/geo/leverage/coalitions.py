"""Joint threats: whether they add up to more than their parts, and who bears what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.optimize import root

from ..._core import ScenarioError, SolveError
from ...about import About
from ...ensemble import affordable
from ...equilibrium import require_solved, solve, welfare_hat
from ...scenario import Scenario
from ...selection import Names
from ...simulation import prepare
from ...world import Baseline
from .intervals import drivers_frame, Ends, ends_of
from .leverage import at_horizon, name_of, nothing, sized, solved
from .losses import loss, Sides
from .question import Question
from .threats import carried_out, check, members, Threat


# Log points by which the members' shared change may differ between them.
SHARED = 1e-8


@dataclass(frozen=True)
class Coalition:
    """A joint threat beside those of its members, and what sharing the burden would take."""

    rows: pd.DataFrame
    """A row for each form, horizon and rent: the joint loss, the sum of the members' own threats,
    and the difference, all 100 times log real income."""
    burden: pd.DataFrame
    """A row for each member as well: its cost in the joint threat and in its own, the transfer it
    would receive, and what every member would then be left with. With draws, `_low` and `_high` of
    `joint` above, and of `cost_joint` and `cost_joint_usd` here."""
    drivers: pd.DataFrame
    """The assumptions that move the joint loss and each member's cost in it most, drawn alone."""
    about: About


def coalition(
    baseline: Baseline,
    question: Question,
    *,
    after: Scenario | None = None,
    progress: Callable[[str], None] = lambda done: None,
) -> Coalition:
    """The joint threat of the question's senders against those of each on its own.

    `shared` is the change of log real income that transfers among the members can give every one
    of them alike, in equilibrium: at or above zero the coalition can make each member whole.
    Intervals are over the draws that `after` asks for, on a large world if it says how many; the
    threat keeps its mark-up in them.
    """
    setting = after or nothing()
    _require_fixed_deficits(setting)
    codes = members(baseline, question.senders)
    uncertainty, wanted = affordable(setting, baseline), setting.uncertainty.draws
    setting = setting.model_copy(update={"uncertainty": uncertainty})
    about = _about(baseline, question, setting, codes)
    about = about.adding(draws_left_out=wanted > uncertainty.draws)
    rows, burden, drivers = [], [], []
    for horizon in question.horizons:
        played = at_horizon(setting, horizon)
        for threat in question.threats():
            progress(f"{threat.form}, {horizon} run")
            check(threat, baseline)
            threat = sized(baseline, threat, played, question.cut)
            row, parts = _one(baseline, threat, played, codes)
            label = {"form": threat.form, "horizon": horizon,
                     "rent": "none" if threat.markup is None else threat.rent}  # fmt: skip
            if uncertainty.draws:
                drawn = _drawn(baseline, threat, played, codes, progress)
                row, parts = _with_ends(row, parts, drawn)
                drivers += [label | one for one in drawn.drivers]
                about = about.adding(**drawn.about)
            rows.append(label | row)
            burden += [label | part for part in parts]
    return Coalition(pd.DataFrame(rows), pd.DataFrame(burden), drivers_frame(drivers), about)


def _about(
    baseline: Baseline, question: Question, setting: Scenario, codes: Sequence[str]
) -> About:
    return About.on(
        baseline,
        setting,
        question.horizon,
        draws=0,
        unit="100 times log real income; usd: million US$ of the baseline year",
        members=list(codes),
        target=question.target,
        after=name_of(setting),
    )


def _drawn(
    baseline: Baseline, threat: Threat, setting: Scenario, codes: Sequence[str],
    progress: Callable[[str], None],
) -> Ends:  # fmt: skip
    """The joint loss, then every member's own cost in it, logs and US$, in draws."""
    sides = [Sides.of(baseline, (code,), threat.target) for code in codes]

    def headlines(welfare: Float[np.ndarray, "d p n"]) -> Float[np.ndarray, "d h"]:
        without, under = welfare[:, 0], welfare[:, 1]
        lost = [loss(without, under, one.senders, one) for one in sides]
        target = loss(without, under, sides[0].target, sides[0])
        logs = [100 * one.log for one in (target, *lost)]
        return np.stack([*logs, *(one.usd for one in lost)], axis=-1)

    worlds = [setting, carried_out(threat, setting)]
    return ends_of(baseline, worlds, [threat.target, *codes], headlines, progress)


def _with_ends(
    row: dict[str, Any], parts: Sequence[dict[str, Any]], drawn: Ends
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of a threat and those of its members, with both ends of what is drawn."""
    ends = lambda name, at: {
        f"{name}_low": float(drawn.low[at]), f"{name}_high": float(drawn.high[at])
    }  # fmt: skip
    dollars = 1 + len(parts)
    members = [
        part | ends("cost_joint", 1 + at) | ends("cost_joint_usd", dollars + at)
        for at, part in enumerate(parts)
    ]
    return row | ends("joint", 0), members


def _one(
    baseline: Baseline, threat: Threat, setting: Scenario, codes: Sequence[str]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    alone = [threat.model_copy(update={"senders": (code,)}) for code in codes]
    worlds = [setting, *(carried_out(one, setting) for one in (threat, *alone))]
    welfare = solved(baseline, worlds)
    target = baseline.country_index[threat.target]
    joint, *single = 100 * (welfare[0] - welfare[1:])[:, target]
    transfers, shared = side_transfers(baseline, worlds[1], codes, welfare[0])
    parts = []
    for at, code in enumerate(codes):
        sides = Sides.of(baseline, (code,), threat.target)
        in_joint, on_its_own = (loss(welfare[0], welfare[p], sides.senders, sides)
                                for p in (1, 2 + at))  # fmt: skip
        parts.append({
            "member": code,
            "cost_joint": 100 * float(in_joint.log),
            "cost_joint_usd": float(in_joint.usd),
            "cost_alone": 100 * float(on_its_own.log),
            "loss_it_causes_alone": float(single[at]),
            "transfer_usd": float(transfers[at]),
            "shared": 100 * shared,
        })  # fmt: skip
    row = {"joint": float(joint), "sum_of_parts": float(np.sum(single)),
           "beyond_parts": float(joint - np.sum(single)), "shared": 100 * shared}  # fmt: skip
    return row, parts


def side_transfers(
    baseline: Baseline, scenario: Scenario, codes: Names | Sequence[str],
    without: Float[np.ndarray, " n"],
) -> tuple[Float[np.ndarray, " m"], float]:  # fmt: skip
    """Transfers, million US$ in world value added, that change every member's real income alike.

    They sum to zero over the members and are added to the trade deficits that the scenario keeps
    fixed, so prices and wages respond to them. `without` is log welfare before what is shared.
    Raises `ScenarioError` where deficits are not fixed and `SolveError` where none are found.
    """
    _require_fixed_deficits(scenario)
    places = [baseline.country_index[code] for code in codes]
    played = prepare(baseline, scenario)
    income = np.asarray(played.economy.income)[places]

    def changes(part: np.ndarray) -> np.ndarray:
        """Log changes of the members, for transfers in parts of the first members' incomes."""
        paid = part * income[:-1]
        deficit = played.economy.deficit.at[jnp.array(places)].add(_balanced(paid))
        shock = replace(played.shock, deficit=deficit)
        equilibrium = solve(played.economy, shock, played.closure)
        require_solved(equilibrium.status)
        return (np.log(np.asarray(welfare_hat(played.economy, equilibrium))) - without)[places]

    def unequal(part: np.ndarray) -> np.ndarray:
        moved = changes(part)
        return moved[:-1] - moved[-1]

    if len(places) == 1:
        return np.zeros(1), float(changes(np.zeros(0))[0])
    solution = root(unequal, np.zeros(len(places) - 1), method="hybr", options={"xtol": 1e-12})
    shared = changes(solution.x)
    if not np.ptp(shared) <= SHARED:
        raise SolveError("no transfers were found that change every member's real income alike.")
    return np.asarray(_balanced(solution.x * income[:-1])), float(shared[0])


def _require_fixed_deficits(scenario: Scenario) -> None:
    if scenario.adjustment.deficits != "fixed":
        raise ScenarioError("side transfers need deficits that are fixed; leave 'deficits' out.")


def _balanced(paid: np.ndarray) -> jnp.ndarray:
    """Transfers received by every member; the last one pays what the others receive."""
    return jnp.asarray(np.append(paid, -paid.sum()))
