"""Pages on cooperation that lasts, and on what a war would destroy."""

from typing import Any, TYPE_CHECKING

import numpy as np

from .._words import first_small, listing
from ._format import money, sentence, signed
from ._frames import HORIZONS, records
from .section import Section, Table, table_of
from .wording import say


if TYPE_CHECKING:
    from ..about import About
    from ..geo.conflict import Conflict
    from ..geo.patience import Patience


def patience_table(patience: "Patience") -> Section:
    """The cells, the critical discount factors, and what the record says of freezes."""
    about = patience.about
    setting = say(
        "patience.setting",
        sides=about.called(*about["sides"]),
        sectors=listing([first_small(about.sector(code)) for code in about["sectors"]]),
        depth=f"{about['depth']:g}",
        world=about.baseline,
        run=HORIZONS[about.horizon],
    )
    first, last = about["observed"]
    lines = [
        say("patience.reading", second=about.called(about["sides"][1])),
        say("patience.critical", discount=f"{about['discount']:g}"),
        say("patience.record", events=about["events"], first=first, last=last),
    ]
    tables = [_cells(patience), _critical(patience), _hazards(patience), _thaw(patience)]
    lead = sentence(_lasts(patience)), sentence(setting)
    return Section([*lead, *tables, _values(patience), *map(sentence, lines)])


def _lasts(patience: "Patience") -> str:
    """How patient both must be where a breach is answered by closing for good."""
    rows = patience.critical
    needed = rows.loc[(rows.punishment == "soft") & np.isinf(rows.years), "discount"]
    if needed.isna().any():
        return say("patience.never")
    least = float(needed.max())
    return say(f"patience.lasts{'' if least > 0 else '_always'}", least=f"{100 * least:.1f} %")


def _cells(patience: "Patience") -> Table:
    wanted = ("cooperate", "deviate", "soft", "punish")
    return table_of(
        ("% of income a year", *wanted),
        (
            (
                patience.about.country(row["side"]),
                *(signed(_tidy(row[name]), 4) for name in wanted),
            )
            for row in records(patience.cells)
        ),
    )


def _critical(patience: "Patience") -> Table:
    about, rows = patience.about, patience.critical
    lengths = rows.years.unique().tolist()
    names = ["for good" if np.isinf(years) else _years(years) for years in lengths]
    table = []
    kept = patience.temptation.loc[patience.temptation.discount == about["discount"]]
    for side in about["sides"]:
        for kind in rows.punishment.unique():
            own = rows.loc[(rows.side == side) & (rows.punishment == kind), "discount"]
            values = ["never" if np.isnan(value) else f"{value:.3f}" for value in own]
            most = kept.loc[(kept.side == side) & (kept.punishment == kind), "resisted"]
            name = f"{about.country(side)}, {kind}"
            table.append((name, *values, signed(float(most.iloc[0]), 3)))
    return table_of(("critical", *names, "resisted %"), table)


def _hazards(patience: "Patience") -> Table:
    return table_of(
        ("change of state", "events", "years seen", "a year", "95 % interval"),
        (
            (
                f"{row['from']} to {row['to']}",
                str(row["events"]),
                f"{row['years']:.1f}",
                f"{row['hazard']:.2f}",
                f"{row['low']:.3f} to {row['high']:.2f}",
            )
            for row in records(patience.hazards)
        ),
    )


def _thaw(patience: "Patience") -> Table:
    return table_of(
        ("after a freeze", "chance that\nit has ended", "range", "chance of\nwarm", "its range"),
        (
            (
                _years(row["years"]),
                _chance(row["ended"]),
                f"{_chance(row['ended_low'])} to {_chance(row['ended_high'])}",
                _chance(row["warm"]),
                f"{_chance(row['warm_low'])} to {_chance(row['warm_high'])}",
            )
            for row in records(patience.thaw)
        ),
    )


def _values(patience: "Patience") -> Table:
    return table_of(
        ("present value, % of a year's income", "central", "range over hazards"),
        (
            (
                f"{patience.about.country(row['side'])}, {row['state']} today",
                signed(row["value"], 3),
                f"{signed(row['low'], 3)} to {signed(row['high'], 3)}",
            )
            for row in records(patience.value)
        ),
    )


def conflict_table(conflict: "Conflict") -> Section:
    """Losses from war by world, the stakes, and the shocks at which peace becomes unlikely."""
    about = conflict.about
    losses = table_of(
        ("world", "side", "loss, log points", "US$ billion a year"),
        (
            (
                world_in_words(row["world"]), about.country(row["side"]), f"{row['loss']:.3f}",
                f"{row['loss_dollars'] / 1000:,.1f}",
            )
            for row in records(conflict.sides)
        ),
        words=2,
    )  # fmt: skip
    levels = conflict.thresholds.settle.unique()
    table = table_of(
        ("world", *(f"{100 * level:g} %" for level in levels)),
        (
            (world_in_words(str(world)), *(f"{shock:.3f}" for shock in own.shock))
            for world, own in conflict.thresholds.groupby("world", sort=False)
        ),
        title=say("conflict.thresholds"),
    )
    said = [*_stakes(about), say("conflict.reading", world=about.baseline)]
    lead = [_lead(conflict), _war(about)]
    return Section([*map(sentence, lead), losses, table, *map(sentence, said)])


def world_in_words(world: str) -> str:
    """A world that war is compared in, as it stands after what it is said of."""
    key = world if world in ("before", "decoupled") else "scenario"
    return say(f"conflict.{key}", scenario=world)


def _lead(conflict: "Conflict") -> str:
    """What a war costs either side as things are."""
    about = conflict.about
    own = conflict.sides.loc[conflict.sides.world == "before"]
    first, second = (
        say(
            "conflict.costs",
            country=about.called(row["side"]),
            loss=f"{row['loss']:.2g}",
            worth=money(row["loss_dollars"]),
        )
        for row in records(own)
    )
    return say("conflict.lead", run=HORIZONS[about.horizon], first=first, second=second)


def _war(about: "About") -> str:
    war: dict[str, Any] = about["war"]
    own = war["bilateral"]
    return say(
        f"conflict.war.{'stops' if own is None else 'costs'}",
        sides=about.called(*about["pair"]),
        own=f"{100 * (own or 0):g}",
        others=f"{100 * war['multilateral']:g}",
    )


def _stakes(about: "About") -> list[str]:
    """What a war would destroy in each world, and what that does to the chance of peace."""
    stakes = about["opportunity_cost"]
    said = []
    for world, stake in stakes.items():
        place = world_in_words(world)
        said.append(say("conflict.stakes", stake=f"{stake:.3f}", world=place))
        if world == "before":
            further = f"{about['further_cost'][world]:.3f}"
            others = f"{100 * about['war']['multilateral']:g}"
            said.append(say("conflict.further", further=further, others=others))
        if world != "before":
            key = "decoupled" if world == "decoupled" else "scenario"
            what = say(f"conflict.what.{key}", scenario=world)
            change = stakes["before"] - stake
            way = "lowers" if change > 0 else "raises"
            said.append(say(f"conflict.{way}", what=what, change=f"{abs(change):.3f}"))
    return said


def _years(count: float) -> str:
    return "1 year" if count == 1 else f"{count:g} years"


def _chance(value: float) -> str:
    """A chance in hundredths; one that is not certain is never printed as if it were."""
    if value < 0.005:
        return "<0.01"
    return ">0.99" if value > 0.995 else f"{value:.2f}"


def _tidy(value: float) -> float:
    return 0.0 if abs(value) < 1e-9 else value
