"""Care as data: cycles, signals of leaving, proposals of relief, and their sentences (e.11)."""
