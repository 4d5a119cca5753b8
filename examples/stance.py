"""Seoul's choice: what each stance is answered with, and what the answer is worth.

China and the United States each say what they do for every stance that South Korea may take. A
stance is words and moves no trade; what answers it does. What governments value besides real
income is zero here, so the table says what trade alone speaks for.
"""

import detente


answer = detente.ask("stance", game="seoul", draws=0)
game = detente.geo.stance.load_game("seoul")
answers = {name: game.players[name].schedule for name in ("CHN", "USA")}
payoffs = answer.tables["payoffs"].query("player == 'KOR'")
payoffs = payoffs.set_index(["action_CHN", "action_USA", "action_KOR"])["welfare_percent"]
for stance, action in game.players["KOR"].actions.items():
    china, usa = answers["CHN"][stance], answers["USA"][stance]
    print(f"South Korea {action.title}.")
    for player, name, one in (("CHN", "China", china), ("USA", "The United States", usa)):
        print(f"    {name} {game.players[player].actions[one].title}.")
    print(f"    South Korea's real income: {payoffs[china, usa, stance]:+.3f} %\n")
picture = detente.chart(answer)
