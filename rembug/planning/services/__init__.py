"""Acts from the residents' meeting to the budget, by noun."""
