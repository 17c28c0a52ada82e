"""The words of Shrkity for ours: fields in messages, and statuses."""

from collections.abc import Mapping
from typing import TypeVar

W = TypeVar("W")

# What they call our fields, where that differs; None leaves a step of a path out.
FIELDS: Mapping[str | int, str | None] = {
    "active": "is_active",
    "worker_id": "company_employee_id",
}


def inverse(words: Mapping[W, str]) -> dict[str, W]:
    return {word: ours for ours, word in words.items()}
