"""The market around a branch: survey forms, cells, the coordination clock. No clock of its own."""
