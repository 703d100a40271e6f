"""What keeps a catalogue good: its check and a hotline's own changes on top of it."""
