"""Why a government would: exposure, leverage, stance and bargaining on payoffs of the engine.

Every payoff is an exact welfare effect that the engine computed; every political term is explicit,
in percent of GDP, and reported as the threshold at which an answer changes.
"""
