"""Placing service orders: who may have what, what stands in the way, and what comes of it."""

from decimal import Decimal
from typing import Any

import pytest

from domain.kit.errors import DomainError
from domain.kit.ids import new_id
from domain.service_definitions import (
    EligibilityCheck,
    EligibilityKind,
    RequiredDocument,
    ServiceStep,
    StepType,
)
from domain.service_orders import Applicant, Priority, Quoted, ServiceOrderStatus, Wish, place
from tests.domain.services import (
    AGENT,
    HOURS,
    NOBODY,
    NOON,
    PLAIN,
    TARGETS,
    offer,
    ordered,
    statuses,
    step,
)

COMPANY, WORKER, CLIENT, LICENCE = new_id(), new_id(), new_id(), new_id()
FOR_ALL = Applicant(company_id=COMPANY, worker_id=WORKER)


def refusals(
    applicant: Applicant = NOBODY, wish: Wish = PLAIN, **values: Any
) -> list[tuple[str, Any]]:
    """Everything that stands in the way, and where it is."""
    with pytest.raises(DomainError) as caught:
        place(offer(**values), applicant, wish, AGENT, NOON, HOURS)
    return [(str(each), each.path) for each in caught.value.problems]


def test_a_new_order_has_the_steps_of_its_service_in_order() -> None:
    documents = [RequiredDocument(type_id=LICENCE)]
    steps = [
        ServiceStep(key="b", name="B", name_ar="ب", type=StepType.DOCUMENT, documents=documents),
        ServiceStep(key="a", name="A", depends_on=["b"], optional=True, targets=TARGETS),
    ]

    order = ordered(steps=steps)

    assert statuses(order) == {"b": "READY", "a": "BLOCKED"}
    first, second = order.steps
    assert (first.position, first.name, first.name_ar, first.type) == (1, "B", "ب", "DOCUMENT")
    assert first.documents == documents
    assert (second.position, second.optional, second.depends_on) == (2, True, ["b"])
    assert second.targets == TARGETS


def test_a_new_order_waits_to_be_started() -> None:
    order = place(offer(), NOBODY, PLAIN, AGENT, NOON, HOURS)
    order.placed("SO-2026-0042", NOON, company_id="…")

    assert (order.status, order.number) == (ServiceOrderStatus.PENDING, "SO-2026-0042")
    assert order.created_by_id == AGENT.user_id
    [event] = order.pull_events()
    assert event.action == "service_order.placed"
    assert event.details == {"number": "SO-2026-0042", "company_id": "…"}
    assert event.changes["status"] == (None, ServiceOrderStatus.PENDING)
    assert event.changes["total"] == (None, Decimal(115))


def test_an_order_is_for_a_company_and_its_worker_a_client_or_nobody() -> None:
    for_all = ordered(FOR_ALL, requires_company=True, requires_worker=True)
    for_client, for_nobody = ordered(Applicant(client_id=CLIENT)), ordered()

    assert (for_all.customer_id, for_all.worker_id) == (COMPANY, WORKER)
    assert (for_client.customer_id, for_client.worker_id) == (CLIENT, None)
    assert (for_nobody.customer_id, for_nobody.worker_id) == (None, None)


def test_an_unpublished_service_is_not_ordered() -> None:
    assert refusals(published=False) == [
        ("this service cannot be ordered: it is not published", ("service_definition_id",))
    ]


@pytest.mark.parametrize("applicant", [NOBODY, Applicant(client_id=CLIENT)])
def test_a_service_for_companies_needs_one(applicant: Applicant) -> None:
    assert refusals(applicant, requires_company=True) == [
        ("this service is done for a company: say which", ("company_id",))
    ]


def test_a_service_for_workers_needs_one() -> None:
    assert refusals(Applicant(company_id=COMPANY), requires_worker=True) == [
        ("this service is done for a worker: say for whom", ("worker_id",))
    ]


def test_a_worker_is_one_of_the_company() -> None:
    assert refusals(FOR_ALL._replace(worker_fits=False)) == [
        ("this company has no such worker", ("worker_id",))
    ]
    assert refusals(Applicant(worker_id=WORKER)) == [
        ("a worker belongs to a company: say which", ("company_id",))
    ]


def test_a_company_and_a_client_at_once_are_one_too_many() -> None:
    assert refusals(Applicant(company_id=COMPANY, client_id=CLIENT)) == [
        ("give either a company or a client", ("client_id",))
    ]


@pytest.mark.parametrize(
    ("applicant", "name"),
    [
        (Applicant(company_id=COMPANY, active=False), "company_id"),
        (Applicant(client_id=CLIENT, active=False), "client_id"),
    ],
)
def test_who_is_inactive_is_not_served(applicant: Applicant, name: str) -> None:
    assert refusals(applicant) == [("this customer is not active", (name,))]


CHECKS = [
    EligibilityCheck(
        key="licence",
        label="Trade licence",
        kind=EligibilityKind.VALID_DOCUMENT,
        type_id=LICENCE,
    ),
    EligibilityCheck(key="vat", label="VAT number", kind=EligibilityKind.TAX_ID),
    EligibilityCheck(key="cr", label="Registration", kind=EligibilityKind.REGISTERED),
    EligibilityCheck(key="portal", label="Portal access", kind=EligibilityKind.CONNECTED),
]
ELIGIBLE = Applicant(
    company_id=COMPANY,
    tax_id="300000000000003",
    registration_number="1010000001",
    connected=True,
    documents=frozenset({LICENCE}),
)


def test_who_meets_every_check_is_eligible() -> None:
    assert ordered(ELIGIBLE, eligibility=CHECKS).customer_id == COMPANY


@pytest.mark.parametrize(
    ("lacking", "key", "label"),
    [
        ({"documents": frozenset({new_id()})}, "licence", "Trade licence"),
        ({"tax_id": None}, "vat", "VAT number"),
        ({"tax_id": ""}, "vat", "VAT number"),
        ({"registration_number": None}, "cr", "Registration"),
        ({"connected": False}, "portal", "Portal access"),
    ],
)
def test_who_fails_a_check_is_not(lacking: dict[str, Any], key: str, label: str) -> None:
    assert refusals(ELIGIBLE._replace(**lacking), eligibility=CHECKS) == [
        (f"not eligible: {label}", ("eligibility", key))
    ]


def test_all_that_stands_in_the_way_is_said_at_once() -> None:
    wish = Wish(options=["express", "gold", "express"])

    found = refusals(
        wish=wish, published=False, requires_company=True, requires_worker=True, eligibility=CHECKS
    )

    assert [path for _, path in found] == [
        ("service_definition_id",),
        ("company_id",),
        ("worker_id",),
        *(("eligibility", check.key) for check in CHECKS),
        ("options", 1),
        ("options", 2),
    ]
    assert [text for text, _ in found][-2:] == [
        "this service has no option gold",
        "express is there twice",
    ]


def test_what_was_quoted_stands_instead_of_the_services_terms() -> None:
    quoted = Quoted(new_id(), "Two visas", Decimal(80), Decimal(5), "USD")

    order = ordered(wish=Wish(quoted=quoted, priority=Priority.HIGH))

    assert order.quotation_line_id == quoted.quotation_line_id
    assert (order.price, order.vat_rate, order.total) == (Decimal(80), Decimal(5), Decimal(84))
    assert order.currency == "USD"
    assert [(x.label, x.amount) for x in order.price_lines] == [("Two visas", Decimal(80))]
    assert order.priority is Priority.HIGH


def test_what_an_old_client_sent_beyond_it_is_kept() -> None:
    assert ordered(wish=Wish(metadata={"ref": "A-1"})).metadata == {"ref": "A-1"}


def test_what_is_sent_beyond_it_has_a_limit() -> None:
    wish = Wish(metadata={"x": "y" * 20_000})

    assert refusals(wish=wish) == [
        ("further fields may have at most 20000 characters together", ())
    ]


def test_the_first_steps_are_ready_at_once() -> None:
    assert step(ordered(), "collect").status == "READY"
