"""What the system can do: one frozen dataclass per verb, and the questions that can be asked."""
