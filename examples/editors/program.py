"""An editor that is a program of its own, in any language: two files and a sentence as arguments. It needs no anyedit.

anyedit bench run --suite demo --editor "cmd:python examples/editors/program.py {source} {instruction} {out} {seed}" \
    --out runs/program -p pixels
"""

import random
import sys

from PIL import Image, ImageEnhance

source, instruction, out, seed = sys.argv[1:5]
if not instruction.strip():
    sys.exit(
        "there is nothing to do"
    )  # an exit code that is not 0 is a failure of this item, with these words
picture = Image.open(source).convert("RGB")
ImageEnhance.Color(picture).enhance(random.Random(int(seed)).uniform(0.2, 2)).save(out)
