"""What changes the catalogue, matches, quotes and suggestions."""
