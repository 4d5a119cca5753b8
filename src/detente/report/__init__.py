"""Labelled data in; the answer in words, terminal tables, charts and the brief out."""

from ._document import document as document
from .analyses import (
    decomposition_frame as decomposition_frame,
    decomposition_table as decomposition_table,
    path_about as path_about,
    path_frame as path_frame,
    path_table as path_table,
    sensitivity_about as sensitivity_about,
    sensitivity_table as sensitivity_table,
    tariffs_frame as tariffs_frame,
    tariffs_table as tariffs_table,
)
from .answer import answer as answer
from .brief import brief as brief
from .charts import warm_up as warm_up
from .gravity import (
    elasticities_table as elasticities_table,
    gravity_facts as gravity_facts,
    gravity_frame as gravity_frame,
    gravity_table as gravity_table,
)
from .path_chart import path_chart as path_chart
from .tables import (
    comparison as comparison,
    comparison_frame as comparison_frame,
    render_terminal as render_terminal,
    summary_table as summary_table,
)
