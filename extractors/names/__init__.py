"""The caller's name."""
