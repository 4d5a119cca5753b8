"""Tables of dependence by raw material: who leads now, how many, and how lists of them moved."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from .._core import figure
from .._words import called
from ..about import known_names
from ._format import sentence
from .section import Part, Table, table_of
from .wording import say


if TYPE_CHECKING:
    from ..record import RawMaterials


SHOWN = 12
YEARS = 7
"""Years between those shown of the counts, backwards from the latest."""


def raw_materials_parts(
    materials: "RawMaterials | None", country: str, names: Mapping[str, str]
) -> list[Part]:
    """Shares of the latest year and the counts by year, with what they are and are not."""
    if materials is None:
        return [sentence(say("raw_materials.none", country=called(country, names)))]
    about = materials.about
    names = {**known_names(), **names}
    said = {name: about[name] for name in ("year", "level", "source", "basis")}
    head = sentence(say("raw_materials.setting", country=called(country, names), **said))
    return [head, _items(materials, names), _counts(materials, names)]


def raw_material_frames(materials: "RawMaterials | None") -> dict[str, pd.DataFrame]:
    """The frames by name, for JSON; none where there are none."""
    if materials is None:
        return {}
    names = {"raw_materials": materials.items, "raw_material_counts": materials.counts}
    return names | {"raw_material_windows": materials.windows}


def _items(materials: "RawMaterials", names: Mapping[str, str]) -> Table:
    supplier, above = materials.about["supplier"], materials.about["above"]
    share = "share" if supplier else "leader_share"
    rows = materials.items.loc[materials.items[share] > above].nlargest(SHOWN, "imports")
    own = [f"{names.get(supplier, supplier)}\n%"] if supplier else []
    cells = [
        (
            row["name"], f"{row['imports']:,.1f}",
            *([f"{100 * row['share']:.1f}"] if supplier else []),
            names.get(row["leader"], row["leader"]),
            f"{100 * row['leader_share']:.1f}",
        )
        for row in rows.sort_values(share, ascending=False).to_dict("records")
    ]  # fmt: skip
    total = int((materials.items[share] > above).sum())
    return table_of(
        ("raw material", "imports\nUS$ million", *own, "first", "its share %"),
        cells,
        caption=f"{len(rows)} of the {total} above {100 * above:g} %, the largest by value",
    )


def _counts(materials: "RawMaterials", known: Mapping[str, str]) -> Table:
    supplier = materials.about["supplier"]
    name = known.get(supplier or "", supplier)
    names = [f"{name}\n>50 %", f"{name}\n>70 %"] if supplier else []
    first = ("the first\n>50 %", "the first\n>70 %", "mean share of\nthe first %")
    table = []
    for row in materials.counts.iloc[::-1].iloc[::YEARS].iloc[::-1].to_dict("records"):
        of_one = ("supplier_above_half", "supplier_above_seventy") if supplier else ()
        cells = [row[name] for name in ("products", *of_one, "above_half", "above_seventy")]
        shown = (f"{cell:.0f}" for cell in cells)
        table.append((f"{row['year']:.0f}", *shown, f"{100 * row['mean_leader_share']:.1f}"))
    return table_of(("year", "products", *names, *first), table)


def lists_parts(lists: pd.DataFrame, above: float) -> list[Part]:
    """What lists of raw materials did in as many years as the target has, and at what pace."""
    headings = ("years", "raw\nmaterials", "mean share\nthen %", "the same\nlater %",
                "the same\npace", "the first\nlater %", "the first\npace")  # fmt: skip
    table = []
    for row in lists.to_dict("records"):
        shares = (row["share_before"], row["same_supplier"], row["whoever_leads"])
        before, same, first = (f"{100 * share:.1f}" for share in shares)
        paces = figure(row["pace_same"], ".3f"), figure(row["pace_leader"], ".3f")
        years = f"{row['first']}-{row['last']}"
        table.append((years, str(row["products"]), before, same, paces[0], first, paces[1]))
    return [table_of(headings, table), _verdict(lists, above)]


def _verdict(lists: pd.DataFrame, above: float) -> str:
    needed = float(lists.needed.iloc[0])
    fast = lambda name: sum(pace >= needed for pace in lists[name].tolist())
    leader, same = fast("pace_leader"), fast("pace_same")
    return (
        f"Raw materials whose leader had more than {100 * above:g} % in the first year, and of "
        "which US$ 1 million or more was bought in both; later the share of the same suppliers, "
        f"and of whoever is first then. Korea's target of 2030 is about the latter; its pace is "
        f"{needed:.3f}: {leader} of {len(lists)} spells, which overlap, reached it, and {same} for "
        "the same suppliers. Products picked because a share is high fall a little by chance alone."
    )
