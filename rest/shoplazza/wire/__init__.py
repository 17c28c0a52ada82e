"""What Shoplazza clients send and expect, field for field."""
