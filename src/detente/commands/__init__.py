"""What the command line and every other face share: no printing, no terminal, no HTTP.

The names are in the stub beside this file; each loads its own module on first use, so that a
command waits for what it needs and for nothing else.
"""

import lazy_loader


__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
