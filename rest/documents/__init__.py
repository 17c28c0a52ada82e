"""Documents that every API hands out the same, printed."""
