"""What an economy depends on: the chain of a world beside the record of its trade."""

from dataclasses import replace

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
    dependence = measured(
        world,
        ask.country,
        ask.on,
        flows=series.flows_of_country(store, ask.country),
        months=series.months_of_country(store, ask.country),
    )
    dependence = replace(dependence, about=dependence.about.named(world))
    return Answer(
        report.dependence_table(dependence),
        dependence.about.adding(
            disagreements=dependence.disagreements,
            untestable=dependence.untestable,
            raw_materials=None if dependence.raw is None else dependence.raw.about,
        ),
        {
            "shares": dependence.shares, "concentration": dependence.concentration,
            "ranks": dependence.ranks, **report.raw_material_frames(dependence.raw),
        },
    )  # fmt: skip
