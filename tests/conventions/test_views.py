"""The graph's types are views of rows: what their declarations say must fit the rows."""

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from strawberry.types.base import (
    StrawberryContainer,
    StrawberryObjectDefinition,
    StrawberryOptional,
)
from strawberry.types.lazy_type import LazyType

from domain.callers import Caller
from domain.webhook_endpoints.events import EVENTS
from persistence.mapping import AGGREGATES, KINDS_OF
from schema import schema
from schema.kit.errors import Outcome
from schema.kit.mutations import Verb
from schema.kit.nodes import Subject
from schema.kit.relations import DECLARED, Computed, Relation
from schema.kit.views import KINDS, PREFIXES, VIEWS
from usecases.reads.events import RecordKind
from usecases.reads.kit import Page
from usecases.webhook_endpoints import needed_to_read

DEFINITIONS: Mapping[str, Any] = {
    name: known.definition
    for name, known in schema.schema_converter.type_map.items()
    if isinstance(known.definition, StrawberryObjectDefinition) and not known.definition.is_input
}
FIELDS: Mapping[str, Any] = {
    f"{name}.{field.name}": (definition, field)
    for name, definition in DEFINITIONS.items()
    for field in definition.fields
}
RELATIONS = {
    name: field.metadata[DECLARED]
    for name, (_, field) in FIELDS.items()
    if isinstance(field.metadata.get(DECLARED), Relation)
}
PLAIN = [name for name, (_, field) in FIELDS.items() if field.base_resolver is None]
ROOTS = ("Query", "Mutation", "Subscription")
MADE = {"UserError", "FieldChange", "LegacyId"}  # made as they are shown
# Everybody may know who they are themselves, and for which company they work.
YOURSELF = {"Viewer.user", "Viewer.organization"}
GUARDED_INSIDE = {
    "Query.viewer",
    "Query.node",
    "Query.nodes",
    "Query.node_by_legacy_id",
    "Query.changes",
    "Subscription.events",
}


def row_of(type_name: str) -> Any:
    """The class of the rows that a type shows."""
    if type_name.endswith("Payload"):
        return Outcome
    bases = DEFINITIONS[type_name].origin.__mro__
    return next((VIEWS[base] for base in bases if base in VIEWS), None)


def seen_by(name: str) -> Any:
    """The class that a field shows, without lists and nulls."""
    definition, field = FIELDS[name]
    shown = field.resolve_type(type_definition=definition)
    while isinstance(shown, StrawberryContainer):
        shown = shown.of_type
    return shown.resolve_type() if isinstance(shown, LazyType) else shown


def loaded_by(relation: Relation) -> Any:
    """The class of the rows that a question answers with."""
    _key, answer = get_args(get_type_hints(relation.contract())["return"])
    return get_args(answer)[0] if get_origin(answer) is Sequence else answer


def hint_of(row: Any, name: str) -> Any:
    """The type of a row's column or property."""
    row = get_origin(row) or row
    member = getattr(row, name, None)
    return get_type_hints(member.fget if isinstance(member, property) else row)[
        "return" if isinstance(member, property) else name
    ]


@pytest.mark.parametrize("name", PLAIN)
def test_plain_fields_exist_on_the_row(name: str) -> None:
    type_name, _ = name.split(".")
    definition, field = FIELDS[name]
    row = row_of(type_name)
    if type_name in MADE:
        assert row is None
        return

    hint = hint_of(row, field.python_name)
    shown = field.resolve_type(type_definition=definition)

    assert isinstance(shown, StrawberryOptional) == (NoneType in get_args(hint))


@pytest.mark.parametrize("name", RELATIONS)
def test_relations_load_the_rows_their_view_shows(name: str) -> None:
    seen = seen_by(name)

    assert loaded_by(RELATIONS[name]) == VIEWS.get(seen, seen)


@pytest.mark.parametrize("name", RELATIONS)
def test_relations_are_keyed_by_a_column_of_the_row(name: str) -> None:
    type_name, _ = name.split(".")
    by = RELATIONS[name].by

    if isinstance(by, str):
        assert hint_of(row_of(type_name), by)
    else:
        assert type_name in ROOTS


@pytest.mark.parametrize("name", sorted(RELATIONS.keys() - YOURSELF))
def test_relations_need_what_node_needs(name: str) -> None:
    """No way around the permission that guards a record; a payload has passed a use case."""
    type_name, _ = name.split(".")
    loaded = loaded_by(RELATIONS[name])
    row = get_args(loaded)[0] if get_origin(loaded) is Page else loaded
    if PREFIXES.get(row) in KINDS and not type_name.endswith("Payload"):
        assert RELATIONS[name].needs == KINDS[PREFIXES[row]].needs


def test_only_the_viewer_is_exempt() -> None:
    assert row_of("Viewer") is Caller
    assert RELATIONS.keys() >= YOURSELF


def test_below_the_root_everything_is_declared() -> None:
    resolved = {
        name
        for name, (_, field) in FIELDS.items()
        if field.base_resolver is not None
        and not isinstance(field.metadata.get(DECLARED), Relation | Computed | Subject)
        and name.split(".")[0] not in ROOTS
    }

    assert resolved == set()


def test_every_mutation_is_declared() -> None:
    resolved = {
        name
        for name, (_, field) in FIELDS.items()
        if name.startswith("Mutation.") and not isinstance(field.metadata.get(DECLARED), Verb)
    }

    assert resolved == set()


def test_every_root_query_says_what_it_needs() -> None:
    silent = {
        name
        for name, (_, field) in FIELDS.items()
        if name.startswith(("Query.", "Subscription."))
        and field.metadata.get("needs") is None
        and getattr(field.metadata.get(DECLARED), "needs", None) is None
    }

    assert silent == GUARDED_INSIDE


def test_events_tell_of_every_kind_of_record_that_has_a_node() -> None:
    """A new aggregate is a line in RecordKind, too."""
    shown_as_their_kinds = {base for base, _ in KINDS_OF.values()}
    kinds = AGGREGATES.keys() - shown_as_their_kinds
    with_a_node = {kind.kind for kind in kinds if kind.prefix in KINDS}

    assert {*RecordKind} == with_a_node


def test_webhooks_need_what_node_needs() -> None:
    shown_as_their_kinds = {base for base, _ in KINDS_OF.values()}
    kinds = AGGREGATES.keys() - shown_as_their_kinds
    with_a_node = {kind.kind: KINDS[kind.prefix].needs for kind in kinds if kind.prefix in KINDS}

    assert {kind: needed_to_read(kind) for kind in with_a_node} == with_a_node
    assert with_a_node.keys() == EVENTS.keys()


SUBJECTS = {
    name: field.metadata[DECLARED]
    for name, (_, field) in FIELDS.items()
    if isinstance(field.metadata.get(DECLARED), Subject)
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_subjects_are_found_by_columns_of_the_row(name: str) -> None:
    type_name, _ = name.split(".")
    declared = SUBJECTS[name]

    assert hint_of(row_of(type_name), declared.kind) is RecordKind
    assert hint_of(row_of(type_name), declared.by) is UUID
