"""Streaming speech recognition: call audio in, utterances with the time of every character out."""
