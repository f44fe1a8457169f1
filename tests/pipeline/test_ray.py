"""A build on Ray gives the bytes of a local one, with engines in actors, and after a lost actor or a lost driver."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from small_photos import cheap_recipe, contents, small_photos

import anyedit
from anyedit.engines.usage import Meter, Usage
from anyedit.errors import AnyEditError, EditNotPossible, EngineDown, RecipeError
from anyedit.pipeline.place import Place
from anyedit.pipeline.placed import Host, Pool, RemoteEngine
from anyedit.pipeline.plan import Task, next_round
from anyedit.recipe import Recipe, load_recipe

ray = pytest.importorskip("ray")
psutil = pytest.importorskip("psutil")
from anyedit.pipeline.ray import RayExecutor, _raised, join  # noqa: E402

PLACED = {"tone": {"replicas": 2, "cpus": 0.5, "gpus": 0.5}}  # two share the one (pretended) GPU
MANY = 24


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_photos(tmp_path_factory.mktemp("photos"))


@pytest.fixture(scope="module")
def whole(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local build that nothing disturbed."""
    out = tmp_path_factory.mktemp("local")
    anyedit.build(cheap_recipe(photos, MANY, placement=PLACED), out=out, workers=1)
    return out


@pytest.fixture(scope="module")
def cluster(photos: Path) -> Iterator[None]:
    """One Ray of two workers and the placed engines, on this machine, for all tests here."""
    recipe = load_recipe(cheap_recipe(photos, placement=PLACED))
    RayExecutor(recipe, Place(Path("unused")), workers=2).connect(num_gpus=1)
    yield
    ray.shutdown()


def tasks_of(recipe: Recipe) -> list[Task]:
    return next_round(recipe, recipe.quotas(("tone_transfer",)), {}, {}, 0, 0)


@pytest.mark.slow
def test_two_workers_of_ray_write_the_bytes_of_a_local_build(
    cluster: None, whole: Path, photos: Path, tmp_path: Path
) -> None:
    recipe = cheap_recipe(photos, MANY, placement=PLACED)
    summary = anyedit.build(recipe, out=tmp_path / "ray", workers=2, executor="ray")
    assert summary["accepted"] == {"tone_transfer": MANY}
    used = summary["types"]["tone_transfer"]["usage"]["tone"]  # what the placed engines did is counted
    tried = summary["types"]["tone_transfer"]["entered"]["edit"]
    assert used["calls"] == tried >= MANY and used["seconds"] > 0
    assert len(contents(whole)) > 6 * MANY // 2
    assert contents(tmp_path / "ray") == contents(whole)
    # carried on by the other executor, there is nothing left to do
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "ray").glob("0*/*")}
    anyedit.build(recipe, out=tmp_path / "ray", workers=1)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "ray").glob("0*/*")} == before


@pytest.mark.slow
def test_an_actor_that_is_killed_loses_nothing(
    cluster: None, whole: Path, photos: Path, tmp_path: Path
) -> None:
    recipe = load_recipe(cheap_recipe(photos, MANY))  # where engines run changes no byte
    tasks = tasks_of(recipe)
    for attempt in range(5):  # until one was ended while work was left
        out = tmp_path / str(attempt)
        with RayExecutor(recipe, Place(out), workers=2) as executor:
            running = executor.run(tasks)
            names = [next(running)]
            left = len(tasks) - len(list((out / "05-pairs").glob("*.parquet")))
            workers = [p for p in psutil.process_iter(["cmdline"]) if mine(p, "MapWorker")]
            os.kill(workers[0].pid, signal.SIGKILL)
            names += running
        assert sorted(names) == sorted(task.name for task in tasks)
        made = contents(out)
        assert made == {name: contents(whole)[name] for name in made} and len(made) >= 6 * len(tasks)
        if left > 2:
            return
    pytest.fail("every run was over before its worker could be ended")


def mine(process: Any, actor: str) -> bool:
    """Whether this is an actor of our own cluster, not of another test run on the machine."""
    told = " ".join(process.info["cmdline"] or ())
    return told.startswith(f"ray::{actor}") and os.getpid() in {p.pid for p in process.parents()}


@pytest.mark.slow
def test_an_engine_that_is_killed_is_started_again(
    cluster: None, whole: Path, photos: Path, tmp_path: Path
) -> None:
    recipe = load_recipe(cheap_recipe(photos, MANY, placement={"tone": {"replicas": 1, "cpus": 0.5}}))
    tasks = tasks_of(recipe)
    with RayExecutor(recipe, Place(tmp_path), workers=2) as executor:
        running = executor.run(tasks)
        names = [next(running)]
        (host,) = [p for p in psutil.process_iter(["cmdline"]) if mine(p, "Host")]
        os.kill(host.pid, signal.SIGKILL)
        names += running
        others = [p.pid for p in psutil.process_iter(["cmdline"]) if mine(p, "Host")]
    assert len(others) == 1 and others[0] != host.pid
    assert sorted(names) == sorted(task.name for task in tasks)
    made = contents(tmp_path)
    assert made == {name: contents(whole)[name] for name in made} and len(made) >= 6 * len(tasks)


@pytest.mark.slow
def test_a_driver_that_is_killed_is_continued(
    cluster: None, whole: Path, photos: Path, tmp_path: Path
) -> None:
    recipe = cheap_recipe(photos, MANY)
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    source = str(Path(anyedit.__file__).parents[1])
    for attempt in range(3):  # until one was ended while work was left
        out = tmp_path / str(attempt)
        driver = subprocess.Popen(
            [sys.executable, "-m", "anyedit.cli", "build", tmp_path / "recipe.yaml", "-o", out]
            + ["--executor", "ray", "--workers", "2", "--quiet"],
            env={**os.environ, "PYTHONPATH": source},
        )
        while driver.poll() is None and len(list((out / "05-pairs").glob("*.parquet"))) < 2:
            time.sleep(0.01)
        driver.send_signal(signal.SIGKILL)
        if driver.wait() != -signal.SIGKILL or (out / "summary.json").exists():
            continue
        finished = {path: path.stat().st_mtime_ns for path in (out / "05-pairs").glob("*.parquet")}
        summary = anyedit.build(recipe, out=out, workers=2, executor="ray")
        assert summary["total"] == MANY
        assert contents(out) == contents(whole)
        assert len(finished) < len(list((out / "05-pairs").glob("*.parquet")))
        assert all(path.stat().st_mtime_ns == stamp for path, stamp in finished.items()), "made once"
        return
    pytest.fail("every driver was done before it could be ended")


@pytest.mark.slow
def test_what_stops_a_task_stops_the_build_with_its_own_error(
    cluster: None, photos: Path, tmp_path: Path
) -> None:
    recipe = load_recipe(cheap_recipe(photos, 2))
    (tmp_path / "05-pairs").write_text("in the way")
    with (
        RayExecutor(recipe, Place(tmp_path), workers=1) as executor,
        pytest.raises((AnyEditError, RuntimeError), match="05-pairs"),
    ):
        list(executor.run(tasks_of(recipe)))


@pytest.mark.slow
def test_more_than_the_cluster_has_is_told_and_not_waited_for(
    cluster: None, photos: Path, tmp_path: Path
) -> None:
    recipe = load_recipe(cheap_recipe(photos, placement={"tone": {"replicas": 3, "gpus": 0.5}}))
    with (
        pytest.raises(AnyEditError, match=r"placement asks for 1\.5 GPUs .*, and the cluster has 1"),
        RayExecutor(recipe, Place(tmp_path), workers=1),
    ):
        pass


def test_an_engine_elsewhere_answers_counts_and_fails_as_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    host = Host(load_recipe(cheap_recipe("unused")).model_dump_json(), "tone")
    attributes, methods = host.says()
    assert attributes["version"] == host.engine.version and "tone" in methods
    picture = np.full((64, 64, 3), 120, np.uint8)
    tone = host.engine.tones[0]
    done, answer, used = pickle.loads(host.call("tone", pickle.dumps(((picture, tone), {}))))
    assert used.calls == 1 and 0 < used.seconds < 60
    assert done and np.array_equal(answer, host.engine.tone(picture, tone)) and answer.flags.writeable
    done, error, _ = pickle.loads(host.call("tone", pickle.dumps(((picture, "no such tone"), {}))))
    assert not done and isinstance(error, EditNotPossible) and "no such tone" in str(error)
    actor = SimpleNamespace(call=SimpleNamespace(remote=host.call))
    remote = RemoteEngine(Pool("tone", (actor,), attributes, methods))
    assert remote.tones == host.engine.tones
    monkeypatch.setattr(ray, "get", lambda answer: answer)
    assert np.array_equal(remote.tone(picture, tone), answer)
    assert remote.meter.total.calls == 1 and remote.meter.total.requests == 0
    meter = Meter()  # as an engine that is paid by use has
    host.engine = SimpleNamespace(meter=meter, dear=lambda: meter.add(Usage(requests=2, cost=0.1)))
    paid = RemoteEngine(Pool("tone", (actor,), {}, frozenset(("dear",))))
    paid.dear()
    assert (paid.meter.total.requests, paid.meter.total.cost, paid.meter.total.calls) == (2, 0.1, 1)
    with pytest.raises(AttributeError, match="the role 'tone' has no 'fill'"):
        _ = remote.fill


def test_faults_arrive_as_they_were_raised() -> None:
    assert isinstance(_raised("EngineDown", "no key"), EngineDown)
    assert isinstance(_raised("bug", "trace"), RuntimeError)


def test_placements_that_name_nothing_stop_before_any_work(photos: Path, tmp_path: Path) -> None:
    recipe = cheap_recipe(photos, placement={"follow": {"replicas": 1}})
    with pytest.raises(RecipeError, match="no engine plays the role 'follow'"):
        anyedit.build(recipe, out=tmp_path / "out", executor="ray")
    with pytest.raises(RecipeError, match="none is named 'slurm'"):
        anyedit.build(cheap_recipe(photos), out=tmp_path / "out", executor="slurm")
    with pytest.raises(RecipeError, match="--address is for"):
        anyedit.build(cheap_recipe(photos), out=tmp_path / "out", address="auto")


def test_a_ray_that_starts_too_slowly_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def slow(address: str, **_: Any) -> None:
        tries.append(address)
        if len(tries) < 3:
            raise Exception("The current node timed out during startup.")

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", slow)
    monkeypatch.setattr(ray, "shutdown", lambda: None)
    assert join(None, 1, 0) and tries == ["local"] * 3
    tries.clear()
    with pytest.raises(AnyEditError, match=r"no Ray cluster at head:1: .*timed out"):
        join("head:1", 1, 0)
    assert tries == ["head:1"], "another's cluster is not ours to wait for"
