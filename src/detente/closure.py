"""How an economy adjusts: its horizon, market structure, nests and deficits.

Every part is a setting of one model. What is left out (`None`) is the textbook case: labour that
moves and is fully employed, constant returns, perfect competition, one elasticity per sector, fixed
deficits.
"""

import equinox as eqx
from jaxtyping import Array, Float

from ._core import Deficits


class Nests(eqx.Module):
    """Two more levels of substitution: home against foreign, and close substitutes among origins.

    Elasticities are trade elasticities (those of substitution less one). Where all three levels
    have the same, nothing is nested. A group holds foreign suppliers: a country's sales at home
    belong to the home side.
    """

    home_elasticity: Float[Array, " s"]
    """Between what is bought at home and all that is bought abroad."""
    member: Float[Array, "g o s"]
    """One where the origin belongs to the group; every origin belongs to one in each sector."""
    elasticity: Float[Array, "g s"]
    """Within the group; between groups it is the sector's trade elasticity."""

    @property
    def within(self) -> Float[Array, "o s"]:
        """The elasticity among the close substitutes of each origin."""
        return (self.member * self.elasticity[:, None, :]).sum(axis=0)


FREE = -50.0
"""Log of the least wage over what it was where wages fall freely: none falls as far."""


class WageFloor(eqx.Module):
    """Downward rigidity of money wages; Rodriguez-Clare, Ulate and Vasquez (2025).

    A wage in the country's own money does not fall below the floor; who is not hired at it is
    unemployed. Money needs an anchor. Where the currency floats, the central bank keeps the
    country's labour income in its own money where it was; a peg ties its money to the numeraire.
    """

    fall: Float[Array, " n"]
    """Log of the least wage over that of the year before; `FREE` where wages may fall freely."""
    years: Float[Array, ""]
    """For how many years wages could fall."""
    pegged: Float[Array, " n"]
    """One where the currency is pegged to the numeraire, zero where it floats."""

    @property
    def lowest(self) -> Float[Array, " n"]:
        """Log of the least wage over that before the shock."""
        return self.fall * self.years


class ProducedCapital(eqx.Module):
    """What capital costs and is made of, where it is produced; `in_steady_state` applies it."""

    share: Float[Array, " n"]
    """Of value added, what pays for capital, before it is held to the investment there is."""
    depreciation: Float[Array, " n"]
    """Delta: the part of the stock that wears out in a year."""
    discount_rate: Float[Array, ""]
    """Rho: the net return that owners of capital ask for in a year."""
    investment: Float[Array, "n k"]
    """The part of final demand for each product that is investment, 0 to 1."""


class Staggered(eqx.Module):
    """Staggered sourcing: each year a part of buyers chooses suppliers anew.

    The others keep theirs and move quantities alone; Chen, Goes, Muendler and Trottner (2023).
    """

    reset: Float[Array, ""]
    """Zeta: the part of buyers that chooses in a year; 1 is all of them."""
    locked_elasticity: Float[Array, " s"]
    """Trade elasticity of buyers who keep their supplier: that of substitution less one."""
    locked: Float[Array, "o d m"] | None = None
    """What last year left: spending by origin over the destination's baseline spending, at a price
    index of one, at the costs and tastes of the baseline; by use where uses are told apart. Absent,
    its own expenditure shares."""
    years: int = eqx.field(static=True, default=1)
    """For how many years the shock lasts; the last is the answer."""
    moves_labour: bool = eqx.field(static=True, default=True)
    """Whether the immobility of labour falls by the same part every year after the first."""


class Closure(eqx.Module):
    """What adjusts after a shock, and how (the model closure)."""

    labour_immobility: Float[Array, ""] | None = None
    """One over kappa: 0 is labour that moves freely between sectors, 1 labour tied to its own."""
    scale: Float[Array, " s"] | None = None
    """0 is constant returns; 1 is free entry of firms as in Krugman (1980) or Melitz-Pareto."""
    profit_share: Float[Array, " s"] | None = None
    """Profit in the value of output where entry is fixed, as in Ossa (2014): one over sigma."""
    nests: Nests | None = None
    deficits: Deficits = eqx.field(static=True, default="fixed")
    labour_supply: Float[Array, ""] | None = None
    """Elasticity of the labour that is supplied to the real wage; zero is a fixed quantity."""
    pass_through: Float[Array, ""] | None = None
    """What a tariff does to demand over what as large a cost does; 1 where absent."""
    wage_floor: WageFloor | None = None
    staggered: Staggered | None = None
