"""District, street and full address."""
