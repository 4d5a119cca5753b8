"""The United States adds 20 points to its tariff on Viet Nam.

`change` adds to the tariff that is there, as the tariffs announced in 2025 do; `rate` would
replace it, and would lower the highest ones. The table shows who sells what Viet Nam no longer
sells.
"""

import detente


base = detente.load_baseline("compact-2022")
levy = {"kind": "tariff", "importers": ["US"], "exporters": ["Vietnam"], "change": 0.20}
document = {
    "title": "The United States adds 20 points to its tariff on Viet Nam",
    "focus": ["Vietnam", "US"],
    "policies": {"levy": levy},
}
outcome = detente.simulate(base, detente.scenario.parse_scenario(document, "US and Viet Nam"))
print(*detente.answer(outcome)[:3], sep="\n\n")
sold = (outcome["trade_after"] - outcome["trade_before"]).sel(destination="USA").sum(
    "sector"
) / 1000
sold = sold.drop_sel(origin="USA").to_series().rename(dict(base.country_names)).sort_values()
print("\nSales to the United States, change in billion US$ a year:")
for name, change in [*sold.head(1).items(), *sold.tail(4)[::-1].items()]:
    print(f"{name:26}{change:+6.1f}")
picture = detente.chart(outcome)
