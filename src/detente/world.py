"""The world as arrays: an economy in one year, and a shock to it.

Axes: `o` origin, `d` destination, `s` selling sector, `k` input sector, `n` a country when it is
neither origin nor destination. Values are million US$ of the baseline year. A name that ends in
`_hat` is a value after a shock over the one before (exact hat algebra). Nothing here knows a label,
a file or a policy: labels belong to `Baseline`, which carries an economy and its names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ._card import card, folded, terms
from ._core import configure_jax


configure_jax()


class Capital(eqx.Module):
    """Produced capital: who pays for it, what replaces it, and what it is made of.

    Its user cost in the steady state is (rho + delta) times the price of the investment basket.
    """

    share: Float[Array, " n"]
    """Of value added, what pays for capital; the same in every sector of a country."""
    replaced: Float[Array, " n"]
    """Of that, the part delta / (rho + delta) that is spent on what replaces capital."""
    basket: Float[Array, "n k"]
    """Shares of products in investment, iota."""
    stock_hat: Float[Array, " n"] | None = None
    """The stock over that of the baseline, where it is given; absent in the steady state, where it
    is as large as its return makes it."""


class Economy(eqx.Module):
    """A world economy in equilibrium, in the four arrays that everything else follows from.

    Every accounting identity holds by construction: output, expenditure, final demand, income and
    deficits are sums of `trade`, `tariff` and `input_share`, never stored beside them.
    """

    trade: Float[Array, "o d s"]
    """Flow at producer prices, domestic sales included."""
    tariff: Float[Array, "o d s"]
    """Ad valorem rate on the producer value."""
    input_share: Float[Array, "n k s"]
    """Cost share of product `k` in the gross output of sector `s`; the rest is value added. Where
    capital is produced, what replaces it is an input too, and not in final demand."""
    trade_elasticity: Float[Array, " s"]
    """Theta, positive: the Armington elasticity of substitution between origins, less one."""
    potential_trade: Float[Array, "o d s"] | None = None
    """What `trade` would be, prices and spending as they are, without the bans of the base year."""
    capital: Capital | None = None
    """Absent where capital is a fixed quantity that nobody makes."""
    input_trade: Float[Array, "o d s"] | None = None
    """The part of `trade` that is bought as inputs, as observed, where final use and inputs have
    import shares of their own; absent where all who buy of a sector buy alike."""

    @property
    def value_added_share(self) -> Float[Array, "n s"]:
        """Net of what replaces capital, where capital is produced."""
        return 1.0 - self.input_share.sum(axis=1)

    @property
    def gross_value_added_share(self) -> Float[Array, "n s"]:
        """As national accounts have it: before what replaces capital."""
        if self.capital is None:
            return self.value_added_share
        replaced = self.capital.replaced * self.capital.share
        return self.value_added_share / (1.0 - replaced)[:, None]

    @property
    def capital_share(self) -> Float[Array, "n s"]:
        """What pays for capital, in the value of output; zero where capital is not produced."""
        if self.capital is None:
            return jnp.zeros_like(self.value_added_share)
        return self.capital.share[:, None] * self.gross_value_added_share

    @property
    def technology(self) -> Float[Array, "n k s"]:
        """Inputs in the value of output without what replaces capital, which is investment."""
        if self.capital is None:
            return self.input_share
        replaced = self.capital.replaced[:, None] * self.capital_share
        return self.input_share - self.capital.basket[:, :, None] * replaced[:, None, :]

    @property
    def output(self) -> Float[Array, "o s"]:
        return self.trade.sum(axis=1)

    @property
    def purchases(self) -> Float[Array, "o d s"]:
        """Flows at the purchaser's price, tariff included."""
        return self.trade * (1.0 + self.tariff)

    @property
    def expenditure(self) -> Float[Array, "d s"]:
        return self.purchases.sum(axis=0)

    @property
    def expenditure_share(self) -> Float[Array, "o d s"]:
        """Share of each origin in a destination's expenditure; zero where nothing is bought.

        A country's share in its own is the domestic share (own trade share).
        """
        total = self.expenditure[None, :, :]
        return jnp.where(total > 0, self.purchases / jnp.where(total > 0, total, 1.0), 0.0)

    @property
    def hidden_share(self) -> Float[Array, "o d s"]:
        """What lifting every ban of the base year would add to the expenditure shares."""
        if self.potential_trade is None:
            return jnp.zeros_like(self.trade)
        hidden = (self.potential_trade - self.trade) * (1.0 + self.tariff)
        total = self.expenditure[None, :, :]
        return jnp.where(total > 0, hidden / jnp.where(total > 0, total, 1.0), 0.0)

    @property
    def final_demand(self) -> Float[Array, "d s"]:
        inputs = jnp.einsum("nks,ns->nk", self.input_share, self.output)
        return self.expenditure - inputs

    @property
    def income(self) -> Float[Array, " n"]:
        return self.final_demand.sum(axis=1)

    @property
    def final_share(self) -> Float[Array, "n s"]:
        """Share of each product in final expenditure, alpha."""
        return self.final_demand / self.income[:, None]

    @property
    def value_added(self) -> Float[Array, " n"]:
        return (self.value_added_share * self.output).sum(axis=1)

    @property
    def tariff_revenue(self) -> Float[Array, " n"]:
        return (self.tariff * self.trade).sum(axis=(0, 2))

    @property
    def deficit(self) -> Float[Array, " n"]:
        """Imports less exports, at producer prices; sums to zero over the world."""
        return self.trade.sum(axis=(0, 2)) - self.output.sum(axis=1)


class Shock(eqx.Module):
    """What a scenario changes: the wedges between producer and purchaser, from one to the other.

    Arrays only, so that one compiled solve serves every scenario on worlds of one shape; a kind of
    wedge that a shock never has can be left out, which saves its arithmetic. Every wedge says who
    keeps its rent; what nobody keeps is an iceberg, because money that nobody receives would leave
    the accounts.
    """

    tariff: Float[Array, "o d s"]
    """The tariff rate after the shock, as a level; its revenue goes to the destination."""
    trade_cost_hat: Float[Array, "o d s"]
    """The iceberg factor after the shock over the one before: 0.9 is a tenth less melted."""
    allowed: Float[Array, "o d s"]
    """The part of the variety that may be traded: one, or zero where the flow is prohibited."""
    export_tax: Float[Array, "o d s"] | None = None
    """Rate on the producer price; its revenue goes to the origin. The baseline has none."""
    rationing: Float[Array, "o d s"] | None = None
    """Mark-up by which a limit on quantity raises the price. The baseline has none."""
    rent_to_importer: Float[Array, "o d s"] | None = None
    """The part of the rent of rationing that the destination keeps; the origin has the rest."""
    taste_hat: Float[Array, "o d s"] | None = None
    """Factor on spending on the origin over that on others at the same prices: 0.7 is a boycott."""
    opened: Float[Array, "o d s"] | None = None
    """The part, 0 to 1, of what the base year's bans hide that is let in."""
    productivity_hat: Float[Array, "n s"] | None = None
    """Output of a sector from the same labour and inputs, after the shock over before: 0.9 is a
    tenth less. What firms spend on entry is not touched."""
    final_share: Float[Array, "n s"] | None = None
    """Share of each product in final expenditure after the shock; the baseline's where absent.

    The weights of price indices and welfare stay those of the baseline."""
    deficit: Float[Array, " n"] | None = None
    """After the shock, in the numeraire, sums to zero; used where deficits are fixed."""

    @classmethod
    def none(cls, economy: Economy) -> "Shock":
        """The shock that changes nothing."""
        return cls.of(economy.tariff, jnp.ones_like(economy.trade))

    @classmethod
    def of(cls, tariff: Float[Array, "o d s"], trade_cost_hat: Float[Array, "o d s"]) -> "Shock":
        """A shock to tariffs and real trade costs alone."""
        return cls(tariff=tariff, trade_cost_hat=trade_cost_hat, allowed=jnp.ones_like(tariff))

    def neutral(self) -> dict[str, Array]:
        """The wedges that it has, by name, each where it changes nothing if others lack it."""
        one = {"taste_hat": 1.0, "productivity_hat": 1.0}
        values = ((part.name, getattr(self, part.name)) for part in fields(self))
        return {
            name: jnp.full_like(value, one.get(name, 0.0))
            for name, value in values
            if value is not None
        }

    def filled(self, wedges: Mapping[str, Array]) -> "Shock":
        """The same shock with those wedges where it has none: all that changes is its structure."""
        return replace(
            self, **{name: one for name, one in wedges.items() if getattr(self, name) is None}
        )

    @property
    def has_rents(self) -> bool:
        """Whether anyone but the importer's treasury may collect a part of the price."""
        return self.export_tax is not None or self.rationing is not None

    @property
    def landed(self) -> Float[Array, "o d s"]:
        """What the buyer pays before the tariff, over what the producer gets."""
        price = jnp.ones_like(self.tariff)
        for rate in (self.export_tax, self.rationing):
            price = price if rate is None else price * (1.0 + rate)
        return price

    @property
    def remitted(self) -> Float[Array, "o d s"]:
        """What the origin gets, taxes and rents included, over what its producer gets."""
        if self.rationing is None or self.rent_to_importer is None:
            return self.landed
        kept = self.rent_to_importer * self.rationing / (1.0 + self.rationing)
        return self.landed * (1.0 - kept)


@dataclass(frozen=True)
class ServicesRestrictiveness:
    """The services restrictiveness index of a baseline's countries, by policy area and sector."""

    policy_areas: tuple[str, ...]
    score: Float[np.ndarray, "area n s"]
    """0 is open and 1 is closed; not a number where the index has no value."""
    benchmark: Float[np.ndarray, "area s"]
    """The score of the least restrictive country in each sector."""


@dataclass(frozen=True)
class Baseline:
    """A world economy calibrated to one year (the benchmark equilibrium), its names and sources."""

    name: str
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    economy: Economy
    country_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that stand for several countries, such as EU27 in a world that has its members."""
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that stand for several sectors, such as `goods` and `services`."""
    restrictiveness: ServicesRestrictiveness | None = None
    published_elasticities: Mapping[str, Float[np.ndarray, " s"]] = field(default_factory=dict)
    line_average_tariff: Float[np.ndarray, "o d s"] | None = None
    """The tariff as a simple mean over lines, where `economy.tariff` is what is levied."""
    alternative_trade: Float[np.ndarray, "o d s"] | None = None
    """The flows under another estimate of what is not observed; each country's output as before."""
    input_trade: Float[np.ndarray, "o d s"] | None = None
    """The part of each flow that is bought as inputs, as observed; see `Economy.input_trade`."""
    imputed_share: Float[np.ndarray, "o d s"] | None = None
    """The part of the value of each flow that is imputed rather than observed, 0 to 1."""
    country_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    """Year, accounting basis, sources, licences, imputation and adjustments, as read."""

    @cached_property
    def country_index(self) -> dict[str, int]:
        return {code: position for position, code in enumerate(self.countries)}

    def _repr_html_(self) -> str:
        """A card, where a notebook shows it."""
        about, groups = self.about, ", ".join((*self.country_groups, *self.sector_groups))
        names = lambda codes, known: ", ".join(
            f"{known.get(code, code)} ({code})" for code in codes
        )
        rows = [
            ("Countries", names(self.countries, self.country_names)),
            ("Sectors", names(self.sectors, self.sector_names)),
            ("Groups", groups),
            ("Trade elasticities", str(about.get("elasticities", ""))),
            ("Published sets", ", ".join(self.published_elasticities)),
            ("Terms", str(about.get("licence", ""))),
        ]
        size = f"{len(self.countries)} countries, {len(self.sectors)} sectors"
        setting = f"{self.name} · {size} · {self.identity['basis']} basis"
        sources = folded("Where its data are from", self.provenance["sources"])
        return card(str(about.get("title", self.name)), setting, terms(rows), sources)

    @property
    def identity(self) -> dict[str, Any]:
        """Which world a number was computed on, as every answer says it."""
        return {
            "baseline": self.name,
            "baseline_year": int(self.about.get("year", 0)) or None,
            "basis": str(self.about.get("basis", "as in the baseline")),
        }

    @property
    def provenance(self) -> dict[str, Any]:
        """Where its data are from, a citation each, and on what terms they may be passed on."""
        lines = str(self.about.get("source", "")).splitlines()
        return {
            "sources": tuple(line.strip() for line in lines if line.strip()),
            "licence": str(self.about.get("licence", "")),
        }

    @cached_property
    def sector_index(self) -> dict[str, int]:
        return {code: position for position, code in enumerate(self.sectors)}
