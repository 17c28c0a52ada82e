"""The database's history, one concern a step."""
