"""What Shrkity clients send and expect, field for field."""
