"""A scenario file (TOML) as a frozen request, and its compilation into a shock.

JAX loads with the compilation, not with the request: what is wrong with a file is said at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TYPE_CHECKING

import numpy as np
import tomli_w
from jaxtyping import Float
from pydantic import Field, field_validator, ValidationError

from . import capital, gazetteer
from ._card import card, folded, paragraph, terms
from ._core import ScenarioError, with_minus
from ._document import checked, find, in_library, override, read, Request, rows_of
from .adjustment import (
    Adjustment,
    describe,
    Horizon,
    horizon_in_words,
    MOST_YEARS,
    nests_in_use,
)
from .coded import in_codes, require_names
from .given_elasticities import GivenElasticities, read_into
from .policy import against, Opening, Policy, policy_in_words, POLICY_KINDS, Wedges
from .policy.sizes import drop_other_size
from .policy.terms import called, policy_terms
from .selection import country_mask
from .uncertainty import Uncertainty


if TYPE_CHECKING:
    from .world import Baseline, Shock


# The name of the elasticities that a baseline was calibrated with.
OF_THE_BASELINE = "baseline"
LIBRARY = "scenarios"
OWN_ESTIMATES = "own-2011-2022"
"""The set that the package ships itself, for every world of known industries."""


class Heading(Request):
    """The head of a file that is played on a world: what it is, and what an answer depends on."""

    name: str
    """The name in the library, or the name of the file."""
    title: str
    """What happens, in a line."""
    question: str = ""
    """What it is asked."""
    reading: str = ""
    """How the policies in it represent what is discussed in public."""
    limits: tuple[str, ...] = ()
    """What it cannot represent."""
    baseline: str = "compact-2022"
    """The world it is played on: a name or a file. `-travel` after a name lays travel over it."""
    horizon: Horizon = "long"
    """long: labour moves between sectors, long-run elasticities; short: neither; a number of years,
    such as 3: as far as both have come by then, with the policies constant."""
    adjustment: Adjustment = Adjustment()
    """What else adjusts: labour, deficits, scale, nests; the textbook's settings without it."""
    elasticities: str | GivenElasticities = OF_THE_BASELINE
    """The trade elasticities: those of the baseline, a publication it carries, such as FGO, or
    yours, in a CSV file beside this one."""

    @field_validator("horizon", mode="wrap")
    @classmethod
    def _run_or_years(cls, given: Any, read: Callable[[Any], Horizon]) -> Horizon:
        try:
            return read(given)
        except ValidationError as error:
            raise ValueError(
                f"should be 'long', 'short' or a number of years from 1 to {MOST_YEARS}"
            ) from error


class Scenario(Heading):
    """Policies on a baseline, with the settings that an answer depends on."""

    name: str = "scenario"
    """The name in the library, or the name of the file."""
    subject: str = ""
    """The heading under which a library lists it."""
    uncertainty: Uncertainty = Uncertainty()
    """How far the assumptions may be wrong, and the draws that say what that does."""
    year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    """The year that phase-ins are read at; without one everything is phased in."""
    focus: tuple[str, ...] = ()
    """Countries that the answer leads with."""
    policies: dict[str, Policy]
    """The instruments, by the name that --set knows them by; applied in this order."""

    @property
    def in_force(self) -> dict[str, Policy]:
        return {name: policy for name, policy in self.policies.items() if policy.enabled}

    def _repr_html_(self) -> str:
        """A card, where a notebook shows it."""
        world = gazetteer.world(self.baseline)
        rows = [(name, policy_terms(policy, world)) for name, policy in self.policies.items()]
        rows += [
            ("Leads with", ", ".join(called(code, world) for code in self.focus)),
            ("Trade elasticities", str(self.elasticities)),
            ("Read at", str(self.year or "")),
        ]
        setting = f"{self.name} · {self.baseline} · {horizon_in_words(self.horizon)}"
        said = (paragraph(self.question), paragraph(self.reading), terms(rows))
        return card(self.title, setting, *said, folded("What it leaves out", self.limits))


def load_scenario(reference: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """The scenario of that name in the library, or in that file, with `PATH=VALUE` overrides.

    Names of countries and sectors become the codes of the world that it names. What that world does
    not have stays as it is written, for the world that it is played on to refuse.
    """
    path, name = find(reference, LIBRARY, "scenario")
    document = read(path)
    document.setdefault("name", name)
    _place_baseline(document, path.parent)
    changed(document, overrides, Scenario, "policies", path.parent)
    for policy in _tables(document.get("policies")):
        _read_schedule(policy, path.parent)
    return _of_its_world(parse_scenario(document, str(reference)))


def _of_its_world(scenario: Scenario) -> Scenario:
    name = gazetteer.world_name(scenario.baseline)
    return in_codes(scenario.model_copy(update={"baseline": name}), gazetteer.world(name))


def with_policies(scenario: Scenario, added: Mapping[str, Policy]) -> Scenario:
    """The scenario with more policies, applied after its own; the only way to lay them over it.

    Raises `ScenarioError` where a name is taken: one of the two policies would vanish.
    """
    taken = [name for name in added if name in scenario.policies]
    if taken:
        raise ScenarioError(
            f"the scenario '{scenario.name}' has a policy '{taken[0]}' already, and the question "
            "adds one of that name; rename it in the scenario."
        )
    return scenario.model_copy(update={"policies": {**scenario.policies, **added}})


def combined(first: Scenario, *others: Scenario) -> Scenario:
    """The policies of all, one scenario after the other, in the setting of the first.

    Nests of substitution are those of all; of two with one name the first's is kept. Of two
    policies with one name the later is named after its scenario as well; raises `ScenarioError`
    where that name is taken too.
    """
    whole, nests = first, dict(first.adjustment.nests)
    for one in others:
        own = {
            name if name not in whole.policies else f"{name} of {one.name}": policy
            for name, policy in one.policies.items()
        }
        whole = with_policies(whole, own)
        nests = {**one.adjustment.nests, **nests}
    adjustment = first.adjustment.model_copy(update={"nests": nests})
    return first.model_copy(
        update={
            "name": " + ".join(one.name for one in (first, *others)),
            "title": "; then ".join(one.title for one in (first, *others)),
            "adjustment": adjustment,
            "policies": whole.policies,
        }
    )


def without_policies(overrides: Sequence[str] = ()) -> Scenario:
    """A scenario in which nothing happens, with `PATH=VALUE` overrides."""
    document: dict[str, Any] = {"title": "The baseline as it is", "policies": {}}
    changed(document, overrides, Scenario, "policies", Path())
    return _of_its_world(parse_scenario(document, "the baseline as it is"))


def changed(
    document: dict[str, Any],
    overrides: Sequence[str],
    model: type[Heading],
    inside: str,
    directory: Path,
) -> None:
    """Change a document by `PATH=VALUE`, as `override` does, and read its file of elasticities.

    One that a change names is looked for here before it is looked for beside the document.
    """
    written = document.get("elasticities")
    for change in overrides:
        override(document, change, model, inside)
        *_, name, key = ("", *change.partition("=")[0].strip().split("."))
        given = document.get(inside)
        held = given.get(name) if isinstance(given, dict) else None
        if isinstance(held, dict):
            drop_other_size(held, {key: None})
    named_here = document.get("elasticities") != written
    read_into(document, [Path(), directory] if named_here else [directory])


def parse_scenario(document: Mapping[str, Any], where: str) -> Scenario:
    """A checked scenario, its names as they are written, or one sentence on what is wrong."""
    return checked(Scenario, document, where, POLICY_KINDS)


def require_known(scenario: Scenario) -> None:
    """Raise for a world, a country or a sector that there is not, before any of it is computed."""
    gazetteer.find_baseline(gazetteer.plain_name(scenario.baseline) or scenario.baseline)
    world = gazetteer.world(scenario.baseline)
    if world is None:
        return
    if isinstance(scenario.elasticities, GivenElasticities):
        scenario.elasticities.in_order(world.sectors)
    require_names(scenario.model_copy(update={"policies": {}}), world)
    for name, policy in scenario.in_force.items():
        try:
            require_names(policy, world)
        except ScenarioError as error:
            raise ScenarioError(f"policy '{name}': {error}") from error


def available() -> dict[str, Path]:
    """The scenarios of the library, by name."""
    return in_library(LIBRARY)


def to_toml(scenario: Scenario) -> str:
    """The scenario as run, overrides included, as a file that runs again."""
    dump = partial(scenario.model_dump, mode="json", exclude_none=True)
    return tomli_w.dumps(_without_blanks(dump(), dump(exclude_defaults=True)))


def _without_blanks(table: dict[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The table without what is empty, unless it is `chosen`: not what a missing key means."""
    return {
        key: _without_blanks(value, chosen.get(key, {})) if isinstance(value, dict) else value
        for key, value in table.items()
        if key in chosen or value not in ("", [])
    }


def compile_shock(scenario: Scenario, baseline: "Baseline") -> "Shock":
    """The shock of the scenario's policies."""
    import jax.numpy as jnp

    from .world import Shock

    country_mask(baseline, scenario.focus)
    wedges = wedges_of(scenario, baseline)
    rationed, made = wedges.rationing.any(), wedges.log_productivity
    return Shock(
        tariff=jnp.asarray(wedges.tariff),
        trade_cost_hat=jnp.asarray(np.exp(wedges.log_cost)),
        # A kind of wedge that no policy has is left out, and its arithmetic with it.
        export_tax=jnp.asarray(wedges.export_tax) if wedges.export_tax.any() else None,
        rationing=jnp.asarray(wedges.rationing) if rationed else None,
        rent_to_importer=jnp.asarray(wedges.rent_to_importer) if rationed else None,
        allowed=jnp.asarray(wedges.allowed),
        taste_hat=None if wedges.log_taste is None else jnp.exp(jnp.asarray(wedges.log_taste)),
        opened=None if wedges.opened is None else jnp.asarray(wedges.opened),
        productivity_hat=None if made is None else jnp.exp(jnp.asarray(made)),
    )


def wedges_of(scenario: Scenario, baseline: "Baseline") -> Wedges:
    """What the scenario's policies, one after the other, do to the baseline's wedges."""
    wedges = Wedges.of(baseline)
    for name, policy in scenario.in_force.items():
        try:
            wedges = policy.apply(wedges, baseline, scenario.year)
        except ScenarioError as error:
            raise ScenarioError(f"policy '{name}': {error}") from error
    return wedges


def with_potential(scenario: Scenario, baseline: "Baseline") -> "Baseline":
    """The baseline with the potential trade that the scenario's openings assume."""
    wanted = wanted_shares(scenario, baseline)
    if not wanted.any():
        return baseline
    from .policy.potential_shares import with_potential_shares

    nests = nests_in_use(scenario.adjustment, baseline)
    return replace(baseline, economy=with_potential_shares(baseline.economy, wanted, nests))


def wanted_shares(scenario: Scenario, baseline: "Baseline") -> Float[np.ndarray, "o d s"]:
    """The shares of spending that the scenario's openings assume; zero where they assume none."""
    wanted = np.zeros(baseline.economy.trade.shape)
    for name, policy in scenario.in_force.items():
        if isinstance(policy, Opening):
            try:
                wanted = np.maximum(wanted, policy.wanted(baseline))
            except ScenarioError as error:
                raise ScenarioError(f"policy '{name}': {error}") from error
    return wanted


def assumptions(scenario: Scenario, baseline: "Baseline") -> list[str]:
    """What the scenario assumes, a sentence each, with the numbers that were looked up."""
    said = describe(scenario.adjustment, scenario.horizon, baseline)
    said += capital.in_words(scenario.adjustment, scenario.horizon, baseline)
    if isinstance(scenario.elasticities, GivenElasticities):
        said.append(f"Trade elasticities are {scenario.elasticities}.")
    contrary = against_their_direction(scenario, baseline) | without_effect(scenario, baseline)
    for name, policy in scenario.in_force.items():
        said += map(with_minus, policy_in_words(policy, baseline, scenario.year))
        if name in contrary:
            said.append(contrary[name])
        if policy.source:
            said.append(f"Source of the size: {policy.source}")
        if policy.note:
            said.append(f"Note: {policy.note}")
    if not scenario.in_force:
        said.append("No policy is in force: this is the baseline itself.")
    return said


def against_their_direction(scenario: Scenario, baseline: "Baseline") -> dict[str, str]:
    """By policy, a sentence on tariffs that it moves against what it was meant to do."""
    said = {
        name: with_minus(against(policy, before.tariff, after.tariff, baseline))
        for name, policy, before, after in _one_by_one(scenario, baseline)
    }
    return {name: sentence for name, sentence in said.items() if sentence}


def without_effect(scenario: Scenario, baseline: "Baseline") -> dict[str, str]:
    """By policy, a sentence where it is in effect and moves no wedge of any flow."""
    still = (
        name
        for name, policy, before, after in _one_by_one(scenario, baseline)
        if policy.in_effect(scenario.year)
        and _same_wedges(before, after)
        and not any(target.moves for target in policy.targets(baseline, scenario.year))
    )
    return dict.fromkeys(still, "It changes nothing here: no flow that it names is moved by it.")


def _one_by_one(
    scenario: Scenario, baseline: "Baseline"
) -> Iterator[tuple[str, Policy, Wedges, Wedges]]:
    """Each policy in force, with the wedges before it and after it."""
    wedges, opened = Wedges.of(baseline), with_potential(scenario, baseline)
    for name, policy in scenario.in_force.items():
        before, wedges = wedges, policy.apply(wedges, opened, scenario.year)
        yield name, policy, before, wedges


def _same_wedges(before: Wedges, after: Wedges) -> bool:
    """Whether every kind of wedge is as it was; one of which there is none yet is no change."""
    names = (one.name for one in fields(Wedges))
    pairs = [(getattr(before, name), getattr(after, name)) for name in names]
    return all(
        new is old or (not np.any(new) if old is None else np.array_equal(old, new))
        for old, new in pairs
    )


def focus(scenario: Scenario, baseline: "Baseline") -> tuple[str, ...]:
    """The countries the answer leads with, those of a group one by one."""
    chosen = country_mask(baseline, scenario.focus)
    named = [code for code in scenario.focus if code in baseline.country_index]
    members = [code for code, is_in in zip(baseline.countries, chosen, strict=True) if is_in]
    return tuple(dict.fromkeys([*named, *members]))


def _place_baseline(document: dict[str, Any], directory: Path) -> None:
    """A baseline file named in a scenario is looked for beside it first."""
    beside = directory / str(document.get("baseline", ""))
    if "baseline" in document and beside.is_file():
        document["baseline"] = str(beside)


def _tables(policies: Any) -> Iterator[dict[str, Any]]:
    if isinstance(policies, dict):
        yield from (policy for policy in policies.values() if isinstance(policy, dict))


def _read_schedule(policy: dict[str, Any], directory: Path) -> None:
    """Put the lines of a tariff schedule in place of the file that holds them."""
    if policy.get("kind") != "tariff" or "file" not in policy:
        return
    path = directory / str(policy.pop("file"))
    rows = rows_of(path, "tariff schedule")
    wanted = {"importer", "exporter", "sector"}
    if not rows or set(rows[0]) not in (wanted | {"rate"}, wanted | {"change"}):
        raise ScenarioError(
            f"{path} must have the columns exporter, importer, rate, sector and a row; "
            "'change' may stand in place of 'rate'."
        )
    policy["lines"] = rows
