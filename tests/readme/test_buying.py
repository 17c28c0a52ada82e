"""docs/buying.md is run: its operations tell one story, its tables are those of the code."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.approvals.steps import StepRule
from domain.budgets import Budget, BudgetPolicy
from domain.kit.errors import ErrorCode
from domain.purchase_invoices import Match, PaymentStatus, PurchaseInvoiceLine, Tolerances
from domain.purchase_orders import (
    BillingStatus,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderLineChange,
    PurchaseOrderStatus,
    ReceiptStatus,
)
from domain.users import User
from persistence.storage import SqlStorage
from schema import sdl
from tests import make
from tests.conftest import World, keep
from tests.readme.documents import PROJECT, blocks, code, section
from tests.schema.conftest import public, run_operation
from tests.usecases.invoices import approve, delivered, line, submitted
from tests.usecases.orders import done, drafted
from usecases.purchase_orders import (
    AmendPurchaseOrder,
    ApprovePurchaseOrder,
    ClosePurchaseOrderShort,
    RejectPurchaseOrder,
    SubmitPurchaseOrder,
)

TEXT = (PROJECT / "docs" / "buying.md").read_text()
OPERATIONS = {block.note: block.text for block in blocks(TEXT) if block.kind == "graphql"}

Perform = Callable[..., Awaitable[Any]]


def rows(heading: str, width: int) -> list[list[str]]:
    """The tables of so many columns in a section, without their heads and backticks."""
    lines = re.findall(r"^\| (.+) \|$", section(TEXT, heading), re.MULTILINE)
    cells = [line.replace("`", "").split(" | ") for line in lines]
    return [each for each in cells if len(each) == width][1:]


@pytest.fixture
def perform(storage: SqlStorage, world: World) -> Perform:
    """What the operation of the document answers, with everything done that it asks for."""

    async def perform(name: str, by: User | None = None, **variables: str) -> Any:
        operation = OPERATIONS[name]
        result = await run_operation(storage, world.caller(by), operation, variables)
        assert result.errors is None, result.errors
        [answer] = result.data.values()
        assert answer.get("errors", []) == [], answer
        return answer

    return perform


async def test_the_operations_tell_one_story(
    perform: Perform, storage: SqlStorage, world: World
) -> None:
    cfo = make.user("Cleo CFO", role_ids=[world.role.id])
    budget = make.budget(world.department.id, allocated_amount=Decimal(1000))
    await keep(storage, world.caller(), cfo, budget)
    people = {"manager": public(world.approver), "finance": public(world.role)}
    await perform("workflow", cfo=public(cfo), **people)
    order = await drafted(world, storage, lines=[chairs()])
    of_order = {"order": public(order)}
    of_line = {**of_order, "line": public(order.lines[0])}

    preview = await perform("preview", **of_order)

    steps = preview["approvalPreview"]["steps"]
    assert [(s["name"], s["needed"], s["rule"]) for s in steps] == [
        ("Manager", True, "ANY"),
        ("Finance", False, "MAJORITY"),
    ]
    assert [s["conditions"] for s in steps] == [
        [],
        [{"holds": False, "sentence": "The amount, SAR\xa0575.00, is below SAR\xa010,000.00."}],
    ]
    assert preview["approvalPreview"]["problems"] == []
    assert preview["budgetImpact"]["headroomAfter"] == {"amount": "425.00"}

    now = datetime.now(UTC)
    times = {"from": now - timedelta(hours=1), "until": now + timedelta(days=7)}
    sent = {name: time.isoformat() for name, time in times.items()}
    await perform("deputy", manager=people["manager"], deputy=public(cfo), **sent)
    await done(SubmitPurchaseOrder(id=order.id), world, storage)

    inbox = await perform("inbox", by=cfo)

    [task] = inbox["approvals"]["nodes"]
    assert inbox["approvals"]["totalCount"] == 1
    assert task["onBehalfOf"] == {"name": "Abe Approver"}
    assert task["document"]["total"] == {"amount": "575.00", "currency": "SAR"}
    await done(ApprovePurchaseOrder(id=order.id), world, storage, cfo)

    amended = await perform("amend", **of_line)

    assert amended["purchaseOrder"] == {
        "status": "PENDING_APPROVAL",
        "revision": 2,
        "approvedRevision": 1,
        "total": {"amount": "690.00"},
    }
    await done(ApprovePurchaseOrder(id=order.id), world, storage, cfo)
    revisions = await perform("revisions", **of_order)
    assert revisions["asOf"]["total"] == {"amount": "575.00"}
    assert [(r["number"], r["reason"]) for r in revisions["revisions"]] == [
        (1, None),
        (2, "One more"),
    ]

    received = await perform("receive", **of_line)

    assert received["goodsReceipt"]["purchaseOrder"] == {
        "receiptStatus": "PARTIAL",
        "lines": [{"quantity": "12", "accepted": "6", "rejected": "1", "open": "6"}],
    }

    eight = line(order, quantity=Decimal(8), unit_price=Decimal(50))
    invoice = await submitted(world, storage, order, lines=[eight], invoice_date=now.date())
    of_invoice = {"invoice": public(invoice)}
    exceptions = await perform("exceptions")
    assert [(e["id"], e["matchStatus"]) for e in exceptions["nodes"]] == [
        (of_invoice["invoice"], "PENDING_GRN")
    ]
    overridden = await perform("override", by=world.approver, **of_invoice)
    transitions = overridden["purchaseInvoice"]["transitions"]
    assert {"name": "approve", "allowed": True} in transitions
    await approve(world, storage, invoice.id)

    paid = await perform("pay", **of_invoice)

    assert paid["purchaseInvoice"] == {
        "status": "APPROVED",
        "paymentStatus": "PARTIAL",
        "paid": {"amount": "100.00"},
        "owed": {"amount": "360.00"},
    }
    ledger = await perform("ledger", budget=public(budget))
    kinds = [entry["kind"] for entry in reversed(ledger["entries"]["nodes"])]
    assert kinds == ["RESERVE", "COMMIT", "RESERVE", "COMMIT", "SPEND"]
    assert (ledger["utilization"], ledger["headroom"]) == ("69.00", {"amount": "310.00"})
    assert {*OPERATIONS} == {
        *("workflow", "preview", "inbox", "deputy", "amend", "revisions"),
        *("receive", "exceptions", "override", "pay", "ledger"),
    }


async def test_the_ledger_moves_as_the_table_says(storage: SqlStorage, world: World) -> None:
    budget = make.budget(world.department.id, allocated_amount=Decimal(1000))
    workflow = make.approval_workflow(make.step(world.approver.id))
    await keep(storage, world.caller(), budget, workflow)
    order = await drafted(world, storage, lines=[chairs(vat_rate=Decimal(0))])
    approver = world.approver

    async def bill_four() -> None:
        await delivered(world, storage, order, 4)
        four = {"quantity": Decimal(4), "unit_price": Decimal(50), "vat_rate": Decimal(0)}
        invoice = await submitted(world, storage, order, lines=[line(order, **four)])
        await approve(world, storage, invoice.id)

    steps: dict[str, Callable[[], Awaitable[Any]]] = {
        "submit": lambda: done(SubmitPurchaseOrder(id=order.id), world, storage),
        "approve it": lambda: done(ApprovePurchaseOrder(id=order.id), world, storage, approver),
        "amend it to 600": lambda: done(amending(order, 12), world, storage),
        "refuse": lambda: done(
            RejectPurchaseOrder(id=order.id, reason="Enough"), world, storage, approver
        ),
        "amend it to 450": lambda: done(amending(order, 9), world, storage),
        "approve an invoice of 200": bill_four,
        "close": lambda: done(
            ClosePurchaseOrderShort(id=order.id, reason="Sold out"), world, storage
        ),
    }
    told = rows("Budgets", 7)

    for (said, step), row in zip(steps.items(), told, strict=True):
        await step()
        assert row[0].startswith(said)
        assert await standing(budget, storage, world) == row[1:], row


async def standing(budget: Budget, storage: SqlStorage, world: World) -> list[str]:
    """The last entry of a budget and its sums, as a row of the table."""
    query = """query ($id: ID!) { budget(id: $id) { entries(first: 1) { nodes { kind } }
      reserved { amount } committed { amount } spent { amount } available { amount }
      headroom { amount } } }"""
    result = await run_operation(storage, world.caller(), query, {"id": public(budget)})
    [*_, entries] = [found := result.data["budget"], found.pop("entries")]
    [last] = entries["nodes"]
    return [last["kind"], *(f"{Decimal(sum['amount']):.0f}" for sum in found.values())]


def chairs(**values: Any) -> Any:
    return make.line(quantity=Decimal(10), unit_price=Decimal(50), **values)


def amending(order: PurchaseOrder, quantity: int) -> AmendPurchaseOrder:
    change = PurchaseOrderLineChange(id=order.lines[0].id, quantity=Decimal(quantity))
    return AmendPurchaseOrder(id=order.id, reason="Another number", lines=[change])


def test_lines_match_as_the_table_says() -> None:
    told = rows("Invoices", 7)

    for quantity, price, rate, *verdicts in told:
        ordered = PurchaseOrderLine(
            position=1,
            description="Chair",
            quantity=Decimal(10),
            unit_price=Decimal(50),
            vat_rate=Decimal(15),
            accepted=Decimal(6),
        )
        invoiced = PurchaseInvoiceLine(
            position=1,
            description="Chair",
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
            order_line_id=ordered.id,
        )
        Match([ordered], Tolerances()).of([invoiced])
        assert [*(f.verdict for f in invoiced.findings), invoiced.match_status] == verdicts
    assert len(told) == 6


def test_the_words_are_all_there_are() -> None:
    axes = [[*re.findall("[A-Z_]{4,}", row[2])] for row in rows("Where an order stands", 3)]
    kinds = (PurchaseOrderStatus, ReceiptStatus, BillingStatus, PaymentStatus)

    assert axes == [[*kind] for kind in kinds]
    assert {row[0] for row in rows("Approvals", 3)} == {*StepRule}
    assert [row[0] for row in rows("Budgets", 2)] == [*BudgetPolicy]
    told = {row[0] for row in rows("Errors to expect", 2)}
    assert told == {*ErrorCode} - {ErrorCode.LIMIT_REACHED, ErrorCode.IDEMPOTENCY_IN_FLIGHT}


def test_the_mutations_and_fields_in_the_text_exist() -> None:
    written = sdl()
    words = {word for text in code(TEXT) for word in re.findall(r"\b[a-z]+[A-Z]\w+", text)}

    assert len(words) > 20
    assert {word for word in words if not re.search(rf"\b{word}\b", written)} == set()
