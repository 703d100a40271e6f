"""Turns as a conversation: who asks, answers and agrees, what was asked, and where another matter begins."""
