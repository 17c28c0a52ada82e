"""Suppliers, departments, projects, users, roles, workflows and credentials through the graph."""

from typing import Any

import asyncpg
import pytest

from domain.callers import Permission
from domain.kit.record import Record
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public

SUPPLIER = """{ version name nameAr code status category taxId registrationNumber email phone
  address paymentTerms currency bankName bankAccount contacts { name email phone role }
  performanceScore }"""


async def test_a_supplier_is_created_with_everything_and_changed_in_part(do: Ask) -> None:
    given = {
        "name": "Paper & Co.",
        "nameAr": "الورق",
        "code": "P-1",
        "category": "Paper",
        "taxId": "300000000000003",
        "registrationNumber": "1010",
        "email": "sales@paper.example",
        "phone": "+966 1",
        "address": "Riyadh",
        "paymentTerms": 30,
        "currency": "SAR",
        "bankName": "Bank",
        "bankAccount": "SA03",
        "contacts": [{"name": "Pia", "email": "pia@paper.example", "phone": None, "role": "sales"}],
    }
    created = await do("supplierCreate", given, "{ id }")
    id = created["supplier"]["id"]
    change = {"id": id, "status": "BLOCKED", "code": None, "contacts": [], "expectedVersion": 1}

    payload = await do("supplierUpdate", change, SUPPLIER)

    assert payload["errors"] == []
    assert payload["supplier"] == given | {
        "version": 2,
        "status": "BLOCKED",
        "code": None,
        "contacts": [],
        "performanceScore": None,
    }


@pytest.mark.parametrize(
    ("kind", "given", "change", "seen"),
    [
        ("department", {"code": "IT", "name": "IT", "headId": "user"}, {"headId": None}, "head"),
        ("project", {"code": "P", "name": "P", "ownerId": "user"}, {"ownerId": None}, "owner"),
    ],
)
async def test_departments_and_projects_have_somebody_who_approves(
    do: Ask, world: World, kind: str, given: dict[str, str], change: dict[str, None], seen: str
) -> None:
    input = {
        key: public(world.approver) if value == "user" else value for key, value in given.items()
    }
    record = f"{{ id name archived {seen} {{ name }} }}"

    created = (await do(f"{kind}Create", input, record))[kind]
    id = {"id": created["id"]}
    changed = (await do(f"{kind}Update", id | change | {"archived": True}, record))[kind]

    assert created == id | {
        "name": given["name"],
        "archived": False,
        seen: {"name": "Abe Approver"},
    }
    assert changed == created | {"archived": True, seen: None}


async def test_a_user_gets_roles_and_their_permissions(do: Ask) -> None:
    can = {"code": "reader", "name": "Reader", "permissions": ["SUPPLIERS_READ"]}
    role = (await do("roleCreate", can, "{ id code name permissions }"))["role"]
    who = {"name": "Rae Reader", "email": "rae@example.com", "roleIds": [role["id"]]}

    created = await do("userCreate", who, "{ id name email active roles { id permissions } }")
    left = {"id": created["user"]["id"], "active": False, "roleIds": []}
    changed = await do("userUpdate", left, "{ name active roles { id } }")
    more = {"id": role["id"], "permissions": ["SUPPLIERS_READ", "PROJECTS_READ"]}
    widened = await do("roleUpdate", more, "{ version permissions }")

    assert role.items() >= can.items()
    assert created["user"].pop("id") == left["id"]
    assert created["user"] == {
        "name": "Rae Reader",
        "email": "rae@example.com",
        "active": True,
        "roles": [{"id": role["id"], "permissions": ["SUPPLIERS_READ"]}],
    }
    assert changed["user"] == {"name": "Rae Reader", "active": False, "roles": []}
    assert widened["role"] == {"version": 2, "permissions": ["SUPPLIERS_READ", "PROJECTS_READ"]}


async def test_a_workflow_is_created_and_read_back(do: Ask, world: World) -> None:
    steps: list[dict[str, Any]] = [
        {"name": "Head", "approver": {"kind": "DEPARTMENT_HEAD"}},
        {"name": "Role", "approver": {"kind": "ROLE", "roleId": public(world.role)}},
        {
            "name": "Somebody",
            "approver": {"kind": "USER", "userId": public(world.approver)},
            "conditions": [{"field": "AMOUNT", "operator": "AT_LEAST", "values": ["50000"]}],
        },
    ]
    conditions = [{"field": "SUPPLIER", "operator": "IN", "values": [public(world.supplier)]}]
    seen = """{ id name documentType priority active conditions { field operator values }
      steps { name approver { kind user { name } role { name } }
        conditions { field operator values } } }"""

    created = await do(
        "approvalWorkflowCreate", {"name": "Usual", "conditions": conditions, "steps": steps}, seen
    )
    workflow = created["approvalWorkflow"]
    update = {"id": workflow["id"], "active": False, "priority": 5, "conditions": []}
    changed = await do("approvalWorkflowUpdate", update, seen)

    assert created["errors"] == changed["errors"] == []
    assert workflow == {
        "id": update["id"],
        "name": "Usual",
        "documentType": "PURCHASE_ORDER",
        "priority": 100,
        "active": True,
        "conditions": conditions,
        "steps": [
            {
                "name": "Head",
                "approver": {"kind": "DEPARTMENT_HEAD", "user": None, "role": None},
                "conditions": [],
            },
            {
                "name": "Role",
                "approver": {"kind": "ROLE", "user": None, "role": {"name": "Approver"}},
                "conditions": [],
            },
            {
                "name": "Somebody",
                "approver": {"kind": "USER", "user": {"name": "Abe Approver"}, "role": None},
                "conditions": steps[2]["conditions"],
            },
        ],
    }
    assert changed["approvalWorkflow"] == workflow | update


async def test_the_organization_sets_what_holds_for_all(do: Ask, world: World) -> None:
    given = {"id": public(world.organization), "vatRate": "5", "ownApproval": True}

    payload = await do("organizationUpdate", given, "{ version vatRate ownApproval timeZone }")

    assert payload["organization"] == {
        "version": 2,
        "vatRate": "5",
        "ownApproval": True,
        "timeZone": "Asia/Riyadh",
    }


async def test_a_credential_shows_its_secret_once_and_is_revoked(
    ask: Ask, do: Ask, world: World
) -> None:
    create = """mutation ($input: ApiCredentialCreateInput!, $dryRun: Boolean, $key: String) {
      apiCredentialCreate(input: $input, dryRun: $dryRun, idempotencyKey: $key) {
        secret errors { message } apiCredential { id hint channel permissions user { name }
          revokedAt version } } }"""
    given: dict[str, Any] = {"userId": public(world.buyer), "name": "A program"}
    given |= {"dialect": "WAQTI", "abilities": ["READ"]}

    first = (await ask(create, input=given, key="k"))["apiCredentialCreate"]
    again = (await ask(create, input=given, key="k"))["apiCredentialCreate"]
    id = first["apiCredential"]["id"]
    revoked = await do("apiCredentialRevoke", {"id": id, "expectedVersion": 1}, "{ revokedAt }")

    assert first["secret"].endswith(first["apiCredential"]["hint"])
    assert first["secret"].split("|")[0].isdigit()
    assert again == first | {"secret": None}
    assert first["apiCredential"].items() >= {"channel": "WAQTI", "revokedAt": None}.items()
    assert "PURCHASE_ORDERS_READ" in first["apiCredential"]["permissions"]
    assert "PURCHASE_ORDERS_WRITE" not in first["apiCredential"]["permissions"]
    assert revoked["apiCredential"]["revokedAt"].endswith("Z")


REFUSED: list[tuple[str, dict[str, Any], list[tuple[str, list[str] | None]]]] = [
    ("supplierCreate", {"name": " "}, [("this must not be empty", ["name"])]),
    (
        "supplierCreate",
        {"name": "A", "email": "x", "paymentTerms": -1, "contacts": [{"name": "", "email": "y"}]},
        [
            ("x is no e-mail address", ["email"]),
            ("this must be 0 or more", ["paymentTerms"]),
            ("this must not be empty", ["contacts", "0", "name"]),
            ("y is no e-mail address", ["contacts", "0", "email"]),
        ],
    ),
    ("departmentCreate", {"code": "", "name": "A"}, [("this must not be empty", ["code"])]),
    ("projectCreate", {"code": "A", "name": ""}, [("this must not be empty", ["name"])]),
    ("userCreate", {"name": "A", "email": "a"}, [("a is no e-mail address", ["email"])]),
    ("roleCreate", {"code": "A", "name": ""}, [("this must not be empty", ["name"])]),
    ("approvalWorkflowCreate", {"name": "A", "steps": []}, [("this must not be empty", ["steps"])]),
    (
        "approvalWorkflowCreate",
        {"name": "A", "steps": [{"name": "B", "approver": {"kind": "USER"}}]},
        [("this is needed for approvers of the kind USER", ["steps", "0", "approver", "userId"])],
    ),
]


@pytest.mark.parametrize(("mutation", "given", "errors"), REFUSED)
async def test_everything_that_is_wrong_is_said_at_once_and_where(
    do: Ask, world: World, owner: asyncpg.Connection, mutation: str, given: Any, errors: Any
) -> None:
    async with unchanged(owner, world):
        payload = await do(mutation, given)

    assert payload.pop("errors") == [
        {"code": "VALIDATION", "message": message, "path": path} for message, path in errors
    ]
    assert [*payload.values()] == [None]


@pytest.mark.parametrize("code", ["department", "project", "role"])
async def test_codes_are_unique(
    do: Ask, world: World, owner: asyncpg.Connection, code: str
) -> None:
    record: Any = getattr(world, code)

    async with unchanged(owner, world):
        payload = await do(f"{code}Create", {"code": record.code, "name": "Again"})

    assert payload["errors"] == [
        {"code": "VALIDATION", "message": "this is taken already", "path": ["code"]}
    ]


@pytest.mark.parametrize("kind", ["supplier", "department", "project", "user", "role"])
async def test_a_name_cannot_be_emptied(
    do: Ask, world: World, owner: asyncpg.Connection, kind: str
) -> None:
    record: Record = world.buyer if kind == "user" else getattr(world, kind)

    async with unchanged(owner, world):
        payload = await do(f"{kind}Update", {"id": public(record), "name": None})

    assert payload["errors"] == [
        {"code": "VALIDATION", "message": "this must not be empty", "path": ["name"]}
    ]


async def test_nobody_gives_what_they_do_not_have(
    do: Ask, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    reader = make.role(permissions=[Permission.SUPPLIERS_READ])
    await save(reader)
    few = frozenset({Permission.USERS_WRITE, Permission.USERS_READ})
    by = world.caller(permissions=few)
    given = {"code": "x", "name": "X", "permissions": ["USERS_READ", "SUPPLIERS_READ"]}
    missing = "this takes the permission suppliers:read"

    async with unchanged(owner, world):
        role = await do("roleCreate", given, as_=by)
        user = await do(
            "userUpdate", {"id": public(world.buyer), "roleIds": [public(reader)]}, as_=by
        )

    for payload in (role, user):
        assert [(e["code"], e["message"]) for e in payload["errors"]] == [("FORBIDDEN", missing)]
