"""What Waqti clients send and expect, field for field."""
