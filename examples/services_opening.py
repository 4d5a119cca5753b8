"""China opens its services to South Korea, at once and in the long run.

A scenario of the library, played as it is and with labour kept in its sector. `overrides`
changes any value of it, as `--set` does on the command line.
"""

import detente


base = detente.load_baseline("compact-2022")
for horizon in ("short", "long"):
    scenario = detente.load_scenario("china-korea/services-opening", [f"horizon={horizon}"])
    outcome = detente.simulate(base, scenario)
    print(*detente.answer(outcome)[:3], sep="\n\n", end="\n\n")
picture = detente.chart(outcome, "sectors")
