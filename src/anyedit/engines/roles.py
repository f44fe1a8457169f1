"""The roles that edit types and rules ask for: what each takes and gives. `Tools` (tools.py) holds one engine for each.

An engine is cheap to make (weights load on first use) and says its `version`: name and version, as provenance
keeps it. One that only stands in for the network a role is usually filled with says for which in `stands_in_for`;
cards and scores repeat it.

Pictures are uint8 (H, W, 3) RGB, masks bool (H, W), boxes (x0, y0, x1, y1) in pixels with x1 and y1 exclusive,
colours sRGB in [0, 1], seeds whole numbers: the same seed gives the same answer on the same machine.

Networks earn their keep on batches, so whatever a network usually does takes a sequence of jobs and gives a list
as long, in the same order. A batch may be of different sizes; the engine groups what it can and splits what does
not fit its memory. A job that cannot be done gives its reason as an `EngineError` in its place (`Or`); what
is wrong with the engine itself (no server, no weights) is raised as `EngineDown`.

All roles stand on this one page, long as it is: who writes an engine or a recipe looks for them in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from anyedit.errors import EngineError
from anyedit.records import Pixels

if TYPE_CHECKING:
    from anyedit.engines.ocr import TextBox

Mask: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float32]
Colour: TypeAlias = tuple[float, float, float]
Box: TypeAlias = tuple[float, float, float, float]

T = TypeVar("T")
Or: TypeAlias = T | EngineError


class Engine(Protocol):
    """What every engine says of itself."""

    @property
    def version(self) -> str:
        """Name and version: "patch fill (OpenCV 5.0.0)"."""
        ...


def stands_in_for(engine: object) -> str:
    """What the engine only stands in for ("CLIP"), or "" for one that is what its role says."""
    return str(getattr(engine, "stands_in_for", ""))


def named(engine: Engine) -> str:
    """The engine's version, marked when it only stands in for something: "conse (a substitute for CLIP)"."""
    other = stands_in_for(engine)
    return f"{engine.version} (a substitute for {other})" if other else engine.version


# ---------------------------------------------------------------------------------------------------------- language
@dataclass(frozen=True)
class Prompt:
    """One request to a language model.

    schema: JSON schema that the answer must satisfy (None: free text). pictures: for models that see. most: tokens
    of the answer. temperature 0: the likeliest answer.
    """

    text: str
    system: str = ""
    pictures: tuple[Pixels, ...] = ()
    schema: dict[str, Any] | None = None
    seed: int = 0
    most: int = 512
    temperature: float = 0.7


@dataclass(frozen=True)
class Written:
    """A language model's answer. value: the parsed JSON where a schema was asked for. tokens: (read, written)."""

    text: str
    value: Any = None
    tokens: tuple[int, int] = (0, 0)


class TextWriter(Engine, Protocol):
    """Writes text: a causal language model (Llama class), or a vision-language one where prompts hold pictures."""

    def write(self, prompts: Sequence[Prompt]) -> list[Or[Written]]:
        """An answer each. One that keeps failing its schema after the engine's own retries is an EngineError."""
        ...


class Describer(Engine, Protocol):
    """Captions pictures and answers questions about them (BLIP-2 / Qwen-VL class)."""

    def caption(self, pictures: Sequence[Pixels]) -> list[Or[str]]:
        """One sentence for each picture."""
        ...

    def answer(self, pictures: Sequence[Pixels], questions: Sequence[str]) -> list[Or[str]]:
        """A short answer to each picture's question; "yes" or "no" (lower case, no full stop) where that is asked."""
        ...


@dataclass(frozen=True)
class PairToJudge:
    """An edit to be judged: both pictures, the instruction, and what to look at."""

    before: Pixels
    after: Pixels
    instruction: str
    caption_after: str = ""


@dataclass(frozen=True)
class Judgement:
    """Scores in [0, 1]: did what was asked, left the rest alone, looks real. said: what was seen, in a sentence.

    rewritten: an instruction that says what really happened, where the judge offers one.
    """

    follows: float
    keeps: float
    looks: float
    said: str = ""
    rewritten: str = ""


class Judge(Engine, Protocol):
    """A vision-language model that looks at a pair."""

    def judge(self, pairs: Sequence[PairToJudge]) -> list[Or[Judgement]]:
        """A judgement of each."""
        ...


# ----------------------------------------------------------------------------------------------------- making pictures
@dataclass(frozen=True)
class Scene:
    """A picture to be made from words. size: (width, height) in pixels; the engine rounds to what it can and back."""

    caption: str
    size: tuple[int, int] = (512, 512)
    seed: int = 0
    avoid: str = ""


class PictureMaker(Engine, Protocol):
    """Text to image (FLUX, SDXL class)."""

    def generate(self, scenes: Sequence[Scene]) -> list[Or[Pixels]]:
        """A picture of each scene, exactly of its size."""
        ...


@dataclass(frozen=True)
class Painting:
    """A region to be painted anew to words. caption: of what shall be seen in the region. avoid: negative prompt.

    strength: how far from what is there now, in (0, 1]; 1 forgets it.
    """

    picture: Pixels
    mask: Mask
    caption: str
    seed: int = 0
    strength: float = 1.0
    avoid: str = ""


class Painter(Engine, Protocol):
    """Inpainting to a caption (SDXL or FLUX inpainting, with ControlNet if so configured)."""

    def paint(self, jobs: Sequence[Painting]) -> list[Or[Pixels]]:
        """Each picture with its masked region painted; the same size; outside the mask bit-identical."""
        ...


@dataclass(frozen=True)
class Instructed:
    """A picture and what to do with it, in words. mask: where, for the engines that take one."""

    picture: Pixels
    instruction: str
    seed: int = 0
    mask: Mask | None = None
    avoid: str = ""


class InstructionEditor(Engine, Protocol):
    """Edits to an instruction (InstructPix2Pix, FluxKontext, QwenImageEdit, UltraEdit...)."""

    def follow(self, jobs: Sequence[Instructed]) -> list[Or[Pixels]]:
        """Each picture edited, the same size. Only an engine that `keeps_outside` leaves the rest bit-identical."""
        ...


@dataclass(frozen=True)
class Referring:
    """A region to be painted after a reference picture."""

    picture: Pixels
    mask: Mask
    reference: Pixels
    caption: str
    seed: int = 0
    scale: float = 0.9  # weight of the reference


class ReferencePainter(Engine, Protocol):
    """Inpainting after a picture (IP-Adapter)."""

    def paint_like(self, jobs: Sequence[Referring]) -> list[Or[Pixels]]:
        """Each picture with its masked region painted; outside the mask bit-identical."""
        ...


class Inpainter(Engine, Protocol):
    """Fills a hole with what could be behind it, without words (LaMa, PatchMatch...)."""

    def fill(self, picture: Pixels, hole: Mask, avoid: Mask | None = None) -> Pixels:
        """The picture with `hole` filled; outside it bit-identical. Nothing is taken from `avoid`."""
        ...


class Recolourer(Engine, Protocol):
    """Gives a thing another colour; its shading and highlights stay."""

    def recolour(self, picture: Pixels, mask: Mask, colour: Colour) -> Pixels:
        """The picture with the masked thing in `colour`; outside the mask bit-identical."""
        ...


class Clother(Engine, Protocol):
    """Gives a thing another material; its shading stays."""

    def cover(self, picture: Pixels, mask: Mask, texture: Pixels) -> Pixels:
        """The masked thing made of `texture`, uint8 (h, w, 3), repeated; outside the mask bit-identical."""
        ...


class Toner(Engine, Protocol):
    """Changes the light, weather or season of a whole photograph."""

    @property
    def tones(self) -> tuple[str, ...]:
        """The tones that it can give."""
        ...

    def tone(self, picture: Pixels, tone: str) -> Pixels:
        """The picture in another tone; things stay where they are. Raises EditNotPossible for an unknown one."""
        ...


class Stylist(Engine, Protocol):
    """Renders a picture in the style of another (Gatys et al. 2016, or a network)."""

    def stylise(self, picture: Pixels, style: Pixels, seed: int = 0) -> Pixels:
        """The picture in the style; the same size, things stay where they are."""
        ...


class Paster(Engine, Protocol):
    """Puts a cut-out thing into a picture so that its border does not show."""

    def paste(self, picture: Pixels, cutout: Pixels, mask: Mask) -> Pixels:
        """`cutout` where `mask` holds (both aligned with the picture), the picture elsewhere, a soft border."""
        ...


@dataclass(frozen=True)
class Lettering:
    """Words to be written where other words stand. quad: float (4, 2), their corners, top left first, clockwise.

    old: the words there now, whose typeface, size and colour the new ones take.
    """

    text: str
    old: str
    quad: tuple[tuple[float, float], ...]


class Letterer(Engine, Protocol):
    """Replaces text in a picture (by a font, or AnyText class)."""

    def letter(self, picture: Pixels, line: Lettering) -> tuple[Pixels, Mask]:
        """The picture with the words replaced, and where it changed. Raises EditNotPossible when they do not fit."""
        ...


class Enlarger(Engine, Protocol):
    """Super-resolution."""

    def enlarge(self, pictures: Sequence[Pixels]) -> list[Pixels]:
        """Each picture `factor` times as wide and high."""
        ...

    @property
    def factor(self) -> int:
        """How many times larger."""
        ...


# ----------------------------------------------------------------------------------------------------- understanding
@dataclass(frozen=True)
class Found:
    """A thing found. score in [0, 1], as the network says it: comparable within one engine only."""

    name: str
    box: Box
    score: float


class Grounder(Engine, Protocol):
    """Finds things by name (GroundingDINO, OWLv2), or all that it knows."""

    @property
    def names(self) -> tuple[str, ...] | None:
        """The closed set of names that it knows; None: any words."""
        ...

    def find(self, pictures: Sequence[Pixels], names: Sequence[Sequence[str]]) -> list[list[Found]]:
        """For each picture the things of its names, best first. Empty names: all of a closed set, else nothing."""
        ...


class Segmenter(Engine, Protocol):
    """Box to mask (SAM class). Takes one picture and all its boxes, as those networks read the picture once."""

    def segment(self, picture: Pixels, boxes: Sequence[Box]) -> list[Or[Mask]]:
        """The mask of the main thing in each box."""
        ...


class SalientFinder(Engine, Protocol):
    """Finds what a picture is about."""

    def salient(self, pictures: Sequence[Pixels]) -> list[Floats]:
        """How much of each pixel belongs to the subject, float32 (H, W) in [0, 1]."""
        ...


class Refiner(Engine, Protocol):
    """Makes a coarse mask (a box, a rough outline) follow the thing."""

    def refine(self, picture: Pixels, mask: Mask) -> Mask:
        """A mask within the coarse one's neighbourhood; the coarse one when nothing better is found."""
        ...


class DepthFinder(Engine, Protocol):
    """Depth of a single picture (DepthAnything class)."""

    def depth(self, pictures: Sequence[Pixels]) -> list[Floats]:
        """Nearness, float32 (H, W), scaled to [0, 1] in each picture: 1 the nearest."""
        ...


@dataclass(frozen=True)
class Segments:
    """A picture divided into parts. labels: int32 (H, W), 0 unknown, k the part `names[k - 1]`."""

    labels: npt.NDArray[np.int32]
    names: tuple[str, ...] = field(default=())


class PanopticSegmenter(Engine, Protocol):
    """Divides whole pictures into things and stuff (Mask2Former, OneFormer)."""

    def divide(self, pictures: Sequence[Pixels]) -> list[Segments]:
        """The parts of each picture."""
        ...


class EdgeFinder(Engine, Protocol):
    """Edges: thin lines (Canny) or soft, hand-drawn like ones (XDoG, HED)."""

    def edges(self, pictures: Sequence[Pixels]) -> list[Pixels]:
        """Strength of the edge at each pixel, uint8 (H, W): 0 none, 255 strong."""
        ...


class Reader(Engine, Protocol):
    """Reads text."""

    def read(self, picture: Pixels) -> list[TextBox]:
        """The lines of text found, with score and box."""
        ...


class Classifier(Engine, Protocol):
    """Names what a picture shows, out of a closed set."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names."""
        ...

    def probabilities(self, pictures: Sequence[Pixels]) -> Floats:
        """float32 (N, classes), rows sum to 1."""
        ...


# ---------------------------------------------------------------------------------------------------------- measuring
class ImageTextScorer(Engine, Protocol):
    """How well words fit a picture (CLIP)."""

    def image_text(self, pictures: Sequence[Pixels], texts: Sequence[str]) -> Floats:
        """Cosine of each picture and its text, float32 (N,). Limits hold for one engine only."""
        ...


class FeatureFinder(Engine, Protocol):
    """Features of pictures (CLIP image side, DINO)."""

    def features(self, pictures: Sequence[Pixels]) -> Floats:
        """float32 (N, D), each row of length 1, so that a product of two rows is their cosine."""
        ...


class SentenceFinder(Engine, Protocol):
    """Features of sentences (MiniLM, or CLIP's text side)."""

    def sentences(self, texts: Sequence[str]) -> Floats:
        """float32 (N, D), each row of length 1."""
        ...


class PerceptualMeter(Engine, Protocol):
    """How different two pictures look (LPIPS like)."""

    def distances(self, ones: Sequence[Pixels], others: Sequence[Pixels]) -> list[float]:
        """0 for the same picture; pictures of a pair have one size."""
        ...


class AestheticScorer(Engine, Protocol):
    """How well a picture is made (LAION aesthetics class)."""

    def aesthetic(self, pictures: Sequence[Pixels]) -> Floats:
        """float32 (N,), on the scale of the LAION predictor: about 1 to 10."""
        ...
