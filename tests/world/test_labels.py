"""Labels are legible: a real OCR engine reads them back from a quarter of a 256-pixel picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from anyedit.errors import AnyEditError
from anyedit.world import labels


def test_fonts_are_installed() -> None:
    assert set(labels.FONTS) == {
        "Roboto",
        "Source Serif",
        "Fredoka",
        "Amatic",
        "Manrope",
        "Caladea",
        "Intuitive",
    }
    assert all(path.is_file() for path in labels.FONTS.values())


def test_a_label_has_its_size_its_paper_and_its_ink() -> None:
    picture = labels.label_picture("OPEN", None, (1.0, 1.0, 1.0), (0.0, 0.0, 1.0), 120, 60)
    assert picture.shape == (60, 120, 3) and picture.dtype == np.uint8
    assert tuple(picture[0, 0]) == (0, 0, 255)
    assert (picture == 255).all(-1).any()


@pytest.mark.parametrize("font", sorted(labels.FONTS))
@pytest.mark.parametrize("text", ["OPEN", "THE LAST TRAIN", "A LONG WALK BY THE OLD RIVER IN THE WINTER SUN"])
def test_text_fills_the_label_and_stays_inside(font: str, text: str) -> None:
    picture = labels.label_picture(text, font, "black", "white", 240, 160).astype(int)
    inked = (picture.sum(-1) < 360).nonzero()
    (top, left), (bottom, right) = (a.min() for a in inked), (a.max() for a in inked)
    assert top >= 6 and left >= 6 and bottom < 154 and right < 234
    assert right - left > 0.6 * 240 or bottom - top > 0.6 * 160
    assert abs((top + bottom) / 2 - 80) < 6 and abs((left + right) / 2 - 120) < 8


def test_lines_are_broken_so_that_the_text_stands_larger() -> None:
    def height(text: str) -> int:
        rows = (
            (labels.label_picture(text, "Roboto", "black", "white", 160, 160).sum(-1) < 360)
            .any(1)
            .nonzero()[0]
        )
        return int(rows.max() - rows.min())

    assert height("HANDLE WITH CARE") > 2 * height("HANDLE")


def test_ocr_reads_every_font_at_the_size_of_a_quarter_of_the_picture() -> None:
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})
    for index, font in enumerate(sorted(labels.FONTS)):
        text = labels.WORDS[index * 7]
        picture = labels.label_picture(text, font, "black", "white", 384, 384)
        canvas = np.full((256, 256, 3), 128, np.uint8)
        canvas[64:192, 64:192] = np.asarray(Image.fromarray(picture).resize((128, 128), Image.Resampling.BOX))
        read = "".join(engine(canvas).txts or ()).upper().replace(" ", "")
        assert read == text.replace(" ", ""), font


def test_words_are_distinct_and_short() -> None:
    assert len(set(labels.WORDS)) == len(labels.WORDS) >= 60
    assert all(len(word) <= 18 and word == word.upper() for word in labels.WORDS)


def test_unknown_names_say_the_nearest() -> None:
    with pytest.raises(AnyEditError, match="'Roboto'"):
        labels.label_picture("A", "Robot", "black", "white", 40, 40)
    with pytest.raises(AnyEditError, match="'teal'"):
        labels.label_picture("A", None, "tael", "white", 40, 40)
