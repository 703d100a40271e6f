"""Measuring: recordings and gold tickets in, figures out."""
