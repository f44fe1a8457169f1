"""The loss against formulas written out, the dropped conditions, and the schedule."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers import DDPMScheduler

from anyedit.errors import MissingExtra
from anyedit.models.noise import AnySDNoise
from anyedit.models.tasks import TASKS
from anyedit.training.batch import Batch
from anyedit.training.chance import step_noise
from anyedit.training.loss import DiffusionLoss, Nulls
from anyedit.training.meter import LossNotFinite, Meter
from anyedit.training.optimizing import learning_rate, make_optimizer
from anyedit.training.recipe import Dropout, Optimizer
from anyedit.training.table import KINDS

FACTOR = 0.18215
NULL = torch.full((5, 3), 9.0)


def batch_of(count: int, experts: bool = False) -> Batch:
    g = torch.Generator().manual_seed(0)
    shape = (count, 4, 2, 2)
    return Batch(
        torch.randn(shape, generator=g), torch.randn(shape, generator=g), torch.rand(shape, generator=g),
        torch.randn(count, 5, 3, generator=g), torch.randn(count, 3, generator=g),
        torch.arange(count) % len(KINDS),
        torch.randn(2, 7, 6) if experts else None, torch.arange(count) % 2 if experts else None,
    )  # fmt: skip


class Spy:
    """A model that answers a fixed guess and remembers what it was given."""

    def __init__(self, guess: torch.Tensor) -> None:
        self.guess = guess
        self.given: dict[str, Any] = {}

    def __call__(
        self, latents: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, **rest: Any
    ) -> AnySDNoise:
        self.given = {"latents": latents, "timestep": timestep, "text": text, **rest}
        return AnySDNoise(self.guess, None)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("gamma", [None, 5.0])
def test_the_loss_is_the_formula(prediction: str, gamma: float | None) -> None:
    scheduler = DDPMScheduler(beta_schedule="scaled_linear", prediction_type=prediction)
    batch, count = batch_of(6), 6
    noise = step_noise((count, 4, 2, 2), 1000, ("k",), None, False, 0.0, torch.device("cpu"))
    spy = Spy(torch.full((count, 4, 2, 2), 0.3))
    items = DiffusionLoss(scheduler, FACTOR, gamma, Nulls(NULL))(spy, batch, noise).items
    for n in range(count):
        a = scheduler.alphas_cumprod[noise.timestep[n]]
        z = (batch.mean[n] + batch.std[n] * noise.latent[n]) * FACTOR
        e = noise.noise[n]
        torch.testing.assert_close(spy.given["latents"][n, :4], a.sqrt() * z + (1 - a).sqrt() * e)
        torch.testing.assert_close(spy.given["latents"][n, 4:], batch.source[n])  # not scaled
        target = e if prediction == "epsilon" else a.sqrt() * e - (1 - a).sqrt() * z
        snr = a / (1 - a)
        weight = torch.tensor(1.0)
        if gamma is not None:
            kept = torch.minimum(snr, torch.tensor(gamma))
            weight = kept / snr if prediction == "epsilon" else kept / (snr + 1)
        torch.testing.assert_close(items[n], weight * (target - 0.3).square().mean())


def test_changed_places_weigh_more_and_every_item_the_same() -> None:
    scheduler = DDPMScheduler(prediction_type="epsilon")
    source = torch.zeros(2, 4, 8, 8)
    edited = source.clone()
    edited[0, :, 1, 1] = 5 / FACTOR  # one place, far: its eight neighbours count as changed too
    edited[1] = 0.5 / FACTOR  # everywhere, half a deviation
    nothing = torch.zeros(2, 4, 8, 8)
    batch = Batch(
        source, edited, nothing, torch.zeros(2, 5, 3), torch.zeros(2, 3), torch.zeros(2, dtype=torch.long)
    )
    loss = DiffusionLoss(scheduler, FACTOR, None, Nulls(NULL), changed=5.0)
    places = loss.places(batch)
    torch.testing.assert_close(places.mean(dim=(1, 2, 3)), torch.ones(2))
    torch.testing.assert_close(places[0, 0, :3, :3] / places[0, 0, 7, 7], torch.full((3, 3), 5.0))
    torch.testing.assert_close(places[1], torch.ones(1, 8, 8))
    noise = step_noise((2, 4, 8, 8), 1000, ("k",), None, False, 0.0, torch.device("cpu"))
    wrong_there = noise.noise.clone()
    wrong_there[0, :, 1, 1] += 1
    items = loss(Spy(wrong_there), batch, noise).items
    plain = DiffusionLoss(scheduler, FACTOR, None, Nulls(NULL))(Spy(wrong_there), batch, noise).items
    torch.testing.assert_close(items[0] / plain[0], torch.tensor(5 * 64 / (9 * 5 + 55)))


def test_timesteps_are_logit_normal_when_asked() -> None:
    drawn = step_noise(
        (20000, 1, 1, 1), 1000, ("k",), None, False, 0.0, torch.device("cpu"), (1.0, 0.5)
    ).timestep
    place = (drawn.double() + 0.5) / 1000
    logits = torch.log(place / (1 - place))
    assert abs(float(logits.mean()) - 1.0) < 0.02 and abs(float(logits.std()) - 0.5) < 0.02


def test_dropped_conditions_are_null_and_come_as_often_as_told() -> None:
    count = 8000
    told = Dropout(text=0.05, picture=0.1, both=0.15, visual=0.2)
    noise = step_noise((count, 4, 1, 1), 1000, ("k",), told, True, 0.3, torch.device("cpu"))
    drop = noise.drop
    share = {
        "text": (drop.text & ~drop.picture).float().mean(), "picture": (drop.picture & ~drop.text).float().mean(),
        "both": (drop.picture & drop.text).float().mean(), "visual": (drop.visual & ~drop.text).float().mean(),
        "unknown": noise.hidden.float().mean(),
    }  # fmt: skip
    wanted = {"text": 0.05, "picture": 0.1, "both": 0.15, "visual": 0.2, "unknown": 0.3}
    assert {k: float(v) for k, v in share.items()} == pytest.approx(wanted, abs=0.02)

    small = step_noise(
        (24, 4, 2, 2), 1000, ("k",), Dropout(text=0.3, picture=0.3, both=0.3), True, 0.5, torch.device("cpu")
    )
    spy = Spy(torch.zeros(24, 4, 2, 2))
    batch = batch_of(24, experts=True)
    DiffusionLoss(DDPMScheduler(), FACTOR, None, Nulls(NULL))(spy, batch, small)
    for n in range(24):
        assert torch.equal(spy.given["text"][n], NULL if small.drop.text[n] else batch.text[n])
        expected = torch.zeros(4, 2, 2) if small.drop.picture[n] else batch.source[n]
        assert torch.equal(spy.given["latents"][n, 4:], expected)
        assert TASKS[spy.given["task"][n]] == ("unknown" if small.hidden[n] else TASKS[batch.kind[n]])
    assert torch.equal(spy.given["drop_visual"], small.drop.visual)
    assert torch.equal(spy.given["pooled"], batch.pooled)  # routing sees the instruction, dropped or not


def test_noise_is_a_function_of_its_key() -> None:
    first, same, other = (
        step_noise((2, 4, 2, 2), 1000, key, Dropout(), True, 0.1, torch.device("cpu"))
        for key in ((1, 5, "noise"), (1, 5, "noise"), (1, 6, "noise"))
    )
    assert torch.equal(first.noise, same.noise)
    assert torch.equal(first.timestep, same.timestep)
    assert not torch.equal(first.noise, other.noise)
    assert not torch.equal(first.noise, first.latent)


def test_the_rate_warms_up_and_falls() -> None:
    told = Optimizer(rate=1.0, schedule="cosine", warmup=4, last=0.1)
    rates = [learning_rate(step, 104, told) for step in range(104)]
    assert rates[:4] == [0.25, 0.5, 0.75, 1.0]
    assert rates[54] == pytest.approx(0.55)
    assert rates[-1] == pytest.approx(0.1, abs=1e-3)
    linear = Optimizer(rate=1.0, schedule="linear", warmup=0)
    assert learning_rate(25, 100, linear) == pytest.approx(0.75)
    assert learning_rate(99, 100, Optimizer(rate=0.5)) == 0.5


def test_eight_bit_adam_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bitsandbytes", None)
    with pytest.raises(MissingExtra, match="pip install bitsandbytes"):
        make_optimizer([torch.nn.Parameter(torch.zeros(2))], Optimizer(eight_bit=True))


def test_the_meter_tells_kinds_apart_and_finds_dead_experts() -> None:
    from anyedit.models.router import RouterOutput

    meter = Meter(3, torch.device("cpu"), learned=True)
    add, remove = KINDS.index("add"), KINDS.index("remove")
    router = RouterOutput(
        torch.zeros(4, 3), torch.tensor(1.5), torch.tensor(0.5), torch.tensor([0.75, 0.25, 0.0])
    )
    meter.add(torch.tensor([1.0, 2.0, 3.0, 6.0]), torch.tensor([add, add, remove, remove]), router)
    meter.add(torch.tensor([3.0]), torch.tensor([add]), router)
    measured = meter.read()
    assert measured.by_kind == {"add": 2.0, "remove": 4.5}
    assert measured.loss == 3.0
    assert measured.load == pytest.approx([0.75, 0.25, 0.0])
    assert (measured.balance, measured.z) == (1.5, 0.5)
    assert measured.dead(["a", "b", "c"]) == ["c"]
    meter.reset()
    assert meter.read().load is None


def test_a_loss_or_a_gradient_that_is_none_is_told_apart() -> None:
    """A loss that is none always stops; with a loss scale (fp16) a gradient that is none may be left out."""
    from pathlib import Path

    from anyedit.training.loop import check_finite

    good, bad = torch.tensor(1.0), torch.tensor(float("nan"))
    with pytest.raises(
        LossNotFinite, match=r"the loss is nan in step 9; the last good checkpoint is kept/step"
    ):
        check_finite([good, bad], good, 9, Path("kept/step"))
    assert check_finite([good], good, 1, None)
    assert not check_finite([good], bad, 1, None)
    assert not check_finite([good.bfloat16()], torch.tensor(float("inf")), 1, None)
