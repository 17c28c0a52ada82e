"""Messages and words in the reader's language, from the catalogues in locales/.

English is what the code says: a missing entry is answered with it. Words that a message is
given (statuses, actions, field names) have entries of their own, under their parameter's name.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent.parent / "locales"
TRANSLATED = ("ar", "pt")
OFFERED = ("en", *TRANSLATED)

WORDS = {"action", "status"}  # parameters that are names in the code, words in a sentence

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# RFC 9110: a language range, and how much it is wanted.
_RANGE = re.compile(
    r"\s*(?P<language>\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)"
    r"(?:\s*;\s*[qQ]=(?P<quality>0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*"
)


def translate(template: str, locale: str, params: Mapping[str, object] | None = None) -> str:
    """The message in `locale` with its parameters filled in; English where there is none.

    Never raises: a placeholder without a parameter stays as it is.
    """
    given = params or {}

    def filled(placeholder: re.Match[str]) -> str:
        name = placeholder[1]
        return _said(name, given[name], locale) if name in given else placeholder[0]

    return _PLACEHOLDER.sub(filled, _entry(None, template, locale))


def said(template: str, context: str | None = None) -> str:  # noqa: ARG001 - for the catalogues
    """The same text, marked: it is translated where it is used, later, not where it is written."""
    return template


def term(context: str, word: str, locale: str) -> str:
    """One word or label as it is said in `context`; the word itself where there is no entry."""
    return _entry(context, word, locale)


def negotiate(accept_language: str | None, offered: Sequence[str] = OFFERED) -> str:
    """The offered language that an Accept-Language header prefers; else the first one offered.

    A header that does not follow RFC 9110 says nothing.
    """
    wanted = _wanted(accept_language or "")
    best, weight = offered[0], (0.0, 0)
    for language in offered:
        own = max((w for name, w in wanted if name == language), default=None)
        anything = max((w for name, w in wanted if name == "*"), default=(0.0, 0))
        here = anything if own is None else own
        if here[0] > 0 and here > weight:
            best, weight = language, here
    return best


def _wanted(header: str) -> list[tuple[str, tuple[float, int]]]:
    """Each language with its weight: quality, then the order in which they were named."""
    wanted = []
    for position, part in enumerate(header.split(",")):
        if not part.strip():
            continue
        found = _RANGE.fullmatch(part)
        if found is None:
            return []
        language = found["language"].split("-")[0].lower()
        wanted.append((language, (float(found["quality"] or 1), -position)))
    return wanted


def _said(name: str, value: object, locale: str) -> str:
    """A parameter's value: a known word as the reader would say it, anything else as it is."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_said(name, each, locale) for each in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    said = _entry(name, str(value), locale)
    return said.replace("_", " ").lower() if name in WORDS and said == str(value) else said


def _entry(context: str | None, text: str, locale: str) -> str:
    return _catalogue(locale).get((context, text), text)


@cache
def _catalogue(locale: str) -> Mapping[tuple[str | None, str], str]:
    if locale not in TRANSLATED:
        return {}
    with (CATALOGUES / locale / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    return {
        (message.context, str(message.id)): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
