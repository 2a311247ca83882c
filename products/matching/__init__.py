"""Portrait against rules: the book of offers compiled to one statement a range of customers."""
