"""`Tools`: one engine for each role, made when first asked for.

A role that no engine plays raises EditNotPossible when it is asked for: an edit type or gate that can do without
looks with `has` first. ROLES is the table of all roles: attribute of `Tools`, protocol, what usually fills it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from anyedit.engines import roles as r
from anyedit.errors import EditNotPossible

ROLES: dict[str, tuple[type[Any], str]] = {
    "write": (r.TextWriter, "text generation"),
    "describe": (r.Describer, "captions and answers about pictures"),
    "judge": (r.Judge, "a vision-language judge of pairs"),
    "generate": (r.PictureMaker, "text to image"),
    "paint": (r.Painter, "inpainting to a caption"),
    "follow": (r.InstructionEditor, "instruction editing"),
    "paint_like": (r.ReferencePainter, "inpainting after a reference picture"),
    "inpaint": (r.Inpainter, "filling holes without words"),
    "recolour": (r.Recolourer, "another colour"),
    "cover": (r.Clother, "another material"),
    "tone": (r.Toner, "other light, weather or season"),
    "stylise": (r.Stylist, "another style"),
    "paste": (r.Paster, "pasting cut-outs"),
    "letter": (r.Letterer, "text rendering"),
    "enlarge": (r.Enlarger, "super-resolution"),
    "ground": (r.Grounder, "finding things by name"),
    "segment": (r.Segmenter, "box to mask"),
    "salient": (r.SalientFinder, "the subject's mask"),
    "refine": (r.Refiner, "coarse mask to outline"),
    "depth": (r.DepthFinder, "depth"),
    "divide": (r.PanopticSegmenter, "panoptic segments"),
    "sketch": (r.EdgeFinder, "thin edges"),
    "scribble": (r.EdgeFinder, "soft edges"),
    "ocr": (r.Reader, "reading text"),
    "classify": (r.Classifier, "names of what is shown"),
    "image_text": (r.ImageTextScorer, "image-text score"),
    "features": (r.FeatureFinder, "image features"),
    "sentences": (r.SentenceFinder, "sentence features"),
    "perceptual": (r.PerceptualMeter, "perceptual distance"),
    "aesthetic": (r.AestheticScorer, "aesthetic score"),
}


class Tools:
    """One engine for each role that has one.

    makers: role -> what makes its engine (cheap: weights load on first use).
    """

    def __init__(self, makers: Mapping[str, Callable[[], Any]]) -> None:
        self._makers = dict(makers)
        self._engines: dict[str, Any] = {}
        self.met: set[str] = set()  # roles asked for since it was last emptied: whose figures a measure gives

    @property
    def roles(self) -> frozenset[str]:
        """The roles that have an engine."""
        return frozenset(self._makers)

    def has(self, role: str) -> bool:
        """Whether an engine plays this role."""
        return role in self._makers

    def _made(self, role: str) -> Any:
        if role not in self._makers:
            raise EditNotPossible(
                f"no engine plays the role '{role}' ({ROLES[role][1]}); name one in the recipe: engines.{role}"
            )
        if role not in self._engines:
            self._engines[role] = self._makers[role]()
        self.met.add(role)
        return self._engines[role]

    @property
    def measuring(self) -> frozenset[str]:
        """The roles whose engine can measure an edited picture: annotations of the source find nothing there."""
        return frozenset(role for role in self.roles if role != "ground" or self.ground.names != ())

    def running(self) -> dict[str, Any]:
        """Role -> engine, of those that were asked for so far."""
        return {role: self._engines[role] for role in ROLES if role in self._engines}

    def version(self, role: str) -> str:
        """Name and version of a role's engine as provenance keeps it, substitutes marked."""
        return r.named(getattr(self, role))

    def versions(self) -> tuple[str, ...]:
        """Every engine's name and version, sorted: the same whichever were used so far."""
        return tuple(sorted({self.version(role) for role in self._makers}))

    @property
    def write(self) -> r.TextWriter:
        """See roles.TextWriter: text generation."""
        return cast(r.TextWriter, self._made("write"))

    @property
    def describe(self) -> r.Describer:
        """See roles.Describer: captions and answers about pictures."""
        return cast(r.Describer, self._made("describe"))

    @property
    def judge(self) -> r.Judge:
        """See roles.Judge: a vision-language judge of pairs."""
        return cast(r.Judge, self._made("judge"))

    @property
    def generate(self) -> r.PictureMaker:
        """See roles.PictureMaker: text to image."""
        return cast(r.PictureMaker, self._made("generate"))

    @property
    def paint(self) -> r.Painter:
        """See roles.Painter: inpainting to a caption."""
        return cast(r.Painter, self._made("paint"))

    @property
    def follow(self) -> r.InstructionEditor:
        """See roles.InstructionEditor: instruction editing."""
        return cast(r.InstructionEditor, self._made("follow"))

    @property
    def paint_like(self) -> r.ReferencePainter:
        """See roles.ReferencePainter: inpainting after a reference picture."""
        return cast(r.ReferencePainter, self._made("paint_like"))

    @property
    def inpaint(self) -> r.Inpainter:
        """See roles.Inpainter: filling holes without words."""
        return cast(r.Inpainter, self._made("inpaint"))

    @property
    def recolour(self) -> r.Recolourer:
        """See roles.Recolourer: another colour."""
        return cast(r.Recolourer, self._made("recolour"))

    @property
    def cover(self) -> r.Clother:
        """See roles.Clother: another material."""
        return cast(r.Clother, self._made("cover"))

    @property
    def tone(self) -> r.Toner:
        """See roles.Toner: other light, weather or season."""
        return cast(r.Toner, self._made("tone"))

    @property
    def stylise(self) -> r.Stylist:
        """See roles.Stylist: another style."""
        return cast(r.Stylist, self._made("stylise"))

    @property
    def paste(self) -> r.Paster:
        """See roles.Paster: pasting cut-outs."""
        return cast(r.Paster, self._made("paste"))

    @property
    def letter(self) -> r.Letterer:
        """See roles.Letterer: text rendering."""
        return cast(r.Letterer, self._made("letter"))

    @property
    def enlarge(self) -> r.Enlarger:
        """See roles.Enlarger: super-resolution."""
        return cast(r.Enlarger, self._made("enlarge"))

    @property
    def ground(self) -> r.Grounder:
        """See roles.Grounder: finding things by name."""
        return cast(r.Grounder, self._made("ground"))

    @property
    def segment(self) -> r.Segmenter:
        """See roles.Segmenter: box to mask."""
        return cast(r.Segmenter, self._made("segment"))

    @property
    def salient(self) -> r.SalientFinder:
        """See roles.SalientFinder: the subject's mask."""
        return cast(r.SalientFinder, self._made("salient"))

    @property
    def refine(self) -> r.Refiner:
        """See roles.Refiner: coarse mask to outline."""
        return cast(r.Refiner, self._made("refine"))

    @property
    def depth(self) -> r.DepthFinder:
        """See roles.DepthFinder: depth."""
        return cast(r.DepthFinder, self._made("depth"))

    @property
    def divide(self) -> r.PanopticSegmenter:
        """See roles.PanopticSegmenter: panoptic segments."""
        return cast(r.PanopticSegmenter, self._made("divide"))

    @property
    def sketch(self) -> r.EdgeFinder:
        """See roles.EdgeFinder: thin edges."""
        return cast(r.EdgeFinder, self._made("sketch"))

    @property
    def scribble(self) -> r.EdgeFinder:
        """See roles.EdgeFinder: soft edges."""
        return cast(r.EdgeFinder, self._made("scribble"))

    @property
    def ocr(self) -> r.Reader:
        """See roles.Reader: reading text."""
        return cast(r.Reader, self._made("ocr"))

    @property
    def classify(self) -> r.Classifier:
        """See roles.Classifier: names of what is shown."""
        return cast(r.Classifier, self._made("classify"))

    @property
    def image_text(self) -> r.ImageTextScorer:
        """See roles.ImageTextScorer: image-text score."""
        return cast(r.ImageTextScorer, self._made("image_text"))

    @property
    def features(self) -> r.FeatureFinder:
        """See roles.FeatureFinder: image features."""
        return cast(r.FeatureFinder, self._made("features"))

    @property
    def sentences(self) -> r.SentenceFinder:
        """See roles.SentenceFinder: sentence features."""
        return cast(r.SentenceFinder, self._made("sentences"))

    @property
    def perceptual(self) -> r.PerceptualMeter:
        """See roles.PerceptualMeter: perceptual distance."""
        return cast(r.PerceptualMeter, self._made("perceptual"))

    @property
    def aesthetic(self) -> r.AestheticScorer:
        """See roles.AestheticScorer: aesthetic score."""
        return cast(r.AestheticScorer, self._made("aesthetic"))
