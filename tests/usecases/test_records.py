"""Master data: created and updated by whoever may, within the organization."""

from typing import Any

import asyncpg
import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator
from domain.approvals.workflows import ApprovalWorkflow, Approver, ApproverKind, WorkflowStep
from domain.callers import Permission
from domain.departments import Department
from domain.kit.errors import Forbidden, NotFound, RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.kit.record import Record
from domain.projects import Project
from domain.suppliers import Supplier, SupplierContact, SupplierStatus
from domain.users import Role, User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.orders import done
from usecases.kit import run
from usecases.records import CreateRecord, UpdateRecord

GIVEN: dict[type[Record], dict[str, Any]] = {
    Supplier: {"name": "Paper Mill", "code": "S-1"},
    Department: {"name": "Sales", "code": "SAL"},
    Project: {"name": "Move", "code": "P-1"},
    Role: {"name": "Clerk", "code": "clerk", "permissions": [Permission.SUPPLIERS_READ]},
    User: {"name": "Uma User", "email": "uma@example.com"},
    ApprovalWorkflow: {
        "name": "Usual",
        "steps": [WorkflowStep(name="x", approver=Approver(kind=ApproverKind.PROJECT_OWNER))],
    },
}
TABLES = {kind: f"{kind.kind}s" for kind in GIVEN}
# What may not be taken twice.
UNIQUE: list[tuple[type[Record], str]] = [
    (Supplier, "code"),
    (Department, "code"),
    (Project, "code"),
    (Role, "code"),
    (User, "email"),
    (ApprovalWorkflow, "name"),
]


@pytest.mark.parametrize("kind", GIVEN)
async def test_a_record_is_created_and_updated_with_its_trail(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, kind: type[Record]
) -> None:
    created = await done(CreateRecord(kind=kind, given=GIVEN[kind]), world, storage)
    update = UpdateRecord(
        kind=kind, id=created.id, given={"name": "Another name"}, expected_version=1
    )
    updated = await done(update, world, storage)

    assert updated.version == 2
    query = f"SELECT name, version FROM {TABLES[kind]} WHERE id = $1"  # noqa: S608
    assert [*await owner.fetchrow(query, created.id)] == ["Another name", 2]
    assert await actions(owner, created.id) == [f"{kind.kind}.created", f"{kind.kind}.updated"]
    last = (await entries(owner, created.id))[-1]
    assert last["changes"] == f'{{"name": ["{GIVEN[kind]["name"]}", "Another name"]}}'


@pytest.mark.parametrize("kind", GIVEN)
async def test_managing_records_takes_their_own_permission(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, kind: type[Record]
) -> None:
    powerless = world.caller(permissions=frozenset(Permission) - {kind.managed_with})

    async with unchanged(owner, world):
        with pytest.raises(Forbidden):
            await run(CreateRecord(kind=kind, given=GIVEN[kind]), powerless, storage)
        with pytest.raises(Forbidden):
            await run(UpdateRecord(kind=kind, id=new_id(), given={}), powerless, storage)


@pytest.mark.parametrize("kind", GIVEN)
async def test_a_record_of_another_organization_is_not_found(
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    kind: type[Record],
) -> None:
    theirs = await done(CreateRecord(kind=kind, given=GIVEN[kind]), other_world, storage)

    async with unchanged(owner, other_world):
        with pytest.raises(NotFound, match=f"no such record: {kind.prefix}_{theirs.id.hex}"):
            await done(
                UpdateRecord(kind=kind, id=theirs.id, given={"name": "Ours"}), world, storage
            )


@pytest.mark.parametrize("kind", GIVEN)
async def test_whoever_saw_an_older_version_changes_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, kind: type[Record]
) -> None:
    created = await done(CreateRecord(kind=kind, given=GIVEN[kind]), world, storage)
    stale = UpdateRecord(kind=kind, id=created.id, given={"name": "New"}, expected_version=7)

    async with unchanged(owner, world):
        with pytest.raises(VersionConflict, match="you saw version 7, it is now 1"):
            await done(stale, world, storage)


@pytest.mark.parametrize(("kind", "column"), UNIQUE)
async def test_what_is_unique_in_an_organization_is_taken_once(
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    kind: type[Record],
    column: str,
) -> None:
    create = CreateRecord(kind=kind, given=GIVEN[kind])
    await done(create, world, storage)
    await done(create, other_world, storage)
    other = {"email": "b@example.com"}.get(column, "another")
    second = await done(
        CreateRecord(kind=kind, given=GIVEN[kind] | {column: other}), world, storage
    )

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this is taken already") as caught:
            await done(create, world, storage)
        assert caught.value.path == (column,)
        rename = UpdateRecord(kind=kind, id=second.id, given={column: GIVEN[kind][column]})
        with pytest.raises(RuleBroken, match="this is taken already") as caught:
            await done(rename, world, storage)
        assert caught.value.path == (column,)


async def test_suppliers_without_a_code_are_not_alike(storage: SqlStorage, world: World) -> None:
    create = CreateRecord(kind=Supplier, given={"name": "Paper Mill"})

    first, second = await done(create, world, storage), await done(create, world, storage)

    assert first.id != second.id
    assert (first.waqti_id, second.waqti_id) == (2, 3)


@pytest.mark.parametrize(("kind", "column"), [(Department, "head_id"), (Project, "owner_id")])
async def test_heads_and_owners_are_users_of_the_organization(
    storage: SqlStorage,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    kind: type[Record],
    column: str,
) -> None:
    given = GIVEN[kind] | {column: other_world.buyer.id}

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="no such record in this organization") as caught:
            await done(CreateRecord(kind=kind, given=given), world, storage)

    assert caught.value.path == (column,)


async def test_everything_that_a_workflow_names_must_be_there(
    storage: SqlStorage, world: World, other_world: World, owner: asyncpg.Connection
) -> None:
    def among(field: ConditionField, id: str) -> Condition:
        return Condition(field=field, operator=ConditionOperator.IN, values=[id])

    theirs = other_world
    given = {
        "name": "Theirs",
        "conditions": [
            among(ConditionField.SUPPLIER, f"sup_{theirs.supplier.id.hex}"),
            among(ConditionField.DEPARTMENT, f"dep_{theirs.department.id.hex}"),
            among(ConditionField.PROJECT, f"prj_{theirs.project.id.hex}"),
        ],
        "steps": [
            make.step(theirs.buyer.id),
            WorkflowStep(
                name="x", approver=Approver(kind=ApproverKind.ROLE, role_id=theirs.role.id)
            ),
        ],
    }

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="no such id") as caught:
            await done(CreateRecord(kind=ApprovalWorkflow, given=given), world, storage)

    assert {(p.path, p.params["id"]) for p in caught.value.problems} == {
        (("conditions", 0, "values", 0), f"sup_{theirs.supplier.id.hex}"),
        (("conditions", 1, "values", 0), f"dep_{theirs.department.id.hex}"),
        (("conditions", 2, "values", 0), f"prj_{theirs.project.id.hex}"),
        (("steps", 0, "approver", "user_id"), f"usr_{theirs.buyer.id.hex}"),
        (("steps", 1, "approver", "role_id"), f"rol_{theirs.role.id.hex}"),
    }


async def test_users_have_roles_of_their_organization(
    storage: SqlStorage, world: World, other_world: World, owner: asyncpg.Connection
) -> None:
    given = GIVEN[User] | {"role_ids": [world.role.id, other_world.role.id]}

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="no such id") as caught:
            await done(CreateRecord(kind=User, given=given), world, storage)

    assert caught.value.path == ("role_ids", 1)


async def test_what_a_record_holds_comes_back_as_it_was(
    storage: SqlStorage, world: World, save: Save
) -> None:
    contacts = [SupplierContact(name="سلمى", email="s@example.com"), SupplierContact(name="Sam")]
    supplier = make.supplier(
        status=SupplierStatus.INACTIVE, payment_terms=30, contacts=contacts, currency="KWD"
    )
    conditions = [
        Condition(field=ConditionField.AMOUNT, operator=ConditionOperator.AT_LEAST, values=["0.5"])
    ]
    workflow = make.approval_workflow(make.step(world.buyer.id), conditions=conditions)
    role = make.role(permissions=[Permission.SUPPLIERS_READ])
    await save(supplier, workflow, role)

    reads = storage.reads(world.caller())
    kept = (await reads.suppliers.by_ids([supplier.id]))[supplier.id]
    routing = (await reads.approval_workflows.by_ids([workflow.id]))[workflow.id]
    kept_role = (await reads.roles.by_ids([role.id]))[role.id]
    await reads.close()
    async with storage.begin(world.caller()) as uow:
        loaded = await uow.records(Supplier).get(supplier.id)
        loaded_workflow = await uow.records(ApprovalWorkflow).get(workflow.id)

    assert (kept.contacts, kept.status, kept.payment_terms) == (
        contacts,
        SupplierStatus.INACTIVE,
        30,
    )
    assert (loaded.contacts, loaded.status, loaded.currency) == (
        contacts,
        SupplierStatus.INACTIVE,
        "KWD",
    )
    assert routing.conditions == loaded_workflow.conditions == conditions
    assert routing.steps == loaded_workflow.steps == workflow.steps
    assert kept_role.permissions == [Permission.SUPPLIERS_READ]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("name", ("given", "name")),
        ("contacts", ("given", "contacts", 0, "name")),
    ],
)
async def test_what_cannot_be_stored_is_refused_wherever_it_is(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    text: str,
    name: str,
    path: tuple[str | int, ...],
) -> None:
    value = [SupplierContact(name=text)] if name == "contacts" else text
    create = CreateRecord(kind=Supplier, given={"name": "Paper Mill"} | {name: value})

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="characters that cannot be stored") as caught:
            await done(create, world, storage)

    assert caught.value.path == path
