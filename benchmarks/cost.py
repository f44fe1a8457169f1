"""What 2.5M pairs cost in GPU hours: a paper estimate from stated seconds of each engine, and the measured overhead.

The seconds are assumptions, not measurements: one H100 class GPU, half precision, pictures of 512 px, batches where a
network batches. Change them here, or pass your own measured ones. The mix of types is the published one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# GPU seconds an item, assumed.
ENGINES: dict[str, float] = {
    "write": 0.06,  # an 8B language model, batched, about 80 tokens out
    "caption": 0.10,  # a 7B vision-language model
    "generate": 0.45,  # FLUX.1-schnell, 4 steps
    "ground": 0.05,  # GroundingDINO
    "segment": 0.08,  # SAM 2, one picture
    "paint": 1.30,  # SDXL inpainting, 30 steps
    "follow": 2.20,  # an instruction editor, 28 to 50 steps with two guidances
    "depth": 0.04,
    "gates": 0.05,  # CLIP, DINO, perceptual distance, aesthetics
    "judge": 0.35,  # a 7B vision-language judge, one pair
}
# Published pairs by pipeline (2,506,403 in all, docs of the dataset), and the engines each try passes.
PIPELINES: dict[str, tuple[int, tuple[str, ...]]] = {
    "remove": (116_013, ("write", "ground", "segment", "paint", "gates", "judge")),
    "add, replace, visual reference": (505_153, ("write", "ground", "segment", "paint", "gates", "judge")),
    "colour, appearance, material, action": (
        507_300,
        ("write", "ground", "segment", "follow", "gates", "judge"),
    ),
    "background, tone, style": (994_977, ("write", "follow", "gates", "judge")),
    "text": (2_500, ("write", "paint", "gates", "judge")),
    "movement, resize, counting, relation": (19_051, ("write", "ground", "segment", "gates", "judge")),
    "outpaint, rotation": (74_484, ("ground", "gates")),
    "implicit": (10_000, ("write", "generate", "paint", "gates", "judge")),
    "visual conditions": (276_925, ("write", "ground", "segment", "depth", "paint", "gates", "judge")),
}
PAIRS = 2_506_403
SOURCES = 0.3  # sources a pair: captioned once
YIELD = 0.5  # accepted pairs a try, assumed
CORES_PER_GPU = 8  # of a usual GPU machine


@dataclass(frozen=True)
class Cost:
    """GPU seconds and processor seconds of the whole."""

    gpu: float
    cpu: float

    def hours(self, gpus: int) -> float:
        """By the clock: GPUs and their machines' cores work side by side; the slower one counts."""
        return max(self.gpu / gpus, self.cpu / (gpus * CORES_PER_GPU)) / 3600


def cost(
    overhead: float,
    work: float = 0.25,
    engines: Mapping[str, float] = ENGINES,
    share: float = YIELD,
) -> Cost:
    """Of 2.5M accepted pairs. overhead: processor seconds a row of the machinery (measured). work: those of a pair
    of 512 px in the steps (decoding, PNG, masks, rules), assumed. share: accepted pairs a try.
    """
    gpu = PAIRS * SOURCES * engines["caption"]
    tries = 0.0
    for pairs, used in PIPELINES.values():
        tries += pairs / share
        gpu += pairs / share * sum(engines[name] for name in used)
    return Cost(gpu, tries * (overhead + work))


def table_of_costs(overhead: float) -> str:
    """The estimate as Markdown."""
    lines = [
        f"2.5M pairs, {overhead * 1e3:.1f} ms of machinery a row (measured), engines' GPU seconds as stated in cost.py:",
        "",
        "| accepted a try | GPU hours | hours on 8 GPUs | hours on 64 GPUs | processor hours, all | of these machinery |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for share in (0.3, YIELD, 0.8):
        whole, machinery = cost(overhead, share=share), cost(overhead, work=0.0, share=share)
        lines.append(
            f"| {share:.0%} | {whole.gpu / 3600:,.0f} | {whole.hours(8):,.0f} | {whole.hours(64):,.1f} "
            f"| {whole.cpu / 3600:,.0f} | {machinery.cpu / 3600:,.1f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    assert sum(pairs for pairs, _ in PIPELINES.values()) == PAIRS, sum(p for p, _ in PIPELINES.values())
    print(table_of_costs(0.003))
