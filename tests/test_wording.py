"""The door for translations: all sentences from a file of another language, or none of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from detente import DataError, library
from detente._core import TRANSLATION
from detente.report import wording

from . import test_cli
from .test_cli import Run


detente = test_cli.detente


@pytest.fixture
def english() -> dict[str, Any]:
    return library.sentences("sentences.toml")


def marked(table: dict[str, Any]) -> dict[str, Any]:
    """A language that is English in its own quotes."""
    return {
        name: marked(one) if isinstance(one, dict) else f"«{one}»" for name, one in table.items()
    }


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    path = tmp_path / "sentences.xx.toml"

    def written(table: dict[str, Any]) -> str:
        path.write_text(tomli_w.dumps(table), encoding="utf-8")
        monkeypatch.setenv(TRANSLATION, str(path))
        wording.sentences.cache_clear()
        return str(path)

    yield written
    wording.sentences.cache_clear()


def test_an_answer_is_said_in_the_language_that_is_chosen(
    english: dict[str, Any], write: Any, detente: Run
) -> None:
    plain = detente("balance", "KOR", "CHN", "--years", "2020:2022").out
    write(marked(english))
    code, out, err = detente("balance", "KOR", "CHN", "--years", "2020:2022")
    assert (code, err) == (0, "")
    assert "«" in out and out != plain
    digits = lambda text: [sign for sign in text if sign.isdigit()]
    assert digits(out) == digits(plain)
    assert wording.say("title.validate") == f"«{english['title']['validate']}»"


def test_one_template_may_serve_for_one_and_for_many(english: dict[str, Any], write: Any) -> None:
    ours = marked(english)
    two = next(key for key, _ in wording._templates(english) if key.endswith(".one"))
    *rooms, name = two.removesuffix(".one").split(".")
    room = ours
    for one in rooms:
        room = room[one]
    names = wording._filled(room[name]["one"])
    room[name] = " ".join(f"{{{one}}}" for one in sorted(names))
    write(ours)
    filled = {one: "x" for one in names}
    said = [wording.say(two.removesuffix(".one"), many=many, **filled) for many in (False, True)]
    assert said[0] == said[1] == " ".join("x" for _ in names)


def test_a_translation_is_whole_or_refused_before_anything_is_computed(
    english: dict[str, Any], write: Any, detente: Run
) -> None:
    lacking = marked(english)
    del lacking["title"]["compare"]
    path = write(lacking)
    code, out, err = detente("run", "china-korea/services-opening")
    assert (code, out) == (2, "")
    assert f"the sentences in {path} lack 'title.compare'" in err


def test_what_is_left_out_added_or_misspelt_is_named(english: dict[str, Any], write: Any) -> None:
    for template, sentence in (
        ("{first} alone", "does not say {second}"),
        ("{first}, {second}, {third}", "asks for {third}"),
        ("{first} {second", "cannot be filled"),
    ):
        ours = marked(english)
        ours["title"]["compare"] = template
        path = write(ours)
        with pytest.raises(DataError) as refused:
            wording.sentences(path)
        assert sentence in str(refused.value) and "'title.compare'" in str(refused.value)
    ours = marked(english)
    ours["title"]["compar"] = "{first}"
    path = write(ours)
    with pytest.raises(DataError, match=r"'title.compar'.*did you mean 'title.compare'"):
        wording.sentences(path)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        wording.sentences(str(tmp_path / "nothing.toml"))
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not TOML in UTF-8"):
        wording.sentences(str(tmp_path / "odd.toml"))
