"""What is read of visits, opportunities and boards."""
