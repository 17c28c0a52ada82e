"""Webhook deliveries: made as soon as events are committed, sent, tried again until given up.

One job goes on for as long as the worker does. It looks at an organization when it hears of
events, when an attempt is due, when one of its own has ended, and now and then in any case: what
a worker that was killed left behind is found then.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from domain.kit.errors import NotFound
from domain.webhook_endpoints import (
    DISABLED_AFTER,
    WebhookDeliveryStatus,
    WebhookDisabledReason,
    next_attempt,
)
from persistence.deliveries import Attempt, Claimed, claim, next_due, settle
from persistence.notifications import keep_listening
from persistence.organizations import inside
from persistence.storage import EVENTS_WRITTEN
from persistence.subscriptions import expand
from server.jobs import Job, Shift
from server.webhooks import messages
from server.webhooks.posting import GONE, SECONDS, Answer, Post
from server.webhooks.signatures import headers_of
from usecases.network import Network
from usecases.webhook_endpoints import DisableWebhookEndpoint

log = logging.getLogger(__name__)

AT_ONCE = 64  # requests under way
AT_ONCE_EACH = 8  # to one endpoint, more or less
CONNECTIONS = 2  # to the database
LEASE = timedelta(seconds=SECONDS + 5)
LOOK_SECONDS = 20.0  # between two looks at every organization
HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "backoffice-webhooks/1",
    "Accept-Encoding": "identity",
}
_CHANCE = random.SystemRandom()
_AWAY = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class Dispatcher:
    """Everything that one worker has under way."""

    def __init__(self, shift: Shift, post: Post, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._shift, self._post = shift, post
        self._look_seconds = look_seconds
        self._due: dict[UUID, float] = {}  # when to look at an organization
        self._under_way: dict[asyncio.Task[None], UUID] = {}  # and to which endpoint
        self._awake = asyncio.Event()
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._look_at = 0.0

    async def work(self) -> None:
        """Until the worker is to stop; what is under way then is waited for."""
        helpers = [
            asyncio.create_task(
                keep_listening(
                    self._shift.url, EVENTS_WRITTEN, heard=self._heard, listening=self._look
                )
            ),
            asyncio.create_task(self._wake_at_the_end()),
        ]
        try:
            while not self._shift.stop.is_set():
                self._awake.clear()
                await self._round()
                await self._rest()
            await asyncio.gather(*self._under_way)
        finally:
            tasks = [*helpers, *self._under_way]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _heard(self, organization: str) -> None:
        self._see_to(UUID(organization), 0.0)

    def _look(self) -> None:
        self._look_at = 0.0
        self._awake.set()

    def _see_to(self, organization_id: UUID, at: float) -> None:
        self._due[organization_id] = min(at, self._due.get(organization_id, at))
        self._awake.set()

    async def _wake_at_the_end(self) -> None:
        await self._shift.stop.wait()
        self._awake.set()

    async def _round(self) -> None:
        now = time.monotonic()
        if self._look_at <= now:
            self._look_at = now + self._look_seconds
            for organization in await self._shift.organizations():
                self._due.setdefault(organization.id, now)
        for organization_id, at in sorted(self._due.items(), key=lambda item: item[1]):
            full = len(self._under_way) >= AT_ONCE
            if at > now or full or self._shift.stop.is_set():
                break
            del self._due[organization_id]
            try:
                await self._visit(organization_id)
            except BaseException:
                self._due[organization_id] = now
                raise

    async def _rest(self) -> None:
        """Until there is something to do, as far as is known."""
        full = len(self._under_way) >= AT_ONCE
        until = min([self._look_at] if full else [self._look_at, *self._due.values()])
        try:
            async with asyncio.timeout(max(until - time.monotonic(), 0)):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _visit(self, organization_id: UUID) -> None:
        now = self._shift.now()
        most = min(AT_ONCE - len(self._under_way), AT_ONCE_EACH)
        load = Counter(self._under_way.values())
        busy = [endpoint for endpoint, number in load.items() if number >= AT_ONCE_EACH]
        async with self._turns, inside(self._shift.engine, organization_id) as connection:
            more = await expand(connection, now)
            claimed = await claim(connection, now, LEASE, most=most, busy=busy)
            due = await next_due(connection, now)
        for each in claimed:
            task = asyncio.create_task(self._deliver(organization_id, each))
            self._under_way[task] = each.endpoint_id
            task.add_done_callback(self._under_way.pop)
        if more or len(claimed) == most:
            self._see_to(organization_id, 0.0)
        elif due is not None:
            self._see_to(organization_id, time.monotonic() + (due - now).total_seconds())

    async def _deliver(self, organization_id: UUID, claimed: Claimed) -> None:
        """One attempt. When it cannot be settled, the lease ends and it is made again."""
        try:
            body = claimed.body or await self._body(organization_id, claimed)
            now = self._shift.now()
            headers = {**HEADERS, **headers_of(claimed, body, now)}
            answer = await self._post.send(claimed.url, headers, body)
            attempt = Attempt(now, *answer[:4])
            await self._settle(organization_id, claimed, attempt, answer, body)
        except _AWAY as error:
            log.warning("delivery %s could not be settled: %r", claimed.id, error)
        except Exception:  # a bug: the others go on
            log.exception("delivery %s failed", claimed.id)
        finally:
            self._see_to(organization_id, 0.0)

    async def _body(self, organization_id: UUID, claimed: Claimed) -> str:
        async with self._turns:
            read = self._shift.storage.reads(self._shift.caller(organization_id))
            try:
                return await messages.in_form(claimed, read)
            finally:
                await read.close()

    async def _settle(
        self, organization_id: UUID, claimed: Claimed, attempt: Attempt, answer: Answer, body: str
    ) -> None:
        again = None
        if not answer.succeeded and answer.status != GONE:
            again = next_attempt(
                claimed.attempt_count + 1,
                self._shift.now(),
                chance=_CHANCE.random(),
                wanted=answer.retry_after,
            )
        status = WebhookDeliveryStatus.SUCCEEDED if answer.succeeded else WebhookDeliveryStatus.DEAD
        async with self._turns, inside(self._shift.engine, organization_id) as connection:
            settled = await settle(
                connection,
                claimed,
                attempt,
                status=WebhookDeliveryStatus.RETRYING if again else status,
                next_attempt_at=again,
                body=body,
            )
        if settled is None or answer.succeeded:
            return
        reason = None
        if answer.status == GONE:
            reason = WebhookDisabledReason.GONE
        elif settled.failing_since and attempt.at - settled.failing_since >= DISABLED_AFTER:
            reason = WebhookDisabledReason.FAILING
        if reason is not None:
            await self._disable(organization_id, claimed.endpoint_id, reason)

    async def _disable(
        self, organization_id: UUID, id: UUID, reason: WebhookDisabledReason
    ) -> None:
        try:
            await self._shift.perform(DisableWebhookEndpoint(id=id, reason=reason), organization_id)
        except NotFound:  # somebody has deleted it meanwhile
            return
        log.warning("webhook endpoint %s is disabled: %s", id, reason)


async def run(shift: Shift) -> None:
    network = Network(private=shift.settings.webhooks_allow_private)
    async with Post(network) as post:
        await Dispatcher(shift, post).work()


DELIVERIES = Job(name="webhook deliveries", every=LOOK_SECONDS, run=run)
