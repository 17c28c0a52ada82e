"""How alembic runs: on a connection that `persistence.migrating` gives it."""

from alembic import context

from persistence.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
    include_object=lambda _item, name, kind, _reflected, _to: (
        (kind, name) != ("table", "alembic_version")
    ),
)
with context.begin_transaction():
    context.run_migrations()
