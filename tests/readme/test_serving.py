"""docs/serving.md is run: its operations tell one story, its tables are those of the code."""

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.compliance_documents import DocumentStatus
from domain.connection_requests import ConnectionStatus
from domain.coupons import CouponStatus, RedemptionStatus
from domain.kit.errors import ErrorCode
from domain.package_subscriptions import SubscriptionStatus
from domain.quotations import QuotationStatus
from domain.sales_invoices import PAYMENT_DAYS, SalesInvoiceStatus
from domain.service_definitions import EligibilityKind, ServiceStatus
from domain.service_orders import ClockState, OrderStepStatus, ServiceOrderStatus
from domain.service_orders.clocks import AT_RISK, FACTORS
from persistence.storage import SqlStorage
from schema import sdl
from tests.conftest import World
from tests.readme.documents import PROJECT, blocks, code, section
from tests.schema.conftest import run_operation

TEXT = (PROJECT / "docs" / "serving.md").read_text()
OPERATIONS = {block.note: block.text for block in blocks(TEXT) if block.kind == "graphql"}

Perform = Callable[..., Awaitable[Any]]
Names = dict[str, str]


def rows(heading: str, width: int) -> list[list[str]]:
    """The tables of so many columns in a section, without their heads and backticks."""
    lines = re.findall(r"^\| (.+) \|$", section(TEXT, heading), re.MULTILINE)
    cells = [line.replace("`", "").split(" | ") for line in lines]
    return [each for each in cells if len(each) == width][1:]


@pytest.fixture
def perform(storage: SqlStorage, world: World) -> Perform:
    """What the operation of the document answers: of a mutation the record, without errors."""

    async def perform(name: str, names: Names | None = None) -> Any:
        asked = set(re.findall(r"\$(\w+): ", OPERATIONS[name]))
        variables = {each: (names or {})[each] for each in asked}
        result = await run_operation(storage, world.caller(), OPERATIONS[name], variables)
        assert result.errors is None, result.errors
        *_, answer = result.data.values()
        if name == "rehearse":
            return answer
        refused = [payload.get("errors", []) for payload in result.data.values()]
        assert not any(refused), refused
        if not OPERATIONS[name].startswith("mutation"):
            return answer
        return next((answer[key] for key in answer if key != "errors"), None)

    return perform


@pytest.fixture
async def names(perform: Perform) -> Names:
    """Everything that there has to be before the first order, by the document's own operations."""
    names: Names = {}
    names["calendar"] = (await perform("hours"))["id"]
    service = await perform("define", names)
    assert service["status"] == "DRAFT"
    assert {"name": "publish", "allowed": True} in service["transitions"]
    names["service"] = service["id"]
    published = await perform("publish", names)
    assert published == {"status": "PUBLISHED", "startsAtPrice": True}
    for each in ("company", "worker", "package"):
        names[each] = (await perform(each, names))["id"]
    subscription = await perform("assign", names)
    assert subscription["status"] == "ACTIVE"
    [allocation] = subscription["allocations"]
    assert (allocation["total"], allocation["used"], allocation["remaining"]) == (1, 0, 1)
    return names | {"subscription": subscription["id"], "customer": names["company"]}


async def test_an_order_goes_from_the_catalogue_to_an_invoice(
    perform: Perform, names: Names
) -> None:
    rehearsed = await perform("rehearse", names)
    assert rehearsed == {
        "serviceOrder": None,
        "errors": [
            {
                "code": "VALIDATION",
                "message": "this service is done for a worker: say for whom",
                "path": ["workerId"],
            }
        ],
    }
    covered = await perform("place", names)
    assert covered["status"] == "PENDING"
    assert [step["status"] for step in covered["steps"]] == ["READY", "BLOCKED", "BLOCKED"]
    assert covered["price"] == {
        "base": {"amount": "400.00"},
        "covered": {"amount": "400.00"},
        "vat": {"amount": "0.00"},
        "total": {"amount": "0.00"},
    }
    assert covered["packageSubscription"]["allocations"] == [{"remaining": 0}]

    of_order = await ordered_with_a_coupon(perform, names)
    papers, file, _ = await steps(perform, of_order)
    blocked = {each["name"]: each for each in file["transitions"]}["start"]
    assert (blocked["allowed"], blocked["blockers"][0]["code"]) == (False, "INVALID_TRANSITION")
    started = await perform("start", of_order | {"step": papers["id"]})
    assert started["status"] == "IN_PROGRESS"
    await perform("complete", of_order | {"step": papers["id"]})
    of_file = of_order | {"step": file["id"]}
    await perform("start", of_file)
    waiting = await perform("wait", of_file)
    assert states(waiting) == {
        ("FIRST_RESPONSE", None): "MET",
        ("RESOLUTION", None): "PAUSED",
        ("RESOLUTION", "file"): "PAUSED",
    }
    held = await perform("hold", of_order)
    assert (held["status"], held["holdReason"]) == ("ON_HOLD", "The owner is abroad.")
    assert sorted(clock["dueAt"] is None for clock in held["clocks"]) == [False, True, True]
    resumed = await perform("resume", of_order)
    assert sorted(clock["state"] for clock in resumed["clocks"]) == ["MET", "PAUSED", "PAUSED"]
    continued = await perform("continue", of_file)
    assert [step["status"] for step in continued["steps"]] == ["COMPLETED", "ACTIVE", "BLOCKED"]

    clocks = (await perform("clocks", of_order))["clocks"]
    assert {(c["measures"], c["targetSeconds"]) for c in clocks} == {
        ("FIRST_RESPONSE", 240 * 30),  # half of it: the order's priority is high
        ("RESOLUTION", 2400 * 30),
        ("RESOLUTION", 960 * 30),
    }
    queue = (await perform("queue"))["nodes"]
    assert {clock["serviceOrder"]["customer"]["name"] for clock in queue} == {"Palm Trading"}
    assert [clock["dueAt"] for clock in queue] == sorted(clock["dueAt"] for clock in queue)

    completed = await perform("complete", of_file)
    assert completed["status"] == "COMPLETED"
    assert [step["status"] for step in completed["steps"]] == ["COMPLETED", "COMPLETED", "SKIPPED"]
    [invoice] = completed["invoices"]
    of_invoice = {"invoice": invoice["id"]}
    issued = await perform("invoice", of_invoice)
    assert (issued["status"], issued["overdue"]) == ("ISSUED", False)
    assert issued["serviceOrder"] == {"status": "COMPLETED", "coupon": {"status": "REDEEMED"}}
    assert issued["total"] == {"amount": "529.00", "currency": "SAR"}
    assert issued["pdfUrl"].partition("?")[0].endswith(".pdf")
    assert {"name": "pay", "allowed": True} in issued["transitions"]
    assert (await perform("pay", of_invoice))["status"] == "PAID"

    customer = await perform("customer", names)
    assert customer["orders"]["totalCount"] == 2
    assert [each["status"] for each in customer["subscriptions"]["nodes"]] == ["ACTIVE"]
    assert [each["total"] for each in customer["invoices"]["nodes"]] == [{"amount": "345.00"}]
    assert customer["workers"]["nodes"] == [{"name": "Farah Worker"}]
    assert (await perform("papers"))["nodes"] == []


async def test_a_quotation_becomes_orders(perform: Perform, names: Names) -> None:
    quoted = await perform("quote", names)
    assert quoted["status"] == "DRAFT"
    assert (quoted["subtotal"], quoted["total"]) == ({"amount": "1120.00"}, {"amount": "1288.00"})
    of_quotation = names | {"quotation": quoted["id"]}
    await perform("agree", of_quotation)

    converted = await perform("convert", of_quotation)

    assert converted == {
        "status": "CONVERTED",
        "orders": [{"status": "PENDING", "total": {"amount": "402.50"}}] * 2,
        "invoices": [{"status": "ISSUED", "total": {"amount": "483.00"}}],
    }


async def test_units_move_as_the_table_says(
    perform: Perform, names: Names, storage: SqlStorage, world: World
) -> None:
    async def cancel(kind: str, id: str) -> None:
        document = f"""mutation ($id: ID!) {{ {kind}Cancel(input: {{id: $id}}) {{
          errors {{ code message }} }} }}"""
        result = await run_operation(storage, world.caller(), document, {"id": id})
        assert result.data == {f"{kind}Cancel": {"errors": []}}

    told = rows("Subscriptions", 5)
    assert await unit(names, storage, world) == told[0][1:]
    order = await perform("place", names)
    assert await unit(names, storage, world) == told[1][1:]
    await cancel("serviceOrder", order["id"])
    assert await unit(names, storage, world) == told[2][1:]
    await cancel("packageSubscription", names["subscription"])
    assert await unit(names, storage, world) == told[3][1:]
    assert len(told) == 4


async def unit(names: Names, storage: SqlStorage, world: World) -> list[str]:
    """The last entry of the subscription and its allocation, as a row of the table."""
    query = """query ($id: ID!) { packageSubscription(id: $id) {
      entries(first: 1) { nodes { kind } } allocations { used expired remaining } } }"""
    asked = {"id": names["subscription"]}
    result = await run_operation(storage, world.caller(), query, asked)
    [entry] = result.data["packageSubscription"]["entries"]["nodes"]
    [allocation] = result.data["packageSubscription"]["allocations"]
    return [entry["kind"], *(str(number) for number in allocation.values())]


async def ordered_with_a_coupon(perform: Perform, names: Names) -> Names:
    """The second order, which nothing covers any more."""
    order = await perform("order", names)
    assert order["total"] == {"amount": "575.00"}
    of_order = names | {"order": order["id"]}
    assert (await perform("coupon"))["code"] == "WELCOME"
    priced = await perform("apply", of_order)
    assert {name: sum_["amount"] for name, sum_ in priced["price"].items()} == {
        "base": "400.00",
        "options": "100.00",
        "discount": "40.00",
        "covered": "0.00",
        "net": "460.00",
        "vat": "69.00",
        "total": "529.00",
    }
    assert [line["kind"] for line in priced["priceLines"]] == ["BASE", "OPTION", "DISCOUNT"]
    assert priced["coupon"]["status"] == "RESERVED"
    return of_order


async def steps(perform: Perform, names: Names) -> list[Any]:
    found: list[Any] = (await perform("steps", names))["steps"]
    return found


def states(order: Any) -> dict[tuple[str, str | None], str]:
    return {
        (clock["measures"], clock["step"] and clock["step"]["key"]): clock["state"]
        for clock in order["clocks"]
    }


def test_every_operation_is_one_of_the_stories() -> None:
    assert {*OPERATIONS} == {
        *("hours", "define", "publish", "company", "worker", "package", "assign"),
        *("rehearse", "place", "order", "coupon", "apply", "steps", "start", "complete"),
        *("wait", "hold", "resume", "continue", "clocks", "queue", "invoice", "pay", "customer"),
        *("papers", "quote", "agree", "convert"),
    }


def test_the_words_are_all_there_are() -> None:
    axes = [[*re.findall("[A-Z_]{3,}", row[2])] for row in rows("Where things stand", 3)]
    kinds = (
        *(ServiceStatus, ServiceOrderStatus, OrderStepStatus, ClockState, RedemptionStatus),
        *(SubscriptionStatus, QuotationStatus, SalesInvoiceStatus, CouponStatus),
        *(ConnectionStatus, DocumentStatus),
    )

    assert axes == [[*kind] for kind in kinds]
    assert [row[0] for row in rows("The catalogue", 2)] == [*EligibilityKind]
    assert {row[0] for row in rows("Errors to expect", 2)} <= {*ErrorCode}
    assert ErrorCode.LIMIT_REACHED in {row[0] for row in rows("Errors to expect", 2)}


def test_the_numbers_are_those_of_the_code() -> None:
    factors = {row[0]: Decimal(row[1]) for row in rows("Clocks", 2)}

    assert factors == FACTORS
    assert f"{AT_RISK} percent" in section(TEXT, "Clocks")
    assert f"after {PAYMENT_DAYS} days" in section(TEXT, "Invoices")


def test_the_mutations_and_fields_in_the_text_exist() -> None:
    written = sdl()
    words = {word for text in code(TEXT) for word in re.findall(r"\b[a-z]+[A-Z]\w+", text)}

    assert len(words) > 10
    assert {word for word in words if not re.search(rf"\b{word}\b", written)} == set()
