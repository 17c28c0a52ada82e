"""The ledger of budgets, and what orders mean for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.budgets import BudgetPolicy, BudgetStatus, EntryKind
from domain.budgets.balances import Balance, Terms, concern, refusal
from domain.kit.errors import DomainError
from domain.kit.money import Money
from domain.purchase_orders import PurchaseOrderStatus
from usecases.reads.kit import Listing, Page


class BudgetEntryRow(NamedTuple):
    id: UUID
    budget_id: UUID
    kind: EntryKind
    order_id: UUID
    line_id: UUID
    revision: int
    invoice_id: UUID | None
    at: datetime
    reserved_amount: Decimal
    committed_amount: Decimal
    spent_amount: Decimal
    currency: str

    @property
    def reserved(self) -> Money:
        return Money.of(self.reserved_amount, self.currency)

    @property
    def committed(self) -> Money:
        return Money.of(self.committed_amount, self.currency)

    @property
    def spent(self) -> Money:
        return Money.of(self.spent_amount, self.currency)


class BudgetEntries(Protocol):
    async def by_budget_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[BudgetEntryRow]]:
        """The newest first."""

    async def by_order_ids(
        self, ids: Sequence[UUID], *, first: int = 50, after: str | None = None
    ) -> Mapping[UUID, Page[BudgetEntryRow]]:
        """The newest first."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class BudgetImpactRow(NamedTuple):
    """An order beside the budget that it draws on, or would."""

    order_id: UUID
    order_status: PurchaseOrderStatus
    base_total: Decimal
    holds_reserved: Decimal
    holds_committed: Decimal
    holds_spent: Decimal
    budget_id: UUID
    name: str
    status: BudgetStatus
    policy: BudgetPolicy
    currency: str
    allocated_amount: Decimal
    reserved_amount: Decimal
    committed_amount: Decimal
    spent_amount: Decimal

    @property
    def _drafted(self) -> bool:
        return self.order_status is PurchaseOrderStatus.DRAFT

    @property
    def _before(self) -> Balance:
        """The budget without this order."""
        return Balance(
            self.allocated_amount,
            self.reserved_amount - self.holds_reserved,
            self.committed_amount - self.holds_committed,
            self.spent_amount - self.holds_spent,
        )

    @property
    def _amount(self) -> Decimal:
        """What a draft would take, and what any other order holds."""
        held = self.holds_reserved + self.holds_committed + self.holds_spent
        return self.base_total if self._drafted else held

    @property
    def _terms(self) -> Terms:
        # Whoever holds something already keeps it, whatever became of the budget.
        status = self.status if self._drafted else BudgetStatus.ACTIVE
        return Terms(self.name, status, self.policy, self.currency)

    @property
    def concern(self) -> DomainError | None:
        """What is wrong with taking so much, if only to be warned of."""
        return concern(self._terms, self._before.headroom, self._amount)

    @property
    def exceeded(self) -> bool:
        return self._amount > max(self._before.headroom, Decimal(0))

    @property
    def blocked(self) -> bool:
        found = refusal(self._terms, self._before.headroom, self._amount)
        return self._drafted and found is not None

    @property
    def amount(self) -> Money:
        return Money.of(self._amount, self.currency)

    @property
    def reserved(self) -> Money:
        return Money.of(self.holds_reserved, self.currency)

    @property
    def committed(self) -> Money:
        return Money.of(self.holds_committed, self.currency)

    @property
    def spent(self) -> Money:
        return Money.of(self.holds_spent, self.currency)

    @property
    def available_before(self) -> Money:
        return Money.of(self._before.available, self.currency)

    @property
    def available_after(self) -> Money:
        return Money.of(self._before.available - self._amount, self.currency)

    @property
    def headroom_before(self) -> Money:
        return Money.of(self._before.headroom, self.currency)

    @property
    def headroom_after(self) -> Money:
        return Money.of(self._before.headroom - self._amount, self.currency)


class BudgetImpacts(Protocol):
    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, BudgetImpactRow]:
        """What each order means for its budget: the one that a draft would get, if submitted now.

        Left out are orders without one.
        """
