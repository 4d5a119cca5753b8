"""Answers for programs: what was asked, and every row of what came out."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd


def document(about: Mapping[str, Any], **parts: "pd.DataFrame | pd.Series") -> str:
    """JSON of what an answer is about and of its tables; what is missing is null.

    A frame becomes a list of rows, a series a mapping from its index.
    """
    whole: dict[str, Any] = {"about": dict(about)}
    for name, part in parts.items():
        orient = "records" if isinstance(part, pd.DataFrame) else "index"
        whole[name] = json.loads(str(part.to_json(orient=orient, double_precision=15)))
    return json.dumps(whole, indent=2, allow_nan=False)
