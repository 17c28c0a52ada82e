"""Sending events to webhook endpoints: what is said, how it is signed, and how it gets there."""
