"""Organizations, and the people and programs that act in them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.callers import Channel
from domain.organizations import Plan, Sandbox, ServicePlan
from persistence.tables.metadata import (
    UNLOADED,
    Moment,
    aggregate,
    by,
    by_parts_of,
    legacy_id,
    refers,
    searched,
    words,
)

organizations = aggregate(
    "organizations",
    Column("name", Text, nullable=False),
    Column("name_ar", Text),
    Column("plan", words(Plan), nullable=False),
    Column("service_plan", words(ServicePlan), nullable=False),
    Column("monthly_order_limit", Integer),
    Column("calendar_id", Uuid),
    Column("base_currency", Text, nullable=False),
    Column("vat_rate", Numeric(9, 6), nullable=False),
    Column("tax_id", Text),
    Column("address", Text),
    Column("time_zone", Text, nullable=False),
    Column("own_approval", Boolean, nullable=False),
    Column("over_receipt_tolerance", Numeric(9, 6), nullable=False),
    Column("amendment_tolerance", Numeric(9, 6), nullable=False),
    Column("match_quantity_tolerance", Numeric(9, 6), nullable=False),
    Column("match_price_tolerance", Numeric(9, 6), nullable=False),
    Column("match_tax_tolerance", Numeric(9, 6), nullable=False),
    Column("sandbox", words(Sandbox)),
    Column("reset_on", Date),
    # A secret of the organization's own, made by the database.
    Column(
        "signing_key",
        LargeBinary,
        nullable=False,
        server_default=text("(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"),
        info={UNLOADED: True},
    ),
    refers("calendar_id", "business_calendars"),
    by("calendar_id"),
    CheckConstraint("id = organization_id", name="is_its_own"),
)

roles = aggregate(
    "roles",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("permissions", ARRAY(Text), nullable=False),
    by("code", unique=True),
    searched("name", "code"),
    by("created_at", "id"),
    by_parts_of("searched", "roles"),
)

users = aggregate(
    "users",
    Column("name", Text, nullable=False),
    Column("name_ar", Text),
    Column("email", Text, nullable=False),
    Column("role_ids", ARRAY(Uuid), nullable=False),
    Column("active", Boolean, nullable=False),
    legacy_id("waqti_id"),
    by("email", unique=True),
    by("waqti_id", unique=True),
    searched("name", "name_ar", "email"),
    Index("ix_users_role_ids", "organization_id", "role_ids", postgresql_using="gin"),
    by("created_at", "id"),
    by_parts_of("searched", "users"),
)

api_credentials = aggregate(
    "api_credentials",
    Column("user_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("channel", words(Channel), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("hint", Text, nullable=False),
    Column("permissions", ARRAY(Text)),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("requests_per_minute", Integer),
    Column("networks", ARRAY(Text), nullable=False),
    legacy_id("waqti_id"),
    refers("user_id", "users"),
    # Looked up before it is known which organization it belongs to.
    Index("ix_api_credentials_secret_hash", "secret_hash", unique=True),
    by("waqti_id", unique=True),
    by("user_id"),
    searched("name"),
    by("created_at", "id"),
    by_parts_of("searched", "api_credentials"),
)
