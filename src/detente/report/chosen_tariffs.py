"""Tables for the tariffs that someone chooses."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._core import figure
from ._format import miss, sentence, signed
from ._frames import records
from .analyses import setting_line
from .section import Section, Table, table_of
from .sureness import changes_in_percent
from .wording import say


if TYPE_CHECKING:
    import xarray as xr

    from ..about import About


ROWS = 15


def tariffs_frame(tariffs: "xr.Dataset") -> pd.DataFrame:
    """One row for every tariff that was chosen."""
    columns = ["tariff_before", "tariff", "imports_before", "imports"]
    frame = tariffs[columns].to_dataframe().reset_index()
    return frame.loc[frame.tariff.notna()]


def tariffs_table(tariffs: "xr.Dataset", about: "About") -> Section:
    """The chosen rates of every player, weighted by what they are levied on, and welfare."""
    players = list(tariffs.attrs["players"])
    headings = ("", "tariff before %", "chosen %", "lowest %", "highest %", "welfare %")
    table = table_of(headings, (_chosen(tariffs, code, about) for code in players))
    lead = [sentence(_sets(tariffs, code, about)) for code in players]
    others = tariffs.welfare.drop_sel(country=players)
    if others.size:
        worst, lost = str(others.idxmin().item()), float(others.min())
        said = changes_in_percent(about, [worst], lost)
        lead.append(sentence(say(f"tariffs.{'worst' if lost < 0 else 'none'}", worst=said)))
    tables, reading = [table], [say("tariffs.reading")]
    if "sector_weight" in tariffs:
        lead += [sentence(_counts(tariffs, code, about)) for code in players]
        tables.append(_weighted_table(tariffs, about))
        reading.append(say("tariffs.weights"))
    missed = sentence(say("tariffs.missed", missed=miss(tariffs.attrs["first_order"])))
    foot = " ".join([*map(sentence, reading), setting_line(about)])
    return Section([*lead, *tables, foot, missed])


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
    return table_of(
        ("", "sector", "weight", "chosen %", "its people can buy %"),
        (
            (
                about.country(row["country"]),
                about.sector(row["sector"]),
                figure(row["weight"], ".2f"),
                figure(_means(tariffs.sel(sector=[row["sector"]]), row["country"])[1], ".2f"),
                signed(row["sector_income"], 3),
            )
            for row in records(named.head(ROWS))
        ),
        words=2,
    )


def _counts(tariffs: "xr.Dataset", code: str, about: "About") -> str:
    """What the tariffs do to real income as the government counts it."""
    counted = float(tariffs.counted_welfare.sel(country=code))
    return say("tariffs.counted", country=about.called(code), counted=signed(counted, 3))


def _sets(tariffs: "xr.Dataset", code: str, about: "About") -> str:
    """What a player sets, from what it was, and what that brings it."""
    before, chosen = _means(tariffs, code)
    welfare = float(tariffs.welfare.sel(country=code))
    return say(
        "tariffs.sets",
        many=about.many([code]),
        country=about.called(code),
        chosen=f"{chosen:.1f}",
        before=f"{before:.1f}",
        changes=changes_in_percent(about, [code], welfare),
    )


def _means(tariffs: "xr.Dataset", code: str) -> tuple[float, float]:
    """The rates before and chosen, weighted by imports of the baseline."""
    own = tariffs.sel(destination=code)
    weights = own.imports_before.values
    return _mean(own.tariff_before.values, weights), _mean(own.tariff.values, weights)


def _chosen(tariffs: "xr.Dataset", code: str, about: "About") -> tuple[str, ...]:
    own = tariffs.sel(destination=code)
    rates = own.tariff.values
    traded = np.nan_to_num(own.imports.values) > 0
    figures = (*_means(tariffs, code), rates[traded].min(), rates[traded].max())
    welfare = signed(float(tariffs.welfare.sel(country=code)), 3)
    return (about.country(code), *(figure(one, ".2f") for one in figures), welfare)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    weights = np.nan_to_num(weights)
    return float(np.average(np.nan_to_num(values), weights=weights)) if weights.any() else np.nan
