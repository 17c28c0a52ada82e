"""What things mean: aggregates, lifecycles, money and rules, on the standard library alone."""
