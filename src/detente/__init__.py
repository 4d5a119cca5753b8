"""What a thaw or a freeze between two economies does: to whom, how much, and on which assumptions.

import detente
base = detente.load_baseline("compact-2022")
scenario = detente.load_scenario("china-korea/services-opening")
outcome = detente.simulate(base, scenario)
"""

import lazy_loader


__version__ = "0.1.0"

# On first use, from the stub beside this file: `detente --help` does not wait for JAX.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
