"""Every script of the gallery prints what its page shows, on a machine that has what ships."""

from pathlib import Path

import pytest

from tools import gallery


ELSEWHERE = {"who_keeps_the_rent"}
"""Shown on a page of the explanations."""


@pytest.mark.parametrize("name", gallery.TITLES)
def test_a_script_prints_what_its_page_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_HOME", str(tmp_path))
    monkeypatch.delenv("DETENTE_RAW", raising=False)
    printed, picture = gallery.run(name)
    shown = (gallery.PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert shown == gallery.page(name, printed), f"run python -m tools.gallery {name}"
    assert picture.to_dict()["$schema"]
    assert (gallery.PAGES / f"{name}.svg").read_bytes().startswith(b"<svg")


def test_every_script_and_page_is_in_the_gallery_and_in_the_navigation() -> None:
    scripts = {path.stem for path in gallery.SCRIPTS.glob("*.py")}
    assert scripts == set(gallery.TITLES) | ELSEWHERE
    assert {path.stem for path in gallery.PAGES.glob("*.md")} == set(gallery.TITLES) | {"index"}
    assert (gallery.PAGES / "index.md").read_text(encoding="utf-8") == gallery.index()
    navigation = (gallery.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert not [name for name in gallery.TITLES if f"gallery/{name}.md" not in navigation]
