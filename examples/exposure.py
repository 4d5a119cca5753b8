"""Whose growth helps Viet Nam, and whose hurts it.

Derivatives of Viet Nam's real income to productivity in every other economy: exact, and to
first order. Short and long say how long its own workers and buyers have to adjust.
"""

import detente


answer = detente.ask("exposure", country="Vietnam")
partners = answer.tables["partners"].query("partner != 'VNM'")
print("Viet Nam's real income where productivity there rises by 10 %, in percent:\n")
table = partners.pivot(index="name", columns="horizon", values="from_its_growth")
table = 10 * table[["short", "long"]]
print(table.sort_values("long", ascending=False).head(8).round(2).to_string())
picture = detente.chart(answer)
