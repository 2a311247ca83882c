"""The today queue as data: its sources, the formula of their order, the statement they make."""
