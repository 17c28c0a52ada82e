"""Standing delegations: who may keep them, and who stands in because of them."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from domain.approvals.conditions import DocumentType
from domain.approvals.delegations import DECIDED_WITH, Delegation, deputies_of
from domain.callers import Permission
from domain.kit.errors import Forbidden, RuleBroken
from domain.kit.ids import new_id
from tests import make
from tests.make import NOON

ORDER, INVOICE = DocumentType.PURCHASE_ORDER, DocumentType.PURCHASE_INVOICE
A, B, C = new_id(), new_id(), new_id()
ALLOWED = [Permission.PURCHASE_ORDERS_APPROVE, Permission.PURCHASE_INVOICES_APPROVE]


class Standing(NamedTuple):
    from_user_id: UUID
    to_user_id: UUID
    document_types: list[DocumentType]
    permissions: list[Permission]


def test_nobody_stands_in_for_themselves_and_it_ends_after_it_begins() -> None:
    user = make.user()

    with pytest.raises(RuleBroken) as caught:
        make.delegation(user, user, ends_at=NOON)

    assert [(e.message, e.path) for e in caught.value.problems] == [
        ("nobody stands in for themselves", ("to_user_id",)),
        ("this must be later than the beginning", ("ends_at",)),
    ]


def test_everybody_manages_their_own() -> None:
    away, deputy = make.user(), make.user()
    delegation = make.delegation(away, deputy)
    no_users = frozenset(Permission) - {Permission.USERS_WRITE}

    assert delegation.barred(make.caller(user_id=away.id, permissions=no_users)) is None
    assert delegation.barred(make.caller()) is None
    barred = delegation.barred(make.caller(user_id=deputy.id, permissions=no_users))
    assert isinstance(barred, Forbidden)
    assert barred.message == "only those who may manage users delegate for others"


def test_every_kind_of_document_is_decided_with_a_permission() -> None:
    assert DECIDED_WITH.keys() == set(DocumentType)


def test_deputies_stand_in_for_the_documents_that_are_meant() -> None:
    standing = [
        Standing(A, B, [INVOICE], ALLOWED),
        Standing(A, C, [], ALLOWED),
        Standing(B, C, [ORDER, INVOICE], ALLOWED),
    ]

    assert deputies_of(standing, ORDER, None) == {A: [C], B: [C]}
    assert deputies_of(standing, INVOICE, None) == {A: [B, C], B: [C]}


def test_neither_the_creator_nor_who_may_not_approve_stands_in() -> None:
    standing = [
        Standing(A, B, [], ALLOWED),
        Standing(A, C, [], [Permission.PURCHASE_INVOICES_APPROVE]),
    ]

    assert deputies_of(standing, ORDER, B) == {}
    assert deputies_of(standing, INVOICE, B) == {A: [C]}


def test_it_can_be_taken_back() -> None:
    delegation: Delegation = make.delegation(make.user(), make.user())
    delegation.pull_events()

    delegation.update({"active": False}, NOON + timedelta(days=1))

    [event] = delegation.pull_events()
    assert (event.action, event.changes) == ("delegation.updated", {"active": (True, False)})
