"""Approvals: the workflows an organization configures, and the requests routed by them."""
