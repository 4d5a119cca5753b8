"""Japan holds back materials for chips from South Korea.

In July 2019 Japan put sales of three materials under single licences. They are parts of one sector
here, chemicals, so the script stops a part of that flow, and asks what it costs each side at
once and once production has adjusted.
"""

import detente


base = detente.load_baseline("compact-2022")
for share in (0.05, 0.20):
    for horizon in ("short", "long"):
        control = {
            "kind": "export_control", "exporters": ["Japan"], "importers": ["South Korea"],
            "sectors": ["Chemicals"], "covered_share": share,
        }  # fmt: skip
        document = {
            "title": "Licences", "horizon": horizon, "policies": {"licences": control},
            "focus": ["South Korea", "Japan"],
        }  # fmt: skip
        outcome = detente.simulate(base, detente.scenario.parse_scenario(document, "licences"))
        loses = {code: -float(outcome["welfare"].sel(country=code)) for code in ("KOR", "JPN")}
        print(
            f"{100 * share:.0f} % of the flow stops, {horizon} run: South Korea loses "
            f"{loses['KOR']:.3f} % of real income, Japan {loses['JPN']:.3f} %"
        )
picture = detente.chart(outcome)
