"""Sample rows for the walk over the routes of this part: the calculator needs none."""
