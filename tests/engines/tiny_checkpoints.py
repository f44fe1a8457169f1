"""Small randomly initialised checkpoints of every network family, written with the libraries' own config classes.

They are saved as the real ones are, so that an adapter that opens these through from_pretrained opens those. They
have learned nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BertTokenizer,
    CLIPTokenizer,
    PreTrainedTokenizerFast,
)

WORDS = [
    "a",
    "the",
    "cat",
    "dog",
    "mug",
    "red",
    "blue",
    "green",
    "and",
    "on",
    "of",
    "with",
    "table",
    "background",
    "empty",
    "yes",
    "no",
    "is",
    "it",
    "what",
    "make",
]
CHAT = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"


def letters(folder: Path, special: dict[str, str], extra: tuple[str, ...] = ()) -> PreTrainedTokenizerFast:
    """A tokenizer of single bytes, with these special tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {token: k for k, token in enumerate([*special.values(), *extra, *alphabet])}
    plain = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, **special, additional_special_tokens=list(extra), model_max_length=4096
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    return tokenizer


def clip_tokenizer(longest: int = 20) -> CLIPTokenizer:
    """CLIP's tokenizer over single ASCII letters."""
    alphabet = [chr(c) for c in range(33, 127)]
    # The start is no token 0: OWLv2 takes a query that begins with 0 for padding.
    vocab = [*alphabet, *(letter + "</w>" for letter in alphabet), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer({token: k for k, token in enumerate(vocab)}, [], model_max_length=longest)


def bert_tokenizer(folder: Path) -> BertTokenizer:
    """BERT's tokenizer over a few words and single letters."""
    alphabet = [chr(c) for c in range(33, 127)]
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *alphabet, *("##" + c for c in alphabet)]
    folder.mkdir(parents=True, exist_ok=True)
    vocab = list(dict.fromkeys(vocab))
    return BertTokenizer({token: k for k, token in enumerate(vocab)})


def write_grounding_dino(folder: Path) -> Path:
    from transformers import (
        GroundingDinoConfig,
        GroundingDinoForObjectDetection,
        GroundingDinoImageProcessor,
        GroundingDinoProcessor,
        SwinConfig,
    )

    tokenizer = bert_tokenizer(folder)
    backbone = SwinConfig(
        window_size=7, image_size=64, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 1, 1],
        out_features=["stage2", "stage3", "stage4"],
    )  # fmt: skip
    text = dict(
        model_type="bert", hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        vocab_size=len(tokenizer), max_position_embeddings=64,
    )  # fmt: skip
    config = GroundingDinoConfig(
        backbone_config=backbone, text_config=text, d_model=32, encoder_layers=1, decoder_layers=2,
        encoder_ffn_dim=16, decoder_ffn_dim=16, encoder_attention_heads=2, decoder_attention_heads=2,
        num_queries=9, num_feature_levels=4, max_text_len=64, encoder_n_points=2, decoder_n_points=2,
    )  # fmt: skip
    torch.manual_seed(0)
    GroundingDinoForObjectDetection(config).save_pretrained(folder)
    images = GroundingDinoImageProcessor(size={"shortest_edge": 96, "longest_edge": 160})
    GroundingDinoProcessor(images, tokenizer).save_pretrained(folder)
    return folder


def write_owlv2(folder: Path) -> Path:
    from transformers import Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessor, Owlv2Processor

    tokenizer = clip_tokenizer(16)
    config = Owlv2Config(
        text_config=dict(
            vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=16, pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        ),
        vision_config=dict(
            hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=32,
            patch_size=16,
        ),
        projection_dim=16,
    )  # fmt: skip
    torch.manual_seed(1)
    network = Owlv2ForObjectDetection(config)
    with torch.no_grad():  # or random boxes have no area: these lie on the network's grid
        network.box_head.dense2.weight.mul_(0.1)
        network.box_head.dense2.bias.zero_()
    network.save_pretrained(folder)
    Owlv2Processor(Owlv2ImageProcessor(size={"height": 32, "width": 32}), tokenizer).save_pretrained(folder)
    return folder


def write_sam2(folder: Path) -> Path:
    from transformers import Sam2Config, Sam2Model

    config = Sam2Config(
        vision_config=dict(
            backbone_config=dict(
                model_type="sam2_hiera_det_model", hidden_size=8, num_attention_heads=1, image_size=[64, 64],
                blocks_per_stage=[1, 1, 2, 1], embed_dim_per_stage=[8, 16, 32, 64],
                num_attention_heads_per_stage=[1, 1, 1, 1], window_size_per_stage=[8, 4, 4, 2],
                global_attention_blocks=[3], window_positional_embedding_background_size=[2, 2],
            ),
            backbone_channel_list=[64, 32, 16, 8], backbone_feature_sizes=[[16, 16], [8, 8], [4, 4]],
            fpn_hidden_size=32,
        ),
        prompt_encoder_config=dict(hidden_size=32, image_size=64, patch_size=16, mask_input_channels=4),
        mask_decoder_config=dict(
            hidden_size=32, mlp_dim=32, num_hidden_layers=2, num_attention_heads=2, iou_head_hidden_dim=16,
        ),
    )  # fmt: skip
    torch.manual_seed(2)
    Sam2Model(config).save_pretrained(folder)
    return folder


def sam3_vision(side: int = 56) -> dict[str, Any]:
    grid = side // 14
    return dict(
        model_type="sam3_vision_model",
        backbone_config=dict(
            model_type="sam3_vit_model", hidden_size=16, intermediate_size=16, num_hidden_layers=2,
            num_attention_heads=2, image_size=side, patch_size=14, window_size=2, global_attn_indexes=[1],
            pretrain_image_size=28,
        ),
        fpn_hidden_size=32,
        backbone_feature_sizes=[[grid * 4, grid * 4], [grid * 2, grid * 2], [grid, grid]],
    )  # fmt: skip


def write_sam3(folder: Path) -> Path:
    from transformers import Sam3Config, Sam3Model

    tokenizer = clip_tokenizer(32)
    small = dict(hidden_size=32, num_attention_heads=2, intermediate_size=16)
    config = Sam3Config(
        vision_config=sam3_vision(),
        text_config=dict(
            model_type="clip_text_model", vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16,
            num_hidden_layers=1, num_attention_heads=2, max_position_embeddings=32, projection_dim=16,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        ),
        geometry_encoder_config=dict(**small, num_layers=1),
        detr_encoder_config=dict(**small, num_layers=1),
        detr_decoder_config=dict(**small, num_layers=1, num_queries=6),
        mask_decoder_config=dict(hidden_size=32, num_attention_heads=2),
    )  # fmt: skip
    torch.manual_seed(3)
    Sam3Model(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_sam3_tracker(folder: Path) -> Path:
    from transformers import Sam3TrackerConfig, Sam3TrackerModel

    config = Sam3TrackerConfig(
        vision_config=sam3_vision(),
        prompt_encoder_config=dict(hidden_size=32, image_size=56, patch_size=14, mask_input_channels=4),
        mask_decoder_config=dict(
            hidden_size=32, mlp_dim=32, num_hidden_layers=2, num_attention_heads=2, iou_head_hidden_dim=16,
        ),
    )  # fmt: skip
    torch.manual_seed(4)
    Sam3TrackerModel(config).save_pretrained(folder)
    return folder


def write_mask2former(folder: Path) -> Path:
    from transformers import (
        Mask2FormerConfig,
        Mask2FormerForUniversalSegmentation,
        Mask2FormerImageProcessor,
        SwinConfig,
    )

    config = Mask2FormerConfig(
        backbone_config=SwinConfig(
            image_size=64, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 1, 1], window_size=4,
            out_features=["stage1", "stage2", "stage3", "stage4"],
        ),
        feature_size=32, mask_feature_size=32, hidden_dim=32, encoder_feedforward_dim=16, encoder_layers=1,
        decoder_layers=2, num_attention_heads=2, dim_feedforward=16, num_queries=6, num_labels=3,
        id2label={0: "cat", 1: "sky", 2: "table"}, label2id={"cat": 0, "sky": 1, "table": 2},
    )  # fmt: skip
    torch.manual_seed(5)
    Mask2FormerForUniversalSegmentation(config).save_pretrained(folder)
    Mask2FormerImageProcessor(size={"height": 64, "width": 64}).save_pretrained(folder)
    return folder


def write_oneformer(folder: Path) -> Path:
    from transformers import (
        OneFormerConfig,
        OneFormerForUniversalSegmentation,
        OneFormerImageProcessor,
        OneFormerProcessor,
        SwinConfig,
    )

    folder.mkdir(parents=True, exist_ok=True)
    names = {0: "cat", 1: "sky", 2: "table"}
    classes = {str(k): {"name": name, "isthing": int(k == 0)} for k, name in names.items()}
    (folder / "classes.json").write_text(json.dumps(classes))
    tokenizer = clip_tokenizer(77)
    config = OneFormerConfig(
        backbone_config=SwinConfig(
            image_size=64, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 1, 1], window_size=4,
            out_features=["stage1", "stage2", "stage3", "stage4"],
        ),
        text_encoder_width=32, text_encoder_context_length=77, text_encoder_num_layers=1,
        text_encoder_vocab_size=len(tokenizer), conv_dim=32, mask_dim=32, hidden_dim=32,
        encoder_feedforward_dim=16, encoder_layers=1, decoder_layers=2, num_attention_heads=2,
        dim_feedforward=16, num_queries=6, task_seq_len=77, is_training=False, id2label=names,
        label2id={v: k for k, v in names.items()}, query_dec_layers=1,
    )  # fmt: skip
    torch.manual_seed(6)
    OneFormerForUniversalSegmentation(config).save_pretrained(folder)
    images = OneFormerImageProcessor(
        size={"height": 64, "width": 64}, repo_path=str(folder), class_info_file="classes.json", num_text=2
    )
    OneFormerProcessor(images, tokenizer, max_seq_length=77, task_seq_length=77).save_pretrained(folder)
    return folder


def write_depth_anything(folder: Path) -> Path:
    from transformers import (
        DepthAnythingConfig,
        DepthAnythingForDepthEstimation,
        Dinov2Config,
        DPTImageProcessor,
    )

    backbone = Dinov2Config(
        hidden_size=16, num_hidden_layers=4, num_attention_heads=2, mlp_ratio=1, image_size=56, patch_size=14,
        out_features=["stage1", "stage2", "stage3", "stage4"], reshape_hidden_states=False, apply_layernorm=True,
    )  # fmt: skip
    config = DepthAnythingConfig(
        backbone_config=backbone, patch_size=14, reassemble_hidden_size=16, neck_hidden_sizes=[4, 8, 16, 16],
        fusion_hidden_size=8, head_hidden_size=8,
    )  # fmt: skip
    torch.manual_seed(7)
    DepthAnythingForDepthEstimation(config).save_pretrained(folder)
    DPTImageProcessor(
        size={"height": 56, "width": 56}, ensure_multiple_of=14, keep_aspect_ratio=True
    ).save_pretrained(folder)
    return folder


def write_clip(folder: Path) -> Path:
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

    tokenizer = clip_tokenizer(77)
    config = CLIPConfig(
        text_config=dict(
            vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=77, bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        ),
        vision_config=dict(
            hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=32,
            patch_size=8,
        ),
        projection_dim=12,
    )  # fmt: skip
    torch.manual_seed(8)
    CLIPModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    size = {"height": 32, "width": 32}
    CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=size).save_pretrained(folder)
    return folder


def write_dino(folder: Path) -> Path:
    from transformers import ViTConfig, ViTImageProcessor, ViTModel

    torch.manual_seed(9)
    config = ViTConfig(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=32,
        patch_size=8,
    )  # fmt: skip
    ViTModel(config, add_pooling_layer=False).save_pretrained(folder)
    ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def write_language_model(folder: Path) -> Path:
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = letters(folder, {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"})
    tokenizer.chat_template = CHAT
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=4096, bos_token_id=0,
        eos_token_id=1, pad_token_id=2,
    )  # fmt: skip
    torch.manual_seed(10)
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def write_qwen_vl(folder: Path) -> Path:
    """Qwen2.5-VL: a chat template with pictures."""
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    special = {"bos_token": "<s>", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    extra = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<|im_start|>")
    tokenizer = letters(folder, special, extra)
    ids = {token: tokenizer.convert_tokens_to_ids(token) for token in (*special.values(), *extra)}
    config = Qwen2_5_VLConfig(
        text_config=dict(
            model_type="qwen2_5_vl_text", vocab_size=len(tokenizer), hidden_size=32, intermediate_size=32,
            num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=8192,
            rope_scaling={"type": "mrope", "rope_type": "default", "mrope_section": [2, 3, 3]},
            bos_token_id=ids["<s>"], eos_token_id=ids["<|im_end|>"], pad_token_id=ids["<|endoftext|>"],
        ),
        vision_config=dict(
            depth=2, hidden_size=32, intermediate_size=32, num_heads=2, out_hidden_size=32, window_size=56,
            fullatt_block_indexes=[1],
        ),
        image_token_id=ids["<|image_pad|>"], video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"], vision_end_token_id=ids["<|vision_end|>"],
    )  # fmt: skip
    torch.manual_seed(11)
    Qwen2_5_VLForConditionalGeneration(config).save_pretrained(folder)
    write_qwen_processor(folder, tokenizer)
    return folder


def write_qwen_processor(folder: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    """The files of Qwen-VL's processor, as the Hub has them."""
    tokenizer.save_pretrained(folder)
    images = dict(
        image_processor_type="Qwen2VLImageProcessor", processor_class="Qwen2_5_VLProcessor", patch_size=14,
        temporal_patch_size=2, merge_size=2, min_pixels=28 * 28, max_pixels=56 * 56,
        size={"shortest_edge": 28 * 28, "longest_edge": 56 * 56},
    )  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(images))
    template = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{% for part in m.content %}"
        "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text }}{% endif %}"
        "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    (folder / "chat_template.jinja").write_text(template)
    (folder / "chat_template.json").write_text(json.dumps({"chat_template": template}))


def write_blip2(folder: Path) -> Path:
    """BLIP-2 on an OPT language model: no chat template."""
    from transformers import Blip2Config, Blip2ForConditionalGeneration, Blip2Processor, BlipImageProcessor

    tokenizer = letters(folder, {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}, ("<image>",))
    config = Blip2Config(
        vision_config=dict(
            hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28,
            patch_size=14,
        ),
        qformer_config=dict(
            hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
            encoder_hidden_size=16, vocab_size=32, cross_attention_frequency=1,
        ),
        text_config=dict(
            model_type="opt", vocab_size=len(tokenizer), hidden_size=16, ffn_dim=16, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=256, word_embed_proj_dim=16, bos_token_id=0,
            eos_token_id=1, pad_token_id=2,
        ),
        num_query_tokens=4, image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )  # fmt: skip
    torch.manual_seed(12)
    Blip2ForConditionalGeneration(config).save_pretrained(folder)
    images = BlipImageProcessor(size={"height": 28, "width": 28})
    Blip2Processor(images, tokenizer, num_query_tokens=4).save_pretrained(folder)
    return folder


def write_stable_diffusion(folder: Path, channels: int = 4) -> Path:
    """A text-to-image checkpoint in SD-1.5's layout; 9 channels: its inpainting variant."""
    from diffusers import DDIMScheduler, StableDiffusionInpaintPipeline, StableDiffusionPipeline

    from anyedit.models.tiny import tiny_text_encoder, tiny_tokenizer, tiny_unet, tiny_vae

    cls = StableDiffusionInpaintPipeline if channels == 9 else StableDiffusionPipeline
    tokenizer = tiny_tokenizer()
    cls(
        vae=tiny_vae(), text_encoder=tiny_text_encoder(tokenizer), tokenizer=tokenizer,
        unet=tiny_unet(in_channels=channels), scheduler=DDIMScheduler(steps_offset=1, clip_sample=False), safety_checker=None,
        feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def write_controlnet(folder: Path) -> Path:
    from diffusers import ControlNetModel

    from anyedit.models.tiny import tiny_unet

    torch.manual_seed(13)
    net = ControlNetModel.from_unet(tiny_unet(in_channels=4), conditioning_channels=3)
    with torch.no_grad():  # a new ControlNet's outputs are zero; this one has been somewhere
        for block in (*net.controlnet_down_blocks, net.controlnet_mid_block):
            block.weight.normal_(std=0.5)
    net.save_pretrained(folder)
    return folder


def write_ip_adapter(folder: Path) -> Path:
    """An IP-Adapter for `tiny_unet` in the published layout."""
    from safetensors.torch import save_file

    from anyedit.models.tiny import TEXT_WIDTH, tiny_image_encoder

    g = torch.Generator().manual_seed(14)

    def rand(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=g) * 0.5

    weights = {
        "image_proj.proj.weight": rand(4 * TEXT_WIDTH, 16), "image_proj.proj.bias": rand(4 * TEXT_WIDTH),
        "image_proj.norm.weight": 1 + rand(TEXT_WIDTH), "image_proj.norm.bias": rand(TEXT_WIDTH),
    }  # fmt: skip
    for index, size in {1: 8, 3: 8, 5: 8, 7: 16}.items():
        for which in ("k", "v"):
            weights[f"ip_adapter.{index}.to_{which}_ip.weight"] = rand(size, TEXT_WIDTH)
    (folder / "models").mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "models" / "ip-adapter_sd15.safetensors")
    tiny_image_encoder().save_pretrained(folder / "models" / "image_encoder")
    return folder


def write_instruct_pix2pix(folder: Path) -> Path:
    from anyedit.models.tiny import write_tiny_base

    return write_tiny_base(folder)


def write_flux2_klein(folder: Path) -> Path:
    """FLUX.2 klein: an editor whose call has no mask and takes a list of pictures for several references of one."""
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen2TokenizerFast, Qwen3Config, Qwen3ForCausalLM

    special = {"bos_token": "<s>", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    bytes_ = letters(folder / "plain", special)
    tokenizer = Qwen2TokenizerFast(
        vocab=bytes_.get_vocab(), merges=[], unk_token="<|endoftext|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = CHAT
    torch.manual_seed(15)
    text = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=3,
            num_attention_heads=2, num_key_value_heads=1, head_dim=8, max_position_embeddings=512,
        )
    )  # fmt: skip
    vae = AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4,) * 4, layers_per_block=1, latent_channels=4, norm_num_groups=2, sample_size=32,
    )  # fmt: skip
    transformer = Flux2Transformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=8, num_attention_heads=2,
        joint_attention_dim=48, timestep_guidance_channels=16, axes_dims_rope=(2, 2, 2, 2), guidance_embeds=False,
    )  # fmt: skip
    Flux2KleinPipeline(FlowMatchEulerDiscreteScheduler(), vae, text, tokenizer, transformer).save_pretrained(
        folder
    )
    return folder


def write_flux_kontext(folder: Path) -> Path:
    """FLUX.1 Kontext: an editor that works in a million pixels unless it is told an area."""
    from diffusers import (
        AutoencoderKL,
        FlowMatchEulerDiscreteScheduler,
        FluxKontextPipeline,
        FluxTransformer2DModel,
    )
    from transformers import T5Config, T5EncoderModel, T5TokenizerFast

    from anyedit.models.tiny import tiny_text_encoder, tiny_tokenizer

    tokenizer = tiny_tokenizer()
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -1.0)]
    pieces += [(chr(c), -2.0) for c in range(33, 127)]
    second = T5TokenizerFast(vocab=pieces, extra_ids=0, model_max_length=32)
    torch.manual_seed(16)
    text = T5EncoderModel(
        T5Config(vocab_size=len(second), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
    )
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(4,) * 4, norm_num_groups=2, latent_channels=4, sample_size=32, shift_factor=0.1,
        scaling_factor=0.4, use_quant_conv=False, use_post_quant_conv=False,
    )  # fmt: skip
    transformer = FluxTransformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=8, num_attention_heads=2,
        joint_attention_dim=16, pooled_projection_dim=128, axes_dims_rope=(2, 2, 4), guidance_embeds=True,
    )  # fmt: skip
    FluxKontextPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=tiny_text_encoder(tokenizer),
        tokenizer=tokenizer, text_encoder_2=text, tokenizer_2=second, transformer=transformer,
    ).save_pretrained(folder)  # fmt: skip
    return folder
