"""The desks of the library, as files that any web server can serve."""

import re
from pathlib import Path

import detente
from detente import commands
from detente.geo.stance import load_game
from tools import desks


WITH = "china-korea/services-opening"
WITHOUT = "china-korea/goods-upgrade"
REASON = "a desk has no <sliders> for it."


def test_each_scenario_is_a_page_or_has_its_reason(tmp_path: Path) -> None:
    folder = tmp_path / "desks"
    folder.mkdir()
    (folder / desks.file_of(WITH)).write_text("of before", encoding="utf-8")
    assert desks.write(folder, [WITH]) == {}
    assert {path.name for path in folder.iterdir()} == {desks.INDEX, desks.file_of(WITH)}
    page = (folder / desks.file_of(WITH)).read_text(encoding="utf-8")
    assert "of before" not in page and detente.load_scenario(WITH).title in page


def test_the_list_links_desks_and_says_why_there_is_none() -> None:
    library = [one for one in commands.list_scenarios() if one.name in (WITH, WITHOUT)]
    page = desks.index(library, {WITHOUT: REASON})
    assert re.findall('href="([^"]*)"', page) == [desks.file_of(WITH)]
    assert "a desk has no &lt;sliders&gt; for it." in page and "<sliders>" not in page
    assert f"<code>detente run {WITHOUT}</code>" in page
    for one in library:
        assert one.title in page


def test_the_list_has_the_games_last() -> None:
    library = [one for one in commands.list_scenarios() if one.name == WITH]
    game = load_game("seoul")
    page = desks.index(library, {}, [game])
    links = re.findall('href="([^"]*)"', page)
    assert links == [desks.file_of(WITH), "seoul.html"]
    assert f"{game.title}</a>: {game.question}".replace("'", "&#39;") in page


def test_no_two_scenarios_share_a_file() -> None:
    names = [one.name for one in commands.list_scenarios()]
    assert len({desks.file_of(name) for name in names}) == len(names)
