"""What changes visits, opportunities, plans and goals."""
