"""Service definitions: what can be ordered, how it is done, and what it takes."""

from domain.service_definitions.definitions import ServiceDefinition, ServiceStatus
from domain.service_definitions.steps import (
    RequiredDocument,
    ServiceStep,
    SlaKind,
    SlaTarget,
    StepType,
)
from domain.service_definitions.terms import EligibilityCheck, EligibilityKind, PriceOption

__all__ = [
    "EligibilityCheck",
    "EligibilityKind",
    "PriceOption",
    "RequiredDocument",
    "ServiceDefinition",
    "ServiceStatus",
    "ServiceStep",
    "SlaKind",
    "SlaTarget",
    "StepType",
]
