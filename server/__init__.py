"""Putting it together: settings, databases, health and the command line.

The only package that knows all the others.
"""
