"""Commands of operators, a file for each thing they are about."""
