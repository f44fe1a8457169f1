"""An editor in Python: knows one edit, "brighter", and gives everything else back as it is.

anyedit bench run --suite demo --editor python:examples/editors/brighten.py:edit --set by=1.5 --out runs/brighten -p pixels
"""

from PIL import Image, ImageEnhance


def edit(picture: Image.Image, instruction: str, by: float = 1.3) -> Image.Image:
    """picture, instruction -> the edited picture. `by` comes from --set."""
    if any(word in instruction.lower() for word in ("bright", "light", "day", "sun", "morning")):
        return ImageEnhance.Brightness(picture).enhance(by)
    return picture
