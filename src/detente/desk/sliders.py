"""What the desk's page needs of a scenario: its wedges, and how each slider moves them.

The page never compiles a policy. It adds directions to the wedges that were compiled here, and what
it would make of any position is held to `compile_shock` before a slider is offered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import cast

import numpy as np
from pydantic import ValidationError

from .._core import ScenarioError
from .._ratios import QUANTITIES, SureRatio
from ..policy import Policy, POLICY_KINDS
from ..quantities import stated
from ..scenario import Scenario, wedges_of
from ..world import Baseline
from .laws import Law, LAWS, LINEAR, QUANTITY


SAME = 1e-12
"""The largest difference of a wedge from the compiled one at which a slider is offered."""
ENABLED = "enabled"
WANTED, ADDED = "log_quantity", "added"
"""With the name of a policy: what each of the quantities that it states is to become."""
_TRIALS = 3
_ENDS = (3.0, 2.0, 1.5)

Coordinates = Mapping[str, np.ndarray]
"""Wedges in the terms in which sliders move them, by name."""


@dataclass(frozen=True)
class Slider:
    """A number of a policy that the page may move."""

    policy: str
    field: str
    value: float
    low: float
    high: float
    law: Law
    part: float
    """Of the policy, in effect in the scenario's year."""

    @property
    def key(self) -> str:
        return f"{self.policy}.{self.field}"

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off and nothing between."""
        return self.field == ENABLED

    def size(self, number: float) -> float:
        """What the wedges move in proportion to."""
        return self.law.size(number, self.part)


@dataclass(frozen=True)
class SliderDirection:
    """How one policy moves the wedges: in proportion to the product of its sliders' sizes."""

    sliders: tuple[Slider, ...]
    moved: Coordinates
    """Per unit of the product."""

    @property
    def product(self) -> float:
        return prod(slider.size(slider.value) for slider in self.sliders)

    def change(self, numbers: Mapping[str, float]) -> float:
        """How much more than in the scenario the product is at these positions."""
        sizes = (slider.size(numbers.get(slider.key, slider.value)) for slider in self.sliders)
        return prod(sizes) - self.product


@dataclass(frozen=True)
class Compiled:
    """A scenario's wedges, and the directions in which its sliders move them."""

    wedges: Coordinates
    directions: tuple[SliderDirection, ...]
    fixed: tuple[str, ...]
    """Policies without a slider."""

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """Each once: a switch may move a policy in several ways."""
        return tuple(dict.fromkeys(slider for one in self.directions for slider in one.sliders))

    def at(self, numbers: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The wedges at positions of sliders, by key; the others stay."""
        made = {name: value.copy() for name, value in self.wedges.items()}
        for direction in self.directions:
            change = direction.change(numbers)
            for name, moved in direction.moved.items():
                made[name] = made.get(name, np.zeros(moved.shape)) + change * moved
        return made


def compiled(scenario: Scenario, baseline: Baseline) -> Compiled:
    """The scenario for the page; its openings' potential trade is in the baseline already.

    Raises `ScenarioError` as `compile_shock` does.
    """
    wedges = coordinates(scenario, baseline)
    made = Compiled(wedges, (), ())
    for name, policy in scenario.in_force.items():
        numbers = tuple(_sliders(name, policy, scenario.year))
        switch = Slider(name, ENABLED, 1.0, 0.0, 1.0, LINEAR, 1.0)
        for sliders in filter(None, ((*numbers, switch), numbers, (switch,))):
            directions = _directions(sliders, policy, scenario, baseline, wedges)
            more = Compiled(wedges, (*made.directions, *directions), made.fixed)
            if directions and _holds(more, scenario, baseline):
                made = more
                break
        else:
            made = Compiled(wedges, made.directions, (*made.fixed, name))
    return made


def coordinates(scenario: Scenario, baseline: Baseline) -> dict[str, np.ndarray]:
    """The wedges of a scenario's policies, by name, and the quantities that they state."""
    there = vars(wedges_of(scenario, baseline)).items()
    named = {name: np.asarray(value) for name, value in there if value is not None}
    named["export_tax"] = np.log1p(named["export_tax"])
    for name, targets in stated(scenario, baseline).items():
        named[f"{WANTED} {name}"] = np.array([one.log_quantity for one in targets])
        named[f"{ADDED} {name}"] = np.array([one.added for one in targets])
    return named


def moved(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """The scenario with the sliders at these positions; raises `ValidationError`."""
    policies = dict(scenario.policies)
    for key, number in numbers.items():
        name, field = key.rsplit(".", 1)
        policies[name] = _with(policies[name], field, number)
    return scenario.model_copy(update={"policies": policies})


def _with(policy: Policy, field: str, number: float) -> Policy:
    kind = POLICY_KINDS[policy.model_dump()["kind"]]
    value = bool(number) if field == ENABLED else SureRatio(number)
    given = policy.model_dump(exclude_unset=True) | {field: value}
    # What the scenario has was asked about when it was read.
    given = {name: SureRatio(one) if isinstance(one, float) else one for name, one in given.items()}
    return cast(Policy, kind.model_validate(given))


def _directions(
    sliders: tuple[Slider, ...],
    policy: Policy,
    scenario: Scenario,
    baseline: Baseline,
    wedges: Coordinates,
) -> tuple[SliderDirection, ...]:
    """How they move what a policy does; none where they move nothing."""
    name, switch = sliders[0].policy, sliders[-1]
    wanted = f"{WANTED} {name}"
    if wanted not in wedges or sliders[0].is_switch:
        direction = _direction(sliders, scenario, baseline, wedges)
        return () if direction is None else (direction,)
    # Its numbers state the first of its quantities; the others are there or not.
    first = np.zeros(len(wedges[wanted]))
    first[0] = policy.in_effect(scenario.year)
    moves = wanted if sliders[0].law == QUANTITY else f"{ADDED} {name}"
    others = np.where(first != 0, 0.0, wedges[wanted])
    stating = SliderDirection(sliders, {moves: first})
    if not switch.is_switch or not others.any():
        return (stating,)
    return stating, SliderDirection((switch,), {wanted: others})


def _direction(
    sliders: tuple[Slider, ...], scenario: Scenario, baseline: Baseline, wedges: Coordinates
) -> SliderDirection | None:
    """How they move the wedges, from two positions of the first; None where they move nothing."""
    first, *others = sliders
    rest = prod(slider.size(slider.value) for slider in others)
    if rest * first.size(first.value) == 0 and others:
        return None
    other = first.low if first.value != first.low else first.high
    after = coordinates(moved(scenario, {first.key: other}), baseline)
    by = (first.size(other) - first.size(first.value)) * rest
    moved_by = {one: _difference(after.get(one), wedges.get(one)) / by for one in {*wedges, *after}}
    there = {one: value for one, value in moved_by.items() if value.any()}
    return SliderDirection(sliders, there) if there else None


def _difference(after: np.ndarray | None, before: np.ndarray | None) -> np.ndarray:
    """Of two wedges; one that is not there is zero."""
    if after is None or before is None:
        return after if after is not None else -np.asarray(before)
    return after - before


def _sliders(name: str, policy: Policy, year: int | None) -> Iterator[Slider]:
    part = policy.in_effect(year)
    states = getattr(policy, "quantity", None) is not None
    laws = {"quantity": QUANTITY} if states else LAWS[policy.model_dump()["kind"]]
    for field, law in laws.items():
        value = getattr(policy, field)
        if not isinstance(value, float | int) or isinstance(value, bool) or part == 0:
            continue
        low, high = _ends(policy, field, float(value))
        if low < high:
            yield Slider(name, field, float(value), low, high, law, part)


def _ends(policy: Policy, field: str, value: float) -> tuple[float, float]:
    """The positions that the page offers: from nothing to more than the scenario has."""
    if field == "quantity":
        return _ends_of_quantity(policy, value)
    if (thought := getattr(policy, f"{field}_range", None)) is not None:
        return thought
    if _allows(policy, field, 1.0) and not _allows(policy, field, 1.001):
        return 0.0, 1.0
    if value == 0:
        return 0.0, 0.5 if _allows(policy, field, 0.5) else 0.0
    far = next((value * by for by in _ENDS if _allows(policy, field, value * by)), value)
    near = 0.0 if _allows(policy, field, 0.0) else value * 0.1
    return min(near, far), max(near, far)


def _ends_of_quantity(policy: Policy, value: float) -> tuple[float, float]:
    """From what there is without the policy to more than the scenario has, in logs."""
    if value == 1:
        return 0.5, 2.0 if _allows(policy, "quantity", 2.0) else 1.0
    # A larger one would be asked about on the command line.
    plain = lambda far: far <= QUANTITIES.high and _allows(policy, "quantity", far)
    far = next((value**by for by in _ENDS if plain(value**by)), value)
    return min(1.0, far), max(1.0, far)


def _allows(policy: Policy, field: str, number: float) -> bool:
    try:
        _with(policy, field, number)
    except ValidationError:
        return False
    return True


def _holds(made: Compiled, scenario: Scenario, baseline: Baseline) -> bool:
    """Whether the page's wedges are the compiled ones, at random positions of all its sliders."""
    random = np.random.default_rng(0)
    for _ in range(_TRIALS):
        numbers = {
            slider.key: float(random.integers(2)) if slider.is_switch
            else float(random.uniform(slider.low, slider.high))
            for slider in made.sliders
        }  # fmt: skip
        try:
            expected = coordinates(moved(scenario, numbers), baseline)
        except ScenarioError:
            return False
        page = made.at(numbers)
        for name in expected.keys() | page.keys():
            difference = np.abs(expected.get(name, 0.0) - page.get(name, 0.0))
            if not (difference <= SAME).all():
                return False
    return True
