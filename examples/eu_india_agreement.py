"""The European Union and India drop their tariffs.

An agreement of any pair takes a few lines: who its members are, which sectors it covers, how
much of the tariffs goes. Here every tariff on goods goes; services, standards and investment
are left as they are.
"""

import detente


base = detente.load_baseline("compact-2022")
document = {
    "title": "The European Union and India drop their tariffs",
    "focus": ["European Union", "India"],
    "policies": {"goods": {"kind": "free_trade_agreement", "members": ["EU", "India"]}},
}
scenario = detente.scenario.parse_scenario(document, "EU and India")
outcome = detente.simulate(base, scenario)
print(*detente.answer(outcome), sep="\n\n")
picture = detente.chart(outcome)
