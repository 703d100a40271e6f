"""Whom or what the call is about."""
