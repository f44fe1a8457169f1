"""The columns of a dataset, as Arrow and as Hugging Face features; the one definition that all rooms share."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
SCORE = pa.struct(
    [
        ("name", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("passed", pa.bool_()),
        ("note", pa.string()),
    ]
)
COLUMNS: dict[str, pa.DataType] = {
    "id": pa.string(),
    "source": IMAGE,
    "edited": IMAGE,
    "instruction": pa.string(),
    "edit_type": pa.string(),  # two types joined by "+" in a composition
    "group": pa.string(),
    "source_caption": pa.string(),
    "edited_caption": pa.string(),
    "edited_object": pa.string(),
    "params": pa.string(),  # JSON
    "mask": IMAGE,  # 255 = what the edit was to change
    "influence": IMAGE,  # 0 = bit-identical in source and edited picture; null when not known
    "visual_prompt": IMAGE,
    "turn": pa.int32(),
    "chain_id": pa.string(),
    "relation": pa.string(),  # original, inverse, composition
    "made_from": pa.list_(pa.string()),  # ids of the pairs that an inverse or a composition was made from
    "phrasings": pa.list_(pa.string()),  # other wordings of the same edit
    "source_id": pa.string(),
    "origin": pa.string(),
    "licence": pa.string(),
    "natural": pa.bool_(),  # False: the source was drawn against the concept bias
    "scores": pa.list_(SCORE),
    "provenance": pa.string(),  # JSON: recipe, draw, engines, versions, scenes
}
IMAGES = ("source", "edited", "mask", "influence", "visual_prompt")
SPLITS = ("train", "validation", "test")


def dataset_schema() -> pa.Schema:
    """The Arrow schema, with the metadata by which `datasets` knows the Image columns."""
    return pa.schema(
        list(COLUMNS.items()), metadata={"huggingface": json.dumps({"info": {"features": features()}})}
    )


def features() -> dict[str, Any]:
    """The Hugging Face feature description of the columns, as `datasets` writes it."""
    return {name: {"_type": "Image"} if name in IMAGES else _feature(kind) for name, kind in COLUMNS.items()}


def with_features(schema: pa.Schema) -> pa.Schema:
    """Another schema with the metadata by which `datasets` knows its Image columns."""
    found = {f.name: {"_type": "Image"} if f.type == IMAGE else _feature(f.type) for f in schema}
    return schema.with_metadata({"huggingface": json.dumps({"info": {"features": found}})})


def _feature(kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if pa.types.is_struct(kind):
        return {kind.field(i).name: _feature(kind.field(i).type) for i in range(kind.num_fields)}
    return {"dtype": {"double": "float64"}.get(str(kind), str(kind)), "_type": "Value"}


def image(data: bytes | None, name: str) -> dict[str, Any] | None:
    """An Image cell."""
    return None if data is None else {"bytes": data, "path": name}
