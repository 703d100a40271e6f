"""When it happened, how long it lasted and when to call back."""
