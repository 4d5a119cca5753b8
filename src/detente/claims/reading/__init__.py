"""Quantities drawn from a document, matched to stored series, each with a verdict."""

from .reader import read as read, Reading as Reading
from .text import document_text as document_text
