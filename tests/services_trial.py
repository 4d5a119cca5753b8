"""How wrong the split of services is, where the truth is known: the complete table of 2019.

Final use of services is hidden, all but its sums by pair and by origin and sector, and split again
by the method that made the world of 2022. Table and method have 17 services here, 23 there.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float

from detente.calibrate.final_services import split_final_services
from detente.calibrate.rest_of_world import ServicesDemand
from detente.calibrate.wedges import group_sum, membership
from detente.data import icio_g20, wiod
from detente.data.concordance import industries

from .old_split import split_services


GOODS = 3
"""Sections A to C come first."""
LEAST_TRADED = 1e-4
"""Households as employers sell nothing abroad, and an error over nothing says nothing."""
PAIRS = (("KOR", "CHN"), ("CHN", "KOR"), ("KOR", "JPN"), ("JPN", "KOR"), ("USA", "CHN"))
INTERMEDIATES, EARLIER = "own intermediates", "final use of 2014 (WIOD)"
MARGINS, OLD = "no seed: the origin's sectors", "old method, pattern of 2014 (WIOD)"


@dataclass(frozen=True)
class Truth:
    """Services of 2019 by origin, destination and section, million US$, and technology."""

    countries: list[str]
    services: list[str]
    intermediate: Float[np.ndarray, "o d s"]
    final: Float[np.ndarray, "o d s"]
    demand: ServicesDemand

    @property
    def flows(self) -> Float[np.ndarray, "o d s"]:
        return self.intermediate + self.final


def read_truth(raw: Path, *, travel: bool = True) -> Truth:
    """The table of 2019, or the same without what residents buy abroad."""
    use = icio_g20.read_intermediate(raw).to_numpy()
    kinds = [kind for kind in icio_g20.FINAL_USES if travel or kind != "purchases_abroad"]
    final = icio_g20.read_final(raw).sel(final_use=kinds).sum("final_use").to_numpy()
    output = (use.sum(3) + final).sum(1)
    inputs = use.sum(0)[:, GOODS:] / np.where(output > 0, output, 1.0)[:, None, :]
    absorbed = final.sum(0)[:, GOODS:]
    return Truth(
        countries=icio_g20.countries(),
        services=icio_g20.sections()[GOODS:],
        intermediate=use.sum(3)[:, :, GOODS:],
        final=final[:, :, GOODS:],
        demand=ServicesDemand(
            use_by_goods=use.sum(0)[:, GOODS:, :GOODS].sum(2),
            input_share=inputs[:, :, GOODS:],
            final_share=absorbed / absorbed.sum(1, keepdims=True),
        ),
    )


def earlier(raw: Path, truth: Truth, *, final_only: bool) -> Float[np.ndarray, "o d s"]:
    """Services of 2014 by pair and section: final use, or intermediates across borders as well.

    An economy that the table of 2014 lacks is read as its rest of the world; where both sides are,
    the exports of that rest stand in.
    """
    flows = wiod.read_final_use(raw)
    flows = flows if final_only else flows + wiod.read_bilateral_intermediate(raw)
    known = [code for code in truth.countries if code in wiod.countries()]
    place = [code if code in known else "ROW" for code in wiod.countries()]
    member = membership([[code] for code in known], place)
    folded = group_sum(np.maximum(flows.to_numpy(), 0.0), (member, member, None))
    rest = known.index("ROW")
    folded[rest, rest] = 0.0
    folded[rest, rest] = folded[rest].sum(axis=0)
    own = [known.index(code if code in known else "ROW") for code in truth.countries]
    return np.einsum("odw,ows->ods", folded[np.ix_(own, own)], _section_weights(truth))


def _section_weights(truth: Truth) -> Float[np.ndarray, "o w s"]:
    """Shares in which an industry of 2014 goes to the sections, by origin.

    One goes to one, but arts and other personal services, one industry in 2014, are divided as the
    origin's final sales of 2019 are, which the method knows.
    """
    section = {code: row.code for row in industries("sections") for code in row.icio}
    reached = [{section[code] for code in row.icio} for row in industries("wiod")]
    member = np.array([[code in codes for code in truth.services] for codes in reached])
    weight = member[None] * truth.final.sum(axis=1)[:, None, :]
    total = weight.sum(axis=2, keepdims=True)
    several = (member.sum(axis=1) > 1)[None, :, None] & (total > 0)
    return np.where(several, weight / np.where(total > 0, total, 1.0), member[None] * 1.0)


def splits(raw: Path, truth: Truth) -> dict[str, Float[np.ndarray, "o d s"]]:
    """Services flows of 2019 as each method has them: exact intermediates and split final use.

    The old method has neither intermediates nor output by sector, and splits the whole of each
    pair; it is given the technology of 2019 itself, better than the one it had.
    """
    pairs, sectors = truth.final.sum(axis=2), truth.final.sum(axis=1)
    seeds = {
        INTERMEDIATES: truth.intermediate,
        EARLIER: earlier(raw, truth, final_only=True),
        MARGINS: np.broadcast_to(sectors[:, None, :], truth.final.shape),
    }
    found = {
        name: truth.intermediate + split_final_services(seed, pairs, sectors)[0]
        for name, seed in seeds.items()
    }
    pattern = earlier(raw, truth, final_only=False)
    found[OLD] = split_services(truth.flows.sum(axis=2), pattern, truth.demand).flows
    return found


def error(found: np.ndarray, true: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Absolute differences over the true value, or over `weight` where only a part was split."""
    return float(np.abs(found - true).sum() / (true if weight is None else weight).sum())


def by_cells(truth: Truth, found: dict[str, np.ndarray]) -> pd.DataFrame:
    """Weighted absolute percentage errors of each method: abroad, at home and by pair."""
    abroad = ~np.eye(len(truth.countries), dtype=bool)
    places = {f"{o} to {d}": (truth.countries.index(o), truth.countries.index(d)) for o, d in PAIRS}
    rows = {"abroad": abroad, "abroad, final use alone": abroad, "at home": ~abroad, **places}
    true = truth.flows
    return pd.DataFrame(
        {
            name: {
                row: error(
                    flows[where], true[where], truth.final[where] if "final" in row else None
                )
                for row, where in rows.items()
            }
            for name, flows in found.items()
        }
    )


def by_sector(truth: Truth, found: dict[str, np.ndarray]) -> pd.DataFrame:
    """The same across borders for each section that is traded, and its share of services trade."""
    abroad = ~np.eye(len(truth.countries), dtype=bool)
    true = truth.flows[abroad]
    share = true.sum(axis=0) / true.sum()
    traded = share > LEAST_TRADED
    values = {"share of services trade": share[traded]}
    values |= {
        name: (np.abs(flows[abroad] - true).sum(axis=0)[traded] / true.sum(axis=0)[traded])
        for name, flows in found.items()
    }
    codes = [code for code, kept in zip(truth.services, traded, strict=True) if kept]
    return pd.DataFrame(values, index=codes)


def two_seeds(truth: Truth, found: dict[str, np.ndarray]) -> dict[str, float]:
    """How far the two seeds lie apart, and how much of the trade lies between them."""
    abroad = ~np.eye(len(truth.countries), dtype=bool)
    one, other, true = (
        flows[abroad] for flows in (found[INTERMEDIATES], found[EARLIER], truth.flows)
    )
    low, high = np.minimum(one, other), np.maximum(one, other)
    inside = (low <= true) & (true <= high)
    return {
        "apart": error(one, other, true),
        "value between them": float(true[inside].sum() / true.sum()),
        "middle off by": error((one + other) / 2, true),
    }
