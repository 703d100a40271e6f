"""The caller's phone number."""
