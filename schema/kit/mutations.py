"""Mutations are declared: which use case, and which payload. Inputs follow from the use case.

@mutations(PurchaseOrderPayload)
class PurchaseOrderMutations:
    purchase_order_submit = does(SubmitPurchaseOrder)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import capitalize_first, to_camel_case

from domain.callers import Permission
from domain.kit.errors import NotFound
from domain.kit.record import Record
from schema.kit.errors import Outcome
from schema.kit.ids import from_public
from schema.kit.inputs import Shape, Slot, build, input_of, slots_of, values_of
from schema.kit.relations import DECLARED, Info
from usecases.kit import ExpectedVersion, UseCase
from usecases.records import CreateRecord, UpdateRecord

T = TypeVar("T", bound=type)

DRY_RUN = "Do everything but keep it: the answer shows what would be, then it is undone."
IDEMPOTENCY_KEY = (
    "Any text of up to 255 characters: within 24 hours, a second request with the same key and "
    "input does nothing and answers with the record that the first one changed."
)


@dataclass(frozen=True)
class Verb:
    """A mutation that is to be: how its input becomes a use case, and what it does in words."""

    requires: Permission
    slots: tuple[Slot, ...]
    prepare: Callable[[Mapping[str, Any]], UseCase[Any]]
    does: str
    subject: str | None
    prefix: str


def does(usecase: type[UseCase[Any]], *, prefix: str = "") -> Any:
    """A mutation for a use case; its docstring is the description."""
    slots = slots_of(usecase)
    subject = next((slot for slot in slots if slot.name in {"id", "order_id"}), None)
    return Verb(
        usecase.requires,
        slots,
        lambda given: build(usecase, given),
        cleandoc(usecase.__doc__ or ""),
        subject.public if subject else None,
        subject.shape.of.prefix if subject else prefix,
    )


def creates(kind: type[Record], description: str) -> Any:
    """A mutation that creates a record from its fields."""
    slots = slots_of(kind)
    return Verb(
        kind.managed_with,
        slots,
        lambda given: CreateRecord(kind=kind, given=values_of(slots, given)),
        description,
        None,
        kind.prefix,
    )


def updates(kind: type[Record], description: str) -> Any:
    """A mutation that changes the fields that are given."""
    own = tuple(
        slot._replace(optional=True, shape=slot.shape._replace(unset=True))
        for slot in slots_of(kind)
    )
    id_shape = Shape(UUID, kind, "The record to update.", nullable=False, unset=False, many=None)
    key = Slot("id", "id", id_shape, optional=False)
    version = slots_of(_Versioned)[0]

    def prepare(given: Mapping[str, Any]) -> UseCase[Any]:
        return UpdateRecord(
            kind=kind,
            id=from_public(given["id"], kind.prefix)[1],
            given=values_of(own, given),
            expected_version=given.get("expectedVersion"),
        )

    slots = (key, version, *own)
    return Verb(kind.managed_with, slots, prepare, description, "id", kind.prefix)


@dataclass(frozen=True)
class _Versioned:
    expected_version: ExpectedVersion = None


def mutations(payload: type) -> Callable[[T], T]:
    """Turns the verbs of a class into fields that answer with `payload`."""

    def attach(declared: T) -> T:
        for name, verb in list(vars(declared).items()):
            if isinstance(verb, Verb):
                setattr(declared, name, _field(name, verb, payload))
                declared.__annotations__[name] = payload
        made: T = strawberry.type(declared)
        return made

    return attach


def _field(name: str, verb: Verb, payload: type) -> Any:
    public = capitalize_first(to_camel_case(name))
    made = input_of(_Input, f"{public}Input", only=verb.slots)

    async def resolve(
        info: Info,
        input: Any,
        dry_run: bool | None = False,  # noqa: FBT001, FBT002 - GraphQL names its arguments
        idempotency_key: str | None = None,
    ) -> Outcome:
        outcome: Outcome = await info.context.attempt(
            lambda: verb.prepare(input),
            dry_run=bool(dry_run),
            idempotency_key=idempotency_key,
            subject=_subject(verb, input),
        )
        return outcome

    resolve.__annotations__ = {
        "info": strawberry.Info,
        "input": Annotated[made, strawberry.argument(description="What to do it with.")],
        "dry_run": Annotated[bool | None, strawberry.argument(description=DRY_RUN)],
        "idempotency_key": Annotated[str | None, strawberry.argument(description=IDEMPOTENCY_KEY)],
        "return": payload,
    }
    return strawberry.field(resolver=resolve, description=verb.does, metadata={DECLARED: verb})


class _Input:
    """What the mutation of the same name works with."""


def _subject(verb: Verb, given: Mapping[str, Any]) -> UUID | None:
    if verb.subject is None:
        return None
    try:
        return from_public(given[verb.subject], verb.prefix)[1]
    except NotFound:  # the use case says so
        return None
