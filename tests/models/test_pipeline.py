"""The pipeline as its users meet it: batches, sizes, schedulers, precision, callbacks, files and refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    HeunDiscreteScheduler,
    PNDMScheduler,
)
from diffusers.models.attention_processor import AttnProcessor2_0
from PIL import Image

from anyedit.models import AnySDPipeline, InputError, TaskClassifier, load_editor
from anyedit.models.attention import cross_attention_names
from anyedit.models.experts import AnySDExperts
from anyedit.models.tiny import TEXT_WIDTH, tiny_safety_checker, tiny_unet
from anyedit.types import EDIT_TYPES

Picture = Callable[..., Image.Image]


def generators(count: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in range(count)]


@pytest.fixture
def fresh(pipe_dir: Path) -> AnySDPipeline:
    """An editor that a test may change."""
    pipeline = load_editor(pipe_dir)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def mixed(picture: Picture) -> dict[str, object]:
    """A batch of five: general, two experts without visual prompt, two with."""
    return {
        "instruction": ["add a dog", "make it autumn", "shift the man", "replace it to [V*]", "follow [V*]"],
        "image": [picture(n) for n in range(5)],
        "visual_prompt": [None, None, None, picture(90, 40, 24), picture(91)],
        "edit_type": ["add", "tone_transfer", "movement", "visual_reference", "visual_bbox"],
    }


@pytest.mark.parametrize(
    "scheduler", [None, EulerAncestralDiscreteScheduler, PNDMScheduler, DPMSolverMultistepScheduler]
)
@pytest.mark.parametrize("guidance", ["published", "paper"])
def test_a_batch_equals_its_single_items(
    fresh: AnySDPipeline, picture: Picture, scheduler: type | None, guidance: str
) -> None:
    """Each item with its own generator: also those of a scheduler that draws noise in every step."""
    if scheduler is not None:
        fresh.scheduler = scheduler.from_config(fresh.scheduler.config)
    batch = mixed(picture)
    common = {"num_inference_steps": 4, "output_type": "np", "guidance": guidance}
    together = fresh(**batch, generator=generators(5), **common).images
    assert together.shape == (5, 32, 32, 3)
    for n in range(5):
        alone = fresh(**{k: v[n] for k, v in batch.items()}, generator=[generators(5)[n]], **common).images[0]
        np.testing.assert_allclose(together[n], alone, atol=1e-4)
    assert np.abs(together[0] - together[1]).max() > 1e-2


def test_saving_and_loading_changes_nothing(fresh: AnySDPipeline, picture: Picture, tmp_path: Path) -> None:
    torch.manual_seed(3)
    fresh.register_modules(task_classifier=TaskClassifier(TEXT_WIDTH, hidden=16))
    fresh.save_pretrained(tmp_path / "saved")
    again = AnySDPipeline.from_pretrained(tmp_path / "saved")
    again.set_progress_bar_config(disable=True)
    batch = mixed(picture) | {"edit_type": None, "num_inference_steps": 2, "output_type": "np"}
    before, after = (p(**batch, generator=generators(5)) for p in (fresh, again))
    np.testing.assert_array_equal(before.images, after.images)
    assert before.edit_types == after.edit_types
    assert not list((tmp_path / "saved").rglob("*.bin"))


def count_unet_items(pipeline: AnySDPipeline) -> list[int]:
    seen: list[int] = []
    pipeline.unet.register_forward_pre_hook(
        lambda _, args, kwargs: seen.append(args[0].shape[0]), with_kwargs=True
    )
    return seen


@pytest.mark.parametrize(
    ("kind", "scales", "items"),
    [
        ("tone_transfer", (2.0, 1.5, 0.8), 3),
        ("tone_transfer", (1.0, 1.5, 0.8), 2),
        ("tone_transfer", (1.0, 1.0, 0.8), 1),
        ("tone_transfer", (2.0, 0.0, 0.8), 2),
        ("add", (3.0, 3.0, None), 2),
        ("add", (2.0, 3.0, None), 3),
        ("add", (1.0, 1.0, None), 1),
    ],
)
def test_unneeded_branches_are_not_run(
    fresh: AnySDPipeline, picture: Picture, kind: str, scales: tuple[float | None, ...], items: int
) -> None:
    seen = count_unet_items(fresh)
    image, text, visual = scales
    output = fresh(
        "do it", picture(1), edit_type=kind, num_inference_steps=3, image_guidance_scale=image,
        text_guidance_scale=text, visual_guidance_scale=visual,
    )  # fmt: skip
    assert seen == [items] * 3 and output.unet_items_per_step == items


def test_scales_of_its_own_for_each_item(fresh: AnySDPipeline, picture: Picture) -> None:
    seen = count_unet_items(fresh)
    fresh(
        "do it", [picture(1), picture(2)], edit_type="tone_transfer", num_inference_steps=1,
        image_guidance_scale=[1.0, 2.0], text_guidance_scale=[1.0, 1.5],
    )  # fmt: skip
    assert seen == [1 + 3]


def test_a_visual_scale_of_zero_is_the_bare_model(editor: AnySDPipeline, picture: Picture) -> None:
    common = dict(num_inference_steps=2, image_guidance_scale=2.0, text_guidance_scale=1.5, output_type="np")
    images = [
        editor("go", picture(1), edit_type=kind, generator=generators(1), **scale, **common).images
        for kind, scale in (("tone_transfer", {"visual_guidance_scale": 0.0}), ("add", {}))
    ]
    np.testing.assert_allclose(images[0], images[1], atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (40, 24), (56, 72)])
def test_any_size_divisible_by_eight(
    editor: AnySDPipeline, picture: Picture, height: int, width: int
) -> None:
    (image,) = editor("go", picture(1, height, width), edit_type="movement", num_inference_steps=1).images
    assert image.size == (width, height)


def test_sizes(editor: AnySDPipeline, picture: Picture) -> None:
    odd = editor("go", picture(1, 37, 45), num_inference_steps=1).images[0]
    assert odd.size == (40, 32)
    both = editor("go", [picture(1, 24, 40), picture(2)], height=16, width=24, num_inference_steps=1).images
    assert [image.size for image in both] == [(24, 16)] * 2


def test_one_picture_many_instructions(editor: AnySDPipeline, picture: Picture) -> None:
    output = editor(["a", "b", "c"], picture(0), edit_type="add", num_inference_steps=1, output_type="np")
    assert output.images.shape == (3, 32, 32, 3) and output.edit_types == ["add"] * 3


def test_output_types(editor: AnySDPipeline, picture: Picture) -> None:
    made = {
        kind: editor(
            "go", picture(0), num_inference_steps=1, generator=generators(1), output_type=kind
        ).images
        for kind in ("pil", "np", "pt", "latent")
    }
    assert made["np"].shape == (1, 32, 32, 3) and made["pt"].shape == (1, 3, 32, 32)
    assert made["latent"].shape == (1, 4, 4, 4)
    np.testing.assert_array_equal(made["np"][0], made["pt"][0].permute(1, 2, 0).numpy())
    np.testing.assert_array_equal(np.asarray(made["pil"][0]), (made["np"][0] * 255).round().astype(np.uint8))
    images, nsfw = editor("go", picture(0), num_inference_steps=1, return_dict=False)
    assert len(images) == 1 and nsfw is None


def test_callbacks_see_and_change_the_latents(editor: AnySDPipeline, picture: Picture) -> None:
    steps = []

    def zero(pipeline: AnySDPipeline, step: int, t: torch.Tensor, tensors: dict):  # type: ignore[type-arg]
        steps.append((step, int(t), pipeline.num_timesteps, sorted(tensors)))
        return {"latents": torch.zeros_like(tensors["latents"])}

    out = editor(
        "go", picture(0), num_inference_steps=2, output_type="latent", callback_on_step_end=zero,
        callback_on_step_end_tensor_inputs=["latents", "noise"],
    ).images  # fmt: skip
    assert not out.any()
    assert [(s, n, names) for s, _, n, names in steps] == [
        (0, 2, ["latents", "noise"]),
        (1, 2, ["latents", "noise"]),
    ]


def test_the_progress_bar_counts_steps_also_of_second_order(fresh: AnySDPipeline, picture: Picture) -> None:
    fresh.scheduler = HeunDiscreteScheduler.from_config(fresh.scheduler.config)
    bars = []
    real = fresh.progress_bar

    def watched(*args: object, **kwargs: object):
        bars.append(real(*args, **kwargs))
        return bars[-1]

    fresh.set_progress_bar_config(disable=False)
    fresh.progress_bar = watched
    fresh("go", picture(0), num_inference_steps=3)
    assert bars[0].n == bars[0].total == 3


def test_the_safety_checker_is_reported(fresh: AnySDPipeline, picture: Picture) -> None:
    assert fresh("go", picture(0), num_inference_steps=1).nsfw is None
    checker = tiny_safety_checker()
    checker.concept_embeds_weights.fill_(2.0)  # a cosine never exceeds 2: nothing is flagged
    checker.special_care_embeds_weights.fill_(2.0)
    fresh.register_modules(safety_checker=checker.eval())
    kept = fresh(["go", "on"], picture(0), num_inference_steps=1, output_type="np")
    assert kept.nsfw == [False, False] and kept.images.any()
    checker.concept_embeds_weights.fill_(-2.0)
    black = fresh(["go", "on"], picture(0), num_inference_steps=1, output_type="np")
    assert black.nsfw == [True, True] and not black.images.any()


def test_attention_slices_give_the_same(fresh: AnySDPipeline, picture: Picture) -> None:
    common = mixed(picture) | {"num_inference_steps": 2, "output_type": "np"}
    whole = fresh(**common, generator=generators(5)).images
    for size in ("auto", "max", 1):
        fresh.enable_attention_slicing(size)
        np.testing.assert_allclose(fresh(**common, generator=generators(5)).images, whole, atol=1e-5)
    fresh.disable_attention_slicing()
    np.testing.assert_array_equal(fresh(**common, generator=generators(5)).images, whole)


def test_the_unet_compiles_without_breaks(fresh: AnySDPipeline, picture: Picture) -> None:
    common = mixed(picture) | {"num_inference_steps": 2, "output_type": "np"}
    plain = fresh(**common, generator=generators(5)).images
    fresh.unet = torch.compile(fresh.unet, backend="eager", fullgraph=True)
    np.testing.assert_allclose(fresh(**common, generator=generators(5)).images, plain, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision(pipe_dir: Path, editor: AnySDPipeline, picture: Picture, dtype: torch.dtype) -> None:
    half = load_editor(pipe_dir, dtype=dtype)
    half.set_progress_bar_config(disable=True)
    assert half.experts.dtype == half.unet.dtype == dtype
    common = mixed(picture) | {"num_inference_steps": 2, "output_type": "np"}
    latents = torch.randn(5, 4, 4, 4, generator=torch.Generator().manual_seed(0))
    full, low = (p(**common, latents=latents).images for p in (editor, half))
    assert np.abs(full - low).mean() < 0.02


def test_model_offload_hooks_give_the_same(fresh: AnySDPipeline, picture: Picture) -> None:
    common = mixed(picture) | {"num_inference_steps": 1, "output_type": "np"}
    whole = fresh(**common, generator=generators(5)).images
    fresh.enable_model_cpu_offload(device="cpu")
    np.testing.assert_array_equal(fresh(**common, generator=generators(5)).images, whole)


def test_the_type_is_predicted_when_not_given(fresh: AnySDPipeline, picture: Picture) -> None:
    """Only among types that fit whether a visual prompt was given; a given type stays as it is."""
    torch.manual_seed(0)
    classifier = TaskClassifier(TEXT_WIDTH, hidden=8).eval()
    torch.nn.init.zeros_(classifier.head[-1].weight)
    with torch.no_grad():
        for name, logit in (("visual_depth", 9.0), ("tone_transfer", 8.0), ("add", 1.0)):
            classifier.head[-1].bias[EDIT_TYPES.index(name)] = logit
    fresh.register_modules(task_classifier=classifier)
    output = fresh(
        "make it autumn", [picture(n) for n in range(3)], [None, picture(9), None],
        [None, None, "color_alter"],
        num_inference_steps=1,
    )  # fmt: skip
    assert output.edit_types == ["tone_transfer", "visual_depth", "color_alter"]
    assert output.edit_type_probability[2] is None and output.edit_type_probability[0] > 0.9
    names = fresh.experts.names
    assert output.expert_weights[0].nonzero().tolist() == [[names.index("global")]]
    assert output.expert_weights[1].nonzero().tolist() == [[names.index("visual_depth")]]
    assert not output.expert_weights[2].any()


def test_a_learned_router_mixes_experts(
    pipe_dir: Path, learned_experts: AnySDExperts, picture: Picture, tmp_path: Path
) -> None:
    AnySDPipeline.from_pretrained(pipe_dir, experts=learned_experts).save_pretrained(tmp_path / "learned")
    pipeline = AnySDPipeline.from_pretrained(tmp_path / "learned")
    pipeline.set_progress_bar_config(disable=True)
    batch = mixed(picture) | {"num_inference_steps": 2, "output_type": "np"}
    output = pipeline(**batch, generator=generators(5))
    assert ((output.expert_weights > 0).sum(dim=1) == 2).all()
    torch.testing.assert_close(output.expert_weights.sum(dim=1), torch.ones(5))
    given = pipeline(**batch, generator=generators(5), expert_weights=output.expert_weights).images
    np.testing.assert_allclose(given, output.images, atol=1e-5)


REFUSED = {
    "type": ({"edit_type": "removed"}, "item 0: 'removed' is no edit type; did you mean 'remove'?"),
    "prompt missing": ({"edit_type": "visual_depth"}, "item 0: visual_depth needs a visual prompt"),
    "empty": ({"instruction": " "}, "item 0: the instruction is ' '"),
    "picture": ({"image": "a.png"}, "item 0: image is a str"),
    "counts": ({"instruction": ["a", "b"], "image": [None] * 3}, "instruction has 2 items and the batch 3"),
    "height": ({"height": 30, "width": 32}, "height 30 and width 32 must be divisible by 8"),
    "one side": ({"height": 32}, "give both height and width"),
    "guidance": ({"guidance": "cfg"}, "guidance is 'cfg'; known: published, paper"),
    "scale": ({"text_guidance_scale": [1.0, 2.0]}, "text_guidance_scale has 2 values and the batch 1"),
    "negative": ({"image_guidance_scale": -1.0}, "item 0: image_guidance_scale is -1.0"),
    "latents": ({"latents": torch.zeros(1, 4, 8, 8)}, "latents has shape (1, 4, 8, 8), expected (1, 4"),
    "weights": ({"expert_weights": torch.zeros(1, 3)}, "expert_weights has shape (1, 3), expected (1, 9)"),
    "generators": ({"generator": generators(2)}, "2 generators for 1 items"),
    "callback": ({"callback_on_step_end_tensor_inputs": ["x"]}, "not 'x'"),
    "output": ({"output_type": "jpeg"}, "output_type is 'jpeg'"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_come_first_and_say_what(
    editor: AnySDPipeline, picture: Picture, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor.text_encoder, "forward", lambda *_, **__: pytest.fail("a network was run"))
    change, words = REFUSED[case]
    with pytest.raises(InputError) as error:
        editor(**({"instruction": "go", "image": picture(0)} | change))
    assert words in str(error.value)
    assert isinstance(error.value, ValueError)


@pytest.mark.parametrize("kind", ["add", None])
def test_a_visual_prompt_that_nothing_reads_is_refused(
    editor: AnySDPipeline, picture: Picture, kind: str | None
) -> None:
    with pytest.raises(InputError, match=f"item 1: nothing would read .* '{kind or 'unknown'}'"):
        editor("go", picture(0), [None, picture(1)], kind)


def test_pictures_of_two_sizes_are_refused(editor: AnySDPipeline, picture: Picture) -> None:
    with pytest.raises(InputError, match=r"item 1 is \(32, 40\) px and item 0 \(32, 32\)"):
        editor("go", [picture(0), picture(1, 40, 32)])


def test_a_visual_prompt_without_experts_is_refused(base_dir: Path, picture: Picture) -> None:
    with pytest.raises(InputError, match="needs a model with experts"):
        load_editor(base_dir)("go", picture(0), picture(1))


def test_a_text_to_image_unet_is_refused(base_dir: Path, picture: Picture) -> None:
    pipeline = AnySDPipeline.from_pretrained(base_dir, unet=tiny_unet(in_channels=4))
    with pytest.raises(
        InputError, match=r"in_channels is 4, an editor needs 8 .* is this a text-to-image UNet"
    ):
        pipeline("go", picture(0))


def test_replaced_attention_processors_are_noticed(fresh: AnySDPipeline, picture: Picture) -> None:
    """Setting other processors would silently switch the experts off."""
    fresh.unet.set_attn_processor(AttnProcessor2_0())
    with pytest.raises(InputError, match="processors were replaced"):
        fresh("go", picture(0))


def test_blocks_are_numbered_down_up_mid(editor: AnySDPipeline) -> None:
    starts = [name.split(".")[0] for name in cross_attention_names(editor.unet)]
    assert starts == ["down_blocks", "up_blocks", "up_blocks", "mid_block"]
