"""The pages' own checks: what is stale, what nobody checks, what the command does not know is found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))

import facts  # noqa: E402
import measured  # noqa: E402
import outputs  # noqa: E402
import pages  # noqa: E402
import words  # noqa: E402
from marking import PageError, commands, faults, filled  # noqa: E402

TABLE = "| a | b |\n|---|--:|\n| 1 | 2 |\n"


def test_a_marked_part_is_made_anew_and_nothing_else() -> None:
    page = f"before\n\n<!-- code: x -->\nold\n<!-- end -->\n\n```text\n<!-- code: y -->\n```\n{TABLE}"
    asked = []

    def maker(kind: str, name: str) -> str:
        asked.append((kind, name))
        return "new"

    once = filled("p", page.replace("<!-- code: y -->\n", ""), maker)
    assert "old" not in once and once.startswith("before\n\n<!-- code: x -->\n\nnew\n\n<!-- end -->\n")
    assert filled("p", once, maker) == once and once.endswith(TABLE)
    assert asked == [("code", "x")] * 2
    for broken in (
        "<!-- code: x -->\nold\n",
        "<!-- end -->\n",
        "<!-- code: x -->\n<!-- code: y -->\n<!-- end -->\n",
    ):
        with pytest.raises(PageError, match=r"p:1|p:2"):
            filled("p", broken, maker)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (TABLE, "neither made from code nor marked as prose"),
        (f"<!-- prose -->\n\n{TABLE}\n{TABLE}", "p:8: a table"),
        (
            "```console\n$ anyedit types\nadd   local\n```\n",
            "output of a command that is not run: 'add   local'",
        ),
        ("```\nanyedit types\n```\n", "a block without a language"),
    ],
)
def test_what_nobody_checks_is_a_fault(page: str, told: str) -> None:
    found = faults("p", page)
    assert len(found) == 1 and told in found[0]


def test_what_is_checked_or_has_nothing_to_check_is_none() -> None:
    good = f"<!-- code: x -->\n\n{TABLE}\n```console\n$ a\nb\n```\n<!-- end -->\n\n<!-- prose -->\n\n{TABLE}"
    good += (
        "\n```console\n$ anyedit build x \\\n    --out y\n```\n\n```text\n| no | table |\n|---|---|\n```\n"
    )
    assert faults("p", good) == []


def test_commands_are_read_off_the_blocks() -> None:
    page = "```console\n$ anyedit build a \\\n    --out b   # here\nprinted\n$ make demo\n```\n```python\nanyedit = 1\n```\n"
    assert list(commands(page)) == [(2, "anyedit build a --out b"), (5, "make demo")]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("anyedit bild x", "no verb 'bild'"),
        ("anyedit bench run --suit demo", "'anyedit bench run' has no option '--suit'"),
        ("make demo && anyedit build recipes/world.yaml --ot x", "no option '--ot'"),
        ("anyedit build recipes/nowhere.yaml --out x", "there is no recipes/nowhere.yaml"),
        ("accelerate launch -m anyedit.cli train x --out y --sett z", "no option '--sett'"),
        ("python benchmarks/none.py", "there is no benchmarks/none.py"),
        ("anyedit bench run -s demo -e identity -o x -p pixels", ""),
        ("anyedit build recipes/world.yaml --out demo --set pairs=5", ""),
        ("anyedit --help", ""),
    ],
)
def test_commands_that_the_code_does_not_know(command: str, told: str) -> None:
    problem = pages.wrong_in(command)
    assert (told in problem) if told else problem == ""


def test_outputs_may_differ_in_figures_only_and_a_little() -> None:
    shown = "L1 ↓   0.0273 [0.0106, 0.0524]\nn   5\nPSNR 100.00"
    assert outputs.agree(shown, shown.replace("0.0524", "0.0531").replace("   ", " "))
    assert not outputs.agree(shown, shown.replace("0.0524", "0.2524"))
    assert not outputs.agree(shown, shown.replace("100.00", "80.00"))
    assert not outputs.agree(shown, shown.replace("n   5", "n   6"))  # a count is exact
    assert not outputs.agree(shown, shown.replace("L1", "L2"))
    assert not outputs.agree("", shown)


def test_a_builds_table_is_shown_without_its_seconds() -> None:
    printed = [
        "[   67 s] 4/4 pairs, yield 67%, 0.06 pairs/s, round 1",
        "type         asked  held  s / pair  dropped most by",
        "remove           2     3     11.25",
        "color_alter      2     2      2.89  way to the colour (2)",
        "",
        "5 pairs: 5 train",
    ]
    shown = outputs.without_seconds(printed)
    assert shown[0] == printed[1] and shown[-1] == printed[-1] and len(shown) == 5
    assert shown[2] == "color_alter      2     2         -  way to the colour (2)"
    assert "11.25" not in "\n".join(shown)


def test_a_recorded_table_names_its_command(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text('# command: python x.py\n# on: two cores\n-,a\nb,"1,000"\n')
    good = measured.read("good", tmp_path)
    assert good.facts == {"command": "python x.py", "on": "two cores"} and good.rows == [["b", "1,000"]]
    (tmp_path / "nameless.csv").write_text("a,b\n1,2\n")
    (tmp_path / "uneven.csv").write_text("# command: x\na,b\n1\n")
    for name, told in (
        ("nameless", "does not say the command"),
        ("uneven", "row 1 has not 2 cells"),
        ("none", "not there"),
    ):
        with pytest.raises(PageError, match=told):
            measured.read(name, tmp_path)


def test_a_pages_tables_can_be_lifted_into_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "FOLDER", tmp_path / "measured")
    page = tmp_path / "speed.md"
    page.write_text(f"# Speed\n\n{TABLE}\nend\n\n<!-- prose -->\n\n{TABLE}")
    (path,) = measured.lift(page)
    assert path.read_text() == "# command:\na,b\n1,2\n"
    assert page.read_text() == (
        f"# Speed\n\n<!-- measured: speed-1 -->\n<!-- end -->\n\nend\n\n<!-- prose -->\n\n{TABLE}"
    )
    with pytest.raises(PageError, match="does not say the command"):
        measured.read("speed-1", tmp_path / "measured")


def test_names_without_words_and_words_without_a_name() -> None:
    assert words.worded("t", ["a", "b"], {"b": 1, "a": 2}) == ["a", "b"]
    for names, told in ((["a", "c"], {"a": 1}), (["a"], {"a": 1, "gone": 2})):
        with pytest.raises(PageError, match=r"c|gone"):
            words.worded("t", names, told)


def test_every_table_and_output_of_the_pages_is_checked() -> None:
    """The hand-written pages as they are; `make docs` compares what is between the markers."""
    assert [fault for path in pages.hand_written() for fault in pages.faults_of(path)] == []
    known = {"code": facts.FACTS, "output": outputs.WALK}
    used = {
        (kind, name) for path in pages.hand_written() for kind, name, _ in pages.parts_of(path.read_text())
    }
    assert {name for kind, name in used if kind == "code"} == set(facts.FACTS)
    assert {name for kind, name in used if kind == "output"} == set(outputs.WALK)
    assert all(name in known[kind] for kind, name in used if kind in known)
    assert {name for kind, name in used if kind == "measured"} == {
        one.name for one in measured.all_measured()
    }


@pytest.mark.parametrize(
    "name", sorted({"engines by role", "UNet items", "editors", "openai settings", "extras"})
)
def test_tables_in_the_pages_are_the_codes_own(name: str) -> None:
    """A few at once here, all of them in `make docs`."""
    wanted = facts.FACTS[name]()
    assert [
        body for path in pages.hand_written() for _, n, body in pages.parts_of(path.read_text()) if n == name
    ] == [wanted]
