"""Relations are declared, not resolved: which question answers, keyed by which column.

    supplier: Supplier | None = related("supplier_id", lambda read: read.suppliers.by_ids)

One declaration serves two executors. The stock one calls the field's resolver once per
parent, and a dataloader gathers the calls; an executor that works level by level finds the
declaration in the field's metadata and asks once per level. Both end in the same `Question`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from functools import partial
from inspect import Parameter, Signature, signature
from operator import attrgetter
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import strawberry

from domain.callers import Caller, Permission
from schema.kit.inputs import build, input_of
from schema.kit.questions import Ask
from schema.kit.views import OfKind
from usecases.reads import CONTRACT, Reads
from usecases.reads.kit import Page, Whole

Info = strawberry.Info[Any, None]
DECLARED = "declared"  # where a field's metadata holds its Relation, Computed or Verb

# What the arguments that questions share mean.
ARGUMENTS = {
    "language": "In which language; English when left out.",
    "first": "How many at the most: 1 to 100.",
    "after": "The cursor after which to go on: `pageInfo.endCursor` of the page before.",
    "filter": "Which ones; all of them without it.",
    "order_by": "In which order.",
    "revision": "Up to which revision.",
    "at": "Up to which moment.",
    "search": "Part of a name, code or e-mail address, whatever its case.",
}

# The permission that a field takes; a function where it depends on the row.
Needs = Permission | OfKind | Callable[[Any], Permission | None] | None


@dataclass(frozen=True, eq=False)
class Relation:
    by: str | Whole
    load: Callable[[Reads], Ask]
    missing: Any  # what a key that nobody answered means
    needs: Needs

    def contract(self) -> Ask:
        """The question's declaration, for its signature: arguments, and the rows it returns."""
        ask: Ask = self.load(CONTRACT)
        return ask


@dataclass(frozen=True, eq=False)
class Computed:
    of: Callable[[Any, Caller], Any]
    needs: Permission | None


def related(
    by: str | Whole,
    load: Callable[[Reads], Ask],
    description: str,
    *,
    needs: Needs = None,
    missing: Any = None,
    **options: Any,
) -> Any:
    """The row that `load` finds under this row's `by`; a connection is one such row, a Page."""
    relation = Relation(by, load, missing, needs)
    key = key_of(relation)
    ask = relation.contract()
    several = _answers_with_several(ask)
    filters: dict[str, Any] = {n: kind for n, kind in _given(ask).items() if is_dataclass(kind)}

    async def resolve(root: Any, info: Info, **arguments: Any) -> Any:
        caller = info.context.caller
        if several or not isinstance(needs, OfKind):
            permit(caller, needs(root) if callable(needs) else needs)
        if (value := key(root)) is None:
            return missing
        arguments = {n: given for n, given in arguments.items() if given is not None}
        for name, kind in filters.items():
            if name in arguments:
                arguments[name] = build(kind, arguments[name], (name,))
        found = await info.context.question(load, arguments).one(value)
        if found is None:
            return missing
        if isinstance(needs, OfKind) and not several:
            permit(caller, needs.of(found))
        return found

    resolve.__signature__ = _with_arguments_of(ask, resolve)  # type: ignore[attr-defined]
    return strawberry.field(
        resolver=resolve, description=description, metadata={DECLARED: relation}, **options
    )


related_many = partial(related, missing=())


def computed(
    of: Callable[[Any, Caller], Any],
    description: str,
    *,
    needs: Permission | None = None,
    **options: Any,
) -> Any:
    """A value worked out from the row and the caller alone: no info, no await, no I/O."""

    def resolve(root: Any, info: Info) -> Any:
        permit(info.context.caller, needs)
        return of(root, info.context.caller)

    resolve.__signature__ = _with_arguments_of(None, resolve)  # type: ignore[attr-defined]
    return strawberry.field(
        resolver=resolve,
        description=description,
        metadata={DECLARED: Computed(of, needs)},
        **options,
    )


def key_of(relation: Relation) -> Callable[[Any], Any]:
    by = relation.by
    return attrgetter(by) if isinstance(by, str) else lambda _row: by


def permit(caller: Caller, needs: Permission | OfKind | None) -> None:
    """Raise Forbidden unless the caller may look; at records of several kinds, at each kind."""
    for each in (needs,) if isinstance(needs, Permission) else needs.all if needs else ():
        caller.require(each)


def _answers_with_several(ask: Ask) -> bool:
    _key, answer = get_args(get_type_hints(ask)["return"])
    return get_origin(answer) in {Page, get_origin(Sequence[Any])}


def _given(ask: Ask) -> dict[str, Any]:
    """The question's keyword-only parameters and their types."""
    hints = get_type_hints(ask)
    return {
        name: hints[name]
        for name, parameter in signature(ask).parameters.items()
        if parameter.kind is Parameter.KEYWORD_ONLY
    }


def _with_arguments_of(ask: Ask | None, resolve: Callable[..., Any]) -> Signature:
    """(root, info) and the question's keyword-only parameters: Strawberry makes them arguments."""
    own = [
        p.replace(annotation=strawberry.Info if p.name == "info" else Any)
        for p in signature(resolve).parameters.values()
        if p.kind is not Parameter.VAR_KEYWORD
    ]
    if ask is None:
        return Signature(own)
    return Signature(
        [*own, *(_argument(signature(ask).parameters[n], kind) for n, kind in _given(ask).items())]
    )


def _argument(parameter: Parameter, kind: Any) -> Parameter:
    """Nullable, whatever it is: null is the same as leaving it out."""
    described = strawberry.argument(description=ARGUMENTS[parameter.name])
    if not isinstance(kind, type) or not is_dataclass(kind):
        return parameter.replace(annotation=Annotated[kind | None, described])
    public = input_of(kind, kind.__name__)
    return parameter.replace(
        annotation=Annotated[public | None, described], default=strawberry.UNSET
    )
