"""What each part of an agreement brings.

The second phase of the China-Korea agreement is three policies. Each alone, what leaving it out
does, and its fair share of the whole: the shares add up.
"""

import detente


answer = detente.ask(
    "decompose", scenario="china-korea/phase-two", by="policy", overrides=("uncertainty.draws=0",)
)
rows = next(iter(answer.tables.values())).query("country == 'KOR'")
print("Real income of South Korea, in percent:\n")
print(rows[["policy", "alone", "left_out", "fair_share"]].round(4).to_string(index=False))
print(f"\nThe shares add up to {rows['fair_share'].sum():.4f} %.")
picture = detente.chart(answer)
