"""Drafting purchase orders: parties, currencies, lines, versions; and what refuses them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.kit.errors import IllegalMove, NotFound, RuleBroken, VersionConflict
from domain.kit.ids import new_id
from domain.purchase_orders import (
    NewPurchaseOrderAttachment,
    PurchaseOrderLineChange,
    PurchaseOrderStatus,
)
from domain.suppliers import SupplierStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.orders import approved, done, drafted
from usecases.kit import run
from usecases.purchase_orders import (
    AddPurchaseOrderLine,
    CancelPurchaseOrder,
    ClonePurchaseOrder,
    DeletePurchaseOrder,
    DeletePurchaseOrderLine,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
    UpdatePurchaseOrderLine,
)

YEAR = datetime.now(UTC).year


async def stored(owner: asyncpg.Connection, id: UUID) -> asyncpg.Record:
    row = await owner.fetchrow("SELECT * FROM purchase_orders WHERE id = $1", id)
    assert row is not None
    return row


async def stored_lines(owner: asyncpg.Connection, id: UUID) -> list[tuple[Any, ...]]:
    rows = await owner.fetch(
        "SELECT position, description, quantity, total FROM purchase_order_lines"
        " WHERE order_id = $1 ORDER BY position",
        id,
    )
    return [tuple(row) for row in rows]


async def test_an_order_is_kept_with_everything_it_was_given(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(
        world,
        storage,
        currency="KWD",
        exchange_rate=Decimal("12.2"),
        notes="soon",
        delivery_address="Gate 7",
        expected_delivery_date=date(2026, 3, 1),
        lines=[make.line(), make.line(description="حبر", quantity=Decimal("0.5"), vat_rate=None)],
        attachments=[NewPurchaseOrderAttachment(name="a.pdf", url="https://files.example/1")],
    )

    row = await stored(owner, order.id)
    expected = {
        "number": f"PO-{YEAR}-0001",
        "status": "DRAFT",
        "version": 1,
        "supplier_id": world.supplier.id,
        "department_id": world.department.id,
        "project_id": world.project.id,
        "created_by_id": world.buyer.id,
        "currency": "KWD",
        "base_currency": "SAR",
        "exchange_rate": Decimal("12.2"),
        "notes": "soon",
        "delivery_address": "Gate 7",
        "expected_delivery_date": date(2026, 3, 1),
        "subtotal": Decimal(25),
        "vat_amount": Decimal("3.75"),
        "total": Decimal("28.75"),
        "base_total": Decimal("350.75"),
        "line_count": 2,
        "pending_approver_ids": [],
        "waqti_id": 1,
        "shoplazza_id": 10**17 + 1,
    }
    assert {name: row[name] for name in expected} == expected
    assert await stored_lines(owner, order.id) == [
        (1, "Printer paper", Decimal(2), Decimal(23)),
        (2, "حبر", Decimal("0.5"), Decimal("5.75")),
    ]
    files = "SELECT position, name, url FROM purchase_order_attachments WHERE order_id = $1"
    assert [tuple(file) for file in await owner.fetch(files, order.id)] == [
        (1, "a.pdf", "https://files.example/1")
    ]


async def test_the_figures_of_the_sample_order(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(
        world,
        storage,
        lines=[
            make.line(quantity=Decimal(100), unit_price=Decimal(25), vat_rate=None),
            make.line(quantity=Decimal(20), unit_price=Decimal(150), vat_rate=None),
        ],
    )

    row = await stored(owner, order.id)
    assert [row["subtotal"], row["vat_amount"], row["total"]] == [5500, 825, 6325]
    line = "SELECT vat_amount, total FROM purchase_order_lines WHERE order_id = $1 AND position = 1"
    assert [*await owner.fetchrow(line, order.id)] == [Decimal(375), Decimal(2875)]


async def test_an_order_without_a_currency_is_in_the_base_currency(
    storage: SqlStorage, world: World
) -> None:
    order = await drafted(world, storage)

    assert (order.currency, order.exchange_rate) == ("SAR", Decimal(1))
    assert order.base_total == order.total == Decimal(23)


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"supplier_id": new_id()}, ("supplier_id",), "no such supplier"),
        ({"department_id": new_id()}, ("department_id",), "no such department"),
        ({"project_id": new_id()}, ("project_id",), "no such project"),
        ({"currency": "EUR"}, ("exchange_rate",), "a foreign currency needs an exchange rate"),
        (
            {"currency": "XYZ", "exchange_rate": 1},
            ("currency",),
            "XYZ is no ISO 4217 currency code",
        ),
        ({"exchange_rate": 2}, ("exchange_rate",), "this must be 1 for the base currency"),
        ({"notes": "a\x00b"}, ("notes",), "this holds characters that cannot be stored"),
        (
            {"lines": [make.line(description="\ud800")]},
            ("lines", 0, "description"),
            "this holds characters that cannot be stored",
        ),
    ],
)
async def test_an_order_that_breaks_a_rule_leaves_nothing(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    values: dict[str, Any],
    path: tuple[str | int, ...],
    message: str,
) -> None:
    if "exchange_rate" in values:
        values = values | {"exchange_rate": Decimal(values["exchange_rate"])}
    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await drafted(world, storage, **values)

    assert (caught.value.path, caught.value.message) == (path, message)


@pytest.mark.parametrize("status", [SupplierStatus.BLOCKED, SupplierStatus.INACTIVE])
async def test_only_active_suppliers_are_ordered_from(
    storage: SqlStorage,
    world: World,
    save: Save,
    owner: asyncpg.Connection,
    status: SupplierStatus,
) -> None:
    supplier = make.supplier(status=status)
    await save(supplier)
    message = f"this supplier cannot be ordered from: it is {status}"
    order = await drafted(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match=message):
            await drafted(world, storage, supplier_id=supplier.id)
        update = UpdatePurchaseOrder(id=order.id, supplier_id=supplier.id)
        with pytest.raises(RuleBroken, match=message):
            await run(update, world.caller(), storage)


async def test_archived_departments_and_projects_take_no_orders(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    department, project = make.department(archived=True), make.project(archived=True)
    await save(department, project)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await drafted(world, storage, department_id=department.id, project_id=project.id)

    assert [(p.path, p.message) for p in caught.value.problems] == [
        (("department_id",), "no such department"),
        (("project_id",), "no such project"),
    ]


async def test_what_belongs_to_another_organization_does_not_exist(
    storage: SqlStorage, world: World, other_world: World, owner: asyncpg.Connection
) -> None:
    theirs: dict[str, Any] = {
        "supplier_id": other_world.supplier.id,
        "department_id": other_world.department.id,
        "project_id": other_world.project.id,
    }
    order = await drafted(world, storage)

    async with unchanged(owner, world), unchanged(owner, other_world):
        with pytest.raises(RuleBroken) as caught:
            await drafted(world, storage, **theirs)
        with pytest.raises(RuleBroken):
            await run(UpdatePurchaseOrder(id=order.id, **theirs), world.caller(), storage)
        for usecase in (
            UpdatePurchaseOrder(id=order.id, notes="ours now"),
            DeletePurchaseOrder(id=order.id),
            SubmitPurchaseOrder(id=order.id),
            CancelPurchaseOrder(id=order.id),
            ClonePurchaseOrder(id=order.id),
            AddPurchaseOrderLine(order_id=order.id, line=make.line()),
            DeletePurchaseOrderLine(order_id=order.id, line_id=order.lines[0].id),
        ):
            with pytest.raises(NotFound, match=f"no such record: po_{order.id.hex}"):
                await run(usecase, other_world.caller(), storage)

    assert [p.path for p in caught.value.problems] == [(name,) for name in theirs]


# Updating


async def test_a_draft_is_updated_field_by_field(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage, notes="soon")

    update = UpdatePurchaseOrder(
        id=order.id,
        expected_version=1,
        project_id=None,
        delivery_address="Gate 7",
        lines=[
            PurchaseOrderLineChange(id=order.lines[0].id, quantity=Decimal(3)),
            PurchaseOrderLineChange(
                description="Toner", quantity=Decimal(1), unit_price=Decimal(100)
            ),
        ],
    )
    updated = await done(update, world, storage)

    assert updated.version == 2
    row = await stored(owner, order.id)
    assert (row["project_id"], row["notes"], row["delivery_address"]) == (None, "soon", "Gate 7")
    assert (row["total"], row["line_count"], row["version"]) == (Decimal("149.5"), 2, 2)
    assert await stored_lines(owner, order.id) == [
        (1, "Printer paper", Decimal(3), Decimal("34.5")),
        (2, "Toner", Decimal(1), Decimal(115)),
    ]


async def test_the_trail_says_what_an_update_changed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)

    await done(UpdatePurchaseOrder(id=order.id, notes="soon", project_id=None), world, storage)

    [_, entry] = await entries(owner, order.id)
    assert entry["action"] == "purchase_order.updated"
    assert entry["changes"] == (
        f'{{"notes": [null, "soon"], "project_id": ["{world.project.id}", null]}}'
    )


async def test_an_update_that_changes_nothing_leaves_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage, notes="soon")

    async with unchanged(owner, world):
        same = await done(UpdatePurchaseOrder(id=order.id, notes="soon"), world, storage)

    assert same.version == 1


async def test_another_currency_needs_another_rate(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="a foreign currency needs an exchange rate"):
            await run(UpdatePurchaseOrder(id=order.id, currency="EUR"), world.caller(), storage)

    foreign = UpdatePurchaseOrder(id=order.id, currency="EUR", exchange_rate=Decimal(4))
    assert (await done(foreign, world, storage)).base_total == 92
    home = UpdatePurchaseOrder(id=order.id, currency="SAR")
    assert (await done(home, world, storage)).base_total == 23


@pytest.mark.parametrize("name", ["supplier_id", "department_id", "currency", "exchange_rate"])
async def test_what_an_order_needs_cannot_be_emptied(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, name: str
) -> None:
    order = await drafted(world, storage)
    nothing: dict[str, Any] = {name: None}

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this must not be empty") as caught:
            await run(UpdatePurchaseOrder(id=order.id, **nothing), world.caller(), storage)

    assert caught.value.path == (name,)


async def test_whoever_saw_an_older_version_changes_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)
    await done(UpdatePurchaseOrder(id=order.id, notes="soon"), world, storage)
    line = order.lines[0].id

    async with unchanged(owner, world):
        for usecase in (
            UpdatePurchaseOrder(id=order.id, expected_version=1, notes="late"),
            DeletePurchaseOrder(id=order.id, expected_version=1),
            SubmitPurchaseOrder(id=order.id, expected_version=1),
            CancelPurchaseOrder(id=order.id, expected_version=1),
            AddPurchaseOrderLine(order_id=order.id, expected_version=1, line=make.line()),
            UpdatePurchaseOrderLine(order_id=order.id, expected_version=1, line_id=line, unit="x"),
            DeletePurchaseOrderLine(order_id=order.id, expected_version=1, line_id=line),
        ):
            with pytest.raises(VersionConflict, match="you saw version 1, it is now 2"):
                await run(usecase, world.caller(), storage)

    row = await stored(owner, order.id)
    assert (row["notes"], row["version"]) == ("soon", 2)


async def test_only_drafts_are_changed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    line = order.lines[0].id

    async with unchanged(owner, world):
        for usecase in (
            UpdatePurchaseOrder(id=order.id, notes="late"),
            AddPurchaseOrderLine(order_id=order.id, line=make.line()),
            UpdatePurchaseOrderLine(order_id=order.id, line_id=line, quantity=Decimal(9)),
            DeletePurchaseOrderLine(order_id=order.id, line_id=line),
            DeletePurchaseOrder(id=order.id),
            SubmitPurchaseOrder(id=order.id),
            ClonePurchaseOrder(id=order.id),
        ):
            with pytest.raises(IllegalMove, match="while APPROVED"):
                await run(usecase, world.caller(), storage)


# Lines


async def test_lines_are_added_changed_and_deleted(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)
    toner = make.line(description="Toner", unit_price=Decimal(100), vat_rate=None)
    added = await done(AddPurchaseOrderLine(order_id=order.id, line=toner), world, storage)
    paper, second = (line.id for line in added.lines)

    change = UpdatePurchaseOrderLine(order_id=order.id, line_id=second, quantity=Decimal(1))
    await done(change, world, storage)
    assert await stored_lines(owner, order.id) == [
        (1, "Printer paper", Decimal(2), Decimal(23)),
        (2, "Toner", Decimal(1), Decimal(115)),
    ]

    await done(DeletePurchaseOrderLine(order_id=order.id, line_id=paper), world, storage)
    assert await stored_lines(owner, order.id) == [(1, "Toner", Decimal(1), Decimal(115))]
    row = await stored(owner, order.id)
    assert (row["total"], row["line_count"], row["version"]) == (Decimal(115), 1, 4)
    assert await actions(owner, order.id) == [
        "purchase_order.created",
        "purchase_order.line_added",
        "purchase_order.line_updated",
        "purchase_order.line_deleted",
    ]


@pytest.mark.parametrize("name", ["description", "quantity", "unit_price"])
async def test_a_line_cannot_lose_what_it_needs(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, name: str
) -> None:
    order = await drafted(world, storage)
    nothing: dict[str, Any] = {name: None}
    line = order.lines[0].id

    async with unchanged(owner, world):
        alone = UpdatePurchaseOrderLine(order_id=order.id, line_id=line, **nothing)
        with pytest.raises(RuleBroken, match="this must not be empty") as caught:
            await run(alone, world.caller(), storage)
        assert caught.value.path == (name,)
        among = UpdatePurchaseOrder(
            id=order.id, lines=[PurchaseOrderLineChange(id=line, **nothing)]
        )
        with pytest.raises(RuleBroken, match="this must not be empty") as caught:
            await run(among, world.caller(), storage)
        assert caught.value.path == ("lines", 0, name)


async def test_a_line_of_another_order_is_not_found(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order, other = await drafted(world, storage), await drafted(world, storage)
    theirs = other.lines[0].id

    async with unchanged(owner, world):
        with pytest.raises(NotFound, match="this order has no such line"):
            await done(DeletePurchaseOrderLine(order_id=order.id, line_id=theirs), world, storage)
        with pytest.raises(NotFound, match="this order has no such line"):
            await done(
                UpdatePurchaseOrderLine(order_id=order.id, line_id=theirs, unit="x"), world, storage
            )


# Deleting and cloning


async def test_a_deleted_draft_leaves_its_trail_and_its_number_is_not_reused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    attachment = NewPurchaseOrderAttachment(name="a.pdf", url="https://files.example/1")
    order = await drafted(world, storage, attachments=[attachment])

    await done(DeletePurchaseOrder(id=order.id), world, storage)
    following = await drafted(world, storage)

    for table, key in (
        ("purchase_orders", "id"),
        ("purchase_order_lines", "order_id"),
        ("purchase_order_attachments", "order_id"),
    ):
        query = f"SELECT count(*) FROM {table} WHERE {key} = $1"  # noqa: S608
        assert await owner.fetchval(query, order.id) == 0
    assert await actions(owner, order.id) == ["purchase_order.created", "purchase_order.deleted"]
    assert (order.number, following.number) == (f"PO-{YEAR}-0001", f"PO-{YEAR}-0002")
    assert following.waqti_id == 2


async def test_a_draft_that_was_returned_is_deleted_with_its_rounds(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id)))
    order = await drafted(world, storage)
    await done(SubmitPurchaseOrder(id=order.id), world, storage)
    async with storage.begin(world.caller()) as uow:
        returned = await uow.records(type(order)).get(order.id)
        returned.recall(world.caller(), uow.now)
        await uow.flush()
        await uow.commit()

    await done(DeletePurchaseOrder(id=order.id), world, storage)

    for table in ("approval_requests", "approval_steps", "approval_assignments"):
        query = f"SELECT count(*) FROM {table} WHERE organization_id = $1"  # noqa: S608
        assert await owner.fetchval(query, world.organization.id) == 0


async def test_a_clone_has_a_number_of_its_own_and_both_trails_tell_of_it(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)
    await done(CancelPurchaseOrder(id=order.id), world, storage)

    copy = await done(ClonePurchaseOrder(id=order.id), world, storage, by=world.approver)

    row = await stored(owner, copy.id)
    assert (row["number"], row["status"]) == (f"PO-{YEAR}-0002", PurchaseOrderStatus.DRAFT)
    assert (row["created_by_id"], row["cloned_from_id"]) == (world.approver.id, order.id)
    assert (row["total"], row["waqti_id"]) == (Decimal(23), 2)
    assert await stored_lines(owner, copy.id) == await stored_lines(owner, order.id)
    assert (await actions(owner, order.id))[-1] == "purchase_order.cloned"
    assert await actions(owner, copy.id) == ["purchase_order.created"]


@pytest.mark.parametrize("gone", ["supplier", "department", "project"])
async def test_what_takes_no_new_orders_takes_no_clones_either(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, gone: str
) -> None:
    order = await drafted(world, storage)
    await done(CancelPurchaseOrder(id=order.id), world, storage)
    change = "status = 'BLOCKED'" if gone == "supplier" else "archived = true"
    query = f"UPDATE {gone}s SET {change} WHERE id = $1"  # noqa: S608
    await owner.execute(query, getattr(world, gone).id)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken) as caught:
            await run(ClonePurchaseOrder(id=order.id), world.caller(), storage)

    assert caught.value.path == (f"{gone}_id",)


async def test_an_unknown_order_is_not_found(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    id = new_id()

    async with unchanged(owner, world):
        with pytest.raises(NotFound) as caught:
            await run(UpdatePurchaseOrder(id=id), world.caller(), storage)

    assert (caught.value.path, caught.value.message) == (("id",), f"no such record: po_{id.hex}")
