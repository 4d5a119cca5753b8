"""What China can threaten South Korea with, and what it would cost China.

Both would lose if China stopped its trade with South Korea: buying, selling, or both. The ratio is
how much South Korea loses for each percent that China does, so it says how cheap the threat is.
"""

import detente


answer = detente.ask("leverage", sender="China", target="South Korea", form="both", draws=0)
for row in answer.tables["rows"].itertuples():
    print(
        f"All trade stops, {row.horizon} run: South Korea loses {row.threat_loss:.2f} % of real "
        f"income, US$ {row.threat_loss_usd / 1000:.0f} billion a year; China loses "
        f"{row.self_cost:.2f} %. South Korea loses {row.ratio:.1f} times as much."
    )
picture = detente.chart(answer)
