"""Organizations with something in every table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from domain.api_credentials import ApiCredential
from domain.budgets import Budget
from domain.callers import Channel
from domain.goods_receipts import NewGoodsReceiptLine
from domain.kit.ids import new_id
from domain.purchase_invoices import (
    NewPurchaseInvoiceAttachment,
    NewPurchaseInvoiceLine,
    PurchaseInvoice,
)
from domain.purchase_orders import NewPurchaseOrderAttachment, PurchaseOrder
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from tests.persistence.samples_catalogue import Catalogue, catalogue
from tests.persistence.samples_clocks import Clocks, clocks
from tests.persistence.samples_orders import ordered
from tests.persistence.samples_placing import placed
from tests.persistence.samples_selling import Selling, selling
from tests.persistence.samples_subscriptions import Subscribed, subscribed
from tests.usecases.customers import Customers, customers
from usecases.goods_receipts import CreateGoodsReceipt
from usecases.kit import run
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CreatePurchaseInvoice,
    OverridePurchaseInvoiceMatch,
    PayPurchaseInvoice,
    SubmitPurchaseInvoice,
)
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.purchase_orders.revisions import keep_revision

ATTACHMENT = NewPurchaseOrderAttachment(name="a.pdf", url="https://files.example/1")


@dataclass(frozen=True)
class Full:
    """A world with one of everything: a submitted order, its workflow, a credential, …"""

    world: World
    order: PurchaseOrder
    workflow_id: UUID
    credential_id: UUID
    procurement_id: UUID
    receipt_id: UUID
    invoice: PurchaseInvoice
    budget: Budget
    endpoint_id: UUID
    delivery_id: UUID
    delegation_id: UUID
    catalogue: Catalogue
    subscribed: Subscribed
    placed: ServiceOrder
    service_order: ServiceOrder
    customers: Customers
    clocks: Clocks
    selling: Selling


async def full(storage: SqlStorage, owner: asyncpg.Connection) -> Full:
    world = await new_world(storage)
    workflow = make.approval_workflow(
        make.step(world.approver.id, optional=True, time_limit_hours=1)
    )
    delegation = make.delegation(world.approver, world.buyer)
    credential = ApiCredential.issue(
        datetime.now(UTC),
        user_id=world.buyer.id,
        name="Import",
        channel=Channel.GRAPHQL,
        number=1,
        permissions=None,
        expires_at=None,
    )
    budget = make.budget(world.department.id, allocated_amount=Decimal(1000))
    await keep(storage, world.caller(), budget)
    approved = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await run(SubmitPurchaseOrder(id=approved.id), world.caller(), storage)
    assert approved.record is not None
    receive = CreateGoodsReceipt(
        purchase_order_id=approved.id,
        lines=[NewGoodsReceiptLine(order_line_id=approved.record.lines[0].id, accepted=Decimal(1))],
    )
    received = await run(receive, world.caller(), storage)
    await keep(storage, world.caller(), workflow, credential, delegation)
    create = CreatePurchaseOrder(**world.draft(attachments=[ATTACHMENT]))
    created = await run(create, world.caller(), storage, idempotency_key="key")
    submitted = await run(SubmitPurchaseOrder(id=created.id), world.caller(), storage)
    assert submitted.record is not None
    async with storage.begin(world.caller()) as uow:
        keep_revision(submitted.record, uow)
        await uow.commit()
    await owner.execute(
        "INSERT INTO rate_limit_windows VALUES ($1, $2, 'minute', now(), 1)",
        world.organization.id,
        new_id(),
    )
    await owner.execute(
        "INSERT INTO rate_limit_buckets VALUES ($1, $2, 1.5, now(), 1)",
        world.organization.id,
        new_id(),
    )
    invoice = await paid_invoice(storage, world, approved.id)
    records = (workflow.id, credential.id, approved.id, received.id, invoice, budget)
    webhook = await subscribe(world, storage, owner)
    offered = await catalogue(world, storage)
    bought = await subscribed(world, storage, offered.service)
    orders = (await placed(world, storage, offered), await ordered(world, storage))
    parties, timed = await customers(world, storage), await clocks(world, storage)
    ids = (*records, *webhook, delegation.id)
    sold = await selling(world, storage, bought.subscription.id)
    of_areas = (offered, bought, *orders, parties, timed, sold)
    return Full(world, submitted.record, *ids, *of_areas)


async def paid_invoice(storage: SqlStorage, world: World, order_id: UUID) -> PurchaseInvoice:
    """Of an approved order; what it bills is still to be received."""
    buyer, approver = world.caller(), world.caller(world.approver)
    reads = storage.reads(buyer)
    lines = await reads.purchase_order_lines.by_order_ids([order_id])
    await reads.close()
    line = NewPurchaseInvoiceLine(
        description="Paper",
        quantity=Decimal(1),
        unit_price=Decimal(10),
        order_line_id=lines[order_id][0].id,
    )
    create = CreatePurchaseInvoice(
        vendor_invoice_number="A-1",
        purchase_order_id=order_id,
        invoice_date=make.NOON.date(),
        lines=[line],
        attachments=[NewPurchaseInvoiceAttachment(name="a.pdf", url="https://files.example/2")],
    )
    id = (await run(create, buyer, storage)).id
    await run(SubmitPurchaseInvoice(id=id), buyer, storage)
    await run(OverridePurchaseInvoiceMatch(id=id, reason="urgent"), approver, storage)
    await run(ApprovePurchaseInvoice(id=id), approver, storage)
    await run(PayPurchaseInvoice(id=id, amount=Decimal(1)), approver, storage)
    async with storage.begin(buyer) as uow:
        return await uow.records(PurchaseInvoice).get(id)


async def subscribe(
    world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> tuple[UUID, UUID]:
    """A webhook endpoint and a delivery to it that was tried once."""
    endpoint = make.webhook_endpoint()
    await keep(storage, world.caller(), endpoint)
    delivery_id = new_id()
    ids = (world.organization.id, delivery_id)
    await owner.execute(
        "INSERT INTO webhook_deliveries (organization_id, id, endpoint_id, number, position,"
        " event_id, subject_id, type, status, attempt_count, created_at, next_attempt_at)"
        " VALUES ($1, $2, $3, 1, 1, $2, $2, 'user.created', 'RETRYING', 1, now(), now())",
        *ids,
        endpoint.id,
    )
    await owner.execute(
        "INSERT INTO webhook_attempts (organization_id, id, delivery_id, number, at, duration_ms)"
        " VALUES ($1, $2, $2, 1, now(), 20)",
        *ids,
    )
    return endpoint.id, delivery_id


@pytest.fixture(scope="session")
async def ours(storage: SqlStorage, owner: asyncpg.Connection) -> Full:
    """Tests only look at it; what they try to change is refused or rolled back."""
    return await full(storage, owner)


@pytest.fixture(scope="session")
async def theirs(storage: SqlStorage, owner: asyncpg.Connection) -> Full:
    """Another organization like it, of which the first must see nothing."""
    return await full(storage, owner)
