"""What an economy depends on: the chain of a world beside the record of its trade."""

from .. import report
from ..calibrate import baseline as baselines
from ..data.store import Store
from ..record import dependence as measured, series
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Dependence


def dependence(ask: Dependence, progress: Progress = quiet) -> Answer:
    """What an economy depends on, by concept."""
    store, world = Store.open(), baselines.load_baseline(ask.baseline or "compact-2022")
    found = measured(
        world,
        ask.country,
        ask.on,
        flows=series.flows_of_country(store, ask.country),
        months=series.months_of_country(store, ask.country),
    )
    return Answer(
        report.dependence_table(found),
        found.about.adding(
            disagreements=found.disagreements,
            untestable=found.untestable,
            raw_materials=None if found.raw is None else found.raw.about,
        ),
        {
            "shares": found.shares, "concentration": found.concentration, "ranks": found.ranks,
            **report.raw_material_frames(found.raw),
        },
    )  # fmt: skip
