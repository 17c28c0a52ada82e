"""What goods receipts cost: statements depend on what is asked for, never on the rows."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.schema.conftest import Ask, public
from tests.server.statements import sent_by
from tests.usecases.orders import approved
from tests.usecases.receipts import of, receipt

# Which order it is of, the organization, what is known of the supplier, the answer.
READ = 4
# Entering the organization; the order and its parts, the receipt and its lines, the supplier; the
# number; the receipt, the order, its lines; position and end of the chain, entries, events; the
# supplier's score, and the same three for it.
WRITTEN = 17


@pytest.mark.parametrize("count", [1, 50])
async def test_posting_takes_the_same_statements_whatever_the_lines(
    do: Ask,
    world: World,
    storage: SqlStorage,
    engine: AsyncEngine,
    statements: list[str],
    count: int,
) -> None:
    order = await approved(world, storage, lines=[make.line()] * count)
    lines = [of(order, 1, at=n) for n in range(count)]
    id = public(await receipt(order, world, storage, *lines))
    statements.clear()

    with sent_by(engine) as sent:
        payload = await do("goodsReceiptPost", {"id": id})

    assert payload["errors"] == []
    assert len(statements) == READ
    assert len(sent) == WRITTEN


@pytest.mark.parametrize("count", [1, 5])
async def test_a_page_of_receipts_costs_the_same_whatever_is_on_it(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str], count: int
) -> None:
    for _ in range(count):
        order = await approved(world, storage)
        await receipt(order, world, storage, post=True)
    statements.clear()

    await ask(
        """{ goodsReceipts { totalCount nodes { number supplier { name } createdBy { name }
             postedBy { name } transitions { name } purchaseOrder { number }
             lines { accepted orderLine { open } } } } }"""
    )

    # The page, its count, orders, suppliers, users, lines, lines of orders
    assert len(statements) == 7


@pytest.mark.parametrize("count", [1, 5])
async def test_orders_show_their_receipts_in_one_statement(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str], count: int
) -> None:
    for _ in range(count):
        order = await approved(world, storage)
        for _ in range(2):
            await receipt(order, world, storage)
    statements.clear()

    data = await ask("{ purchaseOrders { nodes { goodsReceipts { status } } } }")

    assert [len(node["goodsReceipts"]) for node in data["purchaseOrders"]["nodes"]] == [2] * count
    assert len(statements) == 2
