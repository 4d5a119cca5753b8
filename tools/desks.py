"""The library's scenarios and games as desks, and the page that lists them: for any web server.

    python -m tools.desks FOLDER [NAME ...]

The folder is made, or holds desks of before, which are written again. A scenario that has no desk
is listed with the reason and with the command that answers it.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from detente import __version__, commands, report
from detente._core import DetenteError
from detente._document import in_library
from detente.geo.stance import Game, load_game
from detente.geo.stance.game import LIBRARY
from detente.report.pages import environment
from detente.scenario import available, Scenario


INDEX = "index.html"
_TEMPLATE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Desks of the library</title>
<style>
{{ style }}
</style>
</head>
<body>
<main>
<header>
  <p class="kicker"><span><b>détente</b> {{ version }}</span></p>
  <h1>Desks of the library</h1>
  <p class="question">Each is one page with sliders and the exact model in it. Save it, mail it, \
open it without a connection.</p>
</header>
{% for subject, scenarios in subjects.items() %}
<section>
<h2>{{ subject }}</h2>
<ul>
{% for one in scenarios %}
{% if one.name in refused %}
<li><b>{{ one.title }}</b> has no desk: {{ refused[one.name] }} \
<code>detente run {{ one.name }}</code> answers it.</li>
{% else %}
<li><a href="{{ files[one.name] }}">{{ one.title }}</a>{{ "." if not one.question else ": " }}\
{{ one.question or "" }}</li>
{% endif %}
{% endfor %}
</ul>
</section>
{% endfor %}
{% if games %}
<section>
<h2>Games</h2>
<ul>
{% for one in games %}
<li><a href="{{ files[one.name] }}">{{ one.title }}</a>: {{ one.question }}</li>
{% endfor %}
</ul>
</section>
{% endif %}
</main>
</body>
</html>
"""


def file_of(name: str) -> str:
    """Where the desk of a scenario lies in the folder."""
    return f"{name.replace('/', '-')}.html"


def write(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Write the desks of the scenarios and their list; why a scenario has none, by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    refused: dict[str, str] = {}
    for name in names:
        path = folder / file_of(name)
        path.unlink(missing_ok=True)
        try:
            commands.write_desk(name, [], None, path)
        except DetenteError as error:
            refused[name] = str(error)
        sys.stderr.write(f"{name}{' has no desk' if name in refused else ''}\n")
    scenarios = [one for one in commands.list_scenarios() if one.name in names]
    games = [load_game(name) for name in in_library(LIBRARY) if name in names]
    (folder / INDEX).write_text(index(scenarios, refused, games), encoding="utf-8")
    return refused


def index(
    scenarios: Sequence[Scenario], refused: Mapping[str, str], games: Sequence[Game] = ()
) -> str:
    """The page that lists them, under the subjects of the library, and games last."""
    style = Path(report.__file__).with_name("page.css").read_text(encoding="utf-8")
    template = environment().from_string(_TEMPLATE)
    return template.render(
        style=Markup(style),
        version=__version__,
        subjects=commands.by_subject(scenarios),
        games=games,
        files={one.name: file_of(one.name) for one in (*scenarios, *games)},
        refused=refused,
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2:] or [*available(), *in_library(LIBRARY)])
