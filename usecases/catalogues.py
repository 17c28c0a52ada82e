"""Keeps locales/ complete: `python -m usecases.catalogues` adds what the code says and they lack.

The source is read, not run: the messages of domain errors, and the calls of `translate` and
`term`. The words of lifecycles come from the lifecycles themselves.
"""

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pkgutil import walk_packages
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import domain
from domain.kit.errors import DomainError
from domain.kit.lifecycle import Lifecycle
from usecases.messages import CATALOGUES, TRANSLATED

ROOT = CATALOGUES.parent
PACKAGES = ("domain", "usecases", "persistence", "schema", "rest", "server")

_HEADER = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


class Saying(NamedTuple):
    """Something that a reader is told: a message, or with a context a single word or label."""

    context: str | None
    text: str
    place: str


def sayings() -> list[Saying]:
    """Everything that has to be translated, with the file that says it."""
    return [*_words(), *_written()]


def update(locale: str) -> list[Saying]:
    """Rewrites one catalogue to hold exactly what is said; returns what lacks a translation."""
    path = CATALOGUES / locale / "messages.po"
    with path.open("rb") as file:
        old = read_po(file, locale=locale)
    new = Catalog(locale=locale)
    for saying in sayings():
        entry = old.get(saying.text, saying.context)
        translated = entry.string if entry is not None else ""
        new.add(saying.text, translated, locations=[(saying.place, 0)], context=saying.context)
    out = BytesIO()
    write_po(out, new, width=100, sort_by_file=True, omit_header=True, include_lineno=False)
    path.write_bytes(_HEADER.format(locale=locale).encode() + out.getvalue())
    lacking = (message for message in new if message.id and not message.string)
    return [Saying(each.context, str(each.id), each.locations[0][0]) for each in lacking]


def main() -> int:
    """Updates every catalogue; the exit status says whether something lacks a translation."""
    missing = {locale: update(locale) for locale in TRANSLATED}
    for locale, found in missing.items():
        for saying in found:
            sys.stdout.write(f"{locale}: {saying.context or '-'}: {saying.text} ({saying.place})\n")
    return 1 if any(missing.values()) else 0


def _words() -> Iterator[Saying]:
    """The statuses and actions of every lifecycle, as the messages about moves name them."""
    for module in walk_packages(domain.__path__, "domain."):
        place = module.name.replace(".", "/") + ".py"
        for lifecycle in vars(import_module(module.name)).values():
            if isinstance(lifecycle, Lifecycle):
                for status in sorted(lifecycle.reachable()):
                    yield Saying("status", str(status), place)
                for action in sorted(lifecycle.moves):
                    yield Saying("action", action, place)


def _written() -> Iterator[Saying]:
    errors = {error.__name__ for error in _kinds(DomainError)}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _said_by(node, errors, place)


def _said_by(call: ast.Call, errors: set[str], place: str) -> Iterator[Saying]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    match call.args:
        case [ast.Constant(value=str(text)), *_] if name in errors or name == "translate":
            yield Saying(None, text, place)
        case [ast.Constant(value=str(context)), ast.Constant(value=str(word)), *_]:
            if name == "term":
                yield Saying(context, word, place)


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


if __name__ == "__main__":
    sys.exit(main())
