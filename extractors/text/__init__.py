"""Chinese text: its words, sounds, numerals, cue phrases and meaning."""
