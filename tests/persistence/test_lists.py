"""Lists: filters, orderings in both directions, cursors, pages of many parents, counts."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.budgets import Budget
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.suppliers import Supplier, SupplierStatus
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from usecases.kit import run
from usecases.purchase_orders import CancelPurchaseOrder, CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.reads.kit import Direction, Listing, Whole, to_cursor
from usecases.reads.purchase_orders import (
    PurchaseOrderFilter,
    PurchaseOrderOrder,
    PurchaseOrderRow,
    PurchaseOrderSort,
)
from usecases.reads.suppliers import SupplierFilter, SupplierOrder, SupplierSort

W = Whole.ORGANIZATION
_S = PurchaseOrderStatus
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
SORTS = [(sort, way) for sort in PurchaseOrderSort for way in Direction]


@dataclass(frozen=True)
class Shop:
    """An organization with thirty orders, many of them equal in what lists are sorted by."""

    world: World
    supplier: Supplier
    budget: Budget
    orders: list[PurchaseOrder]


@pytest.fixture(scope="module")
async def shop(storage: SqlStorage) -> Shop:
    world = await new_world(storage)
    supplier = make.supplier(name="Second Supplier", status=SupplierStatus.ACTIVE)
    budget = make.budget(world.department.id, allocated_amount=Decimal(10_000))
    await keep(storage, world.caller(), supplier, budget)
    await keep(storage, world.caller(), make.approval_workflow(make.step(world.approver.id)))
    orders = []
    for n in range(30):
        values: dict[str, Any] = {
            "lines": [make.line(quantity=Decimal(n % 3 + 1))],
            "supplier_id": supplier.id if n % 2 else world.supplier.id,
            "project_id": world.project.id if n % 5 else None,
        }
        created = await run(CreatePurchaseOrder(**world.draft(**values)), world.caller(), storage)
        if n % 4 == 1:
            await run(SubmitPurchaseOrder(id=created.id), world.caller(), storage)
        if n % 4 == 2:
            await run(CancelPurchaseOrder(id=created.id), world.caller(), storage)
        orders.append(created.id)
    async with storage.begin(world.caller()) as uow:
        whole = []
        for n, id in enumerate(orders):
            order = await uow.records(PurchaseOrder).get(id)
            order.created_at = MARCH + timedelta(days=n // 4)
            order.updated_at = MARCH + timedelta(days=n // 7)
            whole.append(order)
        await uow.flush()
        await uow.commit()
    return Shop(world, supplier, budget, whole)


@pytest.fixture
async def reads(storage: SqlStorage, shop: Shop) -> AsyncIterator[SqlReads]:
    reads = storage.reads(shop.world.caller())
    yield reads
    await reads.close()


KEYS: dict[PurchaseOrderSort, Callable[[PurchaseOrder], Any]] = {
    PurchaseOrderSort.CREATED_AT: lambda o: (o.created_at, o.id),
    PurchaseOrderSort.UPDATED_AT: lambda o: (o.updated_at, o.id),
    PurchaseOrderSort.NUMBER: lambda o: o.number,
    PurchaseOrderSort.TOTAL: lambda o: (o.total, o.id),
}


def sorted_ids(shop: Shop, sort: PurchaseOrderSort, way: Direction) -> list[UUID]:
    ordered = sorted(shop.orders, key=KEYS[sort], reverse=way is Direction.DESC)
    return [order.id for order in ordered]


async def paged(
    reads: SqlReads, first: int, order_by: PurchaseOrderOrder, filter: PurchaseOrderFilter
) -> list[UUID]:
    """All pages after each other, each begun at the cursor of the last."""
    found: list[UUID] = []
    after = None
    while True:
        pages = await reads.purchase_orders.all(
            [W], filter=filter, order_by=order_by, first=first, after=after
        )
        page = pages[W]
        found += [row.id for row in page.nodes]
        assert len(page.nodes) == first or not page.has_next_page
        after = page.page_info.end_cursor
        if not page.has_next_page:
            return found


@pytest.mark.parametrize("first", [1, 4, 29, 30, 100])
@pytest.mark.parametrize(("sort", "way"), SORTS)
async def test_pages_add_up_to_the_sorted_list_also_where_values_are_equal(
    reads: SqlReads, shop: Shop, sort: PurchaseOrderSort, way: Direction, first: int
) -> None:
    order_by = PurchaseOrderOrder(field=sort, direction=way)

    found = await paged(reads, first, order_by, PurchaseOrderFilter())

    assert found == sorted_ids(shop, sort, way)


@pytest.mark.parametrize(("sort", "way"), SORTS)
async def test_every_edges_cursor_leads_to_what_follows_it(
    reads: SqlReads, shop: Shop, sort: PurchaseOrderSort, way: Direction
) -> None:
    order_by = PurchaseOrderOrder(field=sort, direction=way)
    page = (await reads.purchase_orders.all([W], order_by=order_by))[W]
    expected = sorted_ids(shop, sort, way)

    for n, edge in enumerate(page.edges):
        pages = await reads.purchase_orders.all([W], order_by=order_by, after=edge.cursor, first=2)
        assert [row.id for row in pages[W].nodes] == expected[n + 1 : n + 3]


async def test_numbered_pages_are_the_same_list(reads: SqlReads, shop: Shop) -> None:
    order_by = PurchaseOrderOrder(field=PurchaseOrderSort.TOTAL, direction=Direction.ASC)
    everything = PurchaseOrderFilter()

    pages = [
        await reads.purchase_orders.numbered(everything, order_by, offset=offset, limit=8)
        for offset in range(0, 40, 8)
    ]

    found = [row.id for page in pages for row in page]
    assert found == sorted_ids(shop, PurchaseOrderSort.TOTAL, Direction.ASC)


Given = Callable[[Shop], PurchaseOrderFilter]
Holds = Callable[[PurchaseOrder, Shop], bool]
FILTERS: dict[str, tuple[Given, Holds]] = {
    "one status": (
        lambda _: PurchaseOrderFilter(status=(_S.DRAFT,)),
        lambda o, _: o.status is _S.DRAFT,
    ),
    "two statuses": (
        lambda _: PurchaseOrderFilter(status=(_S.CANCELLED, _S.PENDING_APPROVAL)),
        lambda o, _: o.status in {_S.CANCELLED, _S.PENDING_APPROVAL},
    ),
    "no status": (lambda _: PurchaseOrderFilter(status=()), lambda _o, _s: False),
    "supplier": (
        lambda s: PurchaseOrderFilter(supplier_id=s.supplier.id),
        lambda o, s: o.supplier_id == s.supplier.id,
    ),
    "department": (
        lambda s: PurchaseOrderFilter(department_id=s.world.department.id),
        lambda _o, _s: True,
    ),
    "project": (
        lambda s: PurchaseOrderFilter(project_id=s.world.project.id),
        lambda o, _: o.project_id is not None,
    ),
    "creator": (
        lambda s: PurchaseOrderFilter(created_by_id=s.world.approver.id),
        lambda _o, _s: False,
    ),
    "budget": (
        lambda s: PurchaseOrderFilter(budget_id=s.budget.id),
        lambda o, s: o.budget_id == s.budget.id,
    ),
    "days": (
        lambda _: PurchaseOrderFilter(
            created_from=MARCH + timedelta(days=1), created_before=MARCH + timedelta(days=3)
        ),
        lambda o, _: MARCH + timedelta(days=1) <= o.created_at < MARCH + timedelta(days=3),
    ),
    "amounts": (
        lambda _: PurchaseOrderFilter(min_total=Decimal(23), max_total=Decimal(23)),
        lambda o, _: o.total == 23,
    ),
    "at most": (
        lambda _: PurchaseOrderFilter(max_total=Decimal("22.99")),
        lambda o, _: o.total < 23,
    ),
    "approver": (
        lambda s: PurchaseOrderFilter(awaiting_user_id=s.world.approver.id),
        lambda o, _: o.status is _S.PENDING_APPROVAL,
    ),
    "search": (
        lambda s: PurchaseOrderFilter(search=s.orders[6].number),
        lambda o, s: o.id == s.orders[6].id,
    ),
    "everything": (
        lambda s: PurchaseOrderFilter(
            status=(_S.DRAFT,),
            supplier_id=s.supplier.id,
            department_id=s.world.department.id,
            project_id=s.world.project.id,
            created_by_id=s.world.buyer.id,
            created_from=MARCH,
            min_total=Decimal(1),
            search="paper",
        ),
        lambda o, s: (
            o.status is _S.DRAFT and o.supplier_id == s.supplier.id and o.project_id is not None
        ),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_a_filtered_list_holds_what_the_filter_says_and_is_counted(
    reads: SqlReads, shop: Shop, name: str
) -> None:
    given, holds = FILTERS[name]
    expected = [o for o in shop.orders if holds(o, shop)]
    order_by = PurchaseOrderOrder(field=PurchaseOrderSort.NUMBER, direction=Direction.ASC)

    found = await paged(reads, 4, order_by, given(shop))
    listing = Listing(W, given(shop))
    parent = Listing(("supplier_id", shop.supplier.id), given(shop))
    counts = await reads.purchase_orders.counts([listing, parent])

    assert found == [order.id for order in expected]
    of_supplier = sum(order.supplier_id == shop.supplier.id for order in expected)
    assert counts == {listing: len(expected), parent: of_supplier}


async def test_all_of_time_can_be_asked_for(reads: SqlReads) -> None:
    east, west = (timezone(timedelta(hours=hours)) for hours in (23, -23))
    always = PurchaseOrderFilter(
        created_from=datetime.min.replace(tzinfo=east),
        created_before=datetime.max.replace(tzinfo=west),
    )

    page = (await reads.purchase_orders.all([W], filter=always))[W]

    assert len(page.nodes) == 30


async def test_every_filter_is_tried(shop: Shop) -> None:
    tried = {
        name
        for given, _ in FILTERS.values()
        for name, value in vars(given(shop)).items()
        if value is not None
    }

    assert tried == {*PurchaseOrderFilter.__dataclass_fields__}


# Pages of many parents


@pytest.mark.parametrize(("sort", "way"), SORTS)
@pytest.mark.parametrize("parent", ["supplier_id", "department_id", "project_id"])
async def test_each_parent_has_its_own_page_in_one_statement(
    reads: SqlReads,
    shop: Shop,
    statements: list[str],
    parent: str,
    sort: PurchaseOrderSort,
    way: Direction,
) -> None:
    question = getattr(reads.purchase_orders, f"by_{parent}s")
    ids = [*{getattr(o, parent) for o in shop.orders} - {None}, new_id()]
    order_by = PurchaseOrderOrder(field=sort, direction=way)

    pages = await question(ids, order_by=order_by, first=3)
    assert len(statements) == 1
    following = {
        id: (await question([id], order_by=order_by, first=3, after=page.page_info.end_cursor))[id]
        for id, page in pages.items()
        if page.nodes
    }

    everything = {o.id: getattr(o, parent) for o in shop.orders}
    for id in ids:
        expected = [o for o in sorted_ids(shop, sort, way) if everything[o] == id]
        assert [row.id for row in pages[id].nodes] == expected[:3]
        assert pages[id].has_next_page is (len(expected) > 3)
        if expected:
            assert [row.id for row in following[id].nodes] == expected[3:6]
            assert pages[id].listing == Listing((parent, id), PurchaseOrderFilter())


async def test_what_waits_for_a_user_comes_longest_waiting_first(
    reads: SqlReads, shop: Shop
) -> None:
    pending = [o for o in shop.orders if o.status is _S.PENDING_APPROVAL]
    pending.sort(key=lambda o: (o.submitted_at, o.id))
    approver = shop.world.approver.id

    pages = await reads.purchase_orders.awaiting_user_ids([approver], first=5)
    rest = await reads.purchase_orders.awaiting_user_ids(
        [approver], first=5, after=pages[approver].page_info.end_cursor
    )

    found = [row.id for page in (pages, rest) for row in page[approver].nodes]
    assert found == [order.id for order in pending]
    assert rest[approver].has_next_page is False


@pytest.mark.parametrize("many", [1, 30])
async def test_how_many_records_there_are_makes_no_more_statements(
    reads: SqlReads, shop: Shop, statements: list[str], many: int
) -> None:
    ids = [order.id for order in shop.orders[:many]]

    await reads.purchase_orders.by_ids(ids)
    await reads.purchase_order_lines.by_order_ids(ids)
    await reads.purchase_order_attachments.by_order_ids(ids)
    await reads.approvals.by_order_ids(ids)
    await reads.audit_entries.by_subject_ids(ids)
    await reads.suppliers.by_ids([order.supplier_id for order in shop.orders[:many]])

    assert len(statements) == 6


async def test_lists_that_are_filtered_alike_are_counted_in_one_statement(
    reads: SqlReads, shop: Shop, statements: list[str]
) -> None:
    suppliers = [Listing(("supplier_id", id), None) for id in (shop.supplier.id, new_id())]

    counts = await reads.purchase_orders.counts(suppliers)

    assert (len(statements), [*counts.values()]) == (1, [15, 0])


async def test_nothing_asked_is_nothing_answered(reads: SqlReads) -> None:
    assert await reads.purchase_orders.by_ids([]) == {}
    assert await reads.purchase_orders.by_supplier_ids([]) == {}
    assert await reads.purchase_orders.counts([]) == {}
    assert await reads.legacy_ids.to_ids([]) == {}


# Suppliers, which are sorted by name


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("sort", SupplierSort)
async def test_suppliers_are_paged_by_name_and_by_age(
    storage: SqlStorage, world: World, sort: SupplierSort, way: Direction
) -> None:
    names = ["b", "B", "a", "ورق", "a", "é", "'", "z" * 200]
    suppliers = [make.supplier(name=name) for name in names]
    await keep(storage, world.caller(), *suppliers)
    everyone = [world.supplier, *suppliers]
    by = {
        SupplierSort.NAME: lambda s: (s.name, s.id),
        SupplierSort.CREATED_AT: lambda s: (s.created_at, s.id),
    }
    expected = sorted(everyone, key=by[sort], reverse=way is Direction.DESC)
    order_by = SupplierOrder(field=sort, direction=way)

    reads = storage.reads(world.caller())
    found: list[UUID] = []
    after = None
    for _ in everyone:
        page = (await reads.suppliers.all([W], order_by=order_by, first=1, after=after))[W]
        found += [row.id for row in page.nodes]
        after = page.page_info.end_cursor
    await reads.close()

    assert found == [supplier.id for supplier in expected]
    assert page.has_next_page is False


async def test_suppliers_are_filtered_and_their_totals_leave_out_what_was_called_off(
    reads: SqlReads, shop: Shop
) -> None:
    ordered = [
        o
        for o in shop.orders
        if o.supplier_id == shop.supplier.id and o.status is _S.PENDING_APPROVAL
    ]
    totals = await reads.suppliers.totals_by_ids([shop.supplier.id, shop.world.supplier.id])
    assert totals == {shop.supplier.id: (len(ordered), sum(o.base_total for o in ordered))}

    blocked = SupplierFilter(status=(SupplierStatus.BLOCKED,))
    named = SupplierFilter(search="SECOND", status=(SupplierStatus.ACTIVE,))
    scored = SupplierFilter(min_score=Decimal(0))
    categorized = SupplierFilter(category="Paper")
    for filter, expected in (
        (blocked, []),
        (named, [shop.supplier.id]),
        (scored, []),
        (categorized, []),
    ):
        page = (await reads.suppliers.all([W], filter=filter))[W]
        assert [row.id for row in page.nodes] == expected
        counts = await reads.suppliers.counts([Listing(W, filter)])
        assert [*counts.values()] == [len(expected)]


@pytest.mark.parametrize("first", [0, -1, 101, 2**31])
async def test_a_page_has_between_one_and_a_hundred_rows(reads: SqlReads, first: int) -> None:
    with pytest.raises(RuleBroken, match="first is between 1 and 100") as caught:
        await reads.purchase_orders.all([W], first=first)

    assert caught.value.path == ("first",)


async def test_a_cursor_of_another_ordering_is_refused(reads: SqlReads) -> None:
    newest = (await reads.purchase_orders.all([W], first=1))[W].page_info.end_cursor
    by_total = PurchaseOrderOrder(field=PurchaseOrderSort.TOTAL)

    with pytest.raises(RuleBroken, match="no cursor of this list") as caught:
        await reads.purchase_orders.all([W], order_by=by_total, after=newest)

    assert caught.value.path == ("after",)


async def test_a_cursor_goes_on_after_a_row_that_is_gone(reads: SqlReads, shop: Shop) -> None:
    gone = PurchaseOrderRow._make([None] * len(PurchaseOrderRow._fields))._replace(
        created_at=MARCH + timedelta(days=2), id=UUID(int=0)
    )
    order_by = PurchaseOrderOrder(direction=Direction.ASC)
    after = to_cursor(gone, ("created_at", "id"))

    page = (await reads.purchase_orders.all([W], order_by=order_by, after=after, first=100))[W]

    assert len(page.nodes) == 22
    assert page.nodes[0].id == min(o.id for o in shop.orders[8:12])


async def test_numbers_sort_as_numbers_when_four_digits_run_out(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await owner.execute(
        "UPDATE document_numbers SET last = 9998 WHERE organization_id = $1", world.organization.id
    )
    for _ in range(2):
        await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)

    reads = storage.reads(world.caller())
    by_number = PurchaseOrderOrder(field=PurchaseOrderSort.NUMBER, direction=Direction.ASC)
    pages = await reads.purchase_orders.all([Whole.ORGANIZATION], order_by=by_number)
    await reads.close()

    numbers = [row.number for row in pages[Whole.ORGANIZATION].nodes]
    assert [number.rpartition("-")[2] for number in numbers] == ["0001", "9999", "10000"]
