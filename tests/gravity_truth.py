"""Panels whose answers are known, and Poisson regression with a dummy for every effect.

Nothing here imports the package's estimation: an error would have to be made twice.
"""

import itertools

import numpy as np
import pandas as pd


def panel(
    beta: dict[str, float], *, countries: int = 7, years: range = range(2000, 2004), seed: int = 3,
    noise: float = 0.0,
) -> pd.DataFrame:  # fmt: skip
    """Flows that follow a gravity equation: exactly, or up to multiplicative noise of mean one.

    Every regressor varies over pairs and years and is zero at home, as a trade policy is.
    """
    random = np.random.default_rng(seed)
    names = [f"C{place:02d}" for place in range(countries)]
    rows = pd.DataFrame(
        itertools.product(names, names, years), columns=["exporter", "importer", "year"]
    )
    effect = lambda *keys: (
        rows.groupby(list(keys)).ngroup().map(dict(enumerate(random.normal(size=len(rows)))))
    )
    logs = effect("exporter", "year") + effect("importer", "year") + effect("exporter", "importer")
    abroad = (rows["exporter"] != rows["importer"]).to_numpy()
    for name in beta:
        rows[name] = random.uniform(0, 0.3, size=len(rows)) * abroad
    for name, size in beta.items():
        logs = logs + size * rows[name]
    error = random.gamma(1 / noise, noise, size=len(rows)) if noise else 1.0
    return rows.assign(trade=np.exp(logs) * error)


def dense_poisson(
    explained: np.ndarray, regressors: np.ndarray, groups: list[np.ndarray], cluster: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and clustered errors by Newton's method on the full matrix of dummies.

    The sandwich has no correction for small samples: A (sum of outer scores by cluster) A.
    """
    dummies = [(group[:, None] == np.unique(group)).astype(float) for group in groups]
    matrix = np.concatenate([regressors, *dummies], axis=1)
    point = np.linalg.lstsq(matrix, np.log(explained + explained.mean()), rcond=None)[0]
    for _ in range(100):
        mean = np.exp(matrix @ point)
        information = matrix.T @ (mean[:, None] * matrix)
        step = np.linalg.lstsq(information, matrix.T @ (explained - mean), rcond=1e-12)[0]
        point = point + step
        if np.abs(matrix @ step).max() < 1e-12:
            break
    mean = np.exp(matrix @ point)
    bread = np.linalg.pinv(matrix.T @ (mean[:, None] * matrix), rcond=1e-12)
    scores = matrix * (explained - mean)[:, None]
    sums = np.stack([scores[cluster == one].sum(axis=0) for one in np.unique(cluster)])
    size = regressors.shape[1]
    variance = (bread @ sums.T @ sums @ bread)[:size, :size]
    return point[:size], np.sqrt(np.diag(variance))
