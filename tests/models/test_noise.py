"""The module that training uses: what it predicts, what it teaches, and what its parts do."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from anyedit.models import AnySDModel, InputError, draw_drops, task_ids
from anyedit.models.attention import cross_attention_names
from anyedit.models.dispatch import GroupedLayerNorm, GroupedLinear, group
from anyedit.models.experts import AnySDExperts
from anyedit.models.faults import CheckpointError
from anyedit.models.router import load_balance_loss, z_loss
from anyedit.models.tasks import NULL_TASK, TASKS, TaskClassifier, predict_types
from anyedit.models.tiny import IMAGE_WIDTH, TEXT_WIDTH, tiny_unet


def batch(size: int = 4) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(1)
    return {
        "latents": torch.randn(size, 8, 4, 4, generator=g),
        "timestep": torch.randint(0, 1000, (size,), generator=g),
        "text": torch.randn(size, 20, TEXT_WIDTH, generator=g),
        "visual": torch.randn(3, 17, IMAGE_WIDTH, generator=g),
        "visual_of": torch.tensor([0, 1, 2, 1])[:size],
        "task": task_ids(["add", "visual_depth", "visual_sketch", None])[:size],
        "pooled": torch.randn(size, TEXT_WIDTH, generator=g),
    }


def single(values: dict[str, torch.Tensor], n: int) -> dict[str, torch.Tensor]:
    return {k: v if k == "visual" else v[n : n + 1] for k, v in values.items()}


def test_a_batch_equals_its_items(learned_experts: AnySDExperts) -> None:
    model = AnySDModel(tiny_unet(), learned_experts)
    values = batch()
    together = model(**values)
    for n in range(4):
        alone = model(**single(values, n))
        torch.testing.assert_close(together.sample[n], alone.sample[0], atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(together.router.weights[n], alone.router.weights[0])


def test_mixed_experts_add_their_attentions(learned_experts: AnySDExperts) -> None:
    """out = text attention + sum of w_e attn(Q, K'_e, V'_e): checked in one block, expert by expert, as a
    formula."""
    unet = tiny_unet()
    AnySDModel(unet, learned_experts)
    name = cross_attention_names(unet)[3]
    attn = unet.get_submodule(name)
    weights = torch.tensor([[0.7, 0.0, 0.3]])
    visual = torch.randn(2, 17, IMAGE_WIDTH)
    task = task_ids(["visual_depth"])
    x, text = torch.randn(1, 16, 16), torch.randn(1, 20, TEXT_WIDTH)
    key_values = learned_experts(visual, torch.tensor([1]), task, weights)
    out = attn(x, encoder_hidden_states=text, experts=key_values)

    def attention(k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        q, k, v = (
            y.reshape(1, -1, attn.heads, 16 // attn.heads).transpose(1, 2) for y in (attn.to_q(x), k, v)
        )
        mixed = torch.softmax(q @ k.transpose(-1, -2) / (16 / attn.heads) ** 0.5, dim=-1) @ v
        return mixed.transpose(1, 2).reshape(1, 16, 16)

    expected = attention(attn.to_k(text), attn.to_v(text))
    for expert, weight in ((0, 0.7), (2, 0.3)):
        which = torch.tensor([[0, 0, 1][expert]])  # experts 0 and 1 share resampler 0
        tokens = learned_experts.resampler(visual[1][None, None], which)[0]
        tokens = torch.cat([learned_experts.tasks(task)[None], tokens], dim=1)
        block = learned_experts.blocks[3]
        k, v = tokens @ block.key.weight[expert].T, tokens @ block.value.weight[expert].T
        expected = expected + weight * attention(k, v)
    torch.testing.assert_close(out, attn.to_out[0](expected), atol=1e-5, rtol=1e-4)


def test_dropping_the_visual_condition_is_the_null_branch(learned_experts: AnySDExperts) -> None:
    """Dropped: picture 0 and a zero task token, through the same expert."""
    model = AnySDModel(tiny_unet(), learned_experts)
    values = batch()
    weights = torch.eye(3)[[0, 1, 2, 0]]
    dropped = model(**values, expert_weights=weights, drop_visual=torch.tensor([True, False, True, True]))
    null = values | {"visual_of": torch.tensor([0, 1, 0, 0])}
    null["task"] = torch.where(torch.tensor([True, False, True, True]), NULL_TASK, values["task"])
    torch.testing.assert_close(dropped.sample, model(**null, expert_weights=weights).sample)
    assert dropped.router is None


def test_zero_experts_is_the_bare_unet(learned_experts: AnySDExperts) -> None:
    unet, values = tiny_unet(), batch()
    bare = unet(values["latents"], values["timestep"], values["text"]).sample
    control = AnySDModel(unet)(values["latents"], values["timestep"], values["text"])
    assert torch.equal(control.sample, bare) and control.router is None
    off = AnySDModel(unet, learned_experts)(**values, expert_weights=torch.zeros(4, 3))
    torch.testing.assert_close(off.sample, bare)
    part = torch.zeros(4, 3)
    part[1, 2] = 1.0
    some = AnySDModel(unet, learned_experts)(**values, expert_weights=part).sample
    torch.testing.assert_close(some[[0, 2, 3]], bare[[0, 2, 3]])
    assert (some[1] - bare[1]).abs().max() > 1e-3


def test_gradients_reach_everything_of_stage_two(learned_experts: AnySDExperts) -> None:
    """With the UNet frozen; and gradient checkpointing changes none of them."""
    grads = []
    for checkpointing in (False, True):
        unet = tiny_unet().requires_grad_(False).train()
        if checkpointing:
            unet.enable_gradient_checkpointing()
        model = AnySDModel(unet, learned_experts)
        learned_experts.zero_grad()
        out = model(**batch())
        (out.sample.square().mean() + out.router.load_balance + out.router.z_loss).backward()
        grads.append({name: p.grad.clone() for name, p in learned_experts.named_parameters()})
    for name, grad in grads[0].items():
        torch.testing.assert_close(grad, grads[1][name], atol=1e-7, rtol=1e-4)
        assert grad.abs().max() > 0 or name == "tasks.weight", name
    assert set(grads[0]["tasks.weight"].abs().sum(1).nonzero().flatten().tolist()) == set(
        batch()["task"].tolist()
    )


def test_fresh_experts_start_as_the_text_projections() -> None:
    unet = tiny_unet()
    experts = AnySDExperts.for_unet(unet, IMAGE_WIDTH, expert_names=["a", "b"])
    for number, name in enumerate(cross_attention_names(unet)):
        for expert in range(2):
            assert torch.equal(
                experts.blocks[number].key.weight[expert], unet.get_submodule(name).to_k.weight
            )
            assert torch.equal(
                experts.blocks[number].value.weight[expert], unet.get_submodule(name).to_v.weight
            )


def test_sequential_offload_hooks_reach_every_weight(learned_experts: AnySDExperts) -> None:
    """accelerate's leaf hooks, the CPU in place of a GPU: no weight is used outside its own module."""
    from accelerate import cpu_offload

    values, model = batch(), AnySDModel(tiny_unet(), learned_experts)
    before = model(**values).sample
    cpu_offload(learned_experts, torch.device("cpu"))
    assert all(parameter.device.type == "meta" for parameter in learned_experts.parameters())
    torch.testing.assert_close(model(**values).sample, before)


def test_missing_conditions_are_named(learned_experts: AnySDExperts) -> None:
    model, values = AnySDModel(tiny_unet(), learned_experts), batch()
    with pytest.raises(InputError, match="needs `visual`"):
        model(values["latents"], values["timestep"], values["text"])
    with pytest.raises(InputError, match="needs `pooled`"):
        model(**{k: v for k, v in values.items() if k != "pooled"})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"top_k": 3}, "top_k is 3, with 2 experts"),
        ({"resampler_of_expert": [0, 2]}, "resampler_of_expert is [0, 2]"),
        ({"expert_of_type": {"add": "c"}}, "add asks for expert 'c'; known: a, b"),
        ({"expert_of_type": {"ad": "a"}}, "'ad' is no edit type; did you mean 'add'?"),
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(CheckpointError) as error:
        AnySDExperts([8], expert_names=["a", "b"], **settings)
    assert words in str(error.value)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_grouping_equals_one_row_at_a_time(experts: list[int]) -> None:
    index = torch.tensor(experts)
    g = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    linear, norm = GroupedLinear(5, 3, 2), GroupedLayerNorm(5, 2)
    torch.nn.init.normal_(norm.weight)
    x = torch.randn(len(experts), 4, 3, generator=g)
    groups = group(index)
    out = groups.put_back(norm(linear(groups.take(x), groups.members), groups.members))
    for n, e in enumerate(experts):
        y = x[n] @ linear.weight[e].T + linear.bias[e]
        expected = torch.nn.functional.layer_norm(y, (2,), norm.weight[e], norm.bias[e])
        torch.testing.assert_close(out[n], expected, atol=1e-5, rtol=1e-4)


def test_router_losses_by_hand() -> None:
    probability = torch.tensor([[0.75, 0.25], [0.5, 0.5]])
    # both items to expert 0: f = (1, 0), P = (0.625, 0.375), 2 * 0.625
    assert load_balance_loss(probability, torch.tensor([[0], [0]])).item() == pytest.approx(1.25)
    assert load_balance_loss(probability, torch.tensor([[0], [1]])).item() == pytest.approx(1.0)
    assert z_loss(torch.zeros(3, 4)).item() == pytest.approx(torch.log(torch.tensor(4.0)).item() ** 2)


def test_the_learned_router_keeps_k_experts(learned_experts: AnySDExperts) -> None:
    task = task_ids(["add", "remove", None])
    out = learned_experts.route(task, torch.randn(3, TEXT_WIDTH))
    assert ((out.weights > 0).sum(1) == 2).all()
    torch.testing.assert_close(out.weights.sum(1), torch.ones(3))
    torch.testing.assert_close(out.load.sum(), torch.tensor(1.0))


def test_task_numbers() -> None:
    assert len(TASKS) == 26 and TASKS[-1] == "unknown"
    names = ["tune_transfer", "visual_dep", None, "unknown", "backgroundchange"]
    assert [TASKS[n] for n in task_ids(names).tolist()] == [
        "tone_transfer", "visual_depth", "unknown", "unknown", "background_change",
    ]  # fmt: skip
    with pytest.raises(
        InputError, match="item 1: 'colour_alter' is no edit type; did you mean 'color_alter'"
    ):
        task_ids(["add", "colour_alter"])


def test_the_classifier_learns_and_ignores_padding() -> None:
    torch.manual_seed(0)
    classifier = TaskClassifier(8, hidden=16)
    text, mask = torch.randn(25, 6, 8), torch.ones(25, 6, dtype=torch.long)
    mask[:, 4:] = 0
    target = torch.arange(25)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=0.02)
    for _ in range(80):
        loss = torch.nn.functional.cross_entropy(classifier(text, mask), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    visual = [TASKS[n].startswith("visual") for n in range(25)]
    assert [name for name, _ in predict_types(classifier, text, mask, visual)] == list(TASKS[:25])
    other = text.clone()
    other[:, 4:] = 100.0
    torch.testing.assert_close(classifier(other, mask), classifier(text, mask))
    unsure = predict_types(classifier, torch.zeros(1, 6, 8), mask[:1], [False], least=0.99)
    assert unsure[0][0] == "unknown"


def test_drops_have_their_probabilities() -> None:
    drops = draw_drops(
        200_000, torch.Generator().manual_seed(0), text=0.1, picture=0.2, both=0.05, visual=0.15
    )
    share = {
        "text only": (drops.text & ~drops.picture).float().mean().item(),
        "picture only": (drops.picture & ~drops.text).float().mean().item(),
        "both": (drops.picture & drops.text).float().mean().item(),
        "visual only": (drops.visual & ~drops.text).float().mean().item(),
    }
    assert share == pytest.approx(
        {"text only": 0.1, "picture only": 0.2, "both": 0.05, "visual only": 0.15}, abs=3e-3
    )
    assert (drops.visual >= drops.text).all()
    with pytest.raises(ValueError, match="must be >= 0 and sum to at most 1"):
        draw_drops(1, text=0.9, both=0.2)


def test_importing_the_package_imports_no_torch() -> None:
    code = "import sys, anyedit.models; assert 'torch' not in sys.modules; print(anyedit.models.__all__[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "AnySDExperts"
