"""What the demo organizations offer, to whom, and what became of it."""
