"""Understanding: turns of a call in, a ticket with the proof of every value out."""
