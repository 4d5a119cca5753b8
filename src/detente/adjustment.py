"""How long an economy has and what may adjust: a scenario's words and the closure they mean.

JAX loads where arrays are made, so that what is wrong with a file is said before it does.
"""

from dataclasses import replace
from typing import Annotated, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field

from ._core import Deficits, ScenarioError
from ._document import Request
from ._ratios import Multiple, Share
from ._words import ordinal
from .pace import PUBLISHED, SHORT_RUN_RATIO as SHORT_RUN_RATIO
from .selection import (
    countries_in_words,
    country_mask,
    Everyone,
    Names,
    sector_mask,
    sectors_in_words,
)
from .sourcing import pass_through_in_words, passed_through, Sourcing, sourcing_in_words


if TYPE_CHECKING:
    from .closure import Closure, Nests, Staggered, WageFloor
    from .world import Baseline


MOST_YEARS = 30
# Strict, or "true" would be a year.
Years = Annotated[int, Field(ge=1, le=MOST_YEARS, strict=True)]
Run = Literal["long", "short"]
Horizon = Run | Years

# The net return to capital of a year; ours.
DISCOUNT_RATE = 0.04
Ratio = Annotated[Multiple, Field(gt=0, le=100)]


class Nest(Request):
    """Origins whose goods are closer substitutes for one another than for those of others."""

    countries: Names
    """The origins."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    relative_elasticity: Ratio
    """Elasticity within the group, over the sector's trade elasticity: 2 is twice as close."""


class RigidWages(Request):
    """Money wages that fall only so far within a year; who is not hired at them is unemployed."""

    lowest: Annotated[Share, Field(gt=0)] = 0.99
    """The least that a wage may be after a year, over what it was: 1 is a wage that never falls."""
    countries: Names | Everyone = "all"
    """Whose wages are so."""
    pegged: Names | Everyone = ()
    """Whose money is pegged to the numeraire, world value added in US$. The others' floats: the
    central bank keeps the country's labour income where it was in its own money."""


class Adjustment(Request):
    """What adjusts besides trade; every setting but the horizon's is off unless it is set."""

    kappa: Annotated[float, Field(ge=1)] | None = None
    """Mobility of labour between sectors: 1 is tied to the sector; large is free to move."""
    relative_elasticity: Ratio | None = None
    """Trade elasticities over those of the long run; the short horizon takes 0.38 without it."""
    wage_floor: RigidWages | None = None
    """Money wages that fall only so far within a year: unemployment, and real GDP that can fall. In
    the long run wages have fallen as far as they had to."""
    labour_supply: Multiple = 0.0
    """Elasticity of the labour supplied to the real wage; 0 is a fixed quantity of it."""
    pass_through: Annotated[Share, Field(gt=0)] = 1.0
    """What a tariff does to demand over what as large a cost does, which firms choose; 1 is all."""
    deficits: Deficits = "fixed"
    """Trade deficits: fixed in world value added; proportional to own income; saving, where those
    with a surplus lend a fixed part of their earnings and the others borrow fixed parts of that; or
    removed before the policies, so that the answer is about a world without them."""
    capital: Literal["fixed", "produced"] = "fixed"
    """fixed: a quantity that nobody makes; produced: made of investment goods, and in the long run
    as large as its return makes it."""
    discount_rate: Annotated[Share, Field(gt=0, le=0.2)] | None = None
    """The net return that owners of produced capital ask for in a year (rho); without it 4 %, an
    assumption that is drawn."""
    capital_share: Annotated[Share, Field(gt=0, lt=1)] | None = None
    """Of value added, what pays for produced capital, in place of what is observed by country."""
    scale: Share | dict[str, Share] = 0.0
    """Scale economies, for all sectors or by sector: 0 is none; 1 is free entry as in Krugman.
    With input-output links an economy of much scale can have several equilibria; one is given."""
    entry: Literal["free", "fixed"] = "free"
    """fixed: the number of firms is fixed and they earn profits, as in Ossa (2014)."""
    sourcing: Sourcing = "alike"
    """by use: final use and inputs have import shares of their own; else all of a sector's buyers
    have the same."""
    home_relative_elasticity: Ratio = 1.0
    """Elasticity between goods from home and from abroad, over the sector's trade elasticity."""
    nests: dict[str, Nest] = Field(default_factory=dict)
    """Groups of close substitutes among origins, by a name of your own."""


def closure_of(adjustment: Adjustment, horizon: Horizon, baseline: "Baseline") -> "Closure":
    """The closure of those settings on a baseline; deficits to be removed are removed before."""
    import jax.numpy as jnp

    from .closure import Closure

    economy = baseline.economy
    immobility = labour_immobility(adjustment, horizon)
    ratio = elasticity_ratio(adjustment, horizon)
    scale = _scale(adjustment, baseline)
    if adjustment.entry == "fixed" and scale.any():
        raise ScenarioError(
            "'adjustment.entry' is fixed, and then there are no economies of scale from entry; "
            "leave 'adjustment.scale' out or let entry be free."
        )
    fixed = adjustment.entry == "fixed"
    staggered = _staggered(adjustment, horizon, baseline)
    if staggered is not None and adjustment.kappa is None:
        # That of the first year; the engine loosens it from year to year.
        immobility = PUBLISHED.immobility(1)
    return Closure(
        labour_immobility=jnp.array(immobility) if immobility > 0 else None,
        scale=jnp.asarray(scale) if scale.any() else None,
        # Mark-ups are those of the long run: prices are not set anew with every horizon.
        profit_share=1.0 / (1.0 + economy.trade_elasticity / ratio) if fixed else None,
        nests=nests_in_use(adjustment, baseline),
        deficits="fixed" if adjustment.deficits == "removed" else adjustment.deficits,
        labour_supply=jnp.array(adjustment.labour_supply) if adjustment.labour_supply else None,
        pass_through=passed_through(adjustment.pass_through, staggers(adjustment, horizon)),
        wage_floor=_wage_floor(adjustment, horizon, baseline),
        staggered=staggered,
    )


def binds_wages(adjustment: Adjustment, horizon: Horizon) -> bool:
    """Whether a floor holds wages up at the horizon; no floor outlasts the long run."""
    return adjustment.wage_floor is not None and horizon != "long"


def _wage_floor(
    adjustment: Adjustment, horizon: Horizon, baseline: "Baseline"
) -> "WageFloor | None":
    """The floor in the first of the years; names are checked where it binds no one too."""
    asked = adjustment.wage_floor
    if asked is None:
        return None
    rigid, pegged = (_floor_mask(asked, name, baseline) for name in ("countries", "pegged"))
    if not binds_wages(adjustment, horizon):
        return None
    import jax.numpy as jnp

    from .closure import FREE, WageFloor

    # Years that are solved one by one lower it year by year.
    years = 1.0 if isinstance(horizon, str) or staggers(adjustment, horizon) else float(horizon)
    return WageFloor(
        fall=jnp.where(rigid, jnp.log(asked.lowest), FREE),
        years=jnp.array(years),
        pegged=jnp.asarray(pegged, float),
    )


def _floor_mask(asked: RigidWages, name: str, baseline: "Baseline") -> Bool[np.ndarray, " n"]:
    try:
        return country_mask(baseline, getattr(asked, name))
    except ScenarioError as error:
        raise ScenarioError(f"'adjustment.wage_floor.{name}': {error}") from error


def _staggered(
    adjustment: Adjustment, horizon: Horizon, baseline: "Baseline"
) -> "Staggered | None":
    """Buyers on a clock, where the horizon is a number of years and no elasticity is fixed."""
    import jax.numpy as jnp

    from .closure import Staggered

    if not staggers(adjustment, horizon):
        return None
    return Staggered(
        reset=jnp.array(PUBLISHED.reset),
        locked_elasticity=PUBLISHED.locked_ratio * baseline.economy.trade_elasticity,
        years=int(horizon),
        moves_labour=adjustment.kappa is None,
    )


def staggers(adjustment: Adjustment, horizon: Horizon) -> bool:
    """Whether buyers choose suppliers one part a year: not at one elasticity that is given."""
    return not isinstance(horizon, str) and adjustment.relative_elasticity is None


def horizon_in_words(horizon: Horizon) -> str:
    """How long an economy has had, as what stands after "in the": "long run", "third year"."""
    return f"{horizon} run" if isinstance(horizon, str) else f"{ordinal(horizon)} year"


def with_horizon(baseline: "Baseline", adjustment: Adjustment, horizon: Horizon) -> "Baseline":
    """The baseline with the trade elasticities of the horizon."""
    ratio = elasticity_ratio(adjustment, horizon)
    if ratio == 1.0:
        return baseline
    import equinox as eqx

    theta = baseline.economy.trade_elasticity * ratio
    economy = eqx.tree_at(lambda world: world.trade_elasticity, baseline.economy, theta)
    published = {name: ratio * values for name, values in baseline.published_elasticities.items()}
    return replace(baseline, economy=economy, published_elasticities=published)


def elasticity_ratio(adjustment: Adjustment, horizon: Horizon) -> float:
    if adjustment.relative_elasticity is not None:
        return adjustment.relative_elasticity
    return SHORT_RUN_RATIO if horizon == "short" else 1.0


def describe(adjustment: Adjustment, horizon: Horizon, baseline: "Baseline") -> list[str]:
    """A sentence for every setting that is not the textbook's."""
    said = []
    immobility, ratio = (
        labour_immobility(adjustment, horizon),
        elasticity_ratio(adjustment, horizon),
    )
    if staggers(adjustment, horizon):
        said += _pace_in_words(adjustment, horizon)
    elif immobility == 1.0:
        said.append("Labour stays in its sector: wages differ between sectors.")
    elif immobility > 0.0:
        said.append(
            f"Labour moves between sectors with an elasticity of {1 / immobility:g} (kappa)."
        )
    if ratio != 1.0:
        source = "" if adjustment.relative_elasticity else (
            ": the ratio of the elasticity after one year, 0.76, to the one after seven to ten, "
            "about 2, in Boehm, Levchenko and Pandalai-Nayar (2023)"
        )  # fmt: skip
        said.append(f"Trade elasticities are {ratio:g} of their long-run values{source}.")
    said += _floor_in_words(adjustment, horizon, baseline)
    if adjustment.labour_supply:
        said.append(
            f"Labour supplied rises by {adjustment.labour_supply:g} % where the real wage rises by "
            "1 %; real income counts what it buys and not the leisure that it costs."
        )
    said += pass_through_in_words(adjustment.pass_through)
    said += _DEFICITS[adjustment.deficits]
    if _scale(adjustment, baseline).any():
        said.append(f"Scale economies from the entry of firms: {_scale_in_words(adjustment)}.")
    if adjustment.entry == "fixed":
        said.append("The number of firms is fixed, and price exceeds cost by their profit.")
    said += sourcing_in_words(adjustment.sourcing)
    if adjustment.home_relative_elasticity != 1.0:
        said.append(
            "Between goods from home and from abroad the elasticity is "
            f"{adjustment.home_relative_elasticity:g} of the sector's trade elasticity."
        )
    return said + [_nest_in_words(nest, baseline) for nest in adjustment.nests.values()]


def _floor_in_words(adjustment: Adjustment, horizon: Horizon, baseline: "Baseline") -> list[str]:
    asked = adjustment.wage_floor
    if asked is None:
        return []
    if horizon == "long":
        return ["Wages have fallen as far as they had to: in the long run no floor holds them."]
    whose = "" if asked.countries == "all" else (
        f" in {countries_in_words(asked.countries, baseline)}"
    )  # fmt: skip
    fall = 100 * (1 - asked.lowest)
    least = f"fall by more than {fall:.3g} % in a year" if fall else "fall"
    money = {
        (): "Every currency floats, and its central bank keeps labour income in it stable.",
        "all": "Every currency is pegged to world value added in US$.",
    }
    pegs = money.get(asked.pegged) or (
        f"The currency of {countries_in_words(asked.pegged, baseline)} is pegged to world value "
        "added in US$; the others float, and their central banks keep labour income in them stable."
    )
    return [f"Money wages{whose} do not {least}: workers who are not hired at them are idle.", pegs]


def _pace_in_words(adjustment: Adjustment, horizon: Horizon) -> list[str]:
    """What a number of years means, a sentence for buyers and one for workers."""
    buyers = (
        f"This is the {horizon_in_words(horizon)} of the policies: each year "
        f"{100 * PUBLISHED.reset:.0f} % of buyers choose their suppliers anew, and the others keep "
        f"theirs and respond with {PUBLISHED.locked_ratio:.2f} of the long-run elasticity. This "
        "pace is matched to the elasticities of the first year, 0.76, and of years seven to ten, "
        "about 2, in Boehm, Levchenko and Pandalai-Nayar (2023)."
    )
    if adjustment.kappa is not None:
        kappa = f"Labour moves between sectors with an elasticity of {adjustment.kappa:g} (kappa)."
        return [buyers, kappa]
    kappa = 1.0 / labour_immobility(adjustment, horizon)
    return [
        buyers,
        "Labour is tied to its sector when the policies come and loosens at the pace of buyers "
        f"(our form): in this year it moves with an elasticity of {kappa:.3g} (kappa).",
    ]


_DEFICITS: dict[Deficits, list[str]] = {
    "fixed": [],
    "proportional": ["Each country's spending is a fixed multiple of what it earns."],
    "saving": [
        "Countries with a surplus lend a fixed part of what they earn, and those with a deficit "
        "borrow fixed parts of all that is lent."
    ],
    "removed": ["Trade deficits are removed first: the baseline is the world without them."],
}


def labour_in_words(adjustment: Adjustment) -> str:
    """What labour does where the scenario says so itself, as a clause; else the horizon says it."""
    if adjustment.kappa is None:
        return ""
    if adjustment.kappa == 1:
        return "labour stays in its sector (kappa 1), and trade responds as at the horizon"
    return f"labour moves between sectors with an elasticity of {adjustment.kappa:g} (kappa)"


def labour_immobility(adjustment: Adjustment, horizon: Horizon) -> float:
    if adjustment.kappa is not None:
        return 1.0 / adjustment.kappa
    if not isinstance(horizon, str):
        return PUBLISHED.immobility(horizon)
    return 1.0 if horizon == "short" else 0.0


def _scale(adjustment: Adjustment, baseline: "Baseline") -> Float[np.ndarray, " s"]:
    given = adjustment.scale
    if not isinstance(given, dict):
        return np.full(len(baseline.sectors), given)
    scale = np.zeros(len(baseline.sectors))
    for name, value in given.items():
        scale = np.where(sector_mask(baseline, (name,)), value, scale)
    return scale


def _scale_in_words(adjustment: Adjustment) -> str:
    given = adjustment.scale
    if not isinstance(given, dict):
        return f"{given:g} in every sector"
    return ", ".join(f"{value:g} in {name}" for name, value in given.items())


def nests_of(adjustment: Adjustment, baseline: "Baseline") -> "Nests":
    """Groups as arrays: the first group holds every origin that no nest names."""
    import jax.numpy as jnp

    from .closure import Nests

    theta = baseline.economy.trade_elasticity
    member = np.ones((1 + len(adjustment.nests), len(baseline.countries), theta.size))
    member[1:], ratio = 0.0, np.ones((len(member), 1))
    for group, (name, nest) in enumerate(adjustment.nests.items(), start=1):
        cells = _cells(name, nest, baseline)
        if (cells & (member[0] == 0)).any():
            raise ScenarioError(
                f"'adjustment.nests.{name}' holds an origin and sector that another nest holds."
            )
        member[0] -= cells
        member[group] = cells
        ratio[group] = nest.relative_elasticity
    home = theta * adjustment.home_relative_elasticity
    return Nests(home, jnp.asarray(member), jnp.asarray(ratio) * theta[None, :])


def nests_in_use(adjustment: Adjustment, baseline: "Baseline") -> "Nests | None":
    """The nests in which buyers choose; none where all levels have the same elasticity."""
    return nests_of(adjustment, baseline) if _is_nested(adjustment) else None


def _is_nested(adjustment: Adjustment) -> bool:
    return bool(adjustment.nests) or adjustment.home_relative_elasticity != 1.0


def _cells(name: str, nest: Nest, baseline: "Baseline") -> Bool[np.ndarray, "o s"]:
    try:
        origins = country_mask(baseline, nest.countries)
        return origins[:, None] & sector_mask(baseline, nest.sectors)
    except ScenarioError as error:
        raise ScenarioError(f"nest '{name}': {error}") from error


def _nest_in_words(nest: Nest, baseline: "Baseline") -> str:
    return (
        f"In {sectors_in_words(nest.sectors, baseline)} from "
        f"{countries_in_words(nest.countries, baseline)}, buyers choose among these origins with "
        f"{nest.relative_elasticity:g} times the sector's trade elasticity."
    )
