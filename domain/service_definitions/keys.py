"""Keys: the short names by which programs know the parts of a service."""

import re
from collections.abc import Sequence

from domain.kit import checks
from domain.kit.errors import RuleBroken

MOST = 64
_SHAPE = re.compile("[a-z0-9-]+")


def key_problems(keys: Sequence[str], field: str) -> list[RuleBroken]:
    """What is wrong with the keys of a list that is kept in `field`."""
    found: list[RuleBroken] = []
    for n, key in enumerate(keys):
        path = (field, n, "key")
        if (broken := checks.text(key, path, most=MOST, required=True)) is not None:
            found.append(broken)
        elif not _SHAPE.fullmatch(key):
            found.append(
                RuleBroken("this must be lower-case letters, digits and hyphens", path=path)
            )
        elif key in keys[:n]:
            found.append(RuleBroken("{key} is there twice", path=path, key=key))
    return found
