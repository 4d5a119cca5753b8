"""What the report says, as data frames: every figure that is printed or drawn comes from here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from ..about import named_first, YEARS
from ..account import SIDES, TOTAL
from ..adjustment import horizon_in_words, MOST_YEARS
from ._format import ALL_DIGITS


if TYPE_CHECKING:
    import xarray as xr


MATERIAL_SHARE = 0.2
"""Percent of a country's output below which a sector is too small to be named."""
MARK = "*"
MARKED = 0.1
"""Part of a flow that is estimated above which it is marked: such estimates are off by a quarter or
so, and a quarter of less than a tenth is lost in rounding."""
MOSTLY = 0.5
"""Part of a figure that is imputed above which its second digit says nothing."""
HORIZONS = {
    **{str(one): horizon_in_words(one) for one in ("long", "short", *range(1, MOST_YEARS + 1))},
    YEARS: "year after year",
}
"""What stands after "in the", by what the attribute of an answer says."""
ENDS = ("low", "median", "high")
"""Columns of an interval; not numbers where nothing was drawn."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an outcome says about itself, parsed."""

    focus: tuple[str, ...]
    solved: bool
    status: str
    baseline: str
    year: str
    horizon: str
    basis: str
    numeraire: str
    deficits: str
    certificate: str
    assumptions: tuple[str, ...]
    limits: tuple[str, ...]
    imputation: tuple[dict[str, Any], ...]
    sources: tuple[str, ...]

    @property
    def setting(self) -> str:
        """The line that belongs under every figure."""
        return f"Baseline: {self.baseline}, {self.year} · {self.horizon} · {self.basis} basis"


def facts_of(outcome: "xr.Dataset") -> Facts:
    about = outcome.attrs
    horizon = str(about.get("horizon", ""))
    return Facts(
        focus=tuple(_parsed(about, "focus")),
        solved=bool(int(about["solved"])),
        status=str(about["status"]),
        baseline=_dated(about),
        year=str(about.get("baseline_year", "")),
        horizon=HORIZONS.get(horizon, horizon),
        basis=str(about.get("basis", "")),
        numeraire=str(about.get("numeraire", "")),
        deficits=str(about.get("deficits", "")),
        certificate=certificate(about),
        assumptions=tuple(_parsed(about, "assumptions")),
        limits=tuple(_parsed(about, "limits")),
        imputation=tuple(_parsed(about, "imputation")),
        sources=tuple(line for line in str(about.get("sources", "")).splitlines() if line.strip()),
    )


def _dated(about: dict[Any, Any]) -> str:
    """The baseline's title, with its year unless the title says it."""
    title = str(about.get("baseline_title") or about.get("baseline", ""))
    year = str(about.get("baseline_year", ""))
    return title if year in title else f"{title}, {year}"


def certificate(about: dict[Any, Any]) -> str:
    """How good the equilibrium is, in one sentence."""
    residual, walras = (_missed(float(about.get(name, "nan"))) for name in ("residual", "walras"))
    return f"largest relative equilibrium error {residual}, Walras' law {walras}"


def _missed(error: float) -> str:
    """An error of an equilibrium, or that it is met: further digits are the machine's rounding."""
    return "below 1e-10" if error <= 1e-10 else f"{error:.1e}"


def country_frame(outcome: "xr.Dataset") -> pd.DataFrame:
    """One row per country: focus countries first, then by the size of the equivalent variation."""
    focus = facts_of(outcome).focus
    per_country = [
        "welfare", "equivalent_variation", "real_gdp", "total_employment", "real_wage",
        "price_index",
    ]  # fmt: skip
    frame = pd.DataFrame({name: _series(outcome[name]) for name in per_country})
    frame.insert(0, "name", _names(outcome, "country"))
    frame["focus"] = frame.index.isin(focus)
    frame["exports_before"] = _exports(outcome["trade_before"])
    frame["exports_after"] = _exports(outcome["trade_after"])
    frame["exports"] = _percent_change(frame.exports_before, frame.exports_after)
    revenue = outcome["tariff_revenue_after"] - outcome["tariff_revenue_before"]
    frame["tariff_revenue"] = _series(revenue)
    size = frame.equivalent_variation.abs()
    order = size.sort_values(ascending=False, kind="stable").index
    first = [code for code in focus if code in frame.index]
    return frame.loc[[*first, *(code for code in order if code not in first)]]


def welfare_range(outcome: "xr.Dataset", code: str) -> tuple[float, float, int] | None:
    """Least and most welfare over the published elasticities that were solved, and how many."""
    if "welfare_by_elasticity" not in outcome:
        return None
    solved = outcome["welfare_by_elasticity"].sel(country=code).dropna("publication")
    if solved.size < 2:
        return None
    return float(solved.min()), float(solved.max()), int(solved.size)


def third_frame(outcome: "xr.Dataset") -> pd.DataFrame:
    """The rows of `country_frame` that the scenario does not act on."""
    frame = country_frame(outcome)
    return frame.loc[~frame.focus]


def sector_frame(outcome: "xr.Dataset", country: str) -> pd.DataFrame:
    """A country's sectors by contribution: volume change times baseline output, at base prices.

    With the interval of the volume change, and `is_open` where that and the scenario's own figure
    together have both signs, and the `digits` that the change of the sector bears.
    """
    here = outcome.sel(country=country)
    frame = pd.DataFrame(
        {
            "name": _names(outcome, "sector"),
            "output": _series(here["output"]),
            "output_before": _series(here["output_before"]),
            "employment": _series(here["employment"]),
        }
    )
    for end in ENDS:
        name = f"output_{end}"
        frame[end] = _series(here[name]) if name in here else np.nan
    spanned = frame[["low", "output", "high"]]
    frame["is_open"] = frame.low.notna() & (spanned.min(axis=1) < 0) & (spanned.max(axis=1) > 0)
    frame["digits"] = _digits_by_sector(outcome, country)
    frame = frame.loc[(frame.output_before > 0) & frame.output.notna()].copy()
    frame["share"] = 100.0 * frame.output_before / frame.output_before.sum()
    frame["contribution"] = frame.output / 100.0 * frame.output_before
    return frame.sort_values("contribution", ascending=False, kind="stable")


def moving_sectors(outcome: "xr.Dataset", country: str, count: int | None = None) -> pd.DataFrame:
    """The sectors that rise and fall most in percent, at most `count` each, fallers last.

    Sectors that are immaterial in the country, or do not move, are left out.
    """
    frame = sector_frame(outcome, country)
    frame = frame.loc[frame.share >= MATERIAL_SHARE].sort_values("output", ascending=False)
    count = len(frame) if count is None else count
    rising = frame.loc[frame.output > 0].head(count)
    falling = frame.loc[frame.output < 0].tail(count)
    return frame.loc[[*rising.index, *falling.index]]


def flow_frame(outcome: "xr.Dataset", origin: str, destination: str) -> pd.DataFrame:
    """The flow from one country to another by sector, largest increase first; million US$.

    With the interval of the change where the two are the main pair, and the part of the flow before
    that is estimated.
    """
    route = {"origin": origin, "destination": destination}
    frame = pd.DataFrame(
        {
            "name": _names(outcome, "sector"),
            "before": _series(outcome["trade_before"].sel(route)),
            "after": _series(outcome["trade_after"].sel(route)),
        }
    )
    frame["change"] = frame.after - frame.before
    frame["percent"] = _percent_change(frame.before, frame.after)
    for end in ENDS:
        frame[end] = _account(outcome, origin, destination, f"account_change_{end}")
    frame["estimated"] = _account(outcome, origin, destination, "account_imputed_share")
    return frame.sort_values("change", ascending=False, kind="stable")


def account_frame(outcome: "xr.Dataset", country: str, partner: str) -> pd.DataFrame:
    """The bilateral account by group of sectors and in total; million US$.

    With the interval of the change of each side where the two are the main pair.
    """
    exports = flow_frame(outcome, country, partner)
    imports = flow_frame(outcome, partner, country)
    groups = json.loads(outcome.attrs.get("sector_groups", "{}"))
    chosen = {name: list(groups[name]) for name in ("goods", "services") if groups.get(name)}
    chosen["total"] = list(exports.index)
    rows = {}
    for name, codes in chosen.items():
        out = exports.loc[exports.index.isin(codes), ["before", "after"]].sum()
        back = imports.loc[imports.index.isin(codes), ["before", "after"]].sum()
        rows[name] = {
            **{f"exports_{moment}": out[moment] for moment in out.index},
            **{f"imports_{moment}": back[moment] for moment in back.index},
            **{f"balance_{moment}": out[moment] - back[moment] for moment in out.index},
            **_account_ends(outcome, country, partner, name),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def digits_borne(imputed: float) -> int:
    """The digits of a figure of which that part is imputed, and which may be off by as much.

    The first alone where that is most of it, two where it is more than a little, else all.

    >>> digits_borne(0.6), digits_borne(0.23), digits_borne(0.05) == ALL_DIGITS
    (1, 2, True)
    """
    return 1 if imputed > MOSTLY else 2 if imputed > MARKED else ALL_DIGITS


def digits_of_policies(outcome: "xr.Dataset") -> int:
    """The digits that whatever the policies do bears: by the flows that they act on."""
    return digits_borne(imputed_part(json.loads(str(outcome.attrs.get("evidence") or "{}"))))


def imputed_part(evidence: Mapping[str, Any]) -> float:
    """Of the flows that an answer rests on, the part that is imputed; none where it is not said."""
    return float(evidence.get("imputed", 0.0))


def digits_of_balance(outcome: "xr.Dataset") -> int:
    """The digits that the balance of the main pair bears: by what is in its exports and imports."""
    if "account_imputed_share" not in outcome:
        return ALL_DIGITS
    return digits_borne(float(outcome["account_imputed_share"].sel(side="balance", item=TOTAL)))


def _digits_by_sector(outcome: "xr.Dataset", country: str) -> pd.Series:
    """By sector: what the policies do to it, in a sector of which a part is imputed itself."""
    codes = outcome["sector"].values.astype(str)
    most = digits_of_policies(outcome)
    if "output_imputed_share" not in outcome:
        return pd.Series(most, index=codes)
    parts = _series(outcome["output_imputed_share"].sel(country=country))
    return parts.map(lambda part: min(digits_borne(part), most))


def is_drawn(frame: pd.DataFrame) -> bool:
    """Whether the rows of a frame have intervals."""
    return bool(frame[["low", "high"]].notna().to_numpy().all()) and not frame.empty


def marked(name: str, estimated: float) -> str:
    """The name of a flow, with a mark where more than a little of it is estimated."""
    return f"{name}{MARK}" if estimated > MARKED else name


def meaning_of_marks(names: Iterable[str]) -> str:
    """What the marks among these names mean; nothing where there are none."""
    if not any(name.endswith(MARK) for name in names):
        return ""
    part = f"{100 * MARKED:g} %"
    return f"{MARK} More than {part} of the flow before is estimated rather than observed."


def _account_ends(outcome: "xr.Dataset", country: str, partner: str, item: str) -> dict[str, float]:
    """The interval of the change of each side of the account, for one item of it; else nothing.

    And the part of each side that is estimated.
    """
    if not _is_account_of(outcome, country, partner):
        return {}
    held = {f"_{end}": f"account_change_{end}" for end in ENDS}
    held["_estimated"] = "account_imputed_share"
    here = outcome.sel(item=item)
    return {
        f"{side}{end}": float(here[name].sel(side=side))
        for side in SIDES
        for end, name in held.items()
        if name in here
    }


def _is_account_of(outcome: "xr.Dataset", country: str, partner: str) -> bool:
    """Whether the account that the outcome has is of that country with that partner."""
    pair = (outcome.attrs.get("account_country"), outcome.attrs.get("account_partner"))
    return pair == (country, partner)


def _account(outcome: "xr.Dataset", origin: str, destination: str, name: str) -> pd.Series:
    """A variable of the account by sector, of a flow between the main pair in either direction."""
    sectors = outcome["sector"].values.astype(str)
    for side, pair in (("exports", (origin, destination)), ("imports", (destination, origin))):
        if name in outcome and _is_account_of(outcome, *pair):
            here = outcome[name].sel(side=side, item=sectors)
            return pd.Series(here.values, index=sectors)
    return pd.Series(np.nan, index=sectors)


def leading_focus(outcome: "xr.Dataset", count: int) -> list[str]:
    """Up to `count` of the countries in focus, as an answer names them."""
    worth = _series(outcome["equivalent_variation"])
    focus = [code for code in facts_of(outcome).focus if code in worth.index]
    return named_first(focus, worth.to_dict(), count)


def balance(outcome: "xr.Dataset", country: str, partner: str) -> tuple[float, float]:
    """The bilateral balance before and after; million US$."""
    route = {"country": country, "partner": partner}
    return float(outcome["balance_before"].sel(route)), float(outcome["balance_after"].sel(route))


def balance_ends(outcome: "xr.Dataset", country: str, partner: str) -> tuple[float, float] | None:
    """The interval of the change of that balance; None where nothing was drawn. Million US$."""
    ends = _account_ends(outcome, country, partner, TOTAL)
    low, high = (ends.get(f"balance_{end}", np.nan) for end in ("low", "high"))
    return (low, high) if np.isfinite([low, high]).all() else None


def country_name(outcome: "xr.Dataset", code: str) -> str:
    return str(_names(outcome, "country")[code])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, each by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _parsed(about: dict[Any, Any], name: str) -> list[Any]:
    return json.loads(about.get(name) or "[]")


def _series(data: "xr.DataArray") -> pd.Series:
    return data.reset_coords(drop=True).to_series().astype(float)


def _names(outcome: "xr.Dataset", dim: str) -> pd.Series:
    codes = outcome[dim].values.astype(str)
    names = outcome.coords.get(f"{dim}_name")
    return pd.Series(codes if names is None else names.values.astype(str), index=codes)


def _exports(trade: "xr.DataArray") -> pd.Series:
    """What each country sells to the others; its domestic sales are not exports."""
    values = trade.transpose("origin", "destination", "sector").values.sum(axis=2)
    np.fill_diagonal(values, 0.0)
    return pd.Series(values.sum(axis=1), index=trade["origin"].values.astype(str))


def _percent_change(before: pd.Series, after: pd.Series) -> pd.Series:
    """Percent; missing where there was nothing before."""
    return 100.0 * (after - before) / before.where(before > 0)
