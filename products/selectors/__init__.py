"""What is read of the catalogue, matches, quotes and suggestions."""
