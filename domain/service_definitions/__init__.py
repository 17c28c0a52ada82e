"""Service definitions: what can be ordered, how it is done, and what it takes."""

from domain.service_definitions.definitions import ServiceDefinition
from domain.service_definitions.lifecycle import LIFECYCLE, ServiceStatus
from domain.service_definitions.steps import (
    RequiredDocument,
    ServiceStep,
    SlaKind,
    SlaTarget,
    StepType,
)
from domain.service_definitions.terms import EligibilityCheck, EligibilityKind, PriceOption
from domain.service_definitions.workflows import ServiceDocument, in_order, required_documents

__all__ = [
    "LIFECYCLE",
    "EligibilityCheck",
    "EligibilityKind",
    "PriceOption",
    "RequiredDocument",
    "ServiceDefinition",
    "ServiceDocument",
    "ServiceStatus",
    "ServiceStep",
    "SlaKind",
    "SlaTarget",
    "StepType",
    "in_order",
    "required_documents",
]
