"""The portrait page of a customer: the page, its fragments, figures, versions."""
