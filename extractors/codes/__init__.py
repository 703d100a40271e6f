"""Order numbers, plates, identity cards and bus lines."""
