"""Write the pages of the documentation for whatever builds Markdown.

    python -m tools.pages [FOLDER]

They go into `build/docs`, which `mkdocs.yml` names, or into a folder that holds no other files.
"""

import sys
from pathlib import Path

from .tables import ROOT
from .written import write


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs")
