from ._files import (
    refuse_directory as refuse_directory,
    refuse_existing as refuse_existing,
    refuse_form as refuse_form,
    write_text as write_text,
)
from ._understood import understood as understood, understood_run as understood_run
from .answers import (
    answer as answer,
    ask as ask,
    page as page,
    write_brief as write_brief,
)
from .bargaining import bargain as bargain, conflict as conflict, patience as patience
from .check import (
    check as check,
    check_document as check_document,
    check_ledger as check_ledger,
    CheckedLedger as CheckedLedger,
)
from .dependence import dependence as dependence
from .desks import understood_desk as understood_desk, write_desk as write_desk
from .doctor import doctor as doctor, report_of as report_of
from .episodes import (
    episode as episode,
    list_episodes as list_episodes,
    play_episode as play_episode,
)
from .exports import (
    export as export,
    export_run as export_run,
    material_of as material_of,
    note_run as note_run,
    write_picture as write_picture,
)
from .exposure import diversify as diversify, exposure as exposure
from .gravity import (
    elasticities as elasticities,
    estimate_elasticities as estimate_elasticities,
    estimate_gravity as estimate_gravity,
    gravity as gravity,
)
from .leverage import leverage as leverage
from .questions import (
    decompose as decompose,
    path as path,
    sensitivity as sensitivity,
    tariffs as tariffs,
)
from .record import balance as balance, timeline as timeline, track as track
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
from .shown import (
    as_document as as_document,
    brief_of as brief_of,
    new_scenario as new_scenario,
    show as show,
)
from .sources import (
    add_source as add_source,
    describe_entries as describe_entries,
    list_sources as list_sources,
    list_stored as list_stored,
    remove_source as remove_source,
    show_source as show_source,
)
from .stance import stance as stance
from .validation import validate as validate
from .worlds import build_baseline as build_baseline, list_baselines as list_baselines
