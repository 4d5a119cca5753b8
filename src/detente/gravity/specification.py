"""What a gravity equation is made of, before any data are seen."""

from dataclasses import dataclass
from typing import Literal


Estimator = Literal["ols", "ppml"]
EXPORTER_YEAR, IMPORTER_YEAR = "exporter_year", "importer_year"
PAIR, DIRECTED_PAIR, INTERNAL_PAIR = "pair", "directed_pair", "internal_pair"
"""Both directions of a pair together, each on its own, or each country's sales at home alone."""
BOTH_SIDES = (EXPORTER_YEAR, IMPORTER_YEAR)
"""What stands for output, expenditure and multilateral resistance: Anderson and van Wincoop."""
MISSING = "a value is missing"
WITHOUT_LOG = "a flow of zero has no logarithm"
NEVER_TRADE = "their pair never trades and has an effect of its own"
SEPARATED = "an effect or a regressor fits a flow of zero exactly"
"""Why a row of the panel is left out of an estimate."""


@dataclass(frozen=True, slots=True)
class Specification:
    """One gravity equation: the estimator, what stands on its right, and which rows it sees."""

    name: str
    title: str
    regressors: tuple[str, ...]
    """Columns of the panel; the order of the estimates."""
    effects: tuple[str, ...] = BOTH_SIDES
    """Fixed effects: columns with one intercept for each value; without any, one constant."""
    estimator: Estimator = "ppml"
    """`ols` explains the log of trade and sees positive flows only; `ppml` (Poisson pseudo maximum
    likelihood) explains trade, zeros included."""
    abroad_only: bool = False
    """Leave out what countries sell at home."""
    outcome: str = "trade"
    cluster: str = "pair"
    source: str = ""
    """Paper and equation."""
    total: tuple[str, ...] = ()
    """Terms whose sum is reported with its standard error."""
    change: tuple[str, str] | None = None
    """Two terms, of which the change from the first to the second is reported, in percent."""
