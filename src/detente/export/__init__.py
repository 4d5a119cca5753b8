"""Answers in the files that others work with: workbooks, documents, slides, rows and pictures.

The names are in the stub beside this file; each loads its own module on first use.
"""

import lazy_loader


__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
