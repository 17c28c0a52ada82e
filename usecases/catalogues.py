"""Keeps locales/ complete: `python -m usecases.catalogues` adds what the code says and they lack.

Messages are read from the source: those of domain errors, and of the calls of `translate`, `term`
and `said`. Statuses and actions are looked up in the domain.
"""

import ast
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
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


def unreadable() -> list[str]:
    """Where a domain error's message is put together instead of written down: file and line."""
    return [
        f"{place}:{call.lineno}"
        for call, name, place in _calls()
        if name in _errors() and not _literals(call.args[:1])
    ]


def _words() -> Iterator[Saying]:
    """The statuses and actions that messages name.

    Words that a client sends (fields, operators, permissions) are left as it has to write them.
    """
    for found in walk_packages(domain.__path__, "domain."):
        module = import_module(found.name)
        place = Path(str(module.__file__)).relative_to(ROOT).as_posix()
        for name, value in vars(module).items():
            if isinstance(value, Lifecycle):
                yield from (Saying("action", action, place) for action in value.moves)
            elif name.endswith("Status") and isinstance(value, type) and issubclass(value, StrEnum):
                yield from (Saying("status", status, place) for status in value)


def _written() -> Iterator[Saying]:
    for call, name, place in _calls():
        if name == "translate" or name in _errors():
            yield from (Saying(None, text, place) for text in _literals(call.args[:1]))
        elif name == "said":
            context = next(iter(_literals(call.args[1:2])), None)
            yield from (Saying(context, text, place) for text in _literals(call.args[:1]))
        elif name == "term":
            for context, word in zip(
                _literals(call.args[:1]), _literals(call.args[1:2]), strict=False
            ):
                yield Saying(context, word, place)


def _calls() -> Iterator[tuple[ast.Call, str, str]]:
    """Every call in the source, with the name that is called and the file."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                        yield node, name, path.relative_to(ROOT).as_posix()


def _literals(arguments: list[ast.expr]) -> list[str]:
    """The strings that an argument can be: one, or either side of an `if`."""
    match arguments:
        case [ast.Constant(value=str(text))]:
            return [text]
        case [ast.IfExp(body=yes, orelse=no)]:
            return [*_literals([yes]), *_literals([no])]
    return []


@cache
def _errors() -> frozenset[str]:
    """Those that are given a template; one with a message of its own says it itself."""
    kinds = _kinds(DomainError)
    return frozenset(e.__name__ for e in kinds if e.__init__ is DomainError.__init__)


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


if __name__ == "__main__":
    sys.exit(main())
