"""What the REST dialects share."""
