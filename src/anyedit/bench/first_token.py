"""A vision transformer's last layer, for the class token only: nobody reads what it gives for the others.

Ten twelfths of that layer's multiplications are left out (all but keys and values): 7% of a network of twelve layers.
"""

from __future__ import annotations

from typing import Any


def read_first_token_only(network: Any) -> None:
    """Change a CLIP or ViT model of transformers in place; a layer of another kind is left as it is.

    The picture tower's last layer then gives (B, 1, D): the class token, as it would be.
    """
    vision = getattr(network, "vision_model", network)
    layers: Any = getattr(getattr(vision, "encoder", vision), "layers", None)
    kind = type(layers[-1]).__name__ if layers is not None else ""
    if kind == "CLIPEncoderLayer":
        layer = layers[-1]
        attention = layer.self_attn
        _shorten(layer, attention, attention.out_proj, layer.layer_norm1, layer.layer_norm2)
    elif kind == "ViTLayer":
        layer = layers[-1]
        attention = layer.attention
        _shorten(layer, attention, attention.o_proj, layer.layernorm_before, layer.layernorm_after)


def _shorten(layer: Any, attention: Any, out: Any, before: Any, after: Any) -> None:
    from torch.nn.functional import scaled_dot_product_attention

    def heads(rows: Any) -> Any:
        return rows.unflatten(-1, (-1, attention.head_dim)).transpose(1, 2)

    def forward(hidden_states: Any, *_: Any, **__: Any) -> Any:
        seen = before(hidden_states)
        query = attention.q_proj(seen[:, :1])
        read = scaled_dot_product_attention(
            heads(query), heads(attention.k_proj(seen)), heads(attention.v_proj(seen))
        )
        first = hidden_states[:, :1] + out(read.transpose(1, 2).flatten(2))
        return first + layer.mlp(after(first))

    layer.forward = forward
