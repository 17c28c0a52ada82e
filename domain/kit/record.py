"""Master data: records that are created and updated field by field, without a lifecycle.

A field annotated with a description is one that users give; the description is what they read.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import datetime
from types import NoneType
from typing import Annotated, Any, ClassVar, NamedTuple, Self, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.callers import Caller, Permission
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import DomainError, Path, RuleBroken, raise_first


class Mention(NamedTuple):
    """Another record that this one names without a foreign key, and where."""

    kind: type[Aggregate]
    id: UUID
    path: Path


@dataclass(kw_only=True, eq=False)
class Record(Aggregate):
    """`in_base_currency` says that its amounts are in the currency that the organization keeps
    its books in, as its `currency` tells from its creation on.
    """

    managed_with: ClassVar[Permission]
    in_base_currency: ClassVar[bool] = False

    def problems(self) -> list[RuleBroken]:
        """What does not make sense in the fields, alone or together."""
        return []

    def mentions(self) -> list[Mention]:
        """What must exist in the organization, beyond what foreign keys check."""
        return []

    def barred(self, by: Caller) -> DomainError | None:  # noqa: ARG002 - for kinds that look at it
        """What keeps `by` from managing this very record, beyond the permission for its kind."""
        return None

    @classmethod
    def create(cls, given: Mapping[str, Any], at: datetime) -> Self:
        required = [
            name
            for name, field in given_fields(cls).items()
            if field.default is MISSING and field.default_factory is MISSING
        ]
        raise_first(_empty(cls, dict.fromkeys(required) | dict(given)))
        record = cls.founded(at, **given)
        raise_first(record.problems())
        changes = {name: (None, value) for name, value in given.items() if name != "id"}
        record._record("created", at, changes)
        return record

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        raise_first(_empty(type(self), given))
        changes = self._set(given)
        raise_first(self.problems())
        if changes:
            self._record("updated", at, changes)


def given_fields(kind: type[Record]) -> dict[str, "Field[Any]"]:
    """The fields that users give of a class of records, by name."""
    hints = get_type_hints(kind, include_extras=True)
    return {f.name: f for f in fields(kind) if get_origin(hints[f.name]) is Annotated}


def _empty(kind: type[Record], given: Mapping[str, Any]) -> list[RuleBroken]:
    """What is null although the field cannot be."""
    hints = get_type_hints(kind)
    nulls = [name for name, value in given.items() if value is None]
    return checks.emptied(given, [n for n in nulls if NoneType not in get_args(hints[n])])
