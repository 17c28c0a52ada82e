"""The Waqti v1 API: purchase orders and vendors."""
