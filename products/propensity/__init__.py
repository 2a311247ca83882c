"""What a customer is likely to take next: features, the fitted model as data, evaluation."""
