"""Runs are resumable item by item, seeded item by item, and keep failures; scores do not depend on how they are made."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_suites as small
from PIL import Image
from typer.testing import CliRunner

from anyedit.bench.comparing import compare
from anyedit.bench.editors import EditorSpec
from anyedit.bench.features import Features
from anyedit.bench.formats import written
from anyedit.bench.items import BenchError, image_of
from anyedit.bench.pairing import paired
from anyedit.bench.protocols import PRESETS
from anyedit.bench.report import across_protocols, tables
from anyedit.bench.results import read_results, read_rows
from anyedit.bench.run import run_suite
from anyedit.bench.runs import SuiteSpec, read_run
from anyedit.bench.scoring import score, scores_of
from anyedit.bench.suites import open_suite
from anyedit.cli import app
from anyedit.errors import MissingExtra

NOISE = """
import sys, numpy as np
from PIL import Image
source, out, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
image = np.asarray(Image.open(source)).astype(int)
noise = np.random.default_rng(seed).integers(-30, 31, image.shape)
Image.fromarray(np.clip(image + noise, 0, 255).astype("uint8")).save(out)
if "7" == sys.argv[4].split("-")[0]:
    sys.exit("cannot do " + sys.argv[4])
"""


def test_what_a_protocol_lacks_is_said_before_any_work(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "skimage.metrics", None)  # as if it were not installed
    asked = ["bench", "run", "--suite", str(suite), "--editor", "identity", "--out", str(tmp_path / "o")]
    done = CliRunner().invoke(app, [*asked, "-p", "pixels"])
    assert isinstance(done.exception, MissingExtra) and "[bench]" in str(done.exception)
    assert not (tmp_path / "o").exists()
    done = CliRunner().invoke(app, [*asked, "-p", "magicbrush-2023"])  # no weights, and no hub
    assert isinstance(done.exception, BenchError) and "--weights" in str(done.exception)
    assert not (tmp_path / "o").exists()
    run_suite(str(suite), "identity", tmp_path / "o")
    with pytest.raises(MissingExtra, match="for SSIM"):
        score(tmp_path / "o", ["pixels"])


def test_a_suites_name_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "world-test").mkdir()  # where somebody put the outputs
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    assert SuiteSpec("world-test").placed.where == "world-test"
    assert SuiteSpec("mine").placed.where == str(tmp_path / "mine")
    assert SuiteSpec("owner/name").placed.where == "owner/name"


def test_a_folder_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"there is no folder .*gone"):
        read_results(tmp_path / "gone")
    with pytest.raises(BenchError, match="anyedit bench score"):
        read_results(tmp_path)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return small.magicbrush_folder(tmp_path / "suite")


@pytest.fixture
def noisy(tmp_path: Path) -> str:
    """A program whose output depends on its seed, and which fails on session 7."""
    (tmp_path / "noisy.py").write_text(NOISE)
    return f"cmd:{sys.executable} {tmp_path / 'noisy.py'} {{source}} {{out}} {{seed}} {{id}} {{instruction}}"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "outputs").iterdir()}


def pictures(folder: Path) -> dict[str, np.ndarray]:
    return {
        path.name: np.asarray(Image.open(path)).astype(int) for path in (folder / "outputs").glob("*.png")
    }


def test_outputs_do_not_depend_on_batch_or_workers(suite: Path, noisy: str, tmp_path: Path) -> None:
    run_suite(str(suite), noisy, tmp_path / "a", batch=1)
    run_suite(str(suite), noisy, tmp_path / "b", batch=4, workers=2)
    assert files(tmp_path / "a") == files(tmp_path / "b") and len(files(tmp_path / "a")) == 4
    run_suite(str(suite), noisy, tmp_path / "c", seed=1)
    assert files(tmp_path / "c") != files(tmp_path / "a")


def test_outputs_of_an_editor_that_batches_do_not_depend_on_the_batch(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anyedit.models.pipeline import AnySDPipeline
    from anyedit.models.tiny import write_tiny_base

    editor = EditorSpec(str(write_tiny_base(tmp_path / "editor")), {"num_inference_steps": 2, "size": 32})
    sizes: list[int] = []
    call = AnySDPipeline.__call__

    def counted(self: AnySDPipeline, prompt: list[str], *rest: object, **more: object) -> object:
        sizes.append(len(prompt))
        return call(self, prompt, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(AnySDPipeline, "__call__", counted)
    for name, batch in (("a", 1), ("b", 4)):
        run_suite(str(suite), editor, tmp_path / name, batch=batch)
    assert sizes == [1] * 6 + [4, 2]  # the pipeline is really given so many at once
    run_suite(str(suite), editor, tmp_path / "c", batch=6, seed=1)
    alone, together, other = (pictures(tmp_path / name) for name in "abc")
    assert len(alone) == 6
    for item, image in alone.items():
        assert np.abs(together[item] - image).max() <= 1, item  # sums of a batch may be rounded otherwise
        assert np.abs(other[item] - image).max() > 1, item


def test_failures_are_kept_with_their_reason_and_asked_again_only_on_request(
    suite: Path, noisy: str, tmp_path: Path
) -> None:
    run = run_suite(str(suite), noisy, tmp_path / "a")
    item = run.suite.open().by_id["7-1"]
    assert run.output(item) is None and "cannot do 7-1" in str(run.failure(item))
    before = (tmp_path / "a" / "failures" / "7-1.json").stat().st_mtime_ns
    run_suite(str(suite), noisy, tmp_path / "a")
    assert (tmp_path / "a" / "failures" / "7-1.json").stat().st_mtime_ns == before
    run_suite(str(suite), noisy, tmp_path / "a", retry_failed=True)
    assert (tmp_path / "a" / "failures" / "7-1.json").stat().st_mtime_ns > before


def test_a_stopped_run_goes_on_where_it_was(suite: Path, tmp_path: Path) -> None:
    run_suite(str(suite), "identity", tmp_path / "a")
    whole = files(tmp_path / "a")
    (tmp_path / "a" / "outputs" / "139-2.png").unlink()
    marked = tmp_path / "a" / "outputs" / "139-1.png"
    Image.new("RGB", (2, 2)).save(marked)  # an item that is done is not made again
    run_suite(str(suite), "identity", tmp_path / "a")
    again = files(tmp_path / "a")
    assert again["139-2.png"] == whole["139-2.png"] and again["139-1.png"] != whole["139-1.png"]


def test_another_run_in_the_same_folder_is_refused(suite: Path, tmp_path: Path) -> None:
    run_suite(str(suite), "identity", tmp_path / "a")
    with pytest.raises(BenchError, match="different: editor"):
        run_suite(str(suite), "oracle", tmp_path / "a")
    with pytest.raises(BenchError, match="different: seed"):
        run_suite(str(suite), "identity", tmp_path / "a", seed=3)


def test_iterative_turns_start_from_the_editors_own_output(suite: Path, noisy: str, tmp_path: Path) -> None:
    spec = SuiteSpec(str(suite), options={"setting": "multi-turn"})
    run = run_suite(spec, "identity", tmp_path / "a")
    first = spec.open().by_id["139-1"]
    for k in (1, 2, 3):  # identity carries the very first source through the whole chain
        output = run.output(spec.open().by_id[f"139-{k}"])
        assert output is not None and np.array_equal(image_of(output), image_of(first.source))
    broken = run_suite(spec, noisy, tmp_path / "b")
    assert "7-1, has no output" in str(broken.failure(spec.open().by_id["7-2"]))


def test_only_the_last_picture_of_a_multi_turn_session_is_scored(suite: Path, tmp_path: Path) -> None:
    spec = SuiteSpec(str(suite), options={"setting": "multi-turn"})
    run = run_suite(spec, "identity", tmp_path / "a")
    told = score(tmp_path / "a", ["pixels"])["protocols"]["pixels"]
    items = spec.open().by_id

    def l1(first: str, last: str) -> float:  # identity carries a session's first source to its end
        a, b = image_of(items[first].source), image_of(items[last].target)  # type: ignore[arg-type]
        return float(np.abs(np.asarray(a, float) - np.asarray(b, float)).mean() / 255)

    by_hand = [l1("139-1", "139-3"), l1("30-1", "30-1"), l1("7-1", "7-2")]
    assert told["all"]["l1"]["n"] == 3 and told["all"]["l1"]["value"] == pytest.approx(np.mean(by_hand))
    assert told["counts"]["asked"] == told["counts"]["scored"] == told["counts"]["earlier-turn"] == 3
    (table,) = tables([tmp_path / "a"])
    assert table.lines[0].items == 3 and any("3 earlier turns" in note for note in table.notes)
    # a script that lists directories may take any turn's picture for the last one
    released = PRESETS["anyedit-2024-magicbrush-as-released"]
    pairs, _ = paired(run, run.suite.open(), released, Features(), {})
    turns = [[f"139-{k}" for k in (1, 2, 3)], ["30-1"], ["7-1", "7-2"]]
    listed = [max(of, key=lambda name: hashlib.sha256(name.encode()).hexdigest()) for of in turns]
    assert [pair.item.id for pair in pairs] == [of[-1] for of in turns] != listed
    assert [pair.output for pair in pairs] == [run.output(items[name]) for name in listed]
    # a limit counts what is scored, and cuts no session
    assert [item.id for item in replace(spec, limit=1).open().items] == ["139-1", "139-2", "139-3"]


def test_a_missing_earlier_turn_is_counted_by_its_session_alone(
    suite: Path, noisy: str, tmp_path: Path
) -> None:
    spec = SuiteSpec(str(suite), options={"setting": "multi-turn"})
    run_suite(spec, noisy, tmp_path / "a")  # both turns of session 7 fail
    counts = score(tmp_path / "a", ["pixels"])["protocols"]["pixels"]["counts"]
    assert (counts["asked"], counts["scored"], counts["failed"], counts["earlier-turn"]) == (3, 2, 1, 3)


def test_editors_that_do_not_exist_are_refused_before_any_work(suite: Path, tmp_path: Path) -> None:
    for spec, message in (
        ("identiti", "did you mean 'identity'"),
        ("cmd:no-such-program {source} {instruction} {out}", "no program"),
        ("cmd:python {source} {out}", "needs {source}, {instruction} and {out}"),
        ("folder:/nowhere", "no such folder"),
    ):
        with pytest.raises(BenchError, match=message):
            run_suite(str(suite), spec, tmp_path / "x")
    assert not (tmp_path / "x").exists()
    with pytest.raises(BenchError, match="no settings"):
        run_suite(str(suite), EditorSpec("identity", {"steps": 3}), tmp_path / "x")


def test_an_editor_that_is_not_there_is_told_before_the_suite_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[SuiteSpec] = []
    monkeypatch.setattr(SuiteSpec, "open", opened.append)  # World-Test renders for minutes
    with pytest.raises(BenchError, match="No module named 'nowhere'"):
        run_suite("world-test", "python:nowhere:edit", tmp_path / "run")
    assert opened == [] and not (tmp_path / "run").exists()


def test_instructions_are_text_never_shell(tmp_path: Path) -> None:
    from anyedit.bench.editors import Request, open_editor

    item = small.magicbrush_folder(tmp_path / "m")
    nasty = replace(open_suite(item).items[0], instruction="x'; touch pwned; $(touch pwned) {seed}")
    code = (
        "import sys,shutil; shutil.copy(sys.argv[1], sys.argv[3]); open(sys.argv[4],'w').write(sys.argv[2])"
    )
    (tmp_path / "copy.py").write_text(code)
    told = tmp_path / "told.txt"
    editor = open_editor(
        EditorSpec(f"cmd:{sys.executable} {tmp_path / 'copy.py'} {{source}} {{instruction}} {{out}} {told}")
    )
    (outcome,) = editor.edit([Request(nasty, small.picture(1), None, 5)])
    assert isinstance(outcome, Image.Image) and told.read_text() == nasty.instruction


def test_published_output_names_are_found(suite: Path, tmp_path: Path) -> None:
    made = tmp_path / "testResults"
    for name in ("139/139_1", "139/139_inde_2", "139/139_iter_2", "139/139_iter_3", "30/30_1"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        small.picture(sum(map(ord, name))).save(made / f"{name}.png")
    run = run_suite(str(suite), f"folder:{made}", tmp_path / "single")
    item = run.suite.open().by_id["139-2"]
    assert np.array_equal(image_of(run.output(item)), small.picture(sum(map(ord, "139/139_inde_2"))))  # type: ignore[arg-type]
    spec = SuiteSpec(str(suite), options={"setting": "multi-turn"})
    chained = run_suite(spec, f"folder:{made}", tmp_path / "multi")
    assert np.array_equal(image_of(chained.output(item)), small.picture(sum(map(ord, "139/139_iter_2"))))  # type: ignore[arg-type]
    assert read_run(tmp_path / "single").failure(run.suite.open().by_id["7-1"]) is not None


def test_scores_do_not_depend_on_batch_size_or_order(
    suite: Path, tmp_path: Path, weights: dict[str, str]
) -> None:
    run = run_suite(str(suite), "identity", tmp_path / "a")
    opened = run.suite.open()
    turned = replace(opened, items=tuple(reversed(opened.items)))
    found = []
    for chosen, batch in ((opened, 1), (opened, 5), (turned, 3)):
        scores = scores_of(run, chosen, PRESETS["full"], Features(None, weights=weights, batch=batch))
        found.append({row.item.id: row.values for row in scores.rows})
    for other in found[1:]:
        for name, values in found[0].items():
            for key, value in values.items():
                if value is None:
                    assert other[name][key] is None
                else:
                    assert other[name][key] == pytest.approx(value, abs=1e-6), (name, key)


def test_a_second_scoring_reads_every_feature_from_the_cache(
    suite: Path, tmp_path: Path, weights: dict[str, str], cache: Path
) -> None:
    from anyedit.bench.encoders import Encoder, Model

    run_suite(str(suite), "identity", tmp_path / "a")
    run_suite(str(suite), "oracle", tmp_path / "b")

    class Counting(Encoder):
        seen = 0

        def images(self, batch):  # type: ignore[no-untyped-def]
            Counting.seen += len(batch)
            return super().images(batch)

    def scored(name: str) -> int:
        Counting.seen = 0
        features = Features(cache, weights=weights, encoder=lambda m, d: Counting(m, d))
        run = read_run(tmp_path / name)
        scores_of(run, run.suite.open(), PRESETS["full"], features)
        features.cache.close()
        return Counting.seen

    # 6 sources and 6 targets are 9 distinct pictures (a turn's source is the turn before's target); identity's
    # outputs are sources encoded anew, as PNG of the same bytes
    first = scored("a")
    assert first == 2 * 9
    assert scored("a") == 0
    assert scored("b") == 0  # oracle's outputs are the targets
    assert isinstance(PRESETS["full"].models[0], Model)


def test_policies_of_black_and_missing(suite: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    opened = SuiteSpec(str(suite)).open()
    for item in opened.items[1:]:
        image_of(item.target).save(made / f"{item.id}.png")  # type: ignore[arg-type]
    Image.new("RGB", (48, 36)).save(made / f"{opened.items[1].id}.png")
    run = run_suite(str(suite), f"folder:{made}", tmp_path / "a")
    pixels = PRESETS["pixels"]
    keep = scores_of(run, opened, pixels, Features())
    assert keep.counts() == {
        "asked": 6,
        "scored": 4,
        "black": 1,
        "missing": 0,
        "failed": 1,
        "dropped-caption": 0,
        "earlier-turn": 0,
    }
    assert keep.mean("l1").n == 6 and keep.rows[0].values["l1"] > 0.1  # missing is scored as black
    drop = scores_of(run, opened, replace(pixels, black="drop", missing="drop"), Features())
    assert drop.mean("l1").n == 4 and drop.mean("l1").value == 0
    with pytest.raises(BenchError, match=f"item {opened.items[0].id}"):
        scores_of(run, opened, replace(pixels, missing="fail"), Features())
    with pytest.raises(BenchError, match="is black"):
        scores_of(run, opened, replace(pixels, black="fail", missing="keep"), Features())


def test_tables_and_comparison(suite: Path, tmp_path: Path) -> None:
    for name in ("identity", "oracle"):
        run_suite(str(suite), name, tmp_path / name)
        score(tmp_path / name, ["pixels"])
    (table,) = tables([tmp_path / "identity", tmp_path / "oracle"])
    assert [line.editor for line in table.lines] == ["identity", "oracle"]
    keys = [key for key, _, _ in table.columns]
    assert table.lines[1].cells[keys.index("l1")].value == 0
    assert table.lines[0].cells[keys.index("kept_l1_outside")].value == 0
    assert "licence of the suite: CC-BY-4.0" in table.notes
    for form, sign in (
        ("markdown", "| oracle | all | 6 |"),
        ("latex", "\\bottomrule"),
        ("csv", "oracle,all,6,6,0,0,0"),
        ("text", "oracle"),
    ):
        assert sign in written(table, form)
    assert json.loads(written(table, "json"))["lines"][0]["editor"] == "identity"
    made = compare(tmp_path / "identity", tmp_path / "oracle")
    of = {column.column: column for column in made.columns}
    assert of["l1"].better == "oracle" and of["l1"].difference.n == 6 and (of["l1"].difference.p or 1) < 0.05
    assert of["kept_l1_outside"].better == "identity"
    told = read_results(tmp_path / "oracle")
    assert (
        told["suite"]["licence"] == "CC-BY-4.0" and told["protocols"]["pixels"]["settings"]["black"] == "keep"
    )
    assert len(read_rows(tmp_path / "oracle", "pixels")) == 6


def test_names_with_signs_of_latex_are_text_in_latex(suite: Path, tmp_path: Path) -> None:
    name = "a{b}^2~$_%&#\\ <x|y>"
    run_suite(str(suite), "identity", tmp_path / "a", name=name)
    score(tmp_path / "a", ["pixels"])
    (table,) = tables([tmp_path / "a"])
    text = written(replace(table, notes=("two\nlines",)), "latex")
    (row,) = [line for line in text.splitlines() if line.startswith("a")]
    assert row.startswith(
        r"a\{b\}\textasciicircum{}2\textasciitilde{}\$\_\%\&\#\textbackslash{} \textless{}x\textbar{}y\textgreater{} & all &"
    )
    assert "% two lines\n" in text and r"L1 $\downarrow$" in text


def test_every_row_tells_what_failed_and_what_its_means_are_of(tmp_path: Path) -> None:
    place = small.anyedit_test_folder(tmp_path / "suite")
    suite = open_suite(place)
    made = tmp_path / "made"
    made.mkdir()
    for item in suite.items:  # both outputs of `add` lack, one of `remove` is black
        image = Image.new("RGB", (40, 40)) if item.id == "remove-0001" else image_of(item.target)  # type: ignore[arg-type]
        if item.edit_type != "add":
            image.save(made / f"{item.id}.png")
    run_suite(str(place), f"folder:{made}", tmp_path / "a")
    score(tmp_path / "a", [replace(PRESETS["pixels"], name="dropping", missing="drop"), "pixels"])
    (kept,) = tables([tmp_path / "a"], by="type", protocol="pixels")
    rows = {line.part: line for line in kept.lines}
    told = {part: (row.items, row.n, row.failed, row.black) for part, row in rows.items()}
    assert told["add"] == (2, 2, 2, 0) and told["remove"] == (2, 2, 0, 1) and told["replace"] == (2, 2, 0, 0)
    assert "| made | add | 2 | 2 | 0 | 0 |" in written(kept, "markdown")
    (dropped,) = tables([tmp_path / "a"], by="type", protocol="dropping")
    assert "| made | add | 0 of 2 | 2 | 0 | 0 |" in written(dropped, "markdown")
    assert "made,add,2,0,2,0,0" in written(dropped, "csv")
    (group,) = tables([tmp_path / "a"], by="group", protocol="dropping")
    local = next(line for line in group.lines if line.part == "local")
    assert local.items == (local.n or 0) + 2 and (local.failed, local.black) == (2, 1)
    (whole,) = tables([tmp_path / "a"], protocol="dropping")
    assert "| made | all | 48 of 50 | 2 | 1 | 0 |" in written(whole, "markdown")


def test_a_column_with_fewer_items_than_its_row_says_so(suite: Path, tmp_path: Path) -> None:
    (suite / "images" / "7" / "7-mask1.png").unlink()
    for name in ("edit_sessions.json", "edit_turns.json"):
        text = (suite / name).read_text()
        (suite / name).write_text(text.replace('"mask": "7-mask1.png", ', ""))
    run_suite(str(suite), "identity", tmp_path / "a")
    score(tmp_path / "a", ["pixels"])
    (table,) = tables([tmp_path / "a"])
    text = written(table, "markdown", interval=False)
    (row,) = [line.split(" | ") for line in text.splitlines() if line.startswith("| identity")]
    head = next(line.split(" | ") for line in text.splitlines() if line.startswith("| editor"))
    told = dict(zip(head, row, strict=True))
    assert told["n"] == "6" and told["L1 inside the mask ↓"].endswith(" (n 5)") and "n" not in told["L1 ↓"]


def test_published_figures_are_marked_and_never_mixed(suite: Path, tmp_path: Path) -> None:
    run_suite(str(suite), "identity", tmp_path / "a")
    score(tmp_path / "a", ["pixels"])
    (table,) = tables([tmp_path / "a"], published=True)
    measured = [line for line in table.lines if not line.published]
    printed = [line for line in table.lines if line.published]
    assert [line.editor for line in measured] == ["identity"]
    row = next(
        line
        for line in printed
        if line.editor == "MagicBrush" and line.published.startswith("MagicBrush paper, Table 2")
    )
    keys = [key for key, _, _ in table.columns]
    assert row.cells[keys.index("l1")].value == 0.0625 and row.cells[keys.index("ssim")].value is None
    assert any("second-hand" in line.published for line in printed)
    assert "[published: MagicBrush paper, Table 2]" in written(table, "markdown")


def test_one_run_across_protocols_shows_what_the_protocol_alone_moves(
    suite: Path, tmp_path: Path, weights: dict[str, str]
) -> None:
    run_suite(str(suite), "identity", tmp_path / "a")
    names = ["pixels", "magicbrush-2023", "ultraedit-2024", "omnigen-2024"]
    told = score(tmp_path / "a", names, weights=weights)["protocols"]
    (table,) = across_protocols([tmp_path / "a"])
    assert [line.part for line in table.lines] == sorted(names)
    at = [key for key, _, _ in table.columns].index("clip_im")
    shown = {line.part: line.cells[at].value for line in table.lines}
    assert shown["pixels"] is None and shown["ultraedit-2024"] == pytest.approx(1)  # the source, with itself
    assert (
        shown["magicbrush-2023"]
        == told["magicbrush-2023"]["all"]["clip_im"]["value"]
        != shown["omnigen-2024"]
    )
    assert "magicbrush-test" in table.title and "| identity | omnigen-2024 | 6 |" in written(
        table, "markdown"
    )


def test_the_card_of_a_result_tells_licence_and_tables(tmp_path: Path) -> None:
    emu = small.emu_edit_hub(tmp_path / "emu")
    run_suite(str(emu), "identity", tmp_path / "a")
    score(tmp_path / "a", ["pixels"])
    card = (tmp_path / "a" / "README.md").read_text()
    assert "Licence of the suite: CC-BY-NC-4.0" in card and "forbids commercial use" in card
    assert "protocol pixels" in card and "| identity | all | 5 |" in card


def test_a_suite_that_changed_since_the_run_is_refused(suite: Path, tmp_path: Path) -> None:
    run_suite(str(suite), "identity", tmp_path / "a")
    told = json.loads((suite / "edit_sessions.json").read_text())
    told["30"][0]["instruction"] = "something else"
    (suite / "edit_sessions.json").write_text(json.dumps(told))
    with pytest.raises(BenchError, match="is not the suite"):
        score(tmp_path / "a", ["pixels"])
