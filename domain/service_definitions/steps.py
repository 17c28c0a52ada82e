"""The workflow of a service: its steps, what they wait for, and how long they may take."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.compliance_documents import ComplianceDocumentType


class StepType(StrEnum):
    """What a step is about.

    TASK: something to do. DOCUMENT: files to hand in. APPROVAL: somebody's consent. PAYMENT:
    money to receive. EXTERNAL: an authority or somebody else outside.
    """

    TASK = "TASK"
    DOCUMENT = "DOCUMENT"
    APPROVAL = "APPROVAL"
    PAYMENT = "PAYMENT"
    EXTERNAL = "EXTERNAL"


class SlaKind(StrEnum):
    """FIRST_RESPONSE ends when work begins, RESOLUTION when it is done."""

    FIRST_RESPONSE = "FIRST_RESPONSE"
    RESOLUTION = "RESOLUTION"


@dataclass(frozen=True, kw_only=True)
class SlaTarget:
    """How long something may take, in business time."""

    kind: Annotated[SlaKind, "What is meant by done."]
    minutes: Annotated[int, "Business minutes, with priority NORMAL."]


@dataclass(frozen=True, kw_only=True)
class RequiredDocument:
    """A document that a step asks for."""

    type_id: Annotated[UUID, ComplianceDocumentType, "What it is."]
    required: Annotated[bool, "Whether the step cannot be completed without it."] = True


@dataclass(frozen=True, kw_only=True)
class ServiceStep:
    """A step of the workflow; steps stand in the order in which they are shown."""

    key: Annotated[str, "Short name for programs, unique in the workflow: `collect-documents`."]
    name: Annotated[str, "What it is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    type: Annotated[StepType, "What it is about."] = StepType.TASK
    depends_on: Annotated[list[str], "Keys of the steps that have to be done before."] = field(
        default_factory=list
    )
    optional: Annotated[bool, "Whether it can be skipped."] = False
    targets: Annotated[list[SlaTarget], "How long it may take, from when it is ready."] = field(
        default_factory=list
    )
    documents: Annotated[list[RequiredDocument], "What it asks for, for type DOCUMENT."] = field(
        default_factory=list
    )
