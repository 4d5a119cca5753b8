from ._files import (
    refuse_existing as refuse_existing,
    write_table as write_table,
    write_text as write_text,
)
from .bargaining import (
    bargain as bargain,
    conflict as conflict,
    patience as patience,
    terms_of as terms_of,
)
from .check import (
    check_document as check_document,
    check_ledger as check_ledger,
    CheckedLedger as CheckedLedger,
)
from .dependence import dependence as dependence
from .episodes import list_episodes as list_episodes, play_episode as play_episode
from .exposure import (
    diversify as diversify,
    exposure as exposure,
    exposure_by_year as exposure_by_year,
    third_parties as third_parties,
)
from .gravity import (
    estimate_elasticities as estimate_elasticities,
    estimate_gravity as estimate_gravity,
    list_specifications as list_specifications,
)
from .leverage import (
    Ask as Ask,
    cheapest as cheapest,
    credible as credible,
    frontier as frontier,
    leverage as leverage,
    Leveraged as Leveraged,
)
from .questions import (
    choose_tariffs as choose_tariffs,
    decompose as decompose,
    follow as follow,
    setting as setting,
    what_moves as what_moves,
)
from .record import (
    balance as balance,
    evaluate as evaluate,
    timeline as timeline,
    track as track,
    write_picture as write_picture,
)
from .risk import risk as risk
from .runs import (
    by_subject as by_subject,
    compare as compare,
    largest_difference as largest_difference,
    list_scenarios as list_scenarios,
    Run as Run,
    run as run,
    Verification as Verification,
    verify as verify,
)
from .sources import (
    add_source as add_source,
    describe_entries as describe_entries,
    list_sources as list_sources,
    list_stored as list_stored,
    remove_source as remove_source,
    show_source as show_source,
)
from .stance import argue_stance as argue_stance, write_stance_brief as write_stance_brief
from .validation import validate as validate
from .worlds import build_baseline as build_baseline, list_baselines as list_baselines
