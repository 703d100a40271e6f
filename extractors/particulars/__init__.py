"""What else a ticket holds: the wish, the sum, the people affected, confidentiality, a template's own slots."""
