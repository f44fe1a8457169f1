"""What photographed things take: materials, prints, backgrounds, conditions, relations; and what nobody annotated."""

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from anyedit.edits import Case, Outcome, backdrops, covering, type_of
from anyedit.edits.given import Given
from anyedit.edits.views import PhotoView
from anyedit.engines.classical.letter import FontLetterer, faces
from anyedit.engines.roles import Found, Lettering
from anyedit.engines.toolbox import tools
from anyedit.engines.tools import Tools
from anyedit.errors import EditNotPossible, EngineError
from anyedit.pipeline import finding
from anyedit.pipeline.word_boxes import words_of
from anyedit.records import Source, SourceObject, pixels_of, png
from anyedit.seeds import rng_of

H, W = 160, 200


def disc(x: int, y: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:H, :W]
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


def thing(key: str, name: str, mask: np.ndarray, origin: str = "planted network") -> SourceObject:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
    return SourceObject(key, name, box, float(mask.mean()), png(mask), origin)


def view_of(
    *things: tuple[str, str, np.ndarray, tuple[int, int, int]], caption: str = "A photograph"
) -> PhotoView:
    """Shaded balls on sandy ground."""
    grain = cv2.GaussianBlur(rng_of("sand").normal(0, 9, (H, W, 3)), (0, 0), 0.8)
    picture = np.clip(np.array([196, 184, 160]) + grain, 0, 255)
    objects = []
    for key, name, mask, colour in things:
        rows, columns = np.nonzero(mask)
        light = 0.55 + 0.45 * (rows.max() - rows) / max(1, np.ptp(rows))
        picture[rows, columns] = np.array(colour) * light[:, None]
        objects.append(thing(key, name, mask))
    source = Source(
        "p-0", png(picture.astype(np.uint8)), caption, "a.png", "CC0", "train", objects=tuple(objects)
    )
    return PhotoView(source)


def ball(radius: int = 45) -> PhotoView:
    return view_of(("a", "ball", disc(100, 80, radius), (190, 60, 50)))


def case_of(name: str, view: PhotoView, params: object, outcome: Outcome | None = None) -> Case:
    kind = type_of(name)
    words = kind.words(view, params)
    return Case(
        kind, view, params, "do it", kind.caption_after(view, params), words["object"], outcome, tools()
    )


def failed(case: Case) -> set[str]:
    return {rule.name for rule in case.kind.gates if rule.judge(case).passed is False}


@pytest.mark.parametrize("name", ["material_change", "visual_material_transfer", "appearance_alter"])
def test_a_cover_keeps_form_and_surroundings(name: str) -> None:
    view, kind = ball(), type_of(name)
    params = kind.propose(view, rng_of(name))
    outcome = kind.edit(view, params, tools())
    own = view.mask("a")
    assert np.array_equal(outcome.picture[~own], view.picture[~own])
    assert not np.array_equal(outcome.picture[own], view.picture[own])
    assert "the ball" in kind.caption_after(view, params)
    assert not failed(case_of(name, view, params, outcome)) - {"prompt shows the material"}


def test_a_flat_or_wrong_cover_is_caught() -> None:
    view = ball()
    params = type_of("material_change").Params(target="a", material="brick")
    good = type_of("material_change").edit(view, params, tools())
    own = view.mask("a")
    flat = view.picture.copy()
    flat[own] = flat[own][::-1]  # its shading upside down
    assert "shading kept" in failed(case_of("material_change", view, params, replace(good, picture=flat)))
    blue = view.picture.copy()
    blue[own] = (
        (blue[own] @ np.array([[0.1, 0.2, 1.0], [0, 0.2, 0.2], [0, 0.1, 0.3]])).clip(0, 255).astype(np.uint8)
    )
    assert "colour of the material" in failed(
        case_of("material_change", view, params, replace(good, picture=blue))
    )
    white = view.picture.copy()
    white[own] = 255
    assert "form lost in white" in failed(
        case_of("material_change", view, params, replace(good, picture=white))
    )
    off = np.roll(own, (40, 60), (0, 1))
    assert "outline on edges" in failed(case_of("material_change", view, params, replace(good, mask=off)))


def test_where_a_scaled_thing_is_in_its_photograph_nobody_says() -> None:
    view, kind = view_of(("a", "ball", disc(60, 80, 12), (190, 60, 50))), type_of("resize")
    params = kind.propose(view, rng_of(1))
    assert params is not None
    assert kind.inverse(view, params, kind.edit(view, params, tools())) is None


def test_people_and_parts_are_not_covered() -> None:
    person = view_of(("a", "person", disc(100, 80, 45), (190, 60, 50)))
    eye = view_of(("a", "left eye", disc(100, 80, 45), (190, 60, 50)))
    assert covering.coverable(person, rng_of(1)) == covering.coverable(eye, rng_of(1)) == []
    assert covering.coverable(ball(), rng_of(1)) == ["a"]
    recolour = type_of("color_alter")
    assert recolour.propose(person, rng_of(1)) is None and recolour.propose(ball(), rng_of(1)) is not None


def test_half_a_recolouring_is_caught() -> None:
    view, kind = ball(), type_of("color_alter")
    params = kind.Params(target="a", colour="blue")
    whole = kind.edit(view, params, tools())
    (rule,) = [rule for rule in kind.gates if rule.name == "way to the colour"]
    assert rule.judge(case_of("color_alter", view, params, whole)).passed is True
    for left in (np.indices((H, W))[1] < 100, np.indices((H, W))[0] < 80):
        half = replace(whole, picture=np.where(left[..., None], view.picture, whole.picture))
        judged = rule.judge(case_of("color_alter", view, params, half))
        assert judged.passed is False and judged.value == pytest.approx(0, abs=0.1)


def test_a_background_changes_behind_the_subject_only() -> None:
    view, kind = ball(), type_of("background_change")
    params = kind.propose(view, rng_of("ground"))
    assert params.environment.startswith("studio: ")  # its lower end is seen: no place to float in
    outcome = kind.edit(view, params, tools())
    inner, outer = disc(100, 80, 38), ~disc(100, 80, 75)
    assert np.array_equal(outcome.picture[inner], view.picture[inner])
    wanted = np.array(backdrops.STUDIOS[params.environment.removeprefix("studio: ")]) * 255
    assert np.abs(outcome.picture[outer].mean(0) - wanted).max() < 40
    assert not failed(case_of("background_change", view, params, outcome))
    rim = outcome.picture.copy()
    band = disc(100, 80, 45) & ~disc(100, 80, 41)
    rim[band] = (196, 184, 160)  # the old ground shines in the border
    bad = case_of("background_change", view, params, replace(outcome, picture=rim))
    assert "old background in the rim" in failed(bad)


def test_no_background_without_one_sure_subject() -> None:
    two = view_of(
        ("a", "ball", disc(50, 80, 34), (190, 60, 50)), ("b", "ball", disc(150, 80, 34), (60, 60, 190))
    )
    house = view_of(("a", "building", disc(100, 80, 45), (190, 60, 50)))
    kind = type_of("background_change")
    rows = np.zeros((H, W), bool)
    rows[60:100] = True
    assert kind.propose(view_of(("a", "subject", rows, (190, 60, 50))), rng_of(1)) is None  # lines of text
    assert kind.propose(two, rng_of(1)) is kind.propose(house, rng_of(1)) is None

    class Elsewhere:
        version = "planted"

        def salient(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
            return [disc(40, 40, 30).astype(np.float32)]

    unsure = Tools({**tools()._makers, "salient": Elsewhere})
    view = ball()
    with pytest.raises(EditNotPossible, match="not sure"):
        kind.edit(view, kind.propose(view, rng_of("ground")), unsure)


@pytest.mark.parametrize("name", ["visual_bbox", "visual_scribble", "visual_segment", "visual_sketch"])
def test_conditions_are_drawn_from_the_target(name: str) -> None:
    small = view_of(
        ("a", "ball", disc(50, 80, 12), (190, 60, 50)), ("b", "bowl", disc(150, 80, 14), (60, 60, 190))
    )
    kind = type_of(name)
    params = kind.Params(inner="remove", params={"target": "a"})
    outcome = kind.edit(small, params, tools())
    assert outcome.visual_prompt is not None and outcome.visual_prompt.shape == small.picture.shape
    drawn = np.abs(outcome.visual_prompt.astype(int) - int(outcome.visual_prompt[0, 0, 0])).max(-1) > 60
    assert (
        drawn[60:100, 130:170].any() and not drawn[70:90, 40:60].any()
    )  # the bowl is drawn, the gone ball not
    if name in ("visual_bbox", "visual_segment"):
        alone = view_of(("a", "ball", disc(50, 80, 12), (190, 60, 50)))
        empty = kind.edit(alone, params, tools())
        assert "prompt has content" in failed(case_of(name, alone, params, empty))


def test_a_relation_is_made_by_moving_over() -> None:
    view = view_of(
        ("a", "ball", disc(40, 80, 12), (190, 60, 50)), ("b", "bowl", disc(100, 80, 14), (60, 60, 190))
    )
    kind = type_of("relation")
    proposals = [kind.propose(view, rng_of(k)) for k in range(4)]
    params = next(p for p in proposals if p is not None and p.target == "a")
    assert params.relation == "to the right of"
    outcome = kind.edit(view, params, tools())
    red = (outcome.picture[..., 0] > 90) & (outcome.picture[..., 1] < 75) & (outcome.picture[..., 2] < 75)
    assert np.flatnonzero(red.any(0)).min() > 114
    assert kind.caption_after(view, params).endswith("the ball is to the right of the bowl.")


def test_what_has_no_name_stays_in_its_place() -> None:
    eye = view_of(("a", "object", disc(60, 80, 12), (190, 60, 50)))
    assert all(
        type_of(name).propose(eye, rng_of(k)) is None
        for name in ("remove", "movement", "resize")
        for k in range(3)
    )
    known = view_of(("a", "ball", disc(60, 80, 12), (190, 60, 50)))
    assert type_of("remove").propose(known, rng_of(1)) is not None


def test_causes_that_light_can_show() -> None:
    kind = type_of("implicit_change")
    blue = np.zeros((H, W, 3), np.uint8)
    blue[:90], blue[90:] = (120, 170, 235), (70, 110, 50)
    outside = PhotoView(Source("p-0", png(blue), "A field under a wide sky", "a.png", "", "train"))
    params = kind.propose(outside, rng_of("cause"))
    outcome = kind.edit(outside, params, tools())
    assert params.cause in ("sun sets", "fog", "autumn comes") and not np.array_equal(outcome.picture, blue)
    assert all(rule.judge(case_of("implicit_change", outside, params)).passed for rule in kind.checks[-1:])
    indoors = PhotoView(replace(outside.source, caption="A cup in a room"))
    assert kind.propose(indoors, rng_of("cause")) is None


def page(*lines: str) -> tuple[np.ndarray, list[tuple[tuple[float, float], ...]]]:
    paper = np.full((40 * len(lines) + 20, 260, 3), 225, np.uint8)
    image = Image.fromarray(paper)
    quads = []
    font = ImageFont.truetype(next(face for face in faces() if "Roboto-Medium" in face), 22)
    for k, line in enumerate(lines):
        ImageDraw.Draw(image).text((12, 12 + 40 * k), line, fill=(40, 40, 60), font=font)
        x0, y0, x1, y1 = font.getbbox(line)
        left, top, right, bottom = 10 + x0, 9 + 40 * k + y0, 14 + x1, 15 + 40 * k + y1
        quads.append(((left, top), (right, top), (right, bottom), (left, bottom)))
    noise = rng_of("paper").normal(0, 2, (*image.size[::-1], 3))
    return np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8), quads


def test_letters_are_replaced_in_their_own_face() -> None:
    from anyedit.engines.ocr import read

    picture, quads = page("Good morning", "Station")
    made, mask = FontLetterer().letter(picture, Lettering("Market", "Station", quads[1]))
    assert np.array_equal(made[~mask], picture[~mask]) and not mask[:48].any()
    texts = [line.text for line in read(made)]
    assert "Market" in texts and "Station" not in texts and "Good morning" in texts
    with pytest.raises(EditNotPossible, match="too wide"):
        FontLetterer().letter(picture, Lettering("Extraordinarily long words", "Station", quads[1]))
    with pytest.raises(EditNotPossible, match=r"no ink|hardly differ|uneven"):
        FontLetterer().letter(np.full_like(picture, 225), Lettering("Market", "Station", quads[1]))


def test_words_are_told_apart_by_their_gaps() -> None:
    from anyedit.edits.given import TextLine

    picture, quads = page("Good morning sunny town")
    words = words_of(picture, TextLine(text="Good morning sunny town", quad=quads[0]))
    assert [word.text for word in words] == ["Good", "morning", "sunny", "town"]
    spans = [(word.quad[0][0], word.quad[1][0]) for word in words]
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
    assert (
        words_of(picture, TextLine(text="Goodmorning sunnytown", quad=quads[0])) == ()
    )  # gaps say otherwise


class Finder:
    """A planted detector, segmenter, subject finder and classifier."""

    version, names, classes = "planted", ("ball", "bowl"), ("ball", "tripod", "noise")

    def __init__(self, certainty: float = 0.9, best: int = 0, found: tuple[Found, ...] = ()) -> None:
        self.certainty, self.best, self.found = certainty, best, found

    def find(self, pictures: list[np.ndarray], names: list[tuple[str, ...]]) -> list[list[Found]]:
        return [list(self.found) for _ in pictures]

    def segment(self, picture: np.ndarray, boxes: list[tuple[float, ...]]) -> list[object]:
        masks: list[object] = [disc(100, 80, 40), disc(100, 80, 38), EngineError("nothing there")]
        return masks[: len(boxes)]

    def salient(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        return [(disc(60, 80, 20) | disc(140, 80, 20)).astype(np.float32) for _ in pictures]

    def probabilities(self, pictures: list[np.ndarray]) -> np.ndarray:
        rows = np.full((len(pictures), 3), (1 - self.certainty) / 2, np.float32)
        rows[:, self.best] = self.certainty
        return rows


def bare() -> Source:
    return replace(ball().source, objects=())


def test_a_detectors_finds_become_objects_without_doubles() -> None:
    boxes = [
        Found("ball", (60, 40, 140, 120), 0.9),
        Found("bowl", (60, 40, 140, 120), 0.8),
        Found("ball", (0, 0, 9, 9), 0.7),
    ]
    finder = Finder(found=tuple(boxes))
    made = Tools({role: lambda: finder for role in ("ground", "segment", "salient", "classify")})
    source = finding.completed(bare(), made, ("remove",))
    assert [thing.name for thing in source.objects] == ["ball"] and source.caption == "A photograph of a ball"
    assert source.objects[0].origin == "planted, planted"
    assert (pixels_of(source.objects[0].mask or b"") > 127).sum() == disc(100, 80, 40).sum()


@pytest.mark.parametrize(
    ("finder", "names", "caption"),
    [
        (Finder(0.9), ["ball", "ball"], "A photograph of two balls"),
        (Finder(0.4), ["object", "object"], "A photograph of two objects"),
        (
            Finder(0.9, 1),
            ["figure", "figure"],
            "A photograph of two figures",
        ),  # a tripod: most likely its user
    ],
)
def test_pieces_of_the_subject_are_named_only_when_sure(
    finder: Finder, names: list[str], caption: str
) -> None:
    made = Tools({role: lambda: finder for role in ("salient", "classify")})
    source = finding.completed(bare(), made, ("remove",))
    assert [thing.name for thing in source.objects] == names and source.caption == caption


class Looker(Finder):
    """Finds the pieces that are planted, and is sure of a ball when it sees much around."""

    def __init__(self, *pieces: np.ndarray, wide: float = 0.9) -> None:
        super().__init__()
        self.pieces, self.wide = pieces, wide

    def salient(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        return [np.any(self.pieces, axis=0).astype(np.float32) for _ in pictures]

    def probabilities(self, pictures: list[np.ndarray]) -> np.ndarray:
        rows = np.tile(np.array([0.01, 0.0, 0.4], np.float32), (len(pictures), 1))
        rows[1::3, 0] = self.wide  # every second look of three is the wide one
        return rows


def found_by(finder: Looker, picture: np.ndarray | None = None) -> list[str]:
    made = Tools({**tools()._makers, **{role: lambda: finder for role in ("salient", "classify")}})
    del made._makers["ground"]
    source = bare() if picture is None else replace(bare(), image=png(picture))
    return [thing.name for thing in finding.completed(source, made, ("remove",)).objects]


def test_a_part_of_a_thing_is_no_thing() -> None:
    eyes = (disc(60, 80, 12), disc(140, 80, 12))
    assert found_by(Looker(*eyes)) == []  # surely a ball with what is around them, none without
    assert found_by(Looker(*eyes, wide=0.3)) == ["object", "object"]


def test_many_pieces_of_one_size_are_things_of_a_set() -> None:
    coins = [disc(x, y, 11) for x in (30, 80, 130) for y in (40, 110)]
    assert found_by(Looker(*coins, wide=0.3)) == ["item"] * 6
    mixed = (*coins[:3], disc(130, 110, 26), disc(175, 40, 23))
    assert found_by(Looker(*mixed, wide=0.3)) == ["object"] * 5


def test_a_block_of_text_is_no_thing_and_a_face_is_a_persons() -> None:
    from skimage.data import astronaut

    picture, _ = page("Good morning", "Station of the", "northern line")
    paper = np.zeros(picture.shape[:2], bool)
    paper[8:130, 6:250] = True
    assert found_by(Looker(paper, wide=0.3), picture) == []
    assert found_by(Looker(paper, wide=0.3), np.full_like(picture, 200)) == ["subject"]
    woman = cv2.resize(astronaut(), (256, 256), interpolation=cv2.INTER_AREA)
    body = np.zeros((256, 256), bool)
    body[20:, 40:180] = True
    assert found_by(Looker(body, wide=0.3), woman) == ["person"]
    flag = np.zeros((256, 256), bool)
    flag[:, :38] = True
    assert found_by(Looker(flag, wide=0.3), woman) == ["subject"]  # the face is not in it


def test_what_was_annotated_or_captioned_stays() -> None:
    made = Tools(dict.fromkeys(("ground", "segment", "salient", "classify"), Finder))
    annotated = ball().source
    assert finding.completed(annotated, made, ("remove",)) == annotated
    told = replace(bare(), caption="My best ball")
    assert finding.completed(told, made, ("remove",)).caption == "My best ball"


def test_words_are_read_only_for_textual_change() -> None:
    picture, _ = page("Station")
    source = Source("p-0", png(picture), "A photograph", "a.png", "", "train")
    assert finding.completed(source, tools(), ("remove",)) == source
    lines = Given.of(finding.completed(source, tools(), ("textual_change",))).lines
    assert [line.text for line in lines] == ["Station"]


def test_a_tone_must_change_the_light_as_its_name_says() -> None:
    from anyedit.edits.global_.direction import as_named
    from anyedit.engines.classical.tone import PhotometricTone

    kind = type_of("tone_transfer")
    picture = np.zeros((90, 120, 3), np.uint8)
    picture[:45] = (190, 212, 238)
    picture[45:] = np.clip(np.array([80, 120, 45]) + rng_of("lawn").normal(0, 20, (45, 120, 1)), 0, 255)
    view = PhotoView(Source("p", png(picture), "A lawn under the sky", "photo", "CC0", "train"))
    rule = next(rule for rule in kind.gates if rule.name == "light as named")
    values = ("night", "fog", "golden hour", "sunset", "winter")
    made = {value: PhotometricTone().tone(picture, value) for value in values}
    for value in values:
        params = kind.Params(
            aspect="time" if value in ("night", "golden hour", "sunset") else "weather", value=value
        )
        for shown, after in made.items():
            outcome = Outcome(after, np.ones(after.shape[:2], bool))
            case = Case(kind, view, params, "", view.caption, "", outcome)
            if shown == value:
                assert rule.judge(case).passed, (value, as_named(case, value))
            elif {shown, value} in (
                {"night", "fog"},
                {"night", "golden hour"},
                {"fog", "golden hour"},
                {"fog", "sunset"},
            ):
                assert rule.judge(case).passed is False, (value, shown, as_named(case, value))
        nothing = Case(
            kind, view, params, "", view.caption, "", Outcome(picture, np.ones(picture.shape[:2], bool))
        )
        assert rule.judge(nothing).passed is False


def test_nothing_is_offered_when_the_sun_is_down() -> None:
    from anyedit.edits.global_.tone_transfer import possible_tones

    def under(sky: tuple[int, int, int]) -> PhotoView:
        picture = np.full((90, 120, 3), 90, np.uint8)
        picture[:50] = sky
        return PhotoView(Source("p", png(picture), "A photograph", "photo", "CC0", "train"))

    by_day = {value for _, value in possible_tones(under((190, 212, 238)))}
    assert {"night", "sunset", "fog"} <= by_day and "cloudy" not in by_day
    assert possible_tones(under((50, 70, 110))) == []


class Doubling:
    """Super-resolution that draws what no pixel of the source holds: fine stripes of 40 and 220."""

    version, factor = "doubling 1", 2

    def enlarge(self, pictures: list[np.ndarray]) -> list[np.ndarray]:
        self.asked = [picture.shape for picture in pictures]
        made = [np.repeat(np.repeat(picture, 2, 0), 2, 1) for picture in pictures]
        for picture in made:
            picture[(picture[..., 0] > 150) & (np.indices(picture.shape[:2])[0] % 8 < 4)] = (220, 30, 30)
        return made


def test_a_thing_that_grows_gets_its_detail_from_the_engine_for_it() -> None:
    picture = np.full((120, 160, 3), 100, np.uint8)
    mask = np.zeros((120, 160), np.uint8)
    cv2.circle(mask, (80, 60), 14, 255, -1)
    picture[mask > 0] = (180, 30, 30)
    ball = SourceObject(
        "b", "ball", (66.0, 46.0, 95.0, 75.0), float((mask > 0).mean()), png(mask), "annotation"
    )
    source = Source("p", png(picture), "A ball", "photo", "CC0", "train", (ball,))
    kind, engine = type_of("resize"), Doubling()
    view = PhotoView(source, frozenset(("enlarge",)))
    params = kind.Params(target="b", factor=1.5)
    plain = kind.edit(view, params, tools())
    made = kind.edit(view, params, tools(placed={"enlarge": engine}))
    grown = kind.placed(view, params)
    assert engine.asked[0][0] < 60 and "doubling 1" in made.engines and "doubling 1" not in plain.engines
    inside = cv2.erode(grown.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert made.picture[inside][:, 0].std() > 10 > plain.picture[inside][:, 0].std()
    middles = [np.argwhere(shown[..., 0] > 150).mean(0) for shown in (made.picture, plain.picture)]
    assert np.abs(middles[0] - middles[1]).max() < 0.5  # the detail lies where the thing stands
    asked = {kind.propose(view, np.random.default_rng(seed)).factor for seed in range(30)}
    without = {kind.propose(PhotoView(source), np.random.default_rng(seed)).factor for seed in range(30)}
    assert max(asked) == 1.75 and max(without) == 1.4
    smaller = kind.edit(view, kind.Params(target="b", factor=0.7), tools(placed={"enlarge": engine}))
    assert "doubling 1" not in smaller.engines


def test_paintings_are_made_by_the_engine_for_styles() -> None:
    class Painter:
        version = "painter 1"

        def stylise(self, picture: np.ndarray, style: np.ndarray, seed: int = 0) -> np.ndarray:
            assert not np.array_equal(picture, style)
            return style // 2 + picture // 2

    kind = type_of("style_change")
    picture = rng_of("scene").integers(0, 255, (64, 80, 3)).astype(np.uint8)
    view = PhotoView(Source("p", png(picture), "A scene", "photo", "CC0", "train"))
    engine = tools(placed={"stylise": Painter()})
    for style, by_engine in (("oil painting", True), ("blueprint", False)):
        drawn = kind.edit(view, kind.Params(style=style), tools())
        made = kind.edit(view, kind.Params(style=style), engine)
        assert ("painter 1" in made.engines) is by_engine
        assert np.array_equal(made.picture, drawn.picture // 2 + picture // 2 if by_engine else drawn.picture)


def test_a_perceptual_distance_tells_where_a_picture_changed() -> None:
    from anyedit.edits.judged import gates_of

    class Meter:
        version = "meter 1"

        def distances(self, ones: list[np.ndarray], others: list[np.ndarray]) -> list[float]:
            return [
                float(np.abs(a.astype(float) - b).mean() / 255) for a, b in zip(ones, others, strict=True)
            ]

    kind = type_of("color_alter")
    picture = np.full((40, 40, 3), 100, np.uint8)
    view = PhotoView(Source("p", png(picture), "A ball", "photo", "CC0", "train"))
    mask = np.zeros((40, 40), bool)
    mask[:20, :20] = True
    inside, leaked = picture.copy(), picture.copy()
    inside[mask] = 200
    leaked[...] = 200
    rules = {rule.name: rule for rule in gates_of(kind, ("perceptual",))}
    seen, elsewhere = rules["perceptual change"], rules["perceptual change elsewhere"]
    for after, passes in ((picture, (False, True)), (inside, (True, True)), (leaked, (True, False))):
        case = Case(kind, view, None, "", "", "", Outcome(after, mask), tools(placed={"perceptual": Meter()}))
        assert (seen.judge(case).passed, elsewhere.judge(case).passed) == passes
    assert "perceptual change" not in {rule.name for rule in gates_of(kind, ("published",))}
    assert seen.judge(replace(case, tools=tools())).passed is None


def test_no_print_goes_over_what_is_full_of_detail() -> None:
    kind = type_of("appearance_alter")
    rule = next(rule for rule in kind.gates if rule.name == "detail under the print")
    mask = np.zeros((100, 120), np.uint8)
    mask[20:80, 30:90] = 255
    for pattern, passes in ((np.zeros((100, 120)), True), (np.indices((100, 120)).sum(0) % 4 < 2, False)):
        picture = np.full((100, 120, 3), 110, np.uint8)
        picture[mask > 0] = (150 + 60 * pattern[mask > 0][:, None]).astype(np.uint8)
        thing = SourceObject(
            "b", "tower", (30.0, 20.0, 90.0, 80.0), float((mask > 0).mean()), png(mask), "u2netp"
        )
        view = PhotoView(Source("p", png(picture), "A tower", "photo", "CC0", "train", (thing,)))
        outcome = Outcome(255 - picture, mask > 0, influence=mask)
        assert rule.judge(Case(kind, view, None, "", "", "", outcome)).passed is passes
        assert (kind.propose(view, np.random.default_rng(0)) is not None) is passes
