"""Suppliers' invoices, many at once: nothing is billed twice, and nothing that went back."""

from asyncio import gather
from decimal import Decimal

import asyncpg
import pytest

from domain.kit.errors import DomainError, RuleBroken
from domain.purchase_invoices import PurchaseInvoice
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.usecases.invoices import delivered, entry, line, submitted
from tests.usecases.orders import approved as approved_order
from usecases.goods_receipts import ReverseGoodsReceipt
from usecases.kit import run
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    OverridePurchaseInvoiceMatch,
    PayPurchaseInvoice,
)

ROUNDS = 30


def outcomes_of(outcomes: list[object]) -> list[str]:
    """What became of each; anything but a refusal is a bug."""
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, DomainError):
            raise outcome
    return sorted(type(outcome).__name__ for outcome in outcomes)


async def test_of_two_invoices_for_the_same_goods_approved_at_once_one_is(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    by = world.caller(world.approver)
    for n in range(ROUNDS):
        order = await approved_order(world, storage, lines=[make.line(), make.line()])
        await delivered(world, storage, order)
        invoices = [
            await submitted(world, storage, order, vendor_invoice_number=f"{n}-{m}")
            for m in range(2)
        ]

        outcomes = await gather(
            *(run(ApprovePurchaseInvoice(id=each.id), by, storage) for each in invoices),
            return_exceptions=True,
        )

        assert outcomes_of([*outcomes]) == ["Done", "RuleBroken"]
        billed = "SELECT invoiced FROM purchase_order_lines WHERE id = $1"
        assert await owner.fetchval(billed, order.lines[0].id) == 2


async def test_an_approval_and_the_reversal_of_its_receipt_do_not_both_happen(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    by = world.caller(world.approver)
    # Who came second is told by what cannot be done any more, or by what does not match.
    second = {(2, 2): "IllegalMove", (0, 0): "RuleBroken"}
    for n in range(ROUNDS):
        order = await approved_order(world, storage, lines=[make.line(), make.line()])
        receipt = await delivered(world, storage, order)
        invoice = await submitted(world, storage, order, vendor_invoice_number=str(n))

        approve = run(ApprovePurchaseInvoice(id=invoice.id), by, storage)
        reverse = run(ReverseGoodsReceipt(id=receipt.id, reason="broken"), by, storage)
        tasks = (approve, reverse) if n % 2 else (reverse, approve)
        outcomes = await gather(*tasks, return_exceptions=True)

        sums = "SELECT accepted, invoiced FROM purchase_order_lines WHERE id = $1"
        accepted, invoiced = await owner.fetchrow(sums, order.lines[0].id)
        assert outcomes_of([*outcomes]) == ["Done", second[accepted, invoiced]]


async def test_twenty_payments_at_once_never_pay_more_than_is_owed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    invoice = await submitted(world, storage, lines=[line(quantity=Decimal(10))])  # 115.00
    by = world.caller(world.approver)
    await run(OverridePurchaseInvoiceMatch(id=invoice.id, reason="a fee"), by, storage)
    await run(ApprovePurchaseInvoice(id=invoice.id), by, storage)
    pay = PayPurchaseInvoice(id=invoice.id, amount=Decimal(10))

    outcomes = await gather(*(run(pay, by, storage) for _ in range(20)), return_exceptions=True)

    assert outcomes_of([*outcomes]) == ["Done"] * 11 + ["RuleBroken"] * 9
    paid = "SELECT sum(amount) FROM purchase_invoice_payments WHERE invoice_id = $1"
    assert await owner.fetchval(paid, invoice.id) == 110


async def test_of_twenty_duplicates_at_once_one_is_entered_and_numbers_have_no_gap(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """The same number is the same, in capitals or not."""
    order = await approved_order(world, storage)
    same = [entry(world, order, vendor_invoice_number=number) for number in ("A-1", "a-1")]
    others = [entry(world, vendor_invoice_number=str(n)) for n in range(9)]

    outcomes = await gather(
        *(run(each, world.caller(), storage) for each in same * 10 + others),
        return_exceptions=True,
    )

    assert outcomes_of([*outcomes]) == ["Done"] * 10 + ["RuleBroken"] * 19
    refused = {o.path for o in outcomes if isinstance(o, RuleBroken)}
    assert refused == {("vendor_invoice_number",)}
    rows = await owner.fetch(
        "SELECT number FROM purchase_invoices WHERE organization_id = $1 ORDER BY number",
        world.organization.id,
    )
    assert [row["number"] for row in rows] == [f"INV-{n:06}" for n in range(1, 11)]
    open_invoices = "SELECT open_invoices FROM purchase_orders WHERE id = $1"
    assert await owner.fetchval(open_invoices, order.id) == 1


@pytest.mark.parametrize("share", [1, 2])
async def test_ten_invoices_approved_at_once_bill_no_more_than_was_accepted(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, share: int
) -> None:
    """In any order: an invoice may wait for an earlier one, but never takes its goods."""
    wanted = make.line(quantity=Decimal(10))
    order = await approved_order(world, storage, lines=[wanted, make.line()])
    await delivered(world, storage, order, 6)
    invoices: list[PurchaseInvoice] = [
        await submitted(
            world,
            storage,
            order,
            vendor_invoice_number=str(n),
            lines=[line(order, quantity=Decimal(share))],
        )
        for n in range(10)
    ]
    by = world.caller(world.approver)

    outcomes = await gather(
        *(run(ApprovePurchaseInvoice(id=each.id), by, storage) for each in reversed(invoices)),
        return_exceptions=True,
    )

    assert outcomes_of([*outcomes]).count("Done") == 6 // share
    billed = "SELECT invoiced FROM purchase_order_lines WHERE id = $1"
    assert await owner.fetchval(billed, order.lines[0].id) == 6
