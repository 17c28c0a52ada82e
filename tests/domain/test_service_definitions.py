"""Service definitions: what they have to say, and their lifecycle."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.callers import Permission
from domain.compliance_documents import ComplianceDocumentType
from domain.kit.errors import Forbidden, IllegalMove, Path, RuleBroken
from domain.kit.ids import new_id
from domain.service_definitions import (
    LIFECYCLE,
    EligibilityCheck,
    EligibilityKind,
    PriceOption,
    ServiceDefinition,
    ServiceStatus,
    SlaKind,
    SlaTarget,
)
from tests import make
from tests.domain.catalogue import asking, service, step
from tests.make import NOON

_S = ServiceStatus
MANAGER = make.caller()
LICENCE = new_id()


def refused(**values: Any) -> list[tuple[Path, str]]:
    with pytest.raises(RuleBroken) as caught:
        service(**values)
    return [(broken.path, broken.message) for broken in caught.value.problems]


def option(key: str = "express", price: str = "50", **values: Any) -> PriceOption:
    given: dict[str, Any] = {"key": key, "name": "Express", "price": Decimal(price)}
    return PriceOption(**(given | values))


def check(kind: EligibilityKind, key: str = "check", **values: Any) -> EligibilityCheck:
    return EligibilityCheck(**({"key": key, "label": "Check", "kind": kind} | values))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(
        code=" ",
        name="n" * 201,
        name_ar="n" * 201,
        description="d" * 5001,
        description_ar="d" * 5001,
        category="c" * 101,
        price=Decimal("0.001"),
        vat_rate=Decimal("100.5"),
        requires_worker=True,
        targets=[SlaTarget(kind=SlaKind.RESOLUTION, minutes=-1)],
    ) == [
        (("code",), "this must not be empty"),
        (("name",), "this is longer than 200 characters"),
        (("name_ar",), "this is longer than 200 characters"),
        (("description",), "this is longer than 5000 characters"),
        (("description_ar",), "this is longer than 5000 characters"),
        (("category",), "this is longer than 100 characters"),
        (("price",), "this is finer than the currency's minor units"),
        (("vat_rate",), "this must be 100 or less"),
        (("requires_worker",), "what requires a worker requires a company, too"),
        (("targets", 0, "minutes"), "this must be greater than 0"),
    ]


def test_a_worker_comes_with_a_company() -> None:
    assert service(requires_worker=True, requires_company=True).requires_worker


@pytest.mark.parametrize(
    ("price", "currency"), [("0", "SAR"), ("12.5", "SAR"), ("1.125", "KWD"), ("7", "JPY")]
)
def test_prices_are_zero_or_more_in_whole_minor_units(price: str, currency: str) -> None:
    made = service(price=Decimal(price), currency=currency, options=[option(price=price)])

    assert (made.price, made.options[0].price) == (Decimal(price), Decimal(price))


def test_options_have_keys_names_and_prices() -> None:
    options = [option(price="-1"), option(name="", name_ar="ع" * 201), option("Fast", "0.5")]

    assert refused(currency="JPY", options=options) == [
        (("options", 1, "key"), "express is there twice"),
        (("options", 2, "key"), "this must be lower-case letters, digits and hyphens"),
        (("options", 0, "price"), "this must be 0 or more"),
        (("options", 1, "name"), "this must not be empty"),
        (("options", 1, "name_ar"), "this is longer than 200 characters"),
        (("options", 2, "price"), "this is finer than the currency's minor units"),
    ]


def test_a_check_for_a_document_says_which_and_no_other_does() -> None:
    checks = [
        check(EligibilityKind.VALID_DOCUMENT, "licence"),
        check(EligibilityKind.TAX_ID, "tax", type_id=LICENCE),
        check(EligibilityKind.REGISTERED, "tax", label=""),
    ]

    assert refused(eligibility=checks) == [
        (("eligibility", 2, "key"), "tax is there twice"),
        (("eligibility", 0, "type_id"), "this is needed for checks of the kind VALID_DOCUMENT"),
        (("eligibility", 1, "type_id"), "this does not go with checks of the kind TAX_ID"),
        (("eligibility", 2, "label"), "this must not be empty"),
    ]


def test_there_are_at_most_fifty_options_and_checks() -> None:
    assert refused(
        options=[option(f"o{n}") for n in range(51)],
        eligibility=[check(EligibilityKind.TAX_ID, f"c{n}") for n in range(51)],
    ) == [
        (("eligibility",), "at most 50 are possible"),
        (("options",), "at most 50 are possible"),
    ]


def test_documents_are_mentioned_where_they_are_asked_for() -> None:
    passport = new_id()
    made = service(
        steps=[
            step("first"),
            asking("second", passport=(passport, True), licence=(LICENCE, False)),
        ],
        eligibility=[
            check(EligibilityKind.TAX_ID, "tax"),
            check(EligibilityKind.VALID_DOCUMENT, "licence", type_id=LICENCE),
        ],
    )

    assert [(m.kind, m.id, m.path) for m in made.mentions()] == [
        (ComplianceDocumentType, passport, ("steps", 1, "documents", 0, "type_id")),
        (ComplianceDocumentType, LICENCE, ("steps", 1, "documents", 1, "type_id")),
        (ComplianceDocumentType, LICENCE, ("eligibility", 1, "type_id")),
    ]


# Lifecycle

LEADS_TO = {
    (_S.DRAFT, "update"): _S.DRAFT,
    (_S.PUBLISHED, "update"): _S.PUBLISHED,
    (_S.DRAFT, "publish"): _S.PUBLISHED,
    (_S.PUBLISHED, "unpublish"): _S.DRAFT,
    (_S.DRAFT, "archive"): _S.ARCHIVED,
    (_S.PUBLISHED, "archive"): _S.ARCHIVED,
    (_S.ARCHIVED, "restore"): _S.DRAFT,
}
DO: dict[str, Callable[[ServiceDefinition], object]] = {
    "update": lambda s: s.update({"name": "Visa transfer"}, NOON),
    "publish": lambda s: s.publish(MANAGER, NOON),
    "unpublish": lambda s: s.unpublish(MANAGER, NOON),
    "archive": lambda s: s.archive(MANAGER, NOON),
    "restore": lambda s: s.restore(MANAGER, NOON),
}
PAST = {
    "update": "updated",
    "publish": "published",
    "unpublish": "unpublished",
    "archive": "archived",
    "restore": "restored",
}
EVERY = [(status, action) for status in _S for action in DO]


def standing(status: ServiceStatus) -> ServiceDefinition:
    made = service(status=status)
    made.pull_events()
    return made


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == LIFECYCLE.moves.keys()
    assert {(s, m.action) for m in LIFECYCLE.moves.values() for s in m.sources} == set(LEADS_TO)
    assert LIFECYCLE.reachable() == set(_S)


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_a_service_moves_as_the_table_says(status: ServiceStatus, action: str) -> None:
    made = standing(status)

    if (status, action) in LEADS_TO:
        DO[action](made)
        assert made.status is LEADS_TO[status, action]
        [event] = made.pull_events()
        assert event.action == f"service_definition.{PAST[action]}"
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](made)
        assert caught.value.message == f"cannot {action} while {status}"
        assert (made.status, made.pull_events()) == (status, [])


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_transitions_show_what_commands_would_do(status: ServiceStatus, action: str) -> None:
    [shown] = [t for t in LIFECYCLE.transitions(standing(status), MANAGER) if t.name == action]

    assert shown.allowed == ((status, action) in LEADS_TO)


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: ServiceStatus, action: str) -> None:
    powerless = make.caller(permissions=frozenset(Permission) - {Permission.SERVICES_WRITE})

    [blocker] = LIFECYCLE.blockers(standing(status), action, powerless)

    assert isinstance(blocker, Forbidden)
    assert blocker.params == {"permission": "services:write"}


MISSING = [
    (("steps",), "a published service needs at least one step"),
    (("name_ar",), "a published service needs a name in Arabic, too"),
]


@pytest.mark.parametrize("name_ar", [None, " "])
def test_publishing_takes_a_step_and_both_names(name_ar: str | None) -> None:
    made = service(steps=[], name_ar=name_ar)
    made.pull_events()

    with pytest.raises(RuleBroken) as caught:
        made.publish(MANAGER, NOON)

    assert [(broken.path, broken.message) for broken in caught.value.problems] == MISSING
    assert (made.status, made.pull_events()) == (_S.DRAFT, [])
    [shown] = [t for t in LIFECYCLE.transitions(made, MANAGER) if t.name == "publish"]
    assert [blocker.message for blocker in shown.blockers] == [message for _, message in MISSING]


def test_a_published_service_keeps_what_publishing_takes() -> None:
    with pytest.raises(RuleBroken) as caught:
        standing(_S.PUBLISHED).update({"steps": [], "name_ar": None}, NOON)

    assert [(broken.path, broken.message) for broken in caught.value.problems] == MISSING


def test_a_published_service_can_be_changed() -> None:
    made = standing(_S.PUBLISHED)

    made.update({"price": Decimal(120), "steps": [step("only")]}, NOON)

    assert (made.price, [each.key for each in made.steps]) == (Decimal(120), ["only"])
    [event] = made.pull_events()
    assert event.changes["price"] == (Decimal(100), Decimal(120))
