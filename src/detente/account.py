"""The bilateral account that an answer shows: of which pair, its sides, and the items of each."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float


if TYPE_CHECKING:
    import xarray as xr


SIDES = ("exports", "imports", "balance")
GROUPS = ("goods", "services")
TOTAL = "total"


def main_pair(outcome: "xr.Dataset") -> tuple[str, str] | None:
    """The two countries whose bilateral account is shown.

    The two that the scenario acts on; where it acts on more, the pair among them whose balance
    moves most; where it acts on one, that country and the partner whose balance moves most.
    """
    named = json.loads(outcome.attrs.get("focus") or "[]")
    focus = [code for code in named if code in outcome["country"].values]
    if len(focus) == 2:
        return focus[0], focus[1]
    if not focus:
        return None
    change = abs(outcome["balance_after"] - outcome["balance_before"]).to_pandas()
    change = change.loc[focus, focus] if len(focus) > 1 else change.loc[focus].drop(columns=focus)
    if change.empty:
        return None
    country, partner = change.stack().idxmax()
    return str(country), str(partner)


def items_of(sectors: Sequence[str], groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The sectors that each item of an account adds up: one, those of a group, or all."""
    grouped = {name: list(groups[name]) for name in GROUPS if groups.get(name)}
    return {code: [code] for code in sectors} | grouped | {TOTAL: list(sectors)}


def account(
    exports: Float[np.ndarray, "... s"],
    imports: Float[np.ndarray, "... s"],
    sectors: Sequence[str],
    groups: Mapping[str, Sequence[str]],
) -> Float[np.ndarray, "... side item"]:
    """The account of flows by sector; the balance is exports less imports."""
    items = items_of(sectors, groups).values()
    belongs = np.array([[code in members for members in items] for code in sectors], float)
    sides = np.stack([exports, imports, exports - imports], axis=-2)
    return sides @ belongs
