"""The seven data categories (spec c): what each asks, how full it is, what follows from it."""
