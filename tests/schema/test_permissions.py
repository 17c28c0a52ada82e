"""A caller without a permission learns so exactly where they need it; nothing happens."""

from typing import Any

import asyncpg
import pytest
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Locale, Permission
from persistence.storage import SqlStorage
from schema import schema
from schema.kit.mutations import Verb
from schema.kit.relations import DECLARED
from schema.kit.views import KINDS
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, mutating, public, reading, run_operation
from tests.schema.test_nodes import NODE, TYPES, ids_of
from tests.usecases.orders import drafted, pending

NOWHERE = "0" * 32
LINE = {"description": "Paper", "quantity": 1, "unitPrice": 1}
# What only one mutation cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "purchase_invoice_create": {
        "vendorInvoiceNumber": "a",
        "invoiceDate": "2026-01-31",
        "lines": [LINE],
    },
    "purchase_invoice_pay": {"amount": 1},
    "service_definition_create": {"price": 1, "steps": []},
    "service_definition_update": {"steps": []},
    "package_create": {"price": 1, "durationDays": 1},
    "coupon_create": {"discountType": "FIXED", "discountValue": 1},
    "budget_create": {"fiscalYear": 2026, "allocatedAmount": 1},
    "goods_receipt_create": {
        "purchaseOrderId": f"po_{NOWHERE}",
        "lines": [{"orderLineId": f"pol_{NOWHERE}", "accepted": 1}],
    },
    "service_order_place": {"serviceDefinitionId": f"svc_{NOWHERE}"},
    "service_order_set_priority": {"priority": "HIGH"},
    "service_order_choose_options": {"options": []},
    "service_order_step_wait": {"waitingFor": "CLIENT"},
    "package_subscription_assign": {"packageId": f"pkg_{NOWHERE}"},
    "webhook_endpoint_create": {"url": "https://8.8.8.8/", "events": ["*"]},
    "webhook_endpoint_replay": {"since": "2026-01-01T00:00:00Z"},
}
VERBS: dict[str, Verb] = {
    field.python_name: field.metadata[DECLARED]
    for field in schema.schema_converter.type_map["Mutation"].definition.fields  # type: ignore[union-attr]
}


@pytest.mark.parametrize("name", VERBS)
async def test_a_mutation_without_its_permission_is_refused_in_the_payload(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, name: str
) -> None:
    """Every other permission does not help; the input need not even make sense."""
    verb = VERBS[name]
    by = world.caller(permissions=frozenset(Permission) - {verb.requires})
    given: dict[str, Any] = {
        "name": "a",
        "code": "a",
        "email": "a@example.com",
        "reason": "a",
        "comment": "a",
        "steps": [{"name": "a", "approver": {"kind": "DEPARTMENT_HEAD"}}],
        "line": LINE,
        "supplierId": public(world.supplier),
        "departmentId": public(world.department),
        "userId": public(world.buyer),
        "toUserId": public(world.buyer),
        "fromUserId": public(world.approver),
        "startsAt": "2026-01-01T00:00:00Z",
        "endsAt": "2026-02-01T00:00:00Z",
        "lineId": f"pol_{NOWHERE}",
        "companyId": f"com_{NOWHERE}",
        "clientId": f"cli_{NOWHERE}",
        "typeId": f"dty_{NOWHERE}",
        "customerId": f"com_{NOWHERE}",
        "stepId": f"sos_{NOWHERE}",
    }
    names = {slot.public for slot in verb.slots}
    given = {key: value for key, value in given.items() if key in names} | NEEDED.get(name, {})
    given |= dict.fromkeys({"id", "orderId"} & names, f"{verb.prefix}_{NOWHERE}")
    mutation = to_camel_case(name)

    async with unchanged(owner, world):
        result = await run_operation(storage, by, mutating(mutation), {"input": given})

    assert result.errors is None
    [error] = result.data[mutation]["errors"]
    assert error == {
        "code": "FORBIDDEN",
        "message": f"this takes the permission {verb.requires.value}",
        "path": None,
    }


LISTS = {
    "purchaseOrders": Permission.PURCHASE_ORDERS_READ,
    "goodsReceipts": Permission.GOODS_RECEIPTS_READ,
    "purchaseInvoices": Permission.PURCHASE_INVOICES_READ,
    "suppliers": Permission.SUPPLIERS_READ,
    "companies": Permission.COMPANIES_READ,
    "clients": Permission.CLIENTS_READ,
    "workers": Permission.COMPANIES_READ,
    "connectionRequests": Permission.CONNECTIONS_READ,
    "complianceDocumentTypes": Permission.DOCUMENTS_READ,
    "complianceDocuments": Permission.DOCUMENTS_READ,
    "serviceDefinitions": Permission.SERVICES_READ,
    "packages": Permission.PACKAGES_READ,
    "coupons": Permission.COUPONS_READ,
    "serviceOrders": Permission.ORDERS_READ,
    "slaClocks": Permission.ORDERS_READ,
    "businessCalendars": Permission.CALENDARS_READ,
    "packageSubscriptions": Permission.SUBSCRIPTIONS_READ,
    "quotations": Permission.QUOTATIONS_READ,
    "salesInvoices": Permission.INVOICES_READ,
    "departments": Permission.DEPARTMENTS_READ,
    "projects": Permission.PROJECTS_READ,
    "users": Permission.USERS_READ,
    "roles": Permission.USERS_READ,
    "approvalWorkflows": Permission.APPROVAL_WORKFLOWS_READ,
    "delegations": Permission.DELEGATIONS_READ,
    "apiCredentials": Permission.API_CREDENTIALS_READ,
}


@pytest.mark.parametrize(("root", "needed"), LISTS.items())
async def test_a_list_without_its_permission_is_a_top_level_error(
    storage: SqlStorage, world: World, statements: list[str], root: str, needed: Permission
) -> None:
    """Nothing is read, not even for the fields beside it."""
    by = world.caller(permissions=frozenset(Permission) - {needed})

    result = await run_operation(storage, by, f"{{ {root} {{ totalCount }} }}", {})

    assert result.data is None
    [error] = result.errors
    assert error.message == f"this takes the permission {needed.value}"
    assert error.path == [root]
    assert error.extensions == {"code": "FORBIDDEN"}
    assert statements == []


@pytest.mark.parametrize("prefix", sorted(TYPES.keys() - {"org"}))
async def test_a_node_without_its_permission_is_null_with_an_error(
    storage: SqlStorage, world: World, prefix: str
) -> None:
    id = (await ids_of(world, storage))[prefix]
    needed = KINDS[prefix].needs
    assert needed is not None
    by = world.caller(permissions=frozenset(Permission) - {needed})

    result = await run_operation(storage, by, NODE, {"id": id})

    assert result.data == {"node": None}
    [error] = result.errors
    assert error.path == ["node"]
    assert error.extensions == {"code": "FORBIDDEN"}


async def test_a_relation_without_its_permission_is_null_and_the_rest_is_there(
    storage: SqlStorage, world: World
) -> None:
    order = await drafted(world, storage)
    by = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_READ}))
    document = """query ($id: ID!) { purchaseOrder(id: $id) {
      number supplier { name } department { name } project { name } createdBy { name } } }"""

    result = await run_operation(storage, by, document, {"id": public(order)})

    nothing = dict.fromkeys(["supplier", "department", "project", "createdBy"])
    assert result.data == {"purchaseOrder": {"number": order.number, **nothing}}
    assert sorted(error.path[1] for error in result.errors) == sorted(nothing)
    assert {error.extensions["code"] for error in result.errors} == {"FORBIDDEN"}


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        (Locale.AR, "هذا يتطلب الصلاحية suppliers:read"),
        (Locale.PT, "isto exige a permissão suppliers:read"),
    ],
)
async def test_refusals_are_in_the_readers_language(
    refused: Ask, world: World, locale: Locale, message: str
) -> None:
    by = reading(world.caller(permissions=frozenset()), locale)

    [error] = await refused("{ suppliers { totalCount } }", as_=by)

    assert error["message"] == message


async def test_a_payload_shows_what_its_mutation_touched_and_no_more(
    storage: SqlStorage, world: World
) -> None:
    """Who may write but not read sees the order that they changed, without its relations."""
    order = await pending(world, storage)
    by = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_WRITE}))
    document = mutating("purchaseOrderRecall", "{ status supplier { name } }")

    result = await run_operation(storage, by, document, {"input": {"id": public(order)}})

    assert result.data == {
        "purchaseOrderRecall": {
            "errors": [],
            "purchaseOrder": {"status": "DRAFT", "supplier": None},
        }
    }
    assert [error.extensions["code"] for error in result.errors] == ["FORBIDDEN"]
