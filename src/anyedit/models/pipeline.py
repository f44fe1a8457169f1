"""AnySD as a diffusers pipeline: pictures and sentences in, edited pictures out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from diffusers import AutoencoderKL, DiffusionPipeline, UNet2DConditionModel
from diffusers.callbacks import MultiPipelineCallbacks, PipelineCallback
from diffusers.image_processor import VaeImageProcessor
from diffusers.pipelines.pipeline_utils import StableDiffusionMixin
from diffusers.utils import BaseOutput, logging
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image

from anyedit.models.attention import has_expert_attention, install_expert_attention, slice_expert_attention
from anyedit.models.experts import AnySDExperts
from anyedit.models.faults import InputError
from anyedit.models.guidance import BRANCHES, Form, attention_scale, plan_branches
from anyedit.models.inputs import EditRequest, Scale, read_request, read_scales
from anyedit.models.tasks import NULL_TASK, TASKS, UNKNOWN, TaskClassifier, predict_types, task_ids

logger = logging.get_logger(__name__)

VISUAL_PROMPT_SIZE = 512
"""A visual prompt is squashed to this square (bicubic) before CLIP's own preprocessing (AnySD layout, section
5)."""


@dataclass
class AnySDPipelineOutput(BaseOutput):  # type: ignore[misc]
    """One entry per item.

    images: PIL images, or array (B, H, W, 3) in [0, 1] for "np", tensor (B, 3, H, W) in [0, 1] for "pt", or
    latents (B, 4, H/8, W/8) for "latent". nsfw: whether the safety checker flagged the item (its picture is
    black), None when nothing was checked. edit_types: as given or predicted. edit_type_probability: the
    classifier's, None where the type was given. expert_weights: float (B, E). unet_items_per_step: rows that
    went through the UNet in each step.
    """

    images: list[Image.Image] | np.ndarray | torch.Tensor
    nsfw: list[bool] | None
    edit_types: list[str]
    edit_type_probability: list[float | None]
    expert_weights: torch.Tensor
    unet_items_per_step: int


class AnySDPipeline(DiffusionPipeline, StableDiffusionMixin):  # type: ignore[misc]
    """Edits pictures as an instruction says, optionally with a visual prompt.

    The parts are those of InstructPix2Pix on SD-1.5 (a UNet of 8 input channels) and, optionally, `experts`
    with the `image_encoder` of their visual prompts, and a `task_classifier`. Without experts this is plain
    InstructPix2Pix ("SD-1.5 with AnyEdit", the paper's control): the same code with nothing added to
    attention.
    """

    model_cpu_offload_seq = "text_encoder->task_classifier->image_encoder->experts->unet->vae"
    _optional_components: ClassVar[list[str]] = [
        "safety_checker",
        "feature_extractor",
        "image_encoder",
        "experts",
        "task_classifier",
    ]
    _exclude_from_cpu_offload: ClassVar[list[str]] = ["safety_checker"]
    _callback_tensor_inputs: ClassVar[list[str]] = ["latents", "noise"]

    def __init__(
        self,
        vae: AutoencoderKL,
        text_encoder: Any,
        tokenizer: Any,
        unet: UNet2DConditionModel,
        scheduler: Any,
        safety_checker: Any = None,
        feature_extractor: Any = None,
        image_encoder: Any = None,
        experts: AnySDExperts | None = None,
        task_classifier: TaskClassifier | None = None,
        requires_safety_checker: bool = False,
    ) -> None:
        super().__init__()
        if experts is not None and (image_encoder is None or feature_extractor is None):
            raise InputError(
                "experts need image_encoder and feature_extractor: they read the visual prompt with them"
            )
        if safety_checker is not None and feature_extractor is None:
            raise InputError(
                "a safety checker needs feature_extractor; pass safety_checker=None to do without"
            )
        self.register_modules(
            vae=vae,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
            unet=unet,
            scheduler=scheduler,
            safety_checker=safety_checker,
            feature_extractor=feature_extractor,
            image_encoder=image_encoder,
            experts=experts,
            task_classifier=task_classifier,
        )
        self.register_to_config(requires_safety_checker=requires_safety_checker)
        self.vae_scale_factor = 2 ** (len(vae.config.block_out_channels) - 1)
        self.image_processor = VaeImageProcessor(vae_scale_factor=self.vae_scale_factor, do_resize=False)
        install_expert_attention(unet)

    @torch.no_grad()
    def __call__(
        self,
        instruction: str | Sequence[str],
        image: Image.Image | Sequence[Image.Image],
        visual_prompt: Image.Image | Sequence[Image.Image | None] | None = None,
        edit_type: str | Sequence[str | None] | None = None,
        height: int | None = None,
        width: int | None = None,
        num_inference_steps: int = 100,
        guidance: Form = "published",
        image_guidance_scale: Scale = None,
        text_guidance_scale: Scale = None,
        visual_guidance_scale: Scale = None,
        expert_weights: torch.Tensor | None = None,
        eta: float = 0.0,
        generator: torch.Generator | list[torch.Generator] | None = None,
        latents: torch.Tensor | None = None,
        output_type: str = "pil",
        return_dict: bool = True,
        callback_on_step_end: Callable[..., dict[str, torch.Tensor]] | None = None,
        callback_on_step_end_tensor_inputs: Sequence[str] = ("latents",),
    ) -> AnySDPipelineOutput | tuple[Any, ...]:
        """Edits one picture or a batch that may mix types, visual prompts and none.

        Single values serve all items. Raises InputError before any network runs.

        edit_type: None to have it predicted (or "unknown", where there is no classifier).
        height, width: pixels, divisible by 8; without them a picture keeps its size (cut to a multiple of 8).
        guidance: the equation, "published" (three terms, the visual scale is that of attention) or "paper"
        (four terms).
        The three scales: one number, one per item, or None for the released defaults: general 3, 3;
        with an expert image 2, text 1.5, visual 0.8 ("paper": visual = text).
        expert_weights: float (B, E) instead of the router's.
        generator: one per item makes each item's result independent of its batch.
        callback_on_step_end: called as (pipeline, step, timestep, tensors); what it returns as `latents` is
        used from there on, as in diffusers.
        return_dict: False gives (images, nsfw).
        """
        if isinstance(callback_on_step_end, (PipelineCallback, MultiPipelineCallbacks)):
            callback_on_step_end_tensor_inputs = callback_on_step_end.tensor_inputs
        # 0. Check inputs
        request = read_request(
            instruction, image, visual_prompt, edit_type, height, width, self.vae_scale_factor
        )
        self.check_inputs(
            request, expert_weights, generator, latents, callback_on_step_end_tensor_inputs, output_type
        )
        read_scales(
            guidance, image_guidance_scale, text_guidance_scale, visual_guidance_scale, [False] * len(request)
        )
        device = self._execution_device

        # 1. Read the instructions and, last, the empty one: features (B+1, 77, width), pooled (B+1, width)
        text, pooled, mask = self.encode_text([*request.instructions, ""], device)

        # 2. Edit types, given or predicted, and from them the experts' weights (B, E)
        types, probability = self._edit_types(request, text[:-1], mask[:-1])
        task = task_ids(types).to(device)
        weights = self._expert_weights(task, pooled[:-1], expert_weights)

        # 3. Which guidance branches are needed, item by item: the UNet's rows in every step
        has_expert = (weights != 0).any(dim=1).tolist()
        scales = read_scales(
            guidance, image_guidance_scale, text_guidance_scale, visual_guidance_scale, has_expert
        )
        strength = [attention_scale(guidance, s) for s in scales]
        served = [expert and s != 0.0 for expert, s in zip(has_expert, strength, strict=True)]
        plan = plan_branches(guidance, scales, served)
        item = torch.tensor([row for row, _ in plan.rows], device=device)
        branch = [BRANCHES[number] for _, number in plan.rows]

        # 4. Conditions of each row: text (R, 77, width), experts' K' and V', source latents (R, 4, h, w)
        empty = torch.tensor([not b.text for b in branch], device=device)
        row_text = torch.where(empty[:, None, None], text[-1:], text[item])
        seen = torch.tensor([b.visual for b in branch], device=device)
        row_weights = weights[item] * torch.tensor(strength, device=device, dtype=weights.dtype)[item, None]
        key_values = self._key_values(request, task, item, seen, row_weights)
        source = self.encode_pictures(request.pictures, device, text.dtype)
        shown = torch.tensor([b.picture for b in branch], device=device, dtype=source.dtype)
        row_source = source[item] * shown[:, None, None, None]

        # 5. Timesteps and initial noise (B, 4, h, w)
        self.scheduler.set_timesteps(num_inference_steps, device=device)
        timesteps = self.scheduler.timesteps
        if latents is None:
            latents = randn_tensor(source.shape, generator=generator, device=device, dtype=text.dtype)
        latents = latents.to(device=device, dtype=text.dtype) * self.scheduler.init_noise_sigma
        step_arguments = self._step_arguments(eta, generator)

        # 6. Denoise
        warmup = len(timesteps) - num_inference_steps * self.scheduler.order
        self._num_timesteps = len(timesteps)
        with self.progress_bar(total=num_inference_steps) as progress:
            for step, t in enumerate(timesteps):
                noisy = self.scheduler.scale_model_input(latents, t)[item]
                predicted = self.unet(
                    torch.cat([noisy, row_source], dim=1),
                    t,
                    encoder_hidden_states=row_text,
                    cross_attention_kwargs={"experts": key_values},
                    return_dict=False,
                )[0]
                noise = plan.combine(predicted)
                latents = self.scheduler.step(noise, t, latents, **step_arguments, return_dict=False)[0]
                if callback_on_step_end is not None:
                    offered = {"latents": latents, "noise": noise}
                    tensors = {name: offered[name] for name in callback_on_step_end_tensor_inputs}
                    latents = (callback_on_step_end(self, step, t, tensors) or {}).get("latents", latents)
                if step == len(timesteps) - 1 or (
                    step + 1 > warmup and (step + 1) % self.scheduler.order == 0
                ):
                    progress.update()

        # 7. Decode, and ask the safety checker
        images, nsfw = self._decode(latents, output_type)
        self.maybe_free_model_hooks()
        output = AnySDPipelineOutput(images, nsfw, types, probability, weights.float().cpu(), len(plan.rows))
        return output if return_dict else (images, nsfw)

    @property
    def num_timesteps(self) -> int:
        """Steps of the call under way, for callbacks."""
        return self._num_timesteps

    def check_inputs(
        self,
        request: EditRequest,
        expert_weights: torch.Tensor | None,
        generator: torch.Generator | list[torch.Generator] | None,
        latents: torch.Tensor | None,
        callback_tensors: Sequence[str],
        output_type: str,
    ) -> None:
        """Refuses what cannot work, before any network runs: raises InputError."""
        count, experts = len(request), 0 if self.experts is None else len(self.experts.names)
        channels = int(self.vae.config.latent_channels)
        if self.unet.config.in_channels != 2 * channels:
            raise InputError(
                f"unet/config.json: in_channels is {self.unet.config.in_channels}, an editor needs"
                f" {2 * channels} (noisy latents {channels} + source latents {channels});"
                " is this a text-to-image UNet?"
            )
        if experts and not has_expert_attention(self.unet):
            raise InputError(
                "the UNet's attention processors were replaced after loading, which would switch the"
                " experts off; call anyedit.models.attention.install_expert_attention(pipeline.unet)"
            )
        if any(prompt is not None for prompt in request.visual_prompts) and not experts:
            raise InputError("visual_prompt needs a model with experts; this one has none")
        if experts and expert_weights is None and not self.experts.learns_routing:
            served = self.experts.route(task_ids(request.edit_types)).weights.any(dim=1).tolist()
            for item, prompt in enumerate(request.visual_prompts):
                to_predict = request.edit_types[item] is None and self.task_classifier is not None
                if prompt is not None and not served[item] and not to_predict:
                    raise InputError(
                        f"item {item}: nothing would read its visual prompt, as no expert serves the type"
                        f" '{request.edit_types[item] or UNKNOWN}'; pass the visual type as edit_type="
                    )
        if expert_weights is not None and tuple(expert_weights.shape) != (count, experts):
            raise InputError(
                f"expert_weights has shape {tuple(expert_weights.shape)}, expected {(count, experts)}"
            )
        if isinstance(generator, list) and len(generator) != count:
            raise InputError(f"{len(generator)} generators for {count} items: give one, or one per item")
        f = self.vae_scale_factor
        expected = (count, channels, request.height // f, request.width // f)
        if latents is not None and tuple(latents.shape) != expected:
            raise InputError(f"latents has shape {tuple(latents.shape)}, expected {expected}")
        for name in callback_tensors:
            if name not in self._callback_tensor_inputs:
                raise InputError(
                    f"callbacks can ask for {', '.join(self._callback_tensor_inputs)}; not '{name}'"
                )
        if output_type not in ("pil", "np", "pt", "latent"):
            raise InputError(f"output_type is '{output_type}'; known: pil, np, pt, latent")

    @torch.no_grad()
    def edit_type_of(self, instruction: str, given: str | None = None) -> str:
        """The type that an instruction which comes with a visual prompt is served as: the given one, else the
        predicted one, or "unknown" without a classifier. Raises InputError for a name that is none."""
        if given is not None or self.task_classifier is None:
            return TASKS[int(task_ids([given])[0])]
        text, _, mask = self.encode_text([instruction], self._execution_device)
        ((name, _),) = predict_types(self.task_classifier, text.to(self.task_classifier.dtype), mask, [True])
        return name

    def encode_text(
        self, sentences: list[str], device: torch.device
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Features (B, 77, width), pooled (B, width) and the token mask (B, 77); each distinct sentence is
        read once.

        Instructions go in verbatim; what exceeds the encoder's length is cut, with a warning.
        """
        distinct = list(dict.fromkeys(sentences))
        length = self.tokenizer.model_max_length
        tokens = self.tokenizer(
            distinct, padding="max_length", max_length=length, truncation=True, return_tensors="pt"
        )
        for sentence in distinct:
            if len(self.tokenizer(sentence, truncation=False, verbose=False).input_ids) > length:
                logger.warning(
                    f"instruction longer than {length} tokens, its end is not read: '{sentence[:60]}...'"
                )
        read = self.text_encoder(tokens.input_ids.to(device))
        index = torch.tensor([distinct.index(sentence) for sentence in sentences], device=device)
        text = read.last_hidden_state.to(self.unet.dtype)
        return text[index], read.pooler_output.to(text.dtype)[index], tokens.attention_mask.to(device)[index]

    def encode_visual_prompts(self, prompts: Sequence[Image.Image]) -> torch.Tensor:
        """CLIP's penultimate hidden states (1 + V, L, image width); the first is the null prompt's, zeros
        after normalisation."""
        square = (VISUAL_PROMPT_SIZE, VISUAL_PROMPT_SIZE)
        squashed = [prompt.convert("RGB").resize(square, Image.Resampling.BICUBIC) for prompt in prompts]
        size = self.image_encoder.config.image_size
        pixels = torch.zeros(1, 3, size, size)
        if squashed:
            pixels = torch.cat(
                [pixels, self.feature_extractor(images=squashed, return_tensors="pt").pixel_values]
            )
        pixels = pixels.to(self._execution_device, self.image_encoder.dtype)
        return self.image_encoder(pixels, output_hidden_states=True).hidden_states[-2]  # type: ignore[no-any-return]

    def encode_pictures(
        self, pictures: list[Image.Image], device: torch.device, dtype: torch.dtype
    ) -> torch.Tensor:
        """Source latents (B, 4, h, w): the mode of the VAE's posterior, not scaled (REFERENCE section 4)."""
        pixels = self.image_processor.preprocess(pictures).to(device, self.vae.dtype)
        return self.vae.encode(pixels).latent_dist.mode().to(dtype)  # type: ignore[no-any-return]

    def set_attention_slice(self, slice_size: str | int | None) -> None:
        """Attention over fewer heads at a time ("auto": half, "max": one), experts included; None for all at
        once."""
        slice_expert_attention(self.unet, slice_size)

    def _edit_types(
        self, request: EditRequest, text: torch.Tensor, mask: torch.Tensor
    ) -> tuple[list[str], list[float | None]]:
        if self.task_classifier is None or None not in request.edit_types:
            return [name or UNKNOWN for name in request.edit_types], [None] * len(request)
        has_prompt = [prompt is not None for prompt in request.visual_prompts]
        predicted = predict_types(self.task_classifier, text.to(self.task_classifier.dtype), mask, has_prompt)
        types = [given or guess for given, (guess, _) in zip(request.edit_types, predicted, strict=True)]
        chances = [None if given else p for given, (_, p) in zip(request.edit_types, predicted, strict=True)]
        return types, chances

    def _expert_weights(
        self, task: torch.Tensor, pooled: torch.Tensor, given: torch.Tensor | None
    ) -> torch.Tensor:
        if self.experts is None:
            return torch.zeros(len(task), 0, device=task.device)
        return given.to(task.device) if given is not None else self.experts.route(task, pooled).weights

    def _key_values(
        self,
        request: EditRequest,
        task: torch.Tensor,
        item: torch.Tensor,
        seen: torch.Tensor,
        weights: torch.Tensor,
    ) -> Any:
        """The rows' K' and V' in every block: the item's visual prompt and task where the branch sees them,
        else null."""
        if self.experts is None or not bool((weights != 0).any()):
            return None
        given = [number for number, prompt in enumerate(request.visual_prompts) if prompt is not None]
        states = self.encode_visual_prompts([p for p in request.visual_prompts if p is not None])
        picture = [given.index(n) + 1 if n in given else 0 for n in range(len(request))]
        visual_of = torch.tensor(picture, device=item.device)[item].masked_fill(~seen, 0)
        row_task = task[item].masked_fill(~seen, NULL_TASK)
        key_values = self.experts(states.to(self.experts.dtype), visual_of, row_task, weights)
        dtype = self.unet.dtype
        return None if key_values is None else [(key.to(dtype), value.to(dtype)) for key, value in key_values]

    def _step_arguments(self, eta: float, generator: Any) -> dict[str, Any]:
        """Of `eta` and `generator`, those that this scheduler's step takes."""
        taken = inspect.signature(self.scheduler.step).parameters
        return {name: value for name, value in (("eta", eta), ("generator", generator)) if name in taken}

    def _decode(self, latents: torch.Tensor, output_type: str) -> tuple[Any, list[bool] | None]:
        if output_type == "latent":
            return latents, None
        scaled = latents.to(self.vae.dtype) / self.vae.config.scaling_factor
        pixels = self.vae.decode(scaled, return_dict=False)[0]
        pixels = self.image_processor.postprocess(pixels.float(), output_type="pt")
        nsfw = None
        if self.safety_checker is not None:
            shown = self.image_processor.numpy_to_pil(self.image_processor.pt_to_numpy(pixels))
            clip = self.feature_extractor(images=shown, return_tensors="pt").pixel_values
            clip = clip.to(self._execution_device, self.safety_checker.dtype)
            pixels, nsfw = self.safety_checker(images=pixels, clip_input=clip)
            nsfw = [bool(flag) for flag in nsfw]
        if output_type == "pt":
            return pixels, nsfw
        array = self.image_processor.pt_to_numpy(pixels)
        return (array if output_type == "np" else self.image_processor.numpy_to_pil(array)), nsfw
