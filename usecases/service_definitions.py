"""Taking service definitions along their lifecycle."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.service_definitions import LIFECYCLE, ServiceDefinition
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class OfServiceDefinition(UseCase[ServiceDefinition]):
    """A move of one service."""

    id: Annotated[UUID, ServiceDefinition, "The service."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> ServiceDefinition:
        service = await uow.records(ServiceDefinition).get(self.id, expected=self.expected_version)
        self.move(service, uow)
        return service

    @abstractmethod
    def move(self, service: ServiceDefinition, uow: UnitOfWork) -> None:
        """The transition itself, of a locked service."""


@dataclass(frozen=True, kw_only=True)
class PublishServiceDefinition(OfServiceDefinition):
    """Let the service be ordered from now on. It takes a step, and a name in Arabic."""

    requires: ClassVar = LIFECYCLE.needs("publish")

    def move(self, service: ServiceDefinition, uow: UnitOfWork) -> None:
        service.publish(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class UnpublishServiceDefinition(OfServiceDefinition):
    """Back to a draft, so that nobody can order it; orders that were placed go on."""

    requires: ClassVar = LIFECYCLE.needs("unpublish")

    def move(self, service: ServiceDefinition, uow: UnitOfWork) -> None:
        service.unpublish(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class ArchiveServiceDefinition(OfServiceDefinition):
    """Put the service away; it can be restored. Orders that were placed go on."""

    requires: ClassVar = LIFECYCLE.needs("archive")

    def move(self, service: ServiceDefinition, uow: UnitOfWork) -> None:
        service.archive(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class RestoreServiceDefinition(OfServiceDefinition):
    """Make an archived service a draft again."""

    requires: ClassVar = LIFECYCLE.needs("restore")

    def move(self, service: ServiceDefinition, uow: UnitOfWork) -> None:
        service.restore(uow.caller, uow.now)
