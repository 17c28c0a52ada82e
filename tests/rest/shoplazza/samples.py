"""Procurements to list, and what tests read from answers."""

from datetime import datetime, timedelta
from decimal import Decimal
from json import loads
from typing import Any

import httpx
from starlette.applications import Starlette

from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus, ReceiptStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep

BASE = "http://shop.test/openapi/2022-01"
LIST = "/procurements"


def new_client(app: Starlette, token: str | None) -> httpx.AsyncClient:
    headers = {} if token is None else {"Access-Token": token}
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)


def approved(
    world: World,
    number: int = 1,
    *,
    at: datetime = make.NOON,
    quantity: Decimal = Decimal(10),
    accepted: Decimal = Decimal(0),
    rejected: Decimal = Decimal(0),
    **values: Any,
) -> PurchaseOrder:
    """An approved order with one line, of which so much has come; created a minute after `at`."""
    at += timedelta(minutes=number)
    order = PurchaseOrder.create(
        at,
        vat_rate=Decimal(15),
        supplier_id=world.supplier.id,
        department_id=world.department.id,
        created_by_id=world.buyer.id,
        currency="SAR",
        base_currency="SAR",
        lines=[make.line(quantity=quantity)],
    )
    order.created(f"PO-{at.year}-{number:04}", at)
    [line] = order.lines
    line.accepted, line.rejected = accepted, rejected
    given: dict[str, Any] = {"status": PurchaseOrderStatus.APPROVED, "approved_at": at}
    for name, value in (given | values).items():
        setattr(order, name, value)
    return order


async def procurements(
    storage: SqlStorage, world: World, number: int, **values: Any
) -> list[PurchaseOrder]:
    """So many, each created a minute after the one before."""
    orders = [approved(world, n, **values) for n in range(1, number + 1)]
    await keep(storage, world.caller(), *orders)
    return orders


async def in_every_state(storage: SqlStorage, world: World) -> list[PurchaseOrder]:
    """One each of the states 1, 2, 3 and 4, in this order, the first of them the oldest."""
    orders = [
        approved(world, 1),
        approved(world, 2, accepted=Decimal(4), receipt_status=ReceiptStatus.PARTIAL),
        approved(world, 3, accepted=Decimal(10), receipt_status=ReceiptStatus.COMPLETE),
        approved(world, 4, status=PurchaseOrderStatus.CANCELLED),
    ]
    await keep(storage, world.caller(), *orders)
    return orders


def ids(orders: list[PurchaseOrder]) -> list[str]:
    """As Shoplazza's clients know them."""
    return [str(order.shoplazza_id) for order in orders]


def body(response: httpx.Response, status: int = 200) -> Any:
    """The answer, its decimals exact; every answer tells its request (fact P-3)."""
    assert response.status_code == status, response.text
    assert response.headers["request-id"] == response.headers["x-request-id"]
    return loads(response.text, parse_float=Decimal)


def listed(response: httpx.Response) -> list[str]:
    """The ids of a page."""
    return [each["id"] for each in body(response)["procurements"]]


def errors(response: httpx.Response, status: int = 400) -> list[str]:
    """What is wrong with a request (fact P-10)."""
    found = body(response, status)
    assert [*found] == ["errors"]
    said: list[str] = found["errors"]
    return said
