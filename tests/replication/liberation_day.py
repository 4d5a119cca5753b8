"""The one-sector world of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), in plain NumPy.

194 countries trade one good. Firms pay labour at home to produce and labour in the destination, the
part `margin` of a flow, to reach its buyers; a tariff moves demand with the trade elasticity times
`pass_through`, 1 where firms choose as in Eaton and Kortum. Labour supplied follows the real wage
after an income tax, which falls by what tariffs bring unless that is handed back. Deficits are
given parts of world income. `python -m tests.replication.liberation_day FOLDER` prints what comes
out for each of the paper's exercises with its inputs.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .independent import root


ELASTICITY, SUPPLY, SCALE = 4.0, 0.5, 0.67
"""Of trade and of labour, and the scale elasticity times the trade elasticity, as in the paper."""


@dataclass(frozen=True)
class World:
    """Flows [origin, destination], own sales included, and how firms and workers answer."""

    flows: np.ndarray
    margin: np.ndarray
    """Part of a flow that pays labour in the destination."""
    pass_through: np.ndarray
    """Of the destination: what a tariff does to demand over what as large a cost does."""
    elasticity: float = ELASTICITY
    supply: float = SUPPLY
    cuts_income_tax: bool = True
    """Whether what tariffs bring takes the place of a tax on labour, or is handed back."""

    @property
    def spending(self) -> np.ndarray:
        return self.flows.sum(axis=0)

    @property
    def labour_income(self) -> np.ndarray:
        return self.earned(self.flows)

    def earned(self, flows: np.ndarray) -> np.ndarray:
        """By labour: of what is sold abroad and at home, and of what is bought."""
        return ((1.0 - self.margin) * flows).sum(axis=1) + self.margin * flows.sum(axis=0)


@dataclass(frozen=True)
class Answer:
    """New over old but `revenue` and `flows`, in the price level of the baseline's world."""

    wage: np.ndarray
    labour: np.ndarray
    price: np.ndarray
    spending: np.ndarray
    welfare: np.ndarray
    """With the leisure that work costs."""
    revenue: np.ndarray
    flows: np.ndarray

    @property
    def real_income(self) -> np.ndarray:
        """Without leisure."""
        return self.spending / self.price


def after(world: World, tariff: np.ndarray) -> Answer:
    """The world with these tariffs in place of none, by Newton's method."""
    count = len(world.flows)
    found = root(lambda logs: _gaps(_answer(world, tariff, logs), world), np.zeros(3 * count))
    return _answer(world, tariff, found)


def _answer(world: World, tariff: np.ndarray, logs: np.ndarray) -> Answer:
    wage, spending, labour = np.exp(logs.reshape(3, -1))
    cost = wage * labour ** (-SCALE / ELASTICITY)
    share = world.flows / world.spending
    pull = share * (cost[:, None] * (1.0 + tariff) ** world.pass_through) ** -world.elasticity
    price = (spending / wage) ** (1.0 - world.pass_through) * pull.sum(axis=0) ** (
        -1.0 / world.elasticity
    )
    bought = pull / pull.sum(axis=0) * world.spending * spending
    flows = bought / (1.0 + tariff)
    revenue = (bought - flows).sum(axis=0)
    # Work is worth the leisure that it costs, at the margin: a part of income is no gain.
    cut = revenue / (wage * labour * world.labour_income) * world.cuts_income_tax
    leisure = world.supply / (1.0 + world.supply) * (1.0 - cut) * world.labour_income
    weight = world.spending / (world.spending - leisure)
    welfare = (weight * spending + (1.0 - weight) * wage * labour) / price
    return Answer(wage, labour, price, spending, welfare, revenue, flows)


def _gaps(answer: Answer, world: World) -> np.ndarray:
    """Labour markets, budgets, labour supply, and the price level; one market is redundant."""
    earned = answer.wage * answer.labour * world.labour_income
    deficit = world.spending - world.labour_income
    budget = answer.revenue + earned + deficit * earned.sum() / world.labour_income.sum()
    cut = 1.0 / (1.0 - answer.revenue / earned) if world.cuts_income_tax else 1.0
    worked = (cut * answer.wage / answer.price) ** world.supply
    level = (world.spending * (answer.price - 1.0)).sum() / world.spending.sum()
    return np.concatenate(
        [
            np.log(world.earned(answer.flows) / earned),
            np.log(budget / (answer.spending * world.spending)),
            np.log(answer.labour / worked),
            [level],
        ]
    )


# --- The paper's exercises ---------------------------------------------------------------------


def read(folder: Path) -> tuple[World, dict[str, np.ndarray], list[str]]:
    """The world at full pass-through of firms, the tariffs of each exercise, the countries."""
    base = np.load(folder / "base_2023.npz", allow_pickle=False)
    world = World(base["X_with_domestic"], base["nu"], base["phi"][0])
    tariffs = dict(np.load(folder / "tariff_scenarios.npz"))
    return world, tariffs, [str(code) for code in base["iso3"]]


def exercises(folder: Path) -> dict[str, tuple[World, np.ndarray]]:
    """The nine exercises of the one-sector world, by what they are."""
    world, tariffs, _ = read(folder)
    partial = np.load(folder / "base_2023.npz", allow_pickle=False)["phi"][2]
    announced = tariffs["ustr"]
    nothing, one = np.zeros_like(world.margin), np.ones_like(world.margin)
    return {
        "announced": (world, announced),
        "announced, a quarter passed through": (replace(world, pass_through=partial), announced),
        "announced, Eaton and Kortum": (
            replace(world, margin=nothing, pass_through=one),
            announced,
        ),
        "announced, revenue handed back": (replace(world, cuts_income_tax=False), announced),
        "announced, twice the elasticity": (replace(world, elasticity=2 * ELASTICITY), announced),
        "best of the United States": (world, tariffs["optimal_us"]),
        "announced, best answer of others": (world, tariffs["ustr_optimal_retaliation"]),
        "announced, answered in kind": (world, tariffs["ustr_reciprocal"]),
        "best, and best answer of others": (world, tariffs["optimal_optimal"]),
    }


def table(folder: Path) -> str:
    """US welfare, work, prices and revenue over spending; work in the world. All percent."""
    codes = read(folder)[2]
    usa, china = codes.index("USA"), codes.index("CHN")
    lines = [
        f"{'':38} {'USA':>7} {'CHN':>7} {'work':>7} {'prices':>7} {'revenue':>7} {'world work':>10}"
    ]
    for name, (world, tariff) in exercises(folder).items():
        new = after(world, tariff)
        everywhere = (new.labour - 1) @ world.labour_income / world.labour_income.sum()
        revenue = new.revenue[usa] / (world.spending[usa] * new.spending[usa])
        numbers = (new.welfare[usa] - 1, new.welfare[china] - 1, new.labour[usa] - 1,
                   new.price[usa] - 1, revenue)  # fmt: skip
        shown = " ".join(f"{100 * number:7.2f}" for number in numbers)
        lines.append(f"{name:38} {shown} {100 * everywhere:10.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{table(Path(sys.argv[1]))}\n")
