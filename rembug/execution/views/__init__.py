"""The pages of execution, by noun."""
