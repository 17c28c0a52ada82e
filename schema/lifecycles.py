"""What can be done with a record next, and what stands in the way."""

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Caller
from domain.kit import lifecycle
from schema.kit.errors import UserError
from schema.kit.relations import computed
from schema.kit.views import plain, view_of


def name_of(transition: lifecycle.Transition, _caller: Caller) -> str:
    return to_camel_case(transition.name)


def blockers_of(transition: lifecycle.Transition, caller: Caller) -> list[UserError]:
    return [UserError.of(blocker, caller) for blocker in transition.blockers]


def required_input_of(transition: lifecycle.Transition, _caller: Caller) -> list[str]:
    return [to_camel_case(name) for name in transition.required_input]


@view_of(lifecycle.Transition)
@strawberry.type(description="Something that can be done with a record, now or not.")
class Transition:
    name: str = computed(name_of, "The verb: `submit` is the mutation `…Submit`.")
    allowed: bool = plain("Whether you can do it now.")
    blockers: list[UserError] = computed(blockers_of, "Everything that stands in the way.")
    required_input: list[str] = computed(
        required_input_of, "Input fields that it cannot do without."
    )
