"""Sources of the today queue: what is due, why, and the one thing to do."""
