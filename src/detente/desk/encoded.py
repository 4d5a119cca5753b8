"""Arrays as text in the page, so that no digit is lost."""

import base64
from typing import Any

import numpy as np
from jaxtyping import Float


def packed(values: Any) -> dict[str, str]:
    """An array as the base64 of its numbers."""
    made: Float[np.ndarray, ...] = np.ascontiguousarray(values, dtype="<f8")
    return {"float64": base64.b64encode(made.tobytes()).decode()}


def places(at: np.ndarray) -> dict[str, str]:
    """Whole numbers: positions in a flat array, or codes."""
    return {"int32": base64.b64encode(at.astype("<i4").tobytes()).decode()}


def sparse(values: np.ndarray) -> dict[str, Any]:
    """Where an array is not zero, `at`, and what it is there, `by`."""
    at = np.flatnonzero(values)
    return {"at": places(at), "by": packed(values.ravel()[at])}
