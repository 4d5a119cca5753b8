"""What a more dangerous month costs trade."""

from .. import report
from ..calibrate import baseline as baselines
from ..data.monthly_index import read_monthly_index
from ..data.store import Store
from ..geo.risk import risk as risk_of
from ..record import monthly, series
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Risk


def risk(ask: Risk, progress: Progress = quiet) -> Answer:
    """How a pair's stored months answer an index that the user brings, and the wedge that is."""
    world = baselines.load_baseline(ask.baseline or "compact-2022")
    measured = read_monthly_index(ask.index, ask.column)
    store = Store.open()
    pair = series.pair_of(ask.country, ask.partner, series.reporters(store))
    months = monthly(series.of_pair(store, pair), pair, ask.basis)
    risk = risk_of(world, pair, months, measured)
    return Answer(
        report.risk_table(risk, world.country_names),
        risk.about,
        {"responses": risk.projection.responses, "wedges": risk.wedges},
        rows=report.risk_frame(risk),
        chart=lambda: report.risk_chart(risk, world.country_names),
    )
