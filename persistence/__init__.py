"""How it is kept: the only package that speaks SQL."""
