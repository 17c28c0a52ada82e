"""Placing service orders: who is looked up, what is counted, and what is kept."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from domain.compliance_documents import ComplianceDocument
from domain.connection_requests import ConnectionRequest, ConnectionStatus
from domain.kit.errors import DomainError, RuleBroken
from domain.kit.ids import new_id
from domain.service_definitions import EligibilityCheck, EligibilityKind, ServiceStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.domain import subscriptions as packages
from tests.make import NOON
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.services import YEAR, kept, offered, placed
from usecases.kit import run
from usecases.service_orders import PlaceServiceOrder


async def refused(world: World, storage: SqlStorage, **values: Any) -> list[tuple[str, Any]]:
    with pytest.raises(DomainError) as caught:
        await run(PlaceServiceOrder(**values), world.caller(), storage)
    return [(str(each), each.path) for each in caught.value.problems]


async def test_an_order_is_kept_with_its_number_steps_clocks_and_price(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage, options=["express"])

    columns = ("number", "status", "price", "options", "total", "version", "shrkity_id")
    assert await kept(owner, order, *columns) == [
        f"SO-{YEAR}-0001", "PENDING", 100, 50, Decimal("172.5"), 1, 1,
    ]  # fmt: skip
    steps = "SELECT key, status FROM service_order_steps WHERE order_id = $1 ORDER BY position"
    assert [tuple(row) for row in await owner.fetch(steps, order.id)] == [
        ("collect", "READY"),
        ("submit", "BLOCKED"),
        ("courier", "READY"),
    ]
    clocks = "SELECT count(*) FROM sla_clocks WHERE order_id = $1 AND state = 'RUNNING'"
    assert await owner.fetchval(clocks, order.id) == 4
    lines = "SELECT line_kind FROM service_order_price_lines WHERE order_id = $1 ORDER BY position"
    assert [row[0] for row in await owner.fetch(lines, order.id)] == ["BASE", "OPTION"]
    assert await actions(owner, order.id) == ["service_order.placed"]


async def test_an_order_for_a_companys_worker_says_so(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company = make.company()
    worker = make.worker(company.id)
    await save(company)
    await save(worker)
    service = await offered(world, storage, requires_company=True, requires_worker=True)

    order = await placed(world, storage, service, company_id=company.id, worker_id=worker.id)

    assert await kept(owner, order, "customer_id", "worker_id") == [company.id, worker.id]
    [entry] = await entries(owner, order.id)
    assert f'"company_id": "{company.id}"' in entry["details"]
    assert f'"worker_id": "{worker.id}"' in entry["details"]


@pytest.mark.parametrize("status", [ServiceStatus.DRAFT, ServiceStatus.ARCHIVED])
async def test_only_what_is_published_is_ordered(
    storage: SqlStorage,
    world: World,
    save: Save,
    owner: asyncpg.Connection,
    status: ServiceStatus,
) -> None:
    service = packages.service(status=status)
    await save(service)

    async with unchanged(owner, world):
        assert await refused(world, storage, service_definition_id=service.id) == [
            ("this service cannot be ordered: it is not published", ("service_definition_id",))
        ]
        assert await refused(world, storage, service_definition_id=new_id()) == [
            ("no such service", ("service_definition_id",))
        ]


async def test_another_organizations_service_and_customers_are_unknown(
    storage: SqlStorage, world: World, other_world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, theirs = make.company(), await offered(world, storage)
    await save(company)
    ours = await offered(other_world, storage)

    async with unchanged(owner, world), unchanged(owner, other_world):
        given = {"service_definition_id": theirs.id}
        assert await refused(other_world, storage, **given) == [
            ("no such service", ("service_definition_id",))
        ]
        given = {"service_definition_id": ours.id, "company_id": company.id}
        assert await refused(other_world, storage, **given) == [
            ("no such customer", ("company_id",))
        ]


async def test_a_customer_is_named_as_what_it_is(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, client = make.company(), make.client()
    await save(company, client)
    service = await offered(world, storage)

    async with unchanged(owner, world):
        given = {"company_id": client.id, "client_id": company.id}
        assert await refused(world, storage, service_definition_id=service.id, **given) == [
            ("no such customer", ("company_id",)),
            ("no such customer", ("client_id",)),
        ]


async def test_who_was_removed_or_works_elsewhere_is_no_worker_of_the_company(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    company, other = make.company(), make.company()
    elsewhere, gone = make.worker(other.id), make.worker(company.id)
    gone.removed_at = NOON
    await save(company, other)
    await save(elsewhere, gone)
    service = await offered(world, storage, requires_company=True, requires_worker=True)

    async with unchanged(owner, world):
        for id in (elsewhere.id, gone.id, new_id()):
            given = {"company_id": company.id, "worker_id": id}
            assert await refused(world, storage, service_definition_id=service.id, **given) == [
                ("this company has no such worker", ("worker_id",))
            ]


async def test_a_customer_who_is_not_active_is_not_served(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    client = make.client(active=False)
    await save(client)
    service = await offered(world, storage)

    async with unchanged(owner, world):
        given = {"service_definition_id": service.id, "client_id": client.id}
        assert await refused(world, storage, **given) == [
            ("this customer is not active", ("client_id",))
        ]


def valid(type_id: Any) -> EligibilityCheck:
    kind = EligibilityKind.VALID_DOCUMENT
    return EligibilityCheck(key="licence", label="Licence", kind=kind, type_id=type_id)


def document(**values: Any) -> ComplianceDocument:
    return ComplianceDocument.founded(NOON, **({"number": "1"} | values))


def today(world: World) -> date:
    return datetime.now(ZoneInfo(world.organization.time_zone)).date()


YESTERDAY, LATER = timedelta(days=-1), timedelta(days=400)


@pytest.mark.parametrize(
    ("values", "eligible"),
    [
        ({}, True),
        ({"expires_on": timedelta(0)}, True),
        ({"expires_on": LATER}, True),
        ({"expires_on": YESTERDAY}, False),
        ({"revoked_at": NOON}, False),
        ({"number": None}, False),
        ({"worker": "theirs"}, True),
        ({"worker": "a colleague's"}, False),
        ({"type": "another"}, False),
    ],
)
async def test_a_document_counts_while_it_is_in_force(
    storage: SqlStorage,
    world: World,
    save: Save,
    *,
    values: dict[str, Any],
    eligible: bool,
) -> None:
    company, licence, other = make.company(), make.document_type(), make.document_type()
    worker, colleague = make.worker(company.id), make.worker(company.id)
    await save(company, licence, other)
    await save(worker, colleague)
    holders = {"theirs": worker.id, "a colleague's": colleague.id, None: None}
    given = dict(values)
    worker_id = holders[given.pop("worker", None)]
    type_id = (other if given.pop("type", None) else licence).id
    if "expires_on" in given:
        given["expires_on"] += today(world)
    of = {"type_id": type_id, "company_id": company.id, "worker_id": worker_id}
    await save(document(**of, **given))
    service = await offered(world, storage, eligibility=[valid(licence.id)])
    whom = {"company_id": company.id, "worker_id": worker.id}

    if eligible:
        assert (await placed(world, storage, service, **whom)).customer_id == company.id
    else:
        assert await refused(world, storage, service_definition_id=service.id, **whom) == [
            ("not eligible: Licence", ("eligibility", "licence"))
        ]


@pytest.mark.parametrize("status", ConnectionStatus)
@pytest.mark.parametrize("through_company", [False, True])
async def test_a_client_is_connected_and_so_is_their_company(
    storage: SqlStorage,
    world: World,
    save: Save,
    status: ConnectionStatus,
    *,
    through_company: bool,
) -> None:
    client = make.client()
    company = make.company(client_id=client.id)
    await save(client)
    await save(company)
    connection = ConnectionRequest.founded(NOON, client_id=client.id, status=status)
    await save(connection)
    check = EligibilityCheck(key="portal", label="Portal", kind=EligibilityKind.CONNECTED)
    service = await offered(world, storage, eligibility=[check])
    whom = {"company_id": company.id} if through_company else {"client_id": client.id}

    if status is ConnectionStatus.ACTIVE:
        assert (await placed(world, storage, service, **whom)).customer_id in whom.values()
    else:
        assert await refused(world, storage, service_definition_id=service.id, **whom) == [
            ("not eligible: Portal", ("eligibility", "portal"))
        ]


async def test_all_that_stands_in_the_way_is_said_at_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    checks = [
        EligibilityCheck(key="vat", label="VAT number", kind=EligibilityKind.TAX_ID),
        EligibilityCheck(key="cr", label="Registration", kind=EligibilityKind.REGISTERED),
    ]
    needs = {"requires_company": True, "requires_worker": True}
    service = await offered(world, storage, eligibility=checks, **needs)

    async with unchanged(owner, world):
        found = await refused(world, storage, service_definition_id=service.id, options=["gold"])

    assert [path for _, path in found] == [
        ("company_id",),
        ("worker_id",),
        ("eligibility", "vat"),
        ("eligibility", "cr"),
        ("options", 0),
    ]


async def test_text_that_cannot_be_kept_is_refused_before_anything_is_counted(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)

    async with unchanged(owner, world):
        place = PlaceServiceOrder(service_definition_id=service.id, options=["a\x00b"])
        with pytest.raises(RuleBroken):
            await run(place, world.caller(), storage)
