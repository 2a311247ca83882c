"""Made-up visits, opportunities and goals of the demo bank."""
