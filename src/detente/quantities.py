"""The quantities that the policies of scenarios state, as arrays, and the wedges that are found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from ._core import Keeper, KEEPERS, ScenarioError, SolveError
from .closure import Closure
from .equilibrium import meet, Quantities
from .policy import MEASURES, ONCE, Rationing, WantedQuantity, Wedges
from .scenario import Scenario
from .world import Baseline, Shock


REFUSALS = {
    "contrary": "{whose} states a quantity that is not there even without its limit: no limit "
    "leaves as much.",
    "idle": "policy '{name}' states the quantity of a flow that another policy stops; leave one of "
    "the two out.",
    "missed": "no wedge was found that brings about the quantity of {whose}; {how}.",
    "unsolved": "no equilibrium was found where the search began",
    "nearest": "the nearest misses it by {missed} in logs",
    "one": "policy {names}",
    "many": "policies {names}",
}
"""What is said where no wedge does what a policy states; a desk says the same."""


@dataclass(frozen=True)
class Found:
    """The wedges under which the stated quantities are what is wanted."""

    shock: Shock
    quantities: Quantities
    names: tuple[str, ...]
    """Of the policies, one for each wedge."""
    wedges: Float[np.ndarray, "w o d s"]
    """In logs."""
    elasticity: Float[np.ndarray, " s"]
    """At which they were found."""

    def in_words(self) -> list[str]:
        """How large each wedge is, a sentence each."""
        keepers = np.asarray(self.quantities.keeper).argmax(axis=1)
        patterns = np.asarray(self.quantities.pattern)
        return [
            _wedge_in_words(name, KEEPERS[keeper], wedge, wedge * self.elasticity, pattern != 0)
            for name, keeper, wedge, pattern in zip(
                self.names, keepers, self.wedges, patterns, strict=True
            )
        ]


def find(scenario: Scenario, baseline: Baseline, shock: Shock, closure: Closure) -> Found | None:
    """The scenario's wedges on top of a shock; None where it states no quantity.

    Raises `ScenarioError` where nothing is traded in flows that are named, or where two policies
    cannot both have their way with them, and `SolveError` where no wedges are found.
    """
    named = _merged(scenario, baseline)
    quantities = _arrays([target for _, target in named])
    if quantities is None:
        return None
    met = meet(baseline.economy, shock, closure, quantities)
    whose = _policies_in_words([name for name, _ in named])
    if bool(met.is_contrary):
        raise SolveError(REFUSALS["contrary"].format(whose=whose))
    idle = np.asarray(met.is_idle)
    if idle.any():
        first = next(name for (name, _), is_idle in zip(named, idle, strict=True) if is_idle)
        raise ScenarioError(REFUSALS["idle"].format(name=first))
    if not bool(met.is_found):
        how, missed = REFUSALS["unsolved"], float(met.missed)
        if np.isfinite(missed):
            how = REFUSALS["nearest"].format(missed=f"{missed:.1e}")
        raise SolveError(REFUSALS["missed"].format(whose=whose, how=how))
    wedges = quantities.wedges(met.sought, baseline.economy.trade_elasticity)
    names = tuple(name for name, _ in named)
    theta = np.asarray(baseline.economy.trade_elasticity)
    shock = _as_few_kinds(met.shock, shock)
    return Found(shock, quantities, names, np.asarray(wedges), theta)


def stacked_quantities(scenarios: Sequence[Scenario], baseline: Baseline) -> Quantities | None:
    """Those of several scenarios, with a leading axis `p`; None where no policy states any."""
    every = [[target for _, target in _merged(one, baseline)] for one in scenarios]
    most = max(map(len, every), default=0)
    if not most:
        return None
    parts = [_arrays(targets, most, baseline.economy.trade.shape) for targets in every]
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *parts)


def moved_cells(scenario: Scenario, baseline: Baseline) -> Bool[np.ndarray, "o d s"]:
    """The flows that have a wedge which is to be found."""
    moved = np.zeros(baseline.economy.trade.shape, bool)
    for _, target in _merged(scenario, baseline):
        moved |= target.pattern != 0
    return moved


def stated(scenario: Scenario, baseline: Baseline) -> dict[str, list[WantedQuantity]]:
    """What each policy that states any quantity wants, also where that is what there is.

    Raises `ScenarioError` as `find`.
    """
    _merged(scenario, baseline)
    wanted = {
        name: policy.targets(baseline, scenario.year) for name, policy in scenario.in_force.items()
    }
    return {name: targets for name, targets in wanted.items() if targets}


def _merged(scenario: Scenario, baseline: Baseline) -> list[tuple[str, WantedQuantity]]:
    """What is wanted, by policy; several policies on the same flows through one wedge are one."""
    merged: list[tuple[str, WantedQuantity]] = []
    for name, policy in scenario.in_force.items():
        try:
            for target in policy.targets(baseline, scenario.year):
                if target.moves:
                    _require_trade(target, baseline)
                    _refuse_rationed(target, scenario, baseline)
                    _add(merged, name, target)
        except ScenarioError as error:
            raise ScenarioError(f"policy '{name}': {error}") from error
    return _with_visitors(merged, np.asarray(baseline.economy.trade))


def _with_visitors(
    merged: list[tuple[str, WantedQuantity]], trade: Float[np.ndarray, "o d s"]
) -> list[tuple[str, WantedQuantity]]:
    """Where visitors buy of flows that are stated too, either change comes on top of the other."""
    left = [_left(target) for _, target in merged]

    def more(at: int, cells: Bool[np.ndarray, "o d s"]) -> float:
        others = np.prod([*left[:at], *left[at + 1 :]], axis=0)
        own = np.where(cells, trade * left[at], 0.0)
        return float(np.log((own * others).sum() / own.sum()))

    if not any(target.of_visitors for _, target in merged):
        return merged
    return [
        (name, replace(target, log_quantity=target.log_quantity + more(at, target.cells)))
        for at, (name, target) in enumerate(merged)
    ]


def _left(target: WantedQuantity) -> Float[np.ndarray, "o d s"]:
    """What is left of each flow by what is wanted of all of them together."""
    if target.of_visitors:
        return np.exp(-target.pattern)
    return np.where(target.cells, np.exp(target.log_quantity), 1.0)


def _add(merged: list[tuple[str, WantedQuantity]], name: str, target: WantedQuantity) -> None:
    """Put a target among the others, or into the one on the same flows."""
    for at, (other_name, other) in enumerate(merged):
        if np.array_equal(other.cells, target.cells):
            if not _is_of_one_kind(other, target):
                raise ScenarioError(
                    f"policy '{other_name}' states the quantity of the same flows, to be brought "
                    "about in another way; state it once."
                )
            whole = replace(
                other,
                log_quantity=other.log_quantity + target.log_quantity,
                added=other.added + target.added,
            )
            merged[at] = other_name, whole
            return
        if (other.cells & target.cells).any() and not _has_visitors_apart(other, target):
            raise ScenarioError(
                f"policy '{other_name}' states the quantity of some of the same flows; state each "
                "flow once, or give one of the two its size."
            )
    merged.append((name, target))


def _has_visitors_apart(one: WantedQuantity, other: WantedQuantity) -> bool:
    """Whether one of the two is what visitors buy, so that both hold on the flows they share."""
    are_rents = {one.keeper, other.keeper} <= {"importer", "exporter"}
    are_flows = all(each.measure == "flow" and not each.added for each in (one, other))
    return one.of_visitors != other.of_visitors and are_flows and not are_rents


def _is_of_one_kind(one: WantedQuantity, other: WantedQuantity) -> bool:
    kind = lambda target: (target.keeper, target.alike_in_quantity, target.measure, target.is_limit)
    return kind(one) == kind(other) and np.array_equal(one.pattern, other.pattern)


def _require_trade(target: WantedQuantity, baseline: Baseline) -> None:
    if not (np.asarray(baseline.economy.trade)[target.cells] > 0).any():
        raise ScenarioError(
            "nothing is traded there in the baseline, so that there is no quantity to change; use "
            "an opening."
        )


def _refuse_rationed(target: WantedQuantity, scenario: Scenario, baseline: Baseline) -> None:
    """Raise where a limit that leaves a rent would be put on one that is there by its mark-up."""
    if target.keeper not in ("importer", "exporter"):
        return
    for policy in scenario.in_force.values():
        if isinstance(policy, Rationing) and policy.markup is not None:
            there = policy.apply(Wedges.of(baseline), baseline, scenario.year).rationing > 0
            if (there & (target.pattern != 0)).any():
                raise ScenarioError(ONCE)


def _arrays(
    targets: Sequence[WantedQuantity], count: int = 0, shape: tuple[int, ...] = ()
) -> Quantities | None:
    """The targets as arrays, filled up to a number of them with such as want nothing."""
    if not targets and not count:
        return None
    shape = targets[0].cells.shape if targets else shape
    idle = WantedQuantity(np.zeros(shape, bool), np.zeros(shape), "nobody", 0.0)
    every = [*targets, *([idle] * (count - len(targets)))]
    one_of = lambda value, names: [float(value == name) for name in names]
    column = lambda values: jnp.asarray(np.array(list(values), float))
    return Quantities(
        cells=jnp.asarray(np.stack([one.cells for one in every])),
        pattern=column(one.pattern for one in every),
        alike_in_quantity=column(one.alike_in_quantity for one in every),
        keeper=column(one_of(one.keeper, KEEPERS) for one in every),
        measure=column(one_of(one.measure, MEASURES) for one in every),
        log_factor=column(one.log_quantity for one in every),
        added=column(one.added for one in every),
        is_limit=column(one.is_limit for one in every),
    )


def _as_few_kinds(shock: Shock, before: Shock) -> Shock:
    """The shock without a kind of wedge that neither it nor the one before it has."""
    is_rationed = before.rationing is not None or bool((shock.rationing != 0).any())
    tastes = before.taste_hat is not None or bool((shock.taste_hat != 1).any())
    return replace(
        shock,
        rationing=shock.rationing if is_rationed else None,
        rent_to_importer=shock.rent_to_importer if is_rationed else None,
        taste_hat=shock.taste_hat if tastes else None,
    )


def _policies_in_words(names: Sequence[str]) -> str:
    said = " and ".join(f"'{name}'" for name in dict.fromkeys(names))
    return REFUSALS["one" if len(set(names)) == 1 else "many"].format(names=said)


def _wedge_in_words(
    name: str,
    keeper: Keeper,
    log_wedge: Float[np.ndarray, "o d s"],
    log_fall: Float[np.ndarray, "o d s"],
    on: Bool[np.ndarray, "o d s"],
) -> str:
    size = 100 * np.expm1(-log_fall[on] if keeper == "taste" else log_wedge[on])
    low, high = sorted((abs(float(size.min())), abs(float(size.max()))))
    span = f"{low:.3g} %" if high - low < 1e-6 else f"{low:.3g} to {high:.3g} %"
    more = "more" if size.sum() > 0 else "less"
    what = {
        "nobody": f"delivery that costs {span} {more}",
        "taste": f"{span} {more} that is wanted at the same prices",
        "treasury": f"a tariff factor that is {span} {more}",
    }.get(keeper, f"a mark-up of {span}")
    return (
        f"What brings that about in '{name}' is {what}{'' if high - low < 1e-6 else ', by flow'}."
    )
