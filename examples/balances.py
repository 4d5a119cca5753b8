"""South Korea's balance with China, on every book.

The same trade has a surplus in one country's accounts and a deficit in the other's. The record
that ships holds what each of them published; a year that a book does not have is a gap and is
never filled.
"""

import detente


answer = detente.ask("balance", country="South Korea", partner="China", years="2018:2023")
rows = next(iter(answer.tables.values()))
table = rows.pivot(index="year", columns="basis", values="balance") / 1000
print("Balance of South Korea in goods with China, in billion US$:\n")
print(table.round(1).to_string(na_rep="gap"))
picture = detente.chart(answer)
