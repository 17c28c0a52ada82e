"""Master data: what is needed, what is recorded, what makes no sense."""

from datetime import timedelta
from typing import Any

import pytest

from domain.departments import Department
from domain.kit.errors import RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.kit.record import Record, given_fields
from domain.projects import Project
from domain.suppliers import Supplier, SupplierContact, SupplierStatus
from domain.users import Role, User
from tests import make
from tests.make import NOON

LATER = NOON + timedelta(days=1)
LEAST: dict[type[Record], dict[str, Any]] = {
    Department: {"code": "OPS", "name": "Operations"},
    Project: {"code": "P1", "name": "Refurbishment"},
    Supplier: {"name": "Office Supplies Co."},
    Role: {"code": "buyer", "name": "Buyer"},
    User: {"name": "Bea Buyer", "email": "bea@example.com"},
}


@pytest.mark.parametrize("kind", LEAST)
def test_a_record_needs_its_required_fields_and_no_other(kind: type[Record]) -> None:
    record = kind.create(LEAST[kind], NOON)

    assert (record.version, record.created_at, record.updated_at) == (1, NOON, NOON)
    [event] = record.pull_events()
    assert (event.action, event.subject_id) == (f"{kind.kind}.created", record.id)
    assert event.changes == {name: (None, value) for name, value in LEAST[kind].items()}


@pytest.mark.parametrize(
    ("kind", "name"), [(k, name) for k, given in LEAST.items() for name in given]
)
@pytest.mark.parametrize("nothing", [{}, None, "", "  "])
def test_a_record_without_a_required_field_is_refused(
    kind: type[Record], name: str, nothing: str | dict[str, Any] | None
) -> None:
    given = {n: v for n, v in LEAST[kind].items() if n != name}
    if nothing != {}:
        given[name] = nothing

    with pytest.raises(RuleBroken) as caught:
        kind.create(given, NOON)

    assert caught.value.path == (name,)


@pytest.mark.parametrize("kind", LEAST)
def test_all_that_is_missing_is_named_at_once(kind: type[Record]) -> None:
    with pytest.raises(RuleBroken) as caught:
        kind.create({}, NOON)

    assert [problem.path for problem in caught.value.problems] == [(name,) for name in LEAST[kind]]


def nullable(kind: type[Record], name: str) -> bool:
    return "None" in str(given_fields(kind)[name].type)


NEVER_NULL = [
    (kind, name) for kind in LEAST for name in given_fields(kind) if not nullable(kind, name)
]


@pytest.mark.parametrize(("kind", "name"), NEVER_NULL)
def test_what_always_has_a_value_cannot_be_made_null(kind: type[Record], name: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        kind.create(LEAST[kind] | {name: None}, NOON)
    assert (caught.value.path, caught.value.message) == ((name,), "this must not be empty")

    record = kind.create(LEAST[kind], NOON)
    record.pull_events()
    with pytest.raises(RuleBroken) as caught:
        record.update({name: None}, LATER)
    assert (caught.value.path, caught.value.message) == ((name,), "this must not be empty")
    assert record.pull_events() == []


@pytest.mark.parametrize("kind", LEAST)
def test_a_field_that_there_is_not_is_a_bug(kind: type[Record]) -> None:
    with pytest.raises(TypeError):
        kind.create(LEAST[kind] | {"colour": "red"}, NOON)


def test_only_what_differs_is_recorded() -> None:
    supplier = make.supplier(category="Paper")
    supplier.pull_events()

    supplier.update({"name": "Office Supplies Co.", "category": "Office"}, LATER)

    [event] = supplier.pull_events()
    assert (event.action, event.at) == ("supplier.updated", LATER)
    assert event.changes == {"category": ("Paper", "Office")}
    assert supplier.updated_at == LATER


def test_an_update_that_changes_nothing_is_not_recorded() -> None:
    supplier = make.supplier()
    supplier.pull_events()

    supplier.update({"name": "Office Supplies Co.", "category": None}, LATER)

    assert supplier.pull_events() == []
    assert supplier.updated_at == NOON


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"name": "x" * 201}, ("name",), "this is longer than 200 characters"),
        ({"email": "nobody"}, ("email",), "nobody is no e-mail address"),
        ({"currency": "RIY"}, ("currency",), "RIY is no ISO 4217 currency code"),
        ({"payment_terms": -1}, ("payment_terms",), "this must be 0 or more"),
        ({"payment_terms": 3651}, ("payment_terms",), "this must be 3650 or less"),
        (
            {"contacts": [SupplierContact(name="Sal"), SupplierContact(name="")]},
            ("contacts", 1, "name"),
            "this must not be empty",
        ),
        (
            {"contacts": [SupplierContact(name="Sal", email="@")]},
            ("contacts", 0, "email"),
            "@ is no e-mail address",
        ),
    ],
)
def test_a_supplier_that_makes_no_sense_is_refused(
    given: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        make.supplier(**given)
    assert (caught.value.path, caught.value.message) == (path, message)

    supplier = make.supplier()
    supplier.pull_events()
    with pytest.raises(RuleBroken):
        supplier.update(given, LATER)
    assert supplier.pull_events() == []


def test_a_supplier_is_active_unless_told_otherwise() -> None:
    assert make.supplier().status is SupplierStatus.ACTIVE


def test_a_user_mentions_roles_by_their_place() -> None:
    first, second = new_id(), new_id()

    assert make.user(role_ids=[first, second]).mentions() == [
        (Role, first, ("role_ids", 0)),
        (Role, second, ("role_ids", 1)),
    ]


def test_only_the_version_last_seen_can_be_changed() -> None:
    supplier = make.supplier()

    supplier.expect(None)
    supplier.expect(1)
    with pytest.raises(VersionConflict, match="you saw version 2, it is now 1") as caught:
        supplier.expect(2)
    assert caught.value.path == ("expected_version",)
