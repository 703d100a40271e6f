"""A live call from this computer's microphone."""
