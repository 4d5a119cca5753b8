"""A note in Word, from a scenario.

The document holds the sentences, the picture, the tables and what they rest on; the suffix of
the file says the form, and `.xlsx`, `.pptx`, `.md` and `.zip` work alike. Word and PowerPoint
need the extra `office`.
"""

import tempfile
from pathlib import Path

import docx

import detente
from detente import commands


base = detente.load_baseline("compact-2022")
outcome = detente.simulate(base, detente.load_scenario("china-korea/korea-japan"))
with tempfile.TemporaryDirectory() as folder:
    (path,) = commands.export(outcome, Path(folder) / "korea-japan.docx")
    document = docx.Document(str(path))
headings = [one.text for one in document.paragraphs if one.style.name.startswith(("Head", "Title"))]
print(f"{path.name}: {len(document.tables)} tables, {len(document.inline_shapes)} picture")
print(*headings, sep="\n")
picture = detente.chart(outcome)
