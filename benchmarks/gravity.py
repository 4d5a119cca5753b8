"""One sector of gravity: gegravity 0.3 on its own sample, and the exact solution of the same world.

gegravity solves for multilateral resistances with the output and expenditure shares of the base
year, and then reads prices off them: prices do not feed back. Here they do, so that the answers
differ (Canada's price falls by 0.119 percent and not by 0.136).
"""

import contextlib
import importlib.metadata
import io
import warnings
from dataclasses import asdict
from typing import Any

import numpy as np

from .clock import lap, timed
from .worlds import AbsentError, replication


SIGMA = 5.0
COEFFICIENTS = {
    "lndist": -0.3898623, "contiguity": 0.891577, "common_language": 0.0326249,
    "pta": 0.4711383, "international": -3.412584,
}  # fmt: skip
REFERENCE, PAIR = "DEU", ("CAN", "JPN")
# What gegravity asks of its user: the scale of outward resistances. They are tried in turn.
SCALES = (1, 10, 100, 1000)
REPEATS = 3


def packaged() -> dict[str, Any]:
    """gegravity as its documentation runs it: baseline built, experiment defined, simulated."""
    sample = replication("gegravity_python") / "sample_data_set.csv"
    seconds, package = lap(_imported, lambda value: value)
    import pandas as pd

    data = pd.read_csv(sample)
    scale, refused = _scale(package, data)
    timing, model = timed(lambda: _simulated(package, data, scale), most=REPEATS, compiles=False)
    found = model.country_results
    solvers = model.solver_diagnostics
    column = lambda name: {code: float(found.loc[code, name]) for code in PAIR}
    return asdict(timing) | {
        "version": importlib.metadata.version("gegravity"),
        "import": seconds,
        "countries": len(found),
        "scale": scale,
        "refused": refused,
        "evaluations": [int(solver.nfev) for solver in solvers.values()],
        "residual": max(float(np.abs(solver.fun).max()) for solver in solvers.values()),
        "converged": all(bool(solver.success) for solver in solvers.values()),
        "gate": column("factory gate price change (percent)"),
        "real": column("GDP change (percent)"),
    }


def _imported() -> Any:
    try:
        import gegravity
    except ImportError as error:
        raise AbsentError(f"gegravity is not installed ({error})") from None
    return gegravity


def _scale(package: Any, data: Any) -> tuple[int, list[int]]:
    """The first scale at which its baseline converges, and those at which it does not."""
    refused = []
    for scale in SCALES:
        try:
            _simulated(package, data, scale)
        except ValueError:
            refused.append(scale)
        else:
            return scale, refused
    raise AbsentError(f"gegravity's baseline converges at none of the scales {SCALES}")


def _simulated(package: Any, data: Any, scale: int) -> Any:
    table = [{"var": name, "coeff": value, "ste": 0.1} for name, value in COEFFICIENTS.items()]
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        coefficients = package.CostCoeffs(
            type(data)(table), identifier_col="var", coeff_col="coeff", stderr_col="ste"
        )
        baseline = package.BaselineData(
            data, imp_var_name="importer", exp_var_name="exporter", year_var_name="year",
            trade_var_name="trade", expend_var_name="E", output_var_name="Y",
        )  # fmt: skip
        model = package.OneSectorGE(
            baseline, year="2006", reference_importer=REFERENCE, expend_var_name="E",
            output_var_name="Y", sigma=SIGMA, cost_variables=list(COEFFICIENTS),
            cost_coeff_values=coefficients, quiet=True,
        )  # fmt: skip
        model.build_baseline(omr_rescale=scale)
        changed = model.baseline_data.copy()
        between = changed["importer"].isin(PAIR) & changed["exporter"].isin(PAIR)
        changed.loc[between & (changed["importer"] != changed["exporter"]), "pta"] = 1
        model.define_experiment(changed)
        model.simulate()
    return model


def exact() -> dict[str, Any]:
    """The same world and agreement, solved with shares and incomes that follow prices."""
    import jax
    import jax.numpy as jnp
    import pandas as pd

    from detente.closure import Closure
    from detente.equilibrium import certify, solve, welfare_hat
    from detente.world import Economy, Shock

    data = pd.read_csv(replication("gegravity_python") / "sample_data_set.csv")
    fitting, (codes, flows) = timed(lambda: _fitted(data), compiles=False)
    places = [codes.index(code) for code in PAIR]
    zero = np.zeros((len(codes), len(codes), 1))
    theta = jnp.asarray([SIGMA - 1.0])
    economy = Economy(
        jnp.asarray(flows[:, :, None]), jnp.asarray(zero), jnp.zeros((len(codes), 1, 1)), theta
    )
    cost = np.ones_like(zero)
    cost[places, places[::-1]] = np.exp(-COEFFICIENTS["pta"] / (SIGMA - 1.0))
    shock = Shock.of(economy.tariff, jnp.asarray(cost))
    closure = Closure(deficits="proportional")
    timing, found = timed(lambda: solve(economy, shock, closure), jax.block_until_ready)
    gate = found.labour_income_hat / found.price_hat[codes.index(REFERENCE), 0]
    by_country = lambda hat: {
        code: 100 * (float(hat[place]) - 1) for code, place in zip(PAIR, places, strict=True)
    }
    return asdict(timing) | {
        "fitting": fitting.median,
        "countries": len(codes),
        "steps": int(found.steps),
        "residual": float(found.residual),
        "certificate": certify(economy, shock, found, closure).largest,
        "gate": by_country(gate),
        "real": by_country(welfare_hat(economy, found)),
    }


def _fitted(data: Any) -> tuple[list[str], np.ndarray]:
    """Flows of structural gravity: costs of the coefficients, scaled to output and expenditure."""
    square = lambda name: data.pivot(index="exporter", columns="importer", values=name)
    ease = np.exp(sum(beta * square(name) for name, beta in COEFFICIENTS.items()))
    spent = square("E").iloc[0].to_numpy(float)
    output = square("Y").iloc[:, 0].to_numpy(float)
    # Output and expenditure of the file do not add up to the same; gegravity takes shares of each.
    output *= spent.sum() / output.sum()
    column = np.ones_like(spent)
    for _ in range(100_000):
        row = output / (ease.to_numpy() @ column)
        new = spent / (row @ ease.to_numpy())
        moved = np.abs(new / column - 1).max()
        column = new
        if moved < 1e-13:
            break
    return list(ease.index), row[:, None] * ease.to_numpy() * column
