"""Where webhooks may be sent: https, and to the public internet, unless the operator says so."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from domain.kit.errors import RuleBroken

LONGEST = 500  # fact W-65
_PATH = ("url",)
# NAT64 (RFC 6052) stands for an IPv4 address, which is the one that counts.
_NAT64 = IPv6Network("64:ff9b::/96")
# What older versions of Python take for public: protocol assignments, relays, site-local
# addresses, and what leads on to an IPv4 address (RFC 3056, 4291, 4380, 8215).
_NOT_PUBLIC: tuple[IPv4Network | IPv6Network, ...] = (
    *map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")),
    *map(IPv6Network, ("::/96", "fec0::/10", "100::/64", "5f00::/16")),
    *map(IPv6Network, ("2001::/23", "2002::/16", "64:ff9b:1::/48")),
)

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether anybody on the internet would reach the same machine under it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified)
        and not any(address in network for network in _NOT_PUBLIC)
    )


def check_url(url: str, *, private: bool) -> RuleBroken | None:
    """Fact W-65. `private` is the operator's switch for development: then http will do."""
    parts = _split(url)
    schemes = {"https", "http"} if private else {"https"}
    if len(url) > LONGEST:
        return RuleBroken("this is longer than {most} characters", path=_PATH, most=LONGEST)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        return RuleBroken("this must begin with https://", path=_PATH)
    if parts.username is not None or parts.password is not None:
        return RuleBroken("this must not hold a user name or a password", path=_PATH)
    address = literal(parts.hostname)
    if address is not None and not (private or is_public(address)):
        return not_public()
    return None


def not_public() -> RuleBroken:
    return RuleBroken("this is not an address of the public internet", path=_PATH)


def literal(host: str) -> Address | None:
    """The address that a host name is; None when it is a name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _split(url: str) -> SplitResult | None:
    if not url.isascii() or any(character <= " " for character in url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it raises on what is no port
    except ValueError:
        return None
    return parts
