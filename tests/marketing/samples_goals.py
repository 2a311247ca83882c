"""Sample rows for the walk over the routes of this part: goals."""
