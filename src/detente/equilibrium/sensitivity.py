"""What an answer depends on: its derivative to all that went into it, in one reverse pass."""

from collections.abc import Callable

import equinox as eqx
from jaxtyping import Array, Float

from ..closure import Closure
from ..world import Economy, Shock
from ._solve import Equilibrium, solve, TEXTBOOK


Answer = Callable[[Economy, Equilibrium], Float[Array, ""]]
Derive = Callable[[Economy, Closure], tuple[Economy, Closure]]


def as_given(economy: Economy, closure: Closure) -> tuple[Economy, Closure]:
    """Nothing in the closure or in the world that is solved follows from the baseline."""
    return economy, closure


class Sensitivity(eqx.Module):
    """Derivatives of one number to the baseline, to the shock and to the closure.

    Each has the structure of what it is the derivative to: `economy.trade_elasticity` holds the
    derivative to every trade elasticity, `shock.trade_cost_hat` to every real trade cost after the
    shock, and so on. Where the shock or closure leaves a part out there is none.
    """

    answer: Float[Array, ""]
    economy: Economy
    shock: Shock
    closure: Closure


@eqx.filter_jit
def sensitivity(
    answer: Answer,
    economy: Economy,
    shock: Shock,
    closure: Closure = TEXTBOOK,
    derive: Derive = as_given,
) -> Sensitivity:
    """The derivatives of `answer(economy, equilibrium)` by the implicit function theorem.

    Costs about one more solve, whatever the number of barriers. The parts of the baseline are
    moved one at a time: where one changes, what `derive` makes of it does too, such as mark-ups
    that follow from elasticities or a world without deficits.
    """

    def number(inputs: tuple[Economy, Shock, Closure]) -> Float[Array, ""]:
        given, change, rules = inputs
        world, rules = derive(given, rules)
        return answer(world, solve(world, change, rules))

    value, slopes = eqx.filter_value_and_grad(number)((economy, shock, closure))
    return Sensitivity(value, *slopes)
