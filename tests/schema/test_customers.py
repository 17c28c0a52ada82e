"""Customers in the graph: both kinds as one, each with the permission of its kind."""

from typing import Any

import pytest

from domain.callers import Permission
from domain.customers import Customer
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.domain import subscriptions
from tests.schema.conftest import Ask, public, run_operation
from tests.usecases.customers import customers, documents_of_every_status, today
from tests.usecases.selling import line
from tests.usecases.services import offered, placed, worked_on
from usecases.kit import run
from usecases.package_subscriptions import AssignPackageSubscription
from usecases.quotations import CreateQuotation

# The page; orders and their steps; subscriptions and packages; invoices, and the orders and
# subscriptions that they bill; quotations and lines; documents and types; and five counts.
STATEMENTS = 17
CUSTOMER = "query ($id: ID!) { customer(id: $id) { __typename id name } }"
READ_BOTH = {Permission.COMPANIES_READ, Permission.CLIENTS_READ}
WHOLE = """ ... on Node { id } name
  orders(first: 5) { totalCount nodes { number steps { key } } }
  subscriptions(first: 5) { totalCount nodes { status package { name } } }
  invoices(first: 5) { totalCount nodes {
    number serviceOrder { number } packageSubscription { status } } }
  quotations(first: 5) { totalCount nodes { number lines { description } } }
  documents(first: 5) { totalCount nodes { status type { name } } }"""
LIST = """{ customers(first: 50) { totalCount nodes {
  __typename id name legacyIds { channel id } metadata addresses { city }
  possibleDuplicates { id }
  ... on Company { type client { name } workers { nodes { name } } documents { nodes { status } } }
  ... on Client { connected connection { status } connections { nodes { status } }
    companies { nodes { id } } } } } }"""


async def test_a_customer_is_shown_as_what_it_is(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    held = await customers(world, storage)

    for record, kind in ((held.client, "Client"), (held.company, "Company")):
        data = await ask(CUSTOMER, id=public(record))
        shown = {"__typename": kind, "id": public(record), "name": record.name}
        assert data["customer"] == shown
        # What entries of the audit trail call a customer, whatever it is.
        assert (await ask(CUSTOMER, id=f"cus_{record.id.hex}"))["customer"] == shown


async def test_an_id_of_the_other_kind_names_nothing(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    held = await customers(world, storage)

    assert await ask(CUSTOMER, id=f"com_{held.client.id.hex}") == {"customer": None}
    assert await ask(CUSTOMER, id=f"cli_{held.company.id.hex}") == {"customer": None}


@pytest.mark.parametrize("missing", sorted(READ_BOTH))
async def test_one_customer_takes_the_permission_of_its_kind_and_a_list_takes_both(
    world: World, storage: SqlStorage, missing: Permission
) -> None:
    held = await customers(world, storage)
    by = world.caller(permissions=frozenset(Permission) - {missing})
    hidden, seen = held.company, held.client
    if missing is Permission.CLIENTS_READ:
        hidden, seen = seen, hidden  # type: ignore[assignment]

    for prefix in (hidden.prefix, "cus"):
        id = f"{prefix}_{hidden.id.hex}"
        refused = await run_operation(storage, by, CUSTOMER, {"id": id})
        assert refused.data == {"customer": None}
        assert [error.extensions for error in refused.errors] == [{"code": "FORBIDDEN"}]
    shown = await run_operation(storage, by, CUSTOMER, {"id": public(seen)})
    assert shown.data["customer"]["id"] == public(seen)
    listed = await run_operation(storage, by, "{ customers { totalCount } }", {})
    assert [error.extensions for error in listed.errors] == [{"code": "FORBIDDEN"}]


async def test_a_page_of_customers_costs_the_same_however_many_there_are(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str]
) -> None:
    sizes = []
    for wanted in (1, 8):
        for _ in range(wanted):
            await customers(world, storage, tax_id="300000000000003")
        statements.clear()
        data = await ask(LIST)
        sizes.append((data["customers"]["totalCount"], len(statements)))

    assert sizes == [(2, 9), (18, 9)]


async def test_the_same_tax_id_makes_a_possible_duplicate_however_it_is_written(
    ask: Ask, save: Save
) -> None:
    first = make.company(country="PT", tax_id="PT 509.442-013")
    twin = make.client(tax_id="pt509442013")
    await save(first)
    await save(twin, make.company(tax_id=None), make.company(country=None, tax_id="509442013"))
    await save(make.client(tax_id="--"), make.client(tax_id="."))
    document = "{ customers { nodes { id taxId possibleDuplicates { id } } } }"

    nodes = (await ask(document))["customers"]["nodes"]

    pairs = {n["id"]: [each["id"] for each in n["possibleDuplicates"]] for n in nodes}
    assert {id: others for id, others in pairs.items() if others} == {
        public(first): [public(twin)],
        public(twin): [public(first)],
    }


async def test_one_query_shows_what_there_is_of_a_customer_whoever_they_are(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str]
) -> None:
    sizes = []
    for wanted in (1, 3):
        for _ in range(wanted):
            held = await customers(world, storage)
            await documents_of_every_status(held, today(), world, storage)
            await busy(world, storage, held.company)
            await busy(world, storage, held.client)
        statements.clear()
        data = await ask(f"{{ customers(first: 50) {{ nodes {{ {WHOLE} }} }} }}")
        sizes.append((len(data["customers"]["nodes"]), len(statements)))

    assert sizes == [(2, STATEMENTS), (8, STATEMENTS)]
    for record, documents in ((held.company, 6), (held.client, 0)):
        query = f"query ($id: ID!) {{ customer(id: $id) {{ {WHOLE} }} }}"
        shown = (await ask(query, id=public(record)))["customer"]
        lists = ("orders", "subscriptions", "invoices", "quotations", "documents")
        assert [shown[name]["totalCount"] for name in lists] == [1, 1, 2, 1, documents]
        bills = [
            (bill["serviceOrder"] is None, bill["packageSubscription"] is None)
            for bill in shown["invoices"]["nodes"]
        ]
        assert sorted(bills) == [(False, True), (True, False)]


async def busy(world: World, storage: SqlStorage, customer: Customer) -> None:
    """An order that was completed, a subscription, a quotation; and what was billed of them."""
    whom: dict[str, Any] = {f"{customer.kind}_id": customer.id}
    await worked_on(world, storage, await placed(world, storage, **whom), "collect", "submit")
    package = subscriptions.package(subscriptions.item((await offered(world, storage)).id))
    await keep(storage, world.caller(), package)
    assign = AssignPackageSubscription(package_id=package.id, customer_id=customer.id)
    await run(assign, world.caller(), storage)
    await run(CreateQuotation(customer_id=customer.id, lines=[line()]), world.caller(), storage)


@pytest.mark.parametrize(
    ("list_of", "missing"),
    [
        ("orders", Permission.ORDERS_READ),
        ("subscriptions", Permission.SUBSCRIPTIONS_READ),
        ("invoices", Permission.INVOICES_READ),
        ("quotations", Permission.QUOTATIONS_READ),
        ("documents", Permission.DOCUMENTS_READ),
    ],
)
async def test_each_list_of_a_customer_takes_its_own_permission(
    world: World, storage: SqlStorage, list_of: str, missing: Permission
) -> None:
    held = await customers(world, storage)
    query = f"query ($id: ID!) {{ customer(id: $id) {{ {list_of} {{ totalCount }} }} }}"

    for permissions, codes in (
        ({Permission.COMPANIES_READ, missing}, []),
        (frozenset(Permission) - {missing}, [{"code": "FORBIDDEN"}]),
    ):
        by = world.caller(permissions=frozenset(permissions))
        result = await run_operation(storage, by, query, {"id": public(held.company)})
        assert [error.extensions for error in result.errors or ()] == codes


FILTERED: list[tuple[str, list[str]]] = [
    ("active: false", ["Old"]),
    ('country: "PT"', ["Lisboa"]),
    ('taxId: " pt509.442 013"', ["Lisboa"]),
    ('search: "LISB"', ["Lisboa"]),
    ('active: true, search: "o"', ["Lisboa", "Zoom"]),
]


@pytest.mark.parametrize(("filter", "names"), FILTERED)
async def test_customers_are_filtered_and_sorted_by_name(
    ask: Ask, save: Save, filter: str, names: list[str]
) -> None:
    await save(
        make.client(name="Zoom"),
        make.company(name="Old", active=False),
        make.company(name="Lisboa", country="PT", tax_id="PT509442013"),
    )

    data = await ask(f"{{ customers(filter: {{ {filter} }}) {{ nodes {{ name }} }} }}")

    assert [node["name"] for node in data["customers"]["nodes"]] == names


async def test_a_company_is_created_changed_and_told_of(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    held = await customers(world, storage)
    given: dict[str, Any] = {"name": "Nafud", "clientId": public(held.client), "type": "LLC"}
    record = "{ id version name type client { id } auditTrail { action } }"

    made = (await do("companyCreate", given, record))["company"]
    changed = await do(
        "companyUpdate", {"id": made["id"], "expectedVersion": 1, "city": "Hail"}, record
    )

    assert changed["errors"] == []
    assert changed["company"] == {
        "id": made["id"],
        "version": 2,
        "name": "Nafud",
        "type": "LLC",
        "client": {"id": public(held.client)},
        "auditTrail": [{"action": "company.created"}, {"action": "company.updated"}],
    }


async def test_removed_workers_are_shown_when_they_are_asked_for(
    do: Ask, ask: Ask, world: World, storage: SqlStorage
) -> None:
    held = await customers(world, storage)
    removed = await do("workerRemove", {"id": public(held.worker)}, "{ removedAt }")
    again = await do("workerRemove", {"id": public(held.worker)})
    document = """query ($id: ID!) { company(id: $id) { workers { totalCount nodes { id } }
      all: workers(filter: {includeRemoved: true}) { totalCount nodes { id } } } }"""

    company = (await ask(document, id=public(held.company)))["company"]

    assert removed["worker"]["removedAt"] is not None
    assert [error["code"] for error in again["errors"]] == ["INVALID_TRANSITION"]
    assert company["workers"] == {"totalCount": 0, "nodes": []}
    assert company["all"] == {"totalCount": 1, "nodes": [{"id": public(held.worker)}]}


async def test_a_connection_shows_what_can_be_done_next(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    held = await customers(world, storage)
    record = "{ status transitions { name allowed blockers { code } } client { connected } }"

    done = await do("connectionRequestApprove", {"id": public(held.connection)}, record)

    assert done["connectionRequest"] == {
        "status": "ACTIVE",
        "transitions": [
            {"name": "approve", "allowed": False, "blockers": [{"code": "INVALID_TRANSITION"}]},
            {"name": "reject", "allowed": False, "blockers": [{"code": "INVALID_TRANSITION"}]},
            {"name": "revoke", "allowed": True, "blockers": []},
        ],
        "client": {"connected": True},
    }
