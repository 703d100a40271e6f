"""What is written down of a call: the template's record text and a summary."""
