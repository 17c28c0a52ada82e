"""Connections: every move from every status (fact S-60)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.callers import Permission
from domain.connection_requests import LIFECYCLE, LONGEST, ConnectionRequest, ConnectionStatus
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken
from domain.kit.ids import new_id
from tests import make
from tests.make import NOON

_S = ConnectionStatus
BY, LATER = make.caller(), NOON + timedelta(hours=1)
DO: dict[str, Callable[[ConnectionRequest], None]] = {
    "approve": lambda r: r.approve(BY, LATER),
    "reject": lambda r: r.reject(BY, LATER, "unknown"),
    "revoke": lambda r: r.revoke(BY, LATER, "over"),
}
LEADS_TO = {
    (_S.PENDING, "approve"): _S.ACTIVE,
    (_S.PENDING, "reject"): _S.REJECTED,
    (_S.ACTIVE, "revoke"): _S.REVOKED,
}
EVERY = [(status, action) for status in _S for action in DO]


def standing(status: ConnectionStatus) -> ConnectionRequest:
    request = ConnectionRequest.create(new_id(), None, NOON)
    request.status = status
    request.pull_events()
    return request


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == LIFECYCLE.moves.keys()


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_a_request_moves_as_the_table_says(status: ConnectionStatus, action: str) -> None:
    request = standing(status)
    [transition] = [t for t in LIFECYCLE.transitions(request, BY) if t.name == action]
    assert transition.allowed == ((status, action) in LEADS_TO)

    if (status, action) in LEADS_TO:
        DO[action](request)
        assert request.status is LEADS_TO[status, action]
        [event] = request.pull_events()
        assert event.changes == {"status": (status, request.status)}
        assert event.details["client_id"] == str(request.client_id)
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](request)
        assert caught.value.message == f"cannot {action} while {status}"
        assert (request.status, request.reason, request.decided_at) == (status, None, None)
        assert request.pull_events() == []


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: ConnectionStatus, action: str) -> None:
    powerless = make.caller(permissions=frozenset(Permission) - {Permission.CONNECTIONS_WRITE})

    [blocker] = LIFECYCLE.blockers(standing(status), action, powerless)

    assert isinstance(blocker, Forbidden)


def test_every_status_can_be_reached() -> None:
    assert LIFECYCLE.reachable() == {*ConnectionStatus}


def test_who_decided_and_who_revoked_is_kept() -> None:
    request = standing(_S.PENDING)
    request.approve(BY, NOON)
    request.revoke(BY, LATER, None)

    assert (request.decided_at, request.decided_by_id) == (NOON, BY.user_id)
    assert (request.revoked_at, request.revoked_by_id) == (LATER, BY.user_id)
    assert request.reason is None


def test_texts_have_their_length() -> None:
    request = standing(_S.PENDING)

    with pytest.raises(RuleBroken) as caught:
        request.reject(BY, NOON, "x" * (LONGEST + 1))
    assert caught.value.path == ("reason",)
    assert request.status is _S.PENDING
    with pytest.raises(RuleBroken) as caught:
        ConnectionRequest.create(new_id(), "x" * (LONGEST + 1), NOON)
    assert caught.value.path == ("message",)
