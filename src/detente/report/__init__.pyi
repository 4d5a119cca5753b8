from ._document import document as document
from .analyses import (
    decomposition_frame as decomposition_frame,
    decomposition_table as decomposition_table,
    number_in_words as number_in_words,
    path_frame as path_frame,
    path_table as path_table,
    sensitivity_table as sensitivity_table,
)
from .answer import answer as answer
from .bargaining import (
    bargain_table as bargain_table,
)
from .bargaining_charts import bargain_chart as bargain_chart, conflict_chart as conflict_chart
from .brief import brief as brief, brief_page as brief_page
from .charts import warm_up as warm_up
from .chosen_tariffs import (
    tariffs_frame as tariffs_frame,
    tariffs_table as tariffs_table,
    weights_frame as weights_frame,
)
from .claims import (
    ledger_document as ledger_document,
    ledger_table as ledger_table,
    reading_frame as reading_frame,
    reading_table as reading_table,
)
from .diversification import (
    diversification_document as diversification_document,
    diversification_table as diversification_table,
)
from .episodes import (
    episode_chart as episode_chart,
    episode_document as episode_document,
    episode_frame as episode_frame,
    episode_table as episode_table,
)
from .exposure import (
    by_year_table as by_year_table,
    exposure_frame as exposure_frame,
    exposure_table as exposure_table,
    third_parties_table as third_parties_table,
)
from .exposure_charts import (
    by_year_chart as by_year_chart,
    exposure_chart as exposure_chart,
    paths_chart as paths_chart,
    third_parties_chart as third_parties_chart,
)
from .gravity import (
    elasticities_table as elasticities_table,
    gravity_facts as gravity_facts,
    gravity_frame as gravity_frame,
    gravity_table as gravity_table,
)
from .html import card_of as card_of, html as html
from .leverage import leverage_table as leverage_table
from .leverage_charts import (
    cheapest_chart as cheapest_chart,
    frontier_chart as frontier_chart,
    leverage_chart as leverage_chart,
)
from .leverage_threats import (
    cheapest_table as cheapest_table,
    coalition_table as coalition_table,
    credibility_table as credibility_table,
    frontier_table as frontier_table,
    losses_table as losses_table,
)
from .markdown import markdown as markdown
from .page import drawn as drawn, page_of as page_of, PAGES as PAGES
from .parts import (
    parts_chart as parts_chart,
    parts_table as parts_table,
    terms_chart as terms_chart,
)
from .path_chart import path_chart as path_chart
from .peace import conflict_table as conflict_table, patience_table as patience_table
from .picture import format_of as format_of, picture as picture
from .raw_materials import raw_material_frames as raw_material_frames
from .record_charts import balance_chart as balance_chart, timeline_chart as timeline_chart
from .record_tables import (
    balance_table as balance_table,
    dependence_table as dependence_table,
    evaluation_sentence as evaluation_sentence,
    evaluation_table as evaluation_table,
    event_frame as event_frame,
    revision_sentence as revision_sentence,
    streak_sentence as streak_sentence,
    timeline_table as timeline_table,
    track_sentence as track_sentence,
    track_table as track_table,
)
from .risk import risk_chart as risk_chart, risk_frame as risk_frame, risk_table as risk_table
from .section import listed as listed, Page as Page, Section as Section
from .stance import stance_sections as stance_sections
from .stance_faces import (
    stance_chart as stance_chart,
    stance_table as stance_table,
    stance_tables as stance_tables,
)
from .stance_summary import stance_summary as stance_summary
from .tables import (
    comparison as comparison,
    comparison_frame as comparison_frame,
    summary as summary,
    summary_table as summary_table,
)
from .terminal import terminal as terminal
from .validation import (
    validation_document as validation_document,
    validation_frame as validation_frame,
    validation_table as validation_table,
)
from .wording import say as say
