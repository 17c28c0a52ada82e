"""Whatever is said to a reader is said in every language: see usecases/catalogues.py."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from usecases.catalogues import Saying, sayings, unreadable
from usecases.messages import CATALOGUES, TRANSLATED

SAYINGS = sayings()


def catalogue(locale: str) -> Catalog:
    with (CATALOGUES / locale / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def placeholders(text: str) -> list[str]:
    """Sorted, and with anything that is more than a name in braces, so that it shows."""
    return sorted(re.findall(r"\{.*?\}|[{}]", text))


@pytest.mark.parametrize("locale", TRANSLATED)
def test_everything_said_is_translated(locale: str) -> None:
    entries = {(entry.context, entry.id): entry.string for entry in catalogue(locale)}

    untranslated = [each for each in SAYINGS if not entries.get((each.context, each.text))]
    assert untranslated == [], "run `python -m usecases.catalogues`, then fill in locales/"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_is_translated_that_is_no_longer_said(locale: str) -> None:
    said = {(each.context, each.text) for each in SAYINGS}

    stale = [
        each.id for each in catalogue(locale) if each.id and (each.context, each.id) not in said
    ]
    assert stale == [], "run `python -m usecases.catalogues`"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_have_the_placeholders_of_their_message(locale: str) -> None:
    differing = [
        each.id
        for each in catalogue(locale)
        if each.string and placeholders(str(each.id)) != placeholders(str(each.string))
    ]
    assert differing == []


def test_placeholders_are_names_and_nothing_more() -> None:
    odd = [
        each
        for each in SAYINGS
        for hole in placeholders(each.text)
        if not re.match(r"\{\w+\}", hole)
    ]
    assert odd == []


def test_messages_of_errors_are_written_where_they_are_raised() -> None:
    assert unreadable() == []


def test_the_source_is_read_at_all() -> None:
    assert Saying("action", "approve", "domain/purchase_orders/__init__.py") in SAYINGS
    assert Saying("document", "Vendor", "rest/waqti/pdf.py") in SAYINGS
    assert any(
        each.text == "cannot {action} while {status}" and each.place == "domain/kit/lifecycle.py"
        for each in SAYINGS
    )
