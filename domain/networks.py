"""Networks that credentials are pinned to: addresses and CIDR ranges of IPv4 and IPv6."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_MAPPED = IPv6Network("::ffff:0:0/96")  # IPv4, as a socket of IPv6 sees it


def network(text: str) -> Network:
    """What `192.0.2.0/24` or `2001:db8::1` names; raises ValueError where it names nothing."""
    named = ip_network(text)
    if isinstance(named, IPv6Network) and named.subnet_of(_MAPPED):
        length = named.prefixlen - _MAPPED.prefixlen
        return IPv4Network((_unmapped(named.network_address), length))
    return named


def is_within(address: str, networks: Collection[Network]) -> bool:
    """Whether one of them holds the address; what is no address is nowhere."""
    try:
        found = _unmapped(ip_address(address))
    except ValueError:
        return False
    return any(found in each for each in networks)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped
