"""The words of Shrkity for ours: fields in messages, and statuses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from domain.kit.errors import DomainError

W = TypeVar("W")

# What they call our fields, where that differs; None leaves a step of a path out.
FIELDS: Mapping[str | int, str | None] = {
    "active": "is_active",
    "worker_id": "company_employee_id",
    "given": None,  # what a record is created from
}


def inverse(words: Mapping[W, str]) -> dict[str, W]:
    return {word: ours for ours, word in words.items()}


@contextmanager
def called(names: Mapping[str, str]) -> Iterator[None]:
    """What is wrong inside is said of their fields: those that only one resource calls so."""
    try:
        yield
    except DomainError as error:
        for problem in error.problems:
            problem.path = tuple(names.get(str(step), step) for step in problem.path)
        raise
