"""What old clients send beyond what a record knows: kept, and given back as it came (S-A8)."""

import json
from collections.abc import Mapping
from typing import Any

from domain.kit.errors import RuleBroken

FIELD = "metadata"
LONGEST = 20_000  # characters of all of it, as JSON


def merged(given: Mapping[str, Any], kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is given of it replaces what is kept under the same names; the rest stays."""
    return {**given, FIELD: {**kept, **given[FIELD]}} if FIELD in given else given


def too_many(kept: Mapping[str, Any]) -> RuleBroken | None:
    if len(json.dumps(kept)) <= LONGEST:
        return None
    return RuleBroken("further fields may have at most {most} characters together", most=LONGEST)
