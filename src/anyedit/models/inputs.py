"""What a user may hand to the editor, made into one list per argument and checked before any network runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from anyedit.models.faults import InputError
from anyedit.models.guidance import EXPERT_SCALES, GENERAL_SCALES, Form, GuidanceScales
from anyedit.models.tasks import TASKS, is_visual, task_ids

Scale = float | Sequence[float] | None


@dataclass(frozen=True)
class EditRequest:
    """A batch as asked for: equally long lists. `edit_types` None: to be predicted. Pictures are RGB, all of
    one size, `height` x `width` in pixels."""

    instructions: list[str]
    pictures: list[Image.Image]
    visual_prompts: list[Image.Image | None]
    edit_types: list[str | None]
    height: int
    width: int

    def __len__(self) -> int:
        return len(self.instructions)


def read_request(
    instruction: str | Sequence[str],
    image: Image.Image | Sequence[Image.Image],
    visual_prompt: Image.Image | Sequence[Image.Image | None] | None,
    edit_type: str | Sequence[str | None] | None,
    height: int | None,
    width: int | None,
    multiple: int,
) -> EditRequest:
    """Broadcasts single values over the batch, checks them, and brings the pictures to one size divisible by
    `multiple`.

    Without height and width a picture keeps its size, cut down to the next multiple by resizing (bicubic).
    Raises InputError naming the item.
    """
    lists = [_listed(value) for value in (instruction, image, visual_prompt, edit_type)]
    count = max(len(values) for values in lists)
    for name, values in zip(("instruction", "image", "visual_prompt", "edit_type"), lists, strict=True):
        if len(values) not in (1, count):
            raise InputError(
                f"{name} has {len(values)} items and the batch {count}: give one, or one for each"
            )
    instructions, images, prompts, types = (
        values * count if len(values) == 1 else values for values in lists
    )
    for item, (sentence, picture, prompt) in enumerate(zip(instructions, images, prompts, strict=True)):
        if not isinstance(sentence, str) or not sentence.strip():
            raise InputError(f"item {item}: the instruction is {sentence!r}; it must be a sentence")
        if not isinstance(picture, Image.Image):
            raise InputError(f"item {item}: image is a {type(picture).__name__}; it must be a PIL image")
        if prompt is not None and not isinstance(prompt, Image.Image):
            raise InputError(
                f"item {item}: visual_prompt is a {type(prompt).__name__}; it must be a PIL image or None"
            )
    names = [
        None if name is None else TASKS[number]
        for name, number in zip(types, task_ids(types).tolist(), strict=True)
    ]
    for item, task in enumerate(names):
        if task is not None and is_visual(task) and prompts[item] is None:
            raise InputError(f"item {item}: {task} needs a visual prompt; pass the picture as visual_prompt=")
    height, width = _size(images, height, width, multiple)
    upright = [ImageOps.exif_transpose(picture).convert("RGB") for picture in images]
    pictures = [
        p if p.size == (width, height) else p.resize((width, height), Image.Resampling.BICUBIC)
        for p in upright
    ]
    return EditRequest(instructions, pictures, prompts, names, height, width)


def read_scales(
    form: Form, image: Scale, text: Scale, visual: Scale, has_expert: list[bool]
) -> list[GuidanceScales]:
    """One set of scales per item: what is given, else the default of an item with or without an expert."""
    if form not in EXPERT_SCALES:
        raise InputError(f"guidance is '{form}'; known: {', '.join(EXPERT_SCALES)}")
    count = len(has_expert)
    columns = [_numbers(*pair, count) for pair in (("image", image), ("text", text), ("visual", visual))]
    scales = []
    for item, expert in enumerate(has_expert):
        default = EXPERT_SCALES[form] if expert else GENERAL_SCALES
        s_I, s_T, s_V = (column[item] for column in columns)
        s_T = default.text if s_T is None else s_T
        # The paper's form without s_V given: s_V = s_T, the released equation.
        s_V = (s_T if form == "paper" else default.visual) if s_V is None else s_V
        scales.append(GuidanceScales(default.image if s_I is None else s_I, s_T, s_V))
    return scales


def _listed(value: object) -> list:  # type: ignore[type-arg]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _numbers(name: str, value: Scale, count: int) -> list[float | None]:
    values: list[float | None] = [float(v) for v in value] if isinstance(value, (list, tuple)) else []
    if not isinstance(value, (list, tuple)):
        values = [None if value is None else float(value)] * count  # type: ignore[arg-type]
    if len(values) != count:
        raise InputError(f"{name}_guidance_scale has {len(values)} values and the batch {count} items")
    for item, number in enumerate(values):
        if number is not None and not 0.0 <= number < float("inf"):
            raise InputError(f"item {item}: {name}_guidance_scale is {number}; it must be 0 or more")
    return values


def _size(
    images: Sequence[Image.Image], height: int | None, width: int | None, multiple: int
) -> tuple[int, int]:
    if (height is None) != (width is None):
        raise InputError("give both height and width, or neither")
    if height is not None and width is not None:
        if height % multiple or width % multiple or min(height, width) <= 0:
            raise InputError(f"height {height} and width {width} must be divisible by {multiple}")
        return height, width
    sizes = [ImageOps.exif_transpose(picture).size for picture in images]
    rounded = [(w // multiple * multiple, h // multiple * multiple) for w, h in sizes]
    for item, (w, h) in enumerate(rounded):
        if min(w, h) == 0:
            raise InputError(f"item {item}: a picture of {sizes[item]} px is smaller than {multiple} px")
        if (w, h) != rounded[0]:
            raise InputError(
                f"item {item} is {sizes[item]} px and item 0 {sizes[0]}: one batch has one size;"
                " pass height= and width="
            )
    return rounded[0][1], rounded[0][0]
