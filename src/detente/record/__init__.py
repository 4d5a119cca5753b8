"""What was traded, on whose books, and what happened: the record, and what is measured on it.

The names are in the stub beside this file; each loads its own module on first use.
"""

import lazy_loader


__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
