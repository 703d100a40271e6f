"""Digits and letters by sound, what every spoken number is read with."""
