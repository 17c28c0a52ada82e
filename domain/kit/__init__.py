"""What every noun of the domain is made of."""
