"""The ledger: claims from documents, checks against stored data, verdicts side by side."""

from .judge import (
    contradictions as contradictions,
    counts as counts,
    judge as judge,
    Judgement as Judgement,
    ledger_frame as ledger_frame,
)
from .ledger import Claim as Claim, Ledger as Ledger, load_ledger as load_ledger
from .model import kept_ranges as kept_ranges, Model as Model
from .record import Record as Record
from .verdict import Finding as Finding, Verdict as Verdict
