"""What a table leaves out of the rest of the world: inputs bought from it, its services, its
technology."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from jaxtyping import Float

from ..data.concordance import economies
from ..data.table_2022 import REST


ROUNDS = 200
SETTLED = 1e-12


@dataclass(frozen=True, slots=True)
class ServicesDemand:
    """What is known about the use of services in each country."""

    use_by_goods: Float[np.ndarray, "n k"]
    """Intermediate use of each service by the goods sectors, million US$."""
    input_share: Float[np.ndarray, "n k s"]
    """Share of each service in the gross output of each service sector."""
    final_share: Float[np.ndarray, "n k"]
    """Share of each service in final demand for services; adds to one."""

    def absorption(
        self, output: Float[np.ndarray, "n s"], total: Float[np.ndarray, " n"]
    ) -> Float[np.ndarray, "n k"]:
        """Absorption of each service, given output of services and absorption of all services.

        Where intermediate use alone would exceed the total, nothing is left for final demand and
        use is scaled down to the total.
        """
        use = self.use_by_goods + np.einsum("nks,ns->nk", self.input_share, output)
        scale = np.minimum(1.0, total / use.sum(axis=1))
        final = np.maximum(total - use.sum(axis=1), 0.0)
        return use * scale[:, None] + self.final_share * final[:, None]


@dataclass(frozen=True)
class Rest:
    """The rest of the world beside the economies of a table."""

    use: Float[np.ndarray, "n k s"]
    """Inputs that each economy's sectors buy from it, million US$."""
    services: Float[np.ndarray, "d v"]
    """Services it sells to everybody, itself included, million US$."""
    input_share: Float[np.ndarray, "k s"]
    """Its technology: that of its donors together."""
    donors: tuple[str, ...]


def rest_of_world(
    table: xr.Dataset,
    goods: Float[np.ndarray, "o d k"],
    services: Float[np.ndarray, "o d"],
    final_services: Float[np.ndarray, "a b v"],
    donors: Sequence[str],
) -> Rest:
    """Fill in the rest of the world from flows that include it (o, d) and a table that does not."""
    place = economies().index(REST)
    here = np.arange(len(economies())) != place
    count = goods.shape[2]
    final = table.final.to_numpy().copy()
    final[:, :, count:] = final_services[:, :-1]
    imports = _imports(table.intermediate.to_numpy() + final)
    sold = imports[:, count:] / imports[:, count:].sum(axis=1, keepdims=True)
    sold = sold * services[place, here][:, None]
    bought = np.concatenate([goods[place, here], sold], axis=1)
    use = _inputs(table, bought, imports)
    share = _technology(table, use, donors)
    home = _at_home(
        share,
        _final_services_of(table, final, donors, count),
        goods=goods[place].sum(axis=0),
        exports=sold.sum(axis=0),
        imports=final_services[:, -1].sum(axis=0),
        total=float(services[place, place]),
    )
    return Rest(use, np.insert(sold, place, home, axis=0), share, tuple(donors))


def _imports(flows: Float[np.ndarray, "o d s"]) -> Float[np.ndarray, "d s"]:
    return flows.sum(axis=0) - flows[np.arange(len(flows)), np.arange(len(flows))]


def _inputs(
    table: xr.Dataset, bought: Float[np.ndarray, "n k"], imports: Float[np.ndarray, "n k"]
) -> Float[np.ndarray, "n k s"]:
    """Intermediate purchases from the rest of the world, by proportion to other imports.

    Where an economy imports none of a product from others, users share as they do at home.
    """
    intermediate = _imports(table.intermediate.to_numpy())
    part = np.where(imports > 0, intermediate / np.where(imports > 0, imports, 1.0), 0.0)
    users = table.imported_use.to_numpy()
    none = users.sum(axis=2, keepdims=True) <= 0
    users = np.where(none, table.domestic_use.to_numpy(), users)
    total = users.sum(axis=2, keepdims=True)
    spread = np.where(total > 0, users / np.where(total > 0, total, 1.0), 0.0)
    return spread * (part * bought)[:, :, None]


def _technology(
    table: xr.Dataset, from_rest: Float[np.ndarray, "n k s"], donors: Sequence[str]
) -> Float[np.ndarray, "k s"]:
    """Inputs over output of the donors together."""
    chosen = np.isin(table.country.values, donors)
    use = table.domestic_use.to_numpy() + table.imported_use.to_numpy() + from_rest
    output = table.output.to_numpy()[chosen].sum(axis=0)
    return use[chosen].sum(axis=0) / np.where(output > 0, output, 1.0)[None, :]


def _final_services_of(
    table: xr.Dataset, final: Float[np.ndarray, "o d s"], donors: Sequence[str], count: int
) -> Float[np.ndarray, " v"]:
    chosen = np.isin(table.destination.values, donors)
    bought = final[:, chosen, count:].sum(axis=(0, 1))
    return bought / bought.sum()


def _at_home(
    share: Float[np.ndarray, "k s"],
    final_share: Float[np.ndarray, " v"],
    *,
    goods: Float[np.ndarray, " g"],
    exports: Float[np.ndarray, " v"],
    imports: Float[np.ndarray, " v"],
    total: float,
) -> Float[np.ndarray, " v"]:
    """Services that it sells itself: what it absorbs less what it imports, at the known total.

    Absorption depends on the output of its services, which these sales are part of: a fixed point.
    """
    count = len(goods)
    demand = ServicesDemand(
        use_by_goods=(share[count:, :count] @ goods)[None],
        input_share=share[count:, count:][None],
        final_share=final_share[None],
    )
    home = final_share * total
    for _ in range(ROUNDS):
        absorbed = demand.absorption((home + exports)[None], np.array([total + imports.sum()]))[0]
        wanted = np.maximum(absorbed - imports, 0.0)
        updated = wanted * total / wanted.sum()
        if np.abs(updated - home).max() <= SETTLED * total:
            return updated
        home = updated
    return home
