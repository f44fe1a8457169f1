"""Small CLIP and ViT checkpoints with random weights: the real classes, the real preprocessing, tiny layers."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Model id of every preset -> a folder of random weights (B/32 and L/14 differ)."""
    import torch
    from transformers import CLIPConfig, CLIPModel, ViTConfig, ViTModel

    from anyedit.models.tiny import tiny_tokenizer

    root = tmp_path_factory.mktemp("weights")
    places = {}
    tokenizer = tiny_tokenizer()
    for number, name in enumerate(("openai/clip-vit-base-patch32", "openai/clip-vit-large-patch14")):
        torch.manual_seed(number)
        text = dict(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=20,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
        vision = dict(
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=2,
            image_size=224,
            patch_size=56,
        )
        folder = root / f"clip{number}"
        CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=12)).save_pretrained(
            folder
        )
        tokenizer.save_pretrained(folder)
        places[name] = str(folder)
    torch.manual_seed(5)
    vit = ViTConfig(
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=224,
        patch_size=56,
    )
    ViTModel(vit).save_pretrained(root / "dino")
    places["facebook/dino-vits16"] = str(root / "dino")
    return places


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache file of its own."""
    return tmp_path / "features.sqlite"
