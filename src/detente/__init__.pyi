from . import (
    analysis as analysis,
    commands as commands,
    ensemble as ensemble,
    episodes as episodes,
    equilibrium as equilibrium,
    geo as geo,
    gravity as gravity,
    record as record,
    report as report,
    scenario as scenario,
    simulation as simulation,
)
from ._core import (
    BaselineError as BaselineError,
    ClaimError as ClaimError,
    DataError as DataError,
    DetenteError as DetenteError,
    EstimationError as EstimationError,
    OutcomeError as OutcomeError,
    ScenarioError as ScenarioError,
    SolveError as SolveError,
    Status as Status,
)
from .about import About as About
from .calibrate.baseline import load_baseline as load_baseline
from .calibrate.worlds import build_world as build_world
from .closure import Closure as Closure
from .commands.answers import ask as ask
from .commands.cards import card as card, chart as chart
from .equilibrium import solve as solve
from .outcome import load_outcome as load_outcome
from .report.answer import answer as answer
from .report.brief import brief as brief
from .scenario import load_scenario as load_scenario, Scenario as Scenario
from .simulation import simulate as simulate
from .world import Baseline as Baseline, Economy as Economy, Shock as Shock

__version__: str
