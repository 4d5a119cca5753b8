"""China's duties on Australian barley and wine, as far as the sectors allow.

Barley is a part of agriculture, wine of food and beverages, and this world has Australia and
New Zealand as one region. A duty on one product can only be said as an average over its sector,
so the script asks how the loss grows with that average. It cannot say what barley or wine alone
would lose.
"""

import detente


base = detente.load_baseline("compact-2022")
for added in (0.02, 0.05, 0.10):
    levy = {
        "kind": "tariff", "importers": ["China"], "exporters": ["Australia and New Zealand"],
        "sectors": ["Agriculture", "Food"], "change": added,
    }  # fmt: skip
    document = {
        "title": "China's duties", "horizon": "short", "policies": {"levy": levy},
        "focus": ["Australia and New Zealand", "China"],
    }  # fmt: skip
    outcome = detente.simulate(base, detente.scenario.parse_scenario(document, "the duties"))
    loss = -float(outcome["equivalent_variation"].sel(country="ANZ"))
    farms, food = outcome["output"].sel(country="ANZ", sector=["AGR", "FOD"]).values
    print(
        f"{100 * added:.0f} points on average: Australia and New Zealand lose US$ {loss:,.0f} "
        f"million a year; agriculture {farms:+.2f} %, food and beverages {food:+.2f} %"
    )
picture = detente.chart(outcome)
