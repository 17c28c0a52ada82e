"""Documents as PDF: a typst template, data as JSON, and fonts that come from packages alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst


def typeset(
    template: Path, data: Mapping[str, object], *, at: datetime, root: Path | None = None
) -> bytes:
    """The template filled with `data`, as PDF. Takes tens of milliseconds: call it in a thread.

    The template reads `json(bytes(sys.inputs.data))`, so whatever a user wrote stays a string
    and is never read as markup. Equal input gives equal bytes: `at` (aware) is the only time
    in the file. What the template imports is below `root`, or beside it.
    """
    made = typst.compile(
        str(template),
        root=str(root or template.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=at,
        format="pdf",
    )
    _forget()
    return made


def _forget() -> None:
    """Makes typst drop what it remembers of a document.

    It keeps that until ten more were compiled, up to 50 MB each for an order of 300 lines.
    Eleven empty documents take three milliseconds.
    """
    for _ in range(11):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    """Noto Sans Arabic and Hebrew, both with Latin letters, and typst's own for the rest."""
    folder = str(files("justmytype_intl_rtl") / "fonts" / "ofl")
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])
