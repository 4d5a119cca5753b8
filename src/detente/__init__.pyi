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
from .analysis import (
    choose_tariffs as choose_tariffs,
    decompose as decompose,
    follow as follow,
    what_moves as what_moves,
)
from .calibrate.baseline import (
    baseline_from_dataset as baseline_from_dataset,
    load_baseline as load_baseline,
)
from .calibrate.travel import with_travel as with_travel
from .calibrate.worlds import build_world as build_world
from .closure import Closure as Closure
from .commands.check import check_document as check_document, check_ledger as check_ledger
from .commands.validation import validate as validate
from .ensemble import play_draws as play_draws, sample as sample, simulate_draws as simulate_draws
from .equilibrium import solve as solve
from .geo import diversify as diversify, exposure as exposure, third_parties as third_parties
from .geo.bargaining import bargain as bargain, nash_bargain as nash_bargain, Terms as Terms
from .geo.conflict import conflict as conflict
from .geo.leverage import leverage as leverage
from .geo.patience import patience as patience
from .geo.risk import risk as risk
from .geo.stance import load_game as load_game, stance as stance
from .outcome import load_outcome as load_outcome
from .record import balances as balances, dependence as dependence, events as events, track as track
from .report.answer import answer as answer
from .report.brief import brief as brief
from .scenario import (
    compile_shock as compile_shock,
    load_scenario as load_scenario,
    Scenario as Scenario,
)
from .simulation import prepare as prepare, simulate as simulate
from .world import Baseline as Baseline, Economy as Economy, Shock as Shock

__version__: str
