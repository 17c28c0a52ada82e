"""Sorting, filtering and searching orders through Waqti (W-9, W-10, W-26, W-27)."""

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.rest.waqti.samples import created, data, drafts, invalid, numbers, submitted

LIST = "/purchase-orders"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page", value) for value in ["0", "-1", "x", "1.5", "1e3", "NaN", f"{2**63}", "1 2"]),
        *(("per_page", value) for value in ["0", "-1", "x", "1.5", f"{2**63}", "\x00"]),
        *(("sort", value) for value in ["id;", "total", "CREATED_AT", "vendor.name", "1"]),
        *(("order", value) for value in ["up", "1", "asc desc"]),
        *(("status", value) for value in ["DRAFT", "open", "draft,approved", "1"]),
        *(("vendor_id", value) for value in ["x", "0", "-5", "1.5", f"{2**63}"]),
        *(("department_id", value) for value in ["x", "0"]),
        *(("created_from", value) for value in ["yesterday", "2025-13-01", "1736899200", "٢٠٢٥"]),
        *(("created_to", value) for value in ["2025-02-30", "2025-1-1", "0000-01-01"]),
        *(("min_amount", value) for value in ["x", "1e400", "NaN", "Infinity", "1,000", "1_000"]),
        *(("max_amount", value) for value in ["x", "-1e400", "0.0000001", "9" * 50]),
        *(("search", value) for value in ["a\x00b", "x" * 501]),
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_w9_w10_w27_bad_parameters_are_422(
    buyer: httpx.AsyncClient, name: str, value: str
) -> None:
    assert list(invalid(await buyer.get(LIST, params={name: value}))) == [name]


async def test_w27_all_bad_parameters_are_said_at_once(buyer: httpx.AsyncClient) -> None:
    params = {"page": "0", "sort": "x", "status": "x", "created_from": "x", "min_amount": "x"}

    assert invalid(await buyer.get(LIST, params=params)) == {
        "page": ["The page field must be at least 1."],
        "status": ["The selected status is invalid."],
        "created_from": ["The created from field must be a valid date."],
        "min_amount": ["The min amount field must be a number."],
        "sort": ["The selected sort is invalid."],
    }


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [3, 2, 1]),
        ({"order": "asc"}, [1, 2, 3]),
        ({"order": "ASC"}, [1, 2, 3]),
        ({"sort": "created_at", "order": "asc"}, [1, 2, 3]),
        ({"sort": "updated_at"}, [3, 2, 1]),
        ({"sort": "po_number", "order": "asc"}, [1, 2, 3]),
        ({"sort": "total_amount"}, [3, 2, 1]),
        ({"sort": "total_amount", "order": "asc"}, [1, 2, 3]),
        ({"sort": "", "order": "", "page": "", "status": ""}, [3, 2, 1]),
        ({"min_amount": "20"}, [3, 2]),
        ({"max_amount": "20.00"}, [2, 1]),
        ({"min_amount": "10.01", "max_amount": "29.99"}, [2]),
        ({"min_amount": "-5"}, [3, 2, 1]),
        ({"search": "PO-2026-0002"}, [2]),
        ({"search": "printer pap"}, [3, 2, 1]),
        ({"search": "nothing like it"}, []),
        ({"search": "'; -- \\ | & ! :*"}, []),
        ({"status": "approved"}, []),
        ({"status": "draft"}, [3, 2, 1]),
        ({"vendor_id": "999999"}, []),
        ({"department_id": "999999"}, []),
    ],
    ids=str,
)
async def test_w10_w26_sorts_and_filters(
    buyer: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    params: dict[str, str],
    expected: list[int],
) -> None:
    await drafts(storage, world, 3)

    assert numbers(await buyer.get(LIST, params=params)) == expected


async def test_w26_by_vendor_department_and_status_together(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    vendor, department = make.supplier(), make.department()
    await keep(storage, world.caller(), vendor, department)
    await created(buyer, world)
    await created(buyer, world, vendor_id=vendor.waqti_id)
    await submitted(buyer, world, vendor_id=vendor.waqti_id, department_id=department.waqti_id)

    async def found(**params: Any) -> list[int]:
        return sorted(numbers(await buyer.get(LIST, params=params)))

    assert await found(vendor_id=vendor.waqti_id) == [2, 3]
    assert await found(department_id=department.waqti_id) == [3]
    assert await found(vendor_id=vendor.waqti_id, status="draft") == [2]
    assert await found(vendor_id=world.supplier.waqti_id, status="approved") == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"created_from": "2026-03-02"}, [3, 2]),
        ({"created_to": "2026-03-02"}, [2, 1]),
        ({"created_from": "2026-03-02", "created_to": "2026-03-02"}, [2]),
        ({"created_from": "2026-03-03", "created_to": "2026-03-01"}, []),
        ({"created_from": "0001-01-01", "created_to": "9999-12-31"}, [3, 2, 1]),
    ],
    ids=str,
)
async def test_w26_days_are_those_of_utc_and_both_count(
    buyer: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    params: dict[str, str],
    expected: list[int],
) -> None:
    orders = await drafts(storage, world, 3)
    moments = [
        datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 3, tzinfo=UTC),
    ]
    for order, moment in zip(orders, moments, strict=True):
        statement = "UPDATE purchase_orders SET created_at = $1 WHERE id = $2"
        await owner.execute(statement, moment, order.id)

    assert numbers(await buyer.get(LIST, params=params)) == expected


async def test_w26_every_status_of_the_documents_is_one_to_filter_by(
    buyer: httpx.AsyncClient, world: World
) -> None:
    await created(buyer, world)

    for status in ["pending_approval", "approved", "rejected", "completed", "cancelled"]:
        assert data(await buyer.get(LIST, params={"status": status})) == []


async def test_today_finds_what_was_created_today(buyer: httpx.AsyncClient, world: World) -> None:
    before = datetime.now(UTC).date()
    await created(buyer, world)
    after: date = datetime.now(UTC).date()

    params = {"created_from": str(before), "created_to": str(after)}
    assert len(data(await buyer.get(LIST, params=params))) == 1
