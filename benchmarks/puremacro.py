"""puremacro from PyPI: its static model on its own table, its Caliendo-Parro model on ours."""

import importlib.metadata
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from .clock import lap
from .worlds import AbsentError


# Its own tolerance is 1e-8 on excess demand for labour; ours is 1e-10 on every equation.
TOLERANCE = 1e-10
RATE = 0.10
IMPORTER = "USA"


def _trade() -> Any:
    try:
        from puremacro import trade
    except ImportError as error:
        raise AbsentError(f"puremacro is not installed ({error})") from None
    return trade


def static() -> dict[str, Any]:
    """Its bundled table of 20 countries and 20 sectors: 10 % by the United States on all imports.

    Two factors, fixed coefficients, savings fixed in the numeraire: a model of another kind, so
    that the time is reported and no answer is compared.
    """
    trade = _trade()
    from puremacro.trade.data import load_icio_data

    table = load_icio_data(return_structured=True)
    preparing, calibrated = lap(
        lambda: trade.calibrate_trade_model(
            table.matrix, country_codes=table.country_codes, sector_codes=table.sector_codes
        ),
        lambda value: value,
    )
    rates = {(code, "*"): RATE for code in table.country_codes if code != IMPORTER}
    scenario = trade.TariffScenario(IMPORTER, rates)
    seconds, found = lap(lambda: trade.run_scenario(calibrated, scenario), lambda value: value)
    return {
        "version": importlib.metadata.version("puremacro"),
        "size": [len(table.country_codes), len(table.sector_codes)],
        "preparing": preparing,
        "median": seconds,
        "laps": 1,
        "steps": int(found.iterations),
        "converged": bool(found.converged),
        "residual": float(found.max_residual),
    }


def caliendo_parro(path: Path, max_steps: int) -> dict[str, Any]:
    """Its model of the same equations as ours, on the same world, shock and deficits.

    World value added is handed over as 1, because a part of its stopping rule is absolute.
    """
    trade = _trade()
    with np.load(path) as held:
        ours = dict(held)
    bought = ours["trade"] * (1 + ours["tariff"])
    spent, output = bought.sum(axis=0), ours["trade"].sum(axis=1)
    share = np.where(spent > 0, bought / np.where(spent > 0, spent, 1), 0.0)
    labour_share = 1 - ours["inputs"].sum(axis=1)
    final = spent - np.einsum("nks,ns->nk", ours["inputs"], output)
    income = (labour_share * output).sum(axis=1)
    deficit = ours["trade"].sum(axis=(0, 2)) - output.sum(axis=1)
    turned = lambda flows: np.transpose(flows, (2, 1, 0))
    preparing, model = lap(
        lambda: trade.CaliendoParroModel(
            trade_shares=turned(share),
            gamma_va=labour_share,
            gamma_io=np.transpose(ours["inputs"], (0, 2, 1)),
            alpha=final / final.sum(axis=1, keepdims=True),
            theta=ours["theta"],
            labor_income=income / income.sum(),
            deficits=deficit / income.sum(),
            tariffs=turned(1 + ours["tariff"]),
        ),
        lambda value: value,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        seconds, found = lap(
            lambda: model.solve_counterfactual(
                tariffs_new=turned(1 + ours["new_tariff"]), tol=TOLERANCE, max_iter=max_steps
            ),
            lambda value: value,
        )
    return {
        "version": importlib.metadata.version("puremacro"),
        "preparing": preparing,
        "median": seconds,
        "laps": 1,
        "steps": int(found.iterations),
        "max_steps": max_steps,
        "converged": bool(found.converged),
        "residual": float(found.max_residual),
        "off_wages": float(np.abs(np.log(found.w_hat / ours["wage"])).max()),
        "off_prices": float(np.abs(np.log(found.P_hat / ours["price"])).max()),
        "off_welfare": float(np.abs(found.welfare_hat - ours["welfare"]).max()),
    }
