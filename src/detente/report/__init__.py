"""Labelled data in; the answer in words, terminal tables, charts and the brief out."""

from .analyses import (
    decomposition_table as decomposition_table,
    path_table as path_table,
    sensitivity_table as sensitivity_table,
    tariffs_table as tariffs_table,
)
from .answer import answer as answer
from .brief import brief as brief
from .charts import warm_up as warm_up
from .tables import (
    comparison as comparison,
    comparison_frame as comparison_frame,
    render_terminal as render_terminal,
    summary_table as summary_table,
)
