"""Plays a real approval log against a running server, as a client of its public graph."""
