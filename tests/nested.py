"""The algorithm of Caliendo and Parro (2015, appendix) in plain NumPy: prices inside expenditures
inside a damped search for wages, with dense matrices and explicit loops over nothing but iterations.

Shares no code with the package: an error would have to be made twice.
"""

import numpy as np


def nested(trade, tariff, shares, theta, new_tariff, cost_hat, tolerance=1e-12):
    """Wage and price changes; arrays as in `Economy`, flows [origin, destination, sector]."""
    countries = len(trade)
    bought = (trade * (1 + tariff)).sum(axis=0)
    pi = trade * (1 + tariff) / bought
    output = trade.sum(axis=1)
    beta = 1 - shares.sum(axis=1)
    value_added = (beta * output).sum(axis=1)
    final = bought - np.einsum("nks,ns->nk", shares, output)
    alpha = final / final.sum(axis=1, keepdims=True)
    deficit = trade.sum(axis=(0, 2)) - output.sum(axis=1)
    barrier = (1 + new_tariff) / (1 + tariff) * cost_hat
    wage = np.ones(countries)
    for _ in range(4000):
        price, share = _prices(wage, beta, shares, pi, barrier, theta, tolerance)
        spent = _expenditure(wage * value_added, deficit, alpha, shares, share, new_tariff)
        sold = share * spent[None] / (1 + new_tariff)
        excess = (beta * sold.sum(axis=1)).sum(axis=1) / (wage * value_added) - 1
        if np.abs(excess).max() < tolerance:
            return wage, price, share
        wage = wage * (1 + 0.2 * excess)
        wage = wage / ((wage * value_added).sum() / value_added.sum())
    raise AssertionError("the nested algorithm did not converge")


def _prices(wage, beta, shares, pi, barrier, theta, tolerance):
    price = np.ones_like(beta)
    for _ in range(2000):
        cost = wage[:, None] ** beta * np.exp(np.einsum("nks,nk->ns", shares, np.log(price)))
        delivered = pi * (barrier * cost[:, None, :]) ** (-theta)
        new = delivered.sum(axis=0) ** (-1 / theta)
        if np.abs(new / price - 1).max() < tolerance / 10:
            break
        price = new
    return new, delivered / delivered.sum(axis=0)


def _expenditure(labour_income, deficit, alpha, shares, share, tariff):
    """One dense linear system: expenditure of every country on every sector."""
    countries, sectors = alpha.shape
    size = countries * sectors
    net = share / (1 + tariff)
    matrix = np.eye(size)
    for n in range(countries):
        for s in range(sectors):
            column = n * sectors + s
            revenue = (tariff[:, n, s] * net[:, n, s]).sum()
            matrix[n * sectors : (n + 1) * sectors, column] -= alpha[n] * revenue
            for o in range(countries):
                matrix[o * sectors : (o + 1) * sectors, column] -= shares[o, :, s] * net[o, n, s]
    right = (alpha * (labour_income + deficit)[:, None]).ravel()
    return np.linalg.solve(matrix, right).reshape(countries, sectors)
