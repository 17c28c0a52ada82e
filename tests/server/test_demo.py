"""The first start: organizations to explore, and the secrets that open them."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from domain.callers import Caller, Channel, Locale, Permission
from domain.kit.errors import Unauthenticated
from domain.purchase_orders import PurchaseOrderStatus
from domain.users import DEFAULT_ROLES
from persistence.audit import verify
from persistence.engines import application_engine, owner_engine
from persistence.migrating import upgrade
from server.demo import seed_if_empty
from server.demo.seedings import seed
from server.gate import CredentialGate
from server.settings import Settings

NOW = datetime(2026, 5, 20, 15, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Demo:
    url: str
    settings: Settings
    told: dict[str, Any]
    rows: asyncpg.Connection


@asynccontextmanager
async def seeded(owner: asyncpg.Connection, url: str, folder: Path) -> AsyncIterator[Demo]:
    name = f"demo_{uuid4().hex}"
    await owner.execute(f"CREATE DATABASE {name}")
    own = make_url(url).set(database=name).render_as_string(hide_password=False)
    await asyncio.to_thread(upgrade, own)
    settings = Settings(data_dir=folder / name, port=8123)
    engine = application_engine(own, pool_size=2)
    await seed(engine, settings, NOW)
    await engine.dispose()
    told = json.loads((settings.data_dir / "credentials.json").read_text())
    rows = await asyncpg.connect(own)
    try:
        yield Demo(own, settings, told, rows)
    finally:
        await rows.close()


@pytest.fixture(scope="module")
async def demo(
    owner: asyncpg.Connection, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demo]:
    async with seeded(owner, database_url, tmp_path_factory.mktemp("demo")) as demo:
        yield demo


async def entered(demo: Demo, secret: str, channel: Channel) -> Caller:
    engine = application_engine(demo.url, pool_size=1)
    try:
        gate = CredentialGate(engine, demo.url)
        return await gate.enter(
            secret, channel=channel, address="", request_id="req", locale=Locale.EN
        )
    finally:
        await engine.dispose()


async def counted(demo: Demo, sql: str) -> dict[str, int]:
    return {row[0]: row[1] for row in await demo.rows.fetch(sql)}


async def test_there_are_orders_in_every_status(demo: Demo) -> None:
    found = await counted(
        demo,
        "SELECT status, count(*) FROM purchase_orders JOIN organizations o USING (organization_id)"
        " WHERE o.name = 'Demo Trading Company' GROUP BY 1",
    )
    assert found == {
        PurchaseOrderStatus.DRAFT: 16,
        PurchaseOrderStatus.PENDING_APPROVAL: 27,
        PurchaseOrderStatus.APPROVED: 60,
        PurchaseOrderStatus.REJECTED: 16,
        PurchaseOrderStatus.CANCELLED: 11,
        PurchaseOrderStatus.COMPLETED: 23,
    }


async def test_there_is_something_of_everything(demo: Demo) -> None:
    tables = (
        "organizations",
        "roles",
        "users",
        "departments",
        "projects",
        "suppliers",
        "approval_workflows",
        "api_credentials",
        "budgets",
        "goods_receipts",
        "purchase_invoices",
        "webhook_endpoints",
        "delegations",
        "business_calendars",
        "service_definitions",
        "packages",
        "coupons",
        "customers",
        "workers",
        "connection_requests",
        "compliance_documents",
        "package_subscriptions",
        "quotations",
        "service_orders",
        "sales_invoices",
    )
    found = {t: await demo.rows.fetchval(f"SELECT count(*) FROM {t}") for t in tables}  # noqa: S608

    assert found == {
        "organizations": 2,
        "roles": 2 * len(DEFAULT_ROLES),
        "users": 18,
        "departments": 7,
        "projects": 10,
        "suppliers": 43,
        "approval_workflows": 6,
        "api_credentials": 16,
        "budgets": 20,
        "goods_receipts": 49,
        "purchase_invoices": 30,
        "webhook_endpoints": 1,
        "delegations": 2,
        "business_calendars": 2,
        "service_definitions": 9,
        "packages": 4,
        "coupons": 6,
        "customers": 22,
        "workers": 29,
        "connection_requests": 10,
        "compliance_documents": 82,
        "package_subscriptions": 9,
        "quotations": 8,
        "service_orders": 59,
        "sales_invoices": 41,
    }
    statuses = await counted(demo, "SELECT status, count(*) FROM suppliers GROUP BY 1")
    assert statuses == {"ACTIVE": 36, "INACTIVE": 4, "BLOCKED": 3}
    currencies = await counted(demo, "SELECT currency, count(*) FROM purchase_orders GROUP BY 1")
    assert currencies.keys() == {"SAR", "USD", "EUR", "KWD", "JPY"}
    for empty in (
        "SELECT count(*) FROM purchase_order_attachments",
        "SELECT count(*) FROM approval_requests WHERE round = 2",
        "SELECT count(*) FROM purchase_orders WHERE cloned_from_id IS NOT NULL",
        "SELECT count(*) FROM audit_events WHERE action = 'purchase_order.deleted'",
    ):
        assert await demo.rows.fetchval(empty) > 0


async def test_goods_come_in_every_way(demo: Demo) -> None:
    receipts = await counted(demo, "SELECT status, count(*) FROM goods_receipts GROUP BY 1")
    assert receipts == {"DRAFT": 2, "POSTED": 45, "REVERSED": 2}
    received = await counted(
        demo, "SELECT receipt_status, count(*) FROM purchase_orders GROUP BY 1"
    )
    assert received == {"NONE": 120, "PARTIAL": 9, "COMPLETE": 32}
    assert await demo.rows.fetchval("SELECT count(*) FROM goods_receipt_lines WHERE rejected > 0")


async def test_invoices_match_or_do_not_and_some_are_paid(demo: Demo) -> None:
    found = await counted(
        demo,
        "SELECT status || ' ' || match_status, count(*) FROM purchase_invoices GROUP BY 1",
    )
    assert found == {
        "DRAFT PENDING_GRN": 2,
        "SUBMITTED FULL_MATCH": 3,
        "SUBMITTED MISMATCH": 3,
        "APPROVED FULL_MATCH": 10,
        "APPROVED MISMATCH": 3,
        "PAID FULL_MATCH": 7,
        "CANCELLED MISMATCH": 2,
    }
    for some in (
        "SELECT count(*) FROM purchase_invoices WHERE paid_amount > 0 AND paid_amount < total",
        "SELECT count(*) FROM purchase_invoices WHERE status = 'APPROVED' AND due_date < now()",
        "SELECT count(*) FROM purchase_invoices WHERE overridden_by_id IS NOT NULL",
    ):
        assert await demo.rows.fetchval(some) >= 3


async def test_every_department_has_a_budget_for_each_year(demo: Demo) -> None:
    found = await counted(
        demo,
        "SELECT fiscal_year || ' ' || status || ' ' || policy, count(*) FROM budgets GROUP BY 1",
    )
    assert found == {
        "2025 ACTIVE BLOCK": 3,
        "2025 ACTIVE WARN": 5,
        "2025 CLOSED OFF": 1,
        "2026 ACTIVE BLOCK": 3,
        "2026 ACTIVE OFF": 1,
        "2026 ACTIVE WARN": 5,
        "2026 FROZEN WARN": 1,
        "2027 DRAFT WARN": 1,
    }
    overspent = "SELECT count(*) FROM budgets WHERE committed + spent > allocated_amount"
    assert await demo.rows.fetchval(overspent) == 1
    blocked = overspent + " AND policy = 'BLOCK'"
    assert await demo.rows.fetchval(blocked) == 0


async def test_orders_go_to_those_who_decide_about_so_much(demo: Demo) -> None:
    routes = await demo.rows.fetch(
        "SELECT workflow_name, min(base_total), max(base_total), min(steps), max(steps) FROM ("
        " SELECT r.workflow_name, p.base_total,"
        " (SELECT count(*) FROM approval_steps s WHERE s.request_id = r.id) steps"
        " FROM approval_requests r JOIN purchase_orders p ON p.id = r.purchase_order_id"
        # What was halved for the second round took another route in the first, and what was
        # amended may have grown since.
        " WHERE r.status <> 'CHANGES_REQUESTED' AND p.revision = 1"
        ") x GROUP BY 1 ORDER BY 1"
    )
    names = [route["workflow_name"] for route in routes]
    by_amount = ["Large orders", "Medium orders", "Small orders"]
    assert names == ["Everything", "Fleet", *by_amount, "Warehouse"]
    [large, medium, small] = [tuple(route) for route in routes[2:5]]
    assert large[1] >= 50_000
    assert large[3:] == (3, 3)
    assert 10_000 <= medium[1] <= medium[2] < 50_000
    assert medium[3:] == (2, 2)
    assert small[2] < 10_000
    assert small[3:] == (1, 1)


async def test_some_decide_together_or_in_time(demo: Demo) -> None:
    found = await counted(
        demo,
        "SELECT concat_ws(' ', workflow_name, rule, s.status, s.time_limit_hours,"
        " CASE WHEN escalated_at IS NOT NULL THEN 'escalated' END), count(*)"
        " FROM approval_steps s JOIN approval_requests r ON r.id = s.request_id"
        " WHERE workflow_name IN ('Warehouse', 'Fleet') GROUP BY 1",
    )
    assert found == {
        "Fleet ANY PENDING 96": 2,
        "Fleet ANY PENDING 96 escalated": 2,
        "Warehouse MAJORITY APPROVED": 4,
        "Warehouse MAJORITY PENDING": 2,
        "Warehouse ALL APPROVED": 2,
        "Warehouse ALL PENDING": 2,
        "Warehouse ALL WAITING": 2,
    }


async def test_somebody_is_away_now_and_somebody_was(demo: Demo) -> None:
    current = await demo.rows.fetchval(
        "SELECT count(*) FROM delegations WHERE $1 BETWEEN starts_at AND ends_at", NOW
    )
    asked_of_deputies = await demo.rows.fetchval(
        "SELECT count(*) FROM audit_events WHERE action = 'purchase_order.step_delegated'"
    )
    assert (current, asked_of_deputies) == (1, 2)


async def test_nothing_happens_in_the_future_and_the_trail_is_whole(demo: Demo) -> None:
    latest = await demo.rows.fetchval("SELECT max(at) FROM audit_events")
    assert latest <= NOW
    engine = owner_engine(demo.url)
    async with engine.connect() as connection:
        count, broken = await verify(connection)
    await engine.dispose()
    assert (count > 800, broken) == (True, [])


async def test_the_file_is_its_owners_alone(demo: Demo) -> None:
    path = demo.settings.data_dir / "credentials.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [*path.parent.iterdir()] == [path]


async def test_the_file_says_where_and_with_what(demo: Demo) -> None:
    told = demo.told
    assert told.keys() == {"graphql", "waqti", "shrkity", "shoplazza", "other_organization"}
    assert told["graphql"]["url"] == "http://127.0.0.1:8123/graphql"
    assert told["waqti"]["base_url"] == "http://127.0.0.1:8123/v1"
    people = ["admin", "buyer", "department_head", "finance_manager", "cfo"]
    assert [*told["graphql"]["tokens"]] == people
    numbers = [token.split("|")[0] for token in told["waqti"]["tokens"].values()]
    assert numbers == ["1", "2", "3", "4", "5"]
    assert told["shrkity"].keys() == {"base_url", "api_key"}
    assert told["shrkity"]["base_url"] == "http://127.0.0.1:8123/api/v1"
    assert told["other_organization"]["shrkity"].keys() == {"api_key"}
    assert told["shoplazza"].keys() == {"base_url", "access_token"}
    assert told["shoplazza"]["base_url"] == "http://127.0.0.1:8123/openapi/2022-01"
    assert told["other_organization"]["shoplazza"].keys() == {"access_token"}
    assert {len(token.split("|")[1]) for token in told["waqti"]["tokens"].values()} == {40}


@pytest.mark.parametrize("dialect", ["graphql", "waqti"])
async def test_every_token_opens_what_its_role_may(demo: Demo, dialect: str) -> None:
    channel = Channel(dialect.upper())
    for key, secret in demo.told[dialect]["tokens"].items():
        caller = await entered(demo, secret, channel)
        assert caller.permissions == DEFAULT_ROLES[key][1], key


async def test_the_key_of_shrkity_opens_everything(demo: Demo) -> None:
    caller = await entered(demo, demo.told["shrkity"]["api_key"], Channel.SHRKITY)

    assert caller.permissions == DEFAULT_ROLES["admin"][1]


async def test_the_token_of_an_app_reads(demo: Demo) -> None:
    caller = await entered(demo, demo.told["shoplazza"]["access_token"], Channel.SHOPLAZZA)

    assert Permission.PURCHASE_ORDERS_READ in caller.permissions
    assert all(permission.endswith(":read") for permission in caller.permissions)


async def test_the_other_organization_is_another(demo: Demo) -> None:
    ours = await entered(demo, demo.told["graphql"]["tokens"]["admin"], Channel.GRAPHQL)
    other = demo.told["other_organization"]
    theirs = await entered(demo, other["graphql"]["tokens"]["admin"], Channel.GRAPHQL)
    theirs_too = await entered(demo, other["waqti"]["tokens"]["admin"], Channel.WAQTI)

    app = await entered(demo, other["shoplazza"]["access_token"], Channel.SHOPLAZZA)
    erp = await entered(demo, other["shrkity"]["api_key"], Channel.SHRKITY)

    found = {caller.organization_id for caller in (theirs, theirs_too, app, erp)}
    assert found == {theirs.organization_id} != {ours.organization_id}
    with pytest.raises(Unauthenticated):
        await entered(demo, "1|" + "a" * 40, Channel.WAQTI)


CONTENT = (
    """SELECT number, status, p.created_at, currency, total, notes, searched
    FROM purchase_orders p JOIN organizations o USING (organization_id) ORDER BY o.name, number""",
    "SELECT name, name_ar, status, tax_id, performance_score FROM suppliers ORDER BY code, name",
    "SELECT name, name_ar, email, active FROM users ORDER BY email",
    """SELECT action, at, details - '{into,user_id,to_user_id,from_user_id,to_user_ids}'::text[]
    FROM audit_events JOIN organizations o USING (organization_id)
    WHERE subject_kind = 'purchase_order' AND NOT details ? 'lines' ORDER BY o.name, position""",
)


async def test_it_is_the_same_every_time_except_for_secrets(
    demo: Demo, owner: asyncpg.Connection, database_url: str, tmp_path: Path
) -> None:
    async with seeded(owner, database_url, tmp_path) as again:
        for sql in CONTENT:
            ours = [tuple(row) for row in await demo.rows.fetch(sql)]
            assert ours == [tuple(row) for row in await again.rows.fetch(sql)]
        assert again.told["graphql"]["tokens"] != demo.told["graphql"]["tokens"]


async def test_a_second_start_changes_nothing(demo: Demo, caplog: pytest.LogCaptureFixture) -> None:
    path = demo.settings.data_dir / "credentials.json"
    before = (path.read_text(), await demo.rows.fetchval("SELECT count(*) FROM audit_events"))

    await seed_if_empty(demo.settings, demo.url)

    events = await demo.rows.fetchval("SELECT count(*) FROM audit_events")
    assert (path.read_text(), events) == before
    assert caplog.messages == []


async def test_a_lost_file_is_noticed_and_nothing_seeded(
    demo: Demo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = Settings(data_dir=tmp_path / "moved")

    await seed_if_empty(elsewhere, demo.url)

    [message] = caplog.messages
    assert message.startswith(f"there is no {tmp_path}/moved/credentials.json")
    assert "`backoffice credentials demo`" in message
    assert not elsewhere.data_dir.exists()
    assert await demo.rows.fetchval("SELECT count(*) FROM organizations") == 2


async def test_two_servers_that_start_together_seed_once(
    fresh_database: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    await asyncio.gather(*(seed_if_empty(settings, fresh_database) for _ in range(2)))

    connection = await asyncpg.connect(fresh_database)
    names = await connection.fetch("SELECT name FROM organizations ORDER BY name")
    await connection.close()
    assert [row["name"] for row in names] == ["Demo Trading Company", "Other Company"]
