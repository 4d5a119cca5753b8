"""Tables for the tariffs that someone chooses."""

from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._core import figure
from .._words import listing
from ._format import miss, MISSING, sentence, signed, signed_fine_percent
from ._frames import records
from .analyses import setting_line
from .section import Section, Table, table_of
from .sureness import changes_in_percent
from .wording import say


if TYPE_CHECKING:
    import xarray as xr

    from ..about import About


ROWS = 15


FLOWS = {"tariff": "imports", "export_tax": "exports"}
"""What each instrument is levied on."""
_PAYER = {"tariff": "destination", "export_tax": "origin"}
"""Whose instrument it is."""


def tariffs_frame(tariffs: "xr.Dataset") -> pd.DataFrame:
    """One row for every flow on which a rate was chosen."""
    names = [name for rate in _instruments(tariffs) for name in (rate, FLOWS[rate])]
    columns = [column for name in names for column in (f"{name}_before", name)]
    frame = tariffs[sorted(columns, key=_order)].to_dataframe().reset_index()
    return frame.loc[frame[list(_instruments(tariffs))].notna().any(axis=1)]


def _order(column: str) -> tuple[bool, bool]:
    """Rates first, and of each what was before."""
    return column.removesuffix("_before") not in FLOWS, not column.endswith("_before")


def _instruments(tariffs: "xr.Dataset") -> list[str]:
    return [name for name in FLOWS if name in tariffs]


def tariffs_table(tariffs: "xr.Dataset", about: "About") -> Section:
    """The chosen rates of every player, weighted by what they are levied on, and welfare."""
    players = list(tariffs.attrs["players"])
    instruments = _instruments(tariffs)
    tables = [_rates_table(tariffs, rate, players, about) for rate in instruments]
    lead = [sentence(_sets(tariffs, code, about)) for code in players]
    others = tariffs.welfare.drop_sel(country=players)
    if others.size:
        worst, lost = str(others.idxmin().item()), float(others.min())
        said = changes_in_percent(about, [worst], lost)
        lead.append(sentence(say(f"tariffs.{'worst' if lost < 0 else 'none'}", worst=said)))
    reading = [say("tariffs.reading")]
    if "sector_weight" in tariffs:
        lead += [sentence(_counts(tariffs, code, about)) for code in players]
        tables.append(_weighted_table(tariffs, about))
        reading.append(say("tariffs.weights"))
    reading += [say("tariffs.subsidy")] if "export_tax" in tariffs else []
    reading += [say("tariffs.level")] if tariffs.attrs["level_is_open"] else []
    missed = sentence(say("tariffs.missed", missed=miss(tariffs.attrs["first_order"])))
    foot = " ".join([*map(sentence, reading), setting_line(about)])
    return Section([*lead, *tables, foot, missed])


def _rates_table(tariffs: "xr.Dataset", rate: str, players: list[str], about: "About") -> Table:
    before = f"{rate.replace('_', ' ')} before %"
    headings = ("", before, "chosen %", "lowest %", "highest %", "welfare %")
    return table_of(headings, (_chosen(tariffs, rate, code, about) for code in players))


def weights_frame(tariffs: "xr.Dataset") -> pd.DataFrame:
    """country, sector, weight (averages one over a country's sectors), sector_income (percent):
    every sector of the countries that weigh theirs."""
    columns = {"sector_weight": "weight", "sector_income": "sector_income"}
    players = list(tariffs.attrs["players"])
    frame = tariffs[list(columns)].sel(country=players).to_dataframe().rename(columns=columns)
    return frame.reset_index()


def _weighted_table(tariffs: "xr.Dataset", about: "About") -> Table:
    """Sectors that weigh more or less than most of the country's, the heaviest first."""
    frame = weights_frame(tariffs)
    usual = frame.groupby("country").weight.transform("median")
    named = frame.loc[~np.isclose(frame.weight, usual)].sort_values("weight", ascending=False)
    headings = [f"{rate.replace('_', ' ')} %" for rate in _instruments(tariffs)]
    return table_of(
        ("", "sector", "weight", *headings, "what its people can buy, %"),
        (
            (
                about.country(row["country"]),
                about.sector(row["sector"]),
                figure(row["weight"], ".2f"),
                *(_mean_of_sector(tariffs, rate, row) for rate in _instruments(tariffs)),
                signed(row["sector_income"], 3),
            )
            for row in records(named.head(ROWS))
        ),
        words=2,
    )


def _mean_of_sector(tariffs: "xr.Dataset", rate: str, row: dict[str, Any]) -> str:
    chosen = _means(tariffs.sel(sector=[row["sector"]]), rate, row["country"])[1]
    return MISSING if np.isnan(chosen) else figure(chosen, ".2f")


def _counts(tariffs: "xr.Dataset", code: str, about: "About") -> str:
    """What the tariffs do to real income as the government counts it."""
    counted = float(tariffs.counted_welfare.sel(country=code))
    return say("tariffs.counted", country=about.called(code), counted=signed_fine_percent(counted))


def _sets(tariffs: "xr.Dataset", code: str, about: "About") -> str:
    """What a player sets, from what it was, and what that brings it."""
    set_by_it = [
        say(f"tariffs.{rate}", chosen=f"{chosen:.1f}", before=f"{before:.1f}")
        for rate in _instruments(tariffs)
        for before, chosen in [_means(tariffs, rate, code)]
    ]
    welfare = float(tariffs.welfare.sel(country=code))
    return say(
        "tariffs.sets",
        many=about.many([code]),
        country=about.called(code),
        rates=listing(set_by_it),
        changes=changes_in_percent(about, [code], welfare),
    )


def _means(tariffs: "xr.Dataset", rate: str, code: str) -> tuple[float, float]:
    """The rates before and chosen, weighted by the flows of the baseline."""
    own = tariffs.sel({_PAYER[rate]: code})
    weights = own[f"{FLOWS[rate]}_before"].values
    return _mean(own[f"{rate}_before"].values, weights), _mean(own[rate].values, weights)


def _chosen(tariffs: "xr.Dataset", rate: str, code: str, about: "About") -> tuple[str, ...]:
    own = tariffs.sel({_PAYER[rate]: code})
    rates = own[rate].values
    traded = np.nan_to_num(own[FLOWS[rate]].values) > 0
    figures = (*_means(tariffs, rate, code), rates[traded].min(), rates[traded].max())
    welfare = signed(float(tariffs.welfare.sel(country=code)), 3)
    return (about.country(code), *(figure(one, ".2f") for one in figures), welfare)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    weights = np.nan_to_num(weights)
    return float(np.average(np.nan_to_num(values), weights=weights)) if weights.any() else np.nan
