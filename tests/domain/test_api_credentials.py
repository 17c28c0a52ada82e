"""API credentials: the form of their secrets, and what is kept of them."""

import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from domain.api_credentials import FORMS, ApiCredential
from domain.callers import Channel
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from tests.make import NOON


def issue(**values: Any) -> ApiCredential:
    given: dict[str, Any] = {
        "user_id": new_id(),
        "name": "Import",
        "channel": Channel.WAQTI,
        "number": 7,
        "permissions": None,
        "expires_at": None,
    }
    return ApiCredential.issue(NOON, **(given | values))


@pytest.mark.parametrize(
    ("channel", "form"),
    [
        (Channel.GRAPHQL, r"bog_[A-Za-z0-9]{40}"),
        (Channel.WAQTI, r"7\|[A-Za-z0-9]{40}"),
        (Channel.SHRKITY, r"shk_live_[A-Za-z0-9]{40}"),
        (Channel.SHOPLAZZA, r"[A-Za-z0-9]{40}"),
        (Channel.WISEDAT, r"[A-Za-z0-9]{40}"),
    ],
)
def test_a_secret_looks_as_its_dialect_expects(channel: Channel, form: str) -> None:
    assert re.fullmatch(form, issue(channel=channel).secret or "")


def test_every_dialect_has_its_form() -> None:
    assert FORMS.keys() == set(Channel) - {Channel.SYSTEM}


def test_only_the_hash_and_a_hint_are_kept() -> None:
    credential = issue()
    secret = credential.secret or ""

    assert credential.secret_hash == sha256(secret.encode()).digest()
    assert credential.hint == secret[-4:]
    assert secret not in repr(credential)
    [event] = credential.pull_events()
    assert (event.action, event.changes) == ("api_credential.created", {})
    assert event.details == {
        "user_id": str(credential.user_id),
        "name": "Import",
        "channel": Channel.WAQTI,
    }


def test_no_two_secrets_are_alike() -> None:
    assert len({issue().secret for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"name": " "}, ("name",), "this must not be empty"),
        ({"name": "x" * 201}, ("name",), "this is longer than 200 characters"),
        ({"channel": Channel.SYSTEM}, (), "no credential opens SYSTEM"),
        ({"expires_at": NOON}, ("expires_at",), "this must be in the future"),
    ],
)
def test_a_credential_that_makes_no_sense_is_refused(
    values: dict[str, Any], path: tuple[str, ...], message: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        issue(**values)

    assert (caught.value.path, caught.value.message) == (path, message)


def test_a_credential_may_end_in_the_future() -> None:
    end = NOON + timedelta(seconds=1)

    assert issue(expires_at=end).expires_at == end


def test_revoking_twice_changes_nothing() -> None:
    credential = issue()
    credential.pull_events()
    later = NOON + timedelta(hours=1)

    credential.revoke(NOON)
    credential.revoke(later)

    assert credential.revoked_at == NOON
    [event] = credential.pull_events()
    assert (event.action, event.changes) == (
        "api_credential.revoked",
        {"revoked_at": (None, NOON)},
    )
