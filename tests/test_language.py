"""Articles, plurals, numbers and verb forms."""

from __future__ import annotations

import pytest

from anyedit import language


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("umbrella", "an"), ("hour", "an"), ("hourglass", "an"), ("unicorn", "a"), ("one-eyed cat", "a"),
        ("orange mug", "an"), ("ukulele", "a"), ("uniform", "a"), ("airplane", "an"), ("LED lamp", "an"),
        ("USB stick", "a"), ("European car", "a"), ("unlit candle", "an"), ("unusual hat", "an"),
        ("unicycle", "a"), ("utensil", "a"), ("upright barrel", "an"), ("honest man", "an"), ("house", "a"),
        ("ivory vase", "an"), ("olive mug", "an"), ("X-ray", "an"), ("uninflated balloon", "an"), ("useful box", "a"),
        ("8-ball", "an"), ("heirloom", "an"), ("euphonium", "a"), ("urn", "an"), ("used car", "a"),
    ],
)  # fmt: skip
def test_article(phrase: str, expected: str) -> None:
    assert language.article(phrase) == expected
    assert language.indefinite(phrase) == f"{expected} {phrase}"


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("mug", "mugs"), ("knife", "knives"), ("loaf of bread", "loaves of bread"), ("park bench", "park benches"),
        ("bus", "buses"), ("fox", "foxes"), ("child", "children"), ("snowman", "snowmen"), ("woman", "women"),
        ("sheep", "sheep"), ("die", "dice"), ("goldfish", "goldfish"), ("pair of shoes", "pairs of shoes"),
        ("jack-in-the-box", "jacks-in-the-box"), ("hot-air balloon", "hot-air balloons"), ("fish", "fish"),
        ("hourglass", "hourglasses"), ("leaf", "leaves"), ("trophy", "trophies"), ("strawberry", "strawberries"),
        ("puzzle cube", "puzzle cubes"), ("piano", "pianos"), ("grabloid", "grabloids"),
    ],
)  # fmt: skip
def test_plural(noun: str, expected: str) -> None:
    assert language.plural(noun) == expected


@pytest.mark.parametrize(
    ("phrase", "gerund"),
    [
        ("sit down", "sitting down"),
        ("run", "running"),
        ("raise both arms", "raising both arms"),
        ("lie down", "lying down"),
        ("be raised", "being raised"),
    ],
)
def test_verbs(phrase: str, gerund: str) -> None:
    assert language.gerund(phrase) == gerund


def test_numbers() -> None:
    assert language.counted(1, "mug") == "one mug"
    assert language.counted(3, "child") == "three children"
    assert language.counted(13, "die", "dice") == "13 dice"
    assert [language.ordinal(n) for n in (1, 2, 10, 11, 21, 112)] == [
        "first", "second", "tenth", "11th", "21st", "112th",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="the first is 1"):
        language.ordinal(0)


def test_lists_and_sentences() -> None:
    assert language.listed([]) == ""
    assert language.listed(["a"]) == "a"
    assert language.listed(["a", "b", "c"]) == "a, b and c"
    assert language.listed(["a", "b"], "or") == "a or b"
    assert language.sentence(" remove the mug") == "Remove the mug."
    assert language.sentence("Is it?") == "Is it?"


def test_import_is_light() -> None:
    import subprocess
    import sys

    code = "import sys, anyedit.language; print('lemminflect' in sys.modules, 'inflect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
