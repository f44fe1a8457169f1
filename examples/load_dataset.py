"""Open a build with Hugging Face `datasets` alone, no code of anyedit's, and write one pair as a PNG.

python examples/load_dataset.py demo/dataset pair.png
"""

import sys
from collections import Counter

from datasets import load_dataset
from PIL import Image

folder, out = sys.argv[1:3]
splits = load_dataset(folder)
for name, rows in splits.items():
    print(f"{name}: {len(rows)} pairs, {len(set(rows['edit_type']))} kinds of edit")
pairs = splits["train"]
print(
    "commonest:", ", ".join(f"{kind} {count}" for kind, count in Counter(pairs["edit_type"]).most_common(3))
)

pair = pairs[0]
print(f"{pair['id']}: {pair['instruction']}")
for score in pair["scores"]:
    print(f"  {score['name']}: {score['value']} passed: {score['passed']}")
width, height = pair["source"].size
page = Image.new("RGB", (3 * width, height))
for place, name in enumerate(("source", "edited", "mask")):
    page.paste(pair[name].convert("RGB").resize((width, height)), (place * width, 0))
page.save(out)
print(f"source, edited and mask side by side: {out}")
