"""What cannot wait, and what must be masked."""
