"""What every GraphQL type of ours is made of."""
