"""Published results of other studies, beside what the same question gives here."""

from ._play import RowCheck as RowCheck, validate as validate
from ._table import load_table as load_table, Row as Row, Side as Side, StudyTable as StudyTable
