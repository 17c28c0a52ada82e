"""The typesetter on templates of its own: data stays data, and nothing comes from the machine."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from rest.kit.typesetting import typeset

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
TEMPLATE = """\
#set text(font: ("Noto Sans Arabic", "Noto Sans Hebrew"))
#json(bytes(sys.inputs.data)).words
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "words.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def families(pdf: bytes) -> set[str]:
    """The families of the embedded fonts; none may be left for the reader's machine to find."""
    [page] = PdfReader(BytesIO(pdf)).pages
    embedded, left_out = page._get_fonts()
    assert left_out == set()
    return {name.split("+")[-1].split("-")[0] for name in embedded}


def test_words_are_data_and_never_markup(template: Path) -> None:
    words = r"#panic() *bold* _it_ $x^2$ [a] <b> @c \ // not a comment /* nor this */ `raw` = h"

    pdf = typeset(template, {"words": words}, at=NOON)

    assert " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split()) == words


def test_equal_input_gives_equal_bytes(template: Path) -> None:
    first = typeset(template, {"words": "one"}, at=NOON)
    typeset(template, {"words": "another"}, at=NOON)

    assert typeset(template, {"words": "one"}, at=NOON) == first


def test_the_only_time_in_the_file_is_the_one_given(template: Path) -> None:
    reader = PdfReader(BytesIO(typeset(template, {"words": "one"}, at=NOON)))

    assert reader.metadata is not None
    assert reader.metadata.creation_date == NOON


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ("Ordem São João", "NotoSansArabic"),
        ("أمر شراء", "NotoSansArabic"),
        ("הזמנה", "NotoSansHebrew"),
    ],
)
def test_the_fonts_are_those_of_the_package(template: Path, words: str, family: str) -> None:
    assert families(typeset(template, {"words": words}, at=NOON)) == {family}


def test_letters_that_the_package_lacks_come_from_typst_itself(template: Path) -> None:
    assert families(typeset(template, {"words": "Ελληνικά"}, at=NOON)) == {"LibertinusSerif"}
