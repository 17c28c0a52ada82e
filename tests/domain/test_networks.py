"""Networks that credentials are pinned to."""

import pytest

from domain.api_credentials import MOST_NETWORKS, ApiCredential
from domain.callers import Channel
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.networks import is_within, network
from tests.make import NOON


def issue(*networks: str) -> ApiCredential:
    return ApiCredential.issue(
        NOON,
        user_id=new_id(),
        name="Test",
        channel=Channel.SHRKITY,
        number=1,
        permissions=None,
        expires_at=None,
        networks=networks,
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("::/0", "::/0"),
    ],
)
def test_there_is_one_way_to_write_a_network(text: str, written: str) -> None:
    assert issue(text, text).networks == [written]


@pytest.mark.parametrize(
    "text", ["", "anywhere", "192.0.2", "192.0.2.7/24", "192.0.2.0/33", "::/x"]
)
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        issue("192.0.2.0/24", text)

    assert refused.value.path == ("networks", 1)
    assert refused.value.message == f"{text} is no IP address and no network like 192.0.2.0/24"


def test_there_are_only_so_many() -> None:
    with pytest.raises(RuleBroken, match="at most 100 are possible"):
        issue(*["192.0.2.7"] * (MOST_NETWORKS + 1))


def test_what_is_no_address_is_in_no_network() -> None:
    assert not is_within("unknown", [network("0.0.0.0/0"), network("::/0")])
