"""Commands on the same few orders, coupons, subscriptions and quotations, all at once.

STORMS in the environment says how many rounds of twenty commands: 1000 take some minutes.
"""

import os
from asyncio import gather
from collections import Counter
from decimal import Decimal
from random import Random

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.kit.errors import IllegalMove, LimitReached, NotFound, RuleBroken
from persistence import audit
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.usecases.selling import accepted, line
from tests.usecases.services import allow
from tests.usecases.storms import Office
from usecases.kit import Done, run

ROUNDS = int(os.environ.get("STORMS", "15"))
# Whoever comes too late is told so; nobody is told to try again.
EXPECTED = (Done, IllegalMove, RuleBroken, LimitReached, NotFound)
OVER = """SELECT DISTINCT status FROM service_orders WHERE organization_id = $1
  AND status IN ('COMPLETED', 'CANCELLED') ORDER BY status"""

# What must be true whatever happened, as queries for what it is not true of.
BROKEN = {
    "a coupon counts what holds it, and keeps its limits": """
        SELECT c.code FROM coupons c WHERE c.organization_id = $1 AND (
          c.used > c.usage_limit_total
          OR c.used <> (SELECT count(*) FROM coupon_redemptions r
            WHERE r.coupon_id = c.id AND r.status <> 'RELEASED')
          OR c.usage_limit_per_subject < ANY (SELECT count(*) FROM coupon_redemptions r
            WHERE r.coupon_id = c.id AND r.status <> 'RELEASED' AND r.customer_id IS NOT NULL
            GROUP BY r.customer_id))""",
    "a redemption stands as its order does": """
        SELECT o.number FROM service_orders o JOIN coupon_redemptions r ON r.order_id = o.id
        WHERE o.organization_id = $1 AND r.status <> 'RELEASED' AND r.status <> CASE o.status
          WHEN 'COMPLETED' THEN 'REDEEMED' WHEN 'CANCELLED' THEN 'RELEASED' ELSE 'RESERVED' END""",
    "an order's price is that of its lines, its coupon and its tax": """
        SELECT o.number FROM service_orders o WHERE o.organization_id = $1 AND (
          o.price + o.options - o.discount - o.covered <> (SELECT sum(l.amount)
            FROM service_order_price_lines l WHERE l.order_id = o.id)
          OR o.discount <> coalesce((SELECT sum(r.amount) FROM coupon_redemptions r
            WHERE r.order_id = o.id AND r.status <> 'RELEASED'), 0)
          OR o.total <> o.price + o.options - o.discount - o.covered + o.vat_amount)""",
    "an allocation covers the orders that name it": """
        SELECT a.id FROM allocations a WHERE a.organization_id = $1 AND a.used <>
          (SELECT count(*) FROM service_orders o WHERE o.allocation_id = a.id)""",
    "what an allocation has left is what its ledger says": """
        SELECT a.id FROM allocations a WHERE a.organization_id = $1 AND
          (a.total - a.used - a.expired, a.used) <> (SELECT
            sum(CASE WHEN e.kind IN ('GRANT', 'RELEASE') THEN e.quantity ELSE -e.quantity END),
            count(*) FILTER (WHERE e.kind = 'CONSUME') - count(*) FILTER (WHERE e.kind = 'RELEASE')
            FROM allocation_entries e WHERE e.allocation_id = a.id)""",
    "a completed order that costs something is billed once, and no other": """
        SELECT o.number FROM service_orders o WHERE o.organization_id = $1 AND
          (SELECT array_agg(i.total) FROM sales_invoices i
            WHERE i.order_id = o.id AND i.status <> 'VOID')
          IS DISTINCT FROM
          CASE WHEN o.status = 'COMPLETED' AND o.total > 0 THEN ARRAY[o.total] END""",
    "a period is billed once": """
        SELECT p.id FROM subscription_periods p WHERE p.organization_id = $1 AND 1 <> (
          SELECT count(*) FROM sales_invoices i WHERE i.period_id = p.id AND i.status <> 'VOID')""",
    "a quotation is ordered and billed once, or not at all": """
        SELECT q.number FROM quotations q WHERE q.organization_id = $1 AND ARRAY[
          (SELECT count(*) FROM service_orders o JOIN quotation_lines l
            ON l.id = o.quotation_line_id WHERE l.quotation_id = q.id),
          (SELECT count(*) FROM sales_invoices i
            WHERE i.quotation_id = q.id AND i.status <> 'VOID')]
          <> CASE q.status WHEN 'CONVERTED' THEN ARRAY[2, 1]::bigint[] ELSE ARRAY[0, 0] END""",
    "every order counts in its month": """
        SELECT o.month FROM order_allowances o WHERE o.organization_id = $1 AND o.used <>
          (SELECT count(*) FROM service_orders s WHERE s.organization_id = $1)""",
    "numbers have no gaps": """
        SELECT n.series FROM document_numbers n WHERE n.organization_id = $1 AND n.last <> (
          SELECT count(*) FROM (SELECT number FROM service_orders WHERE organization_id = $1
            UNION ALL SELECT number FROM sales_invoices WHERE organization_id = $1
            UNION ALL SELECT number FROM quotations WHERE organization_id = $1) AS there
          WHERE number LIKE n.series || '-%')""",
    "positions of events have no gaps": """
        SELECT max(position) FROM outbox_events WHERE organization_id = $1
        HAVING (min(position), max(position)) <> (1, count(*))""",
}


async def test_whatever_comes_at_once_nothing_waits_in_a_circle_and_everything_adds_up(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, engine: AsyncEngine
) -> None:
    await allow(owner, world, 4 * ROUNDS)
    office = Office(world, storage, owner, Random(42))  # noqa: S311 - any course will do
    await office.open()
    seen: Counter[str] = Counter()

    for n in range(ROUNDS):
        if n % 3 == 0:
            lines = [line(office.services[0]), line(quantity=Decimal(1))]
            await accepted(world, storage, office.companies[n % 2], *lines)
        await office.look()
        outcomes = await gather(
            *(run(command, world.caller(), storage) for command in office.commands()),
            return_exceptions=True,
        )
        assert [each for each in outcomes if not isinstance(each, EXPECTED)] == []
        seen += Counter(type(each).__name__ for each in outcomes)
    await office.bill_again_what_is_void()

    assert seen["Done"] > seen["IllegalMove"] > 0
    assert await owner.fetch(OVER, world.organization.id) == [("CANCELLED",), ("COMPLETED",)]
    for what, query in BROKEN.items():
        assert (what, await owner.fetch(query, world.organization.id)) == (what, [])
    async with engine.connect() as connection:
        enter = text("SELECT set_config('app.organization', :id, true)")
        await connection.execute(enter, {"id": str(world.organization.id)})
        assert (await audit.verify(connection))[1] == []
