"""What was learned from calls: words that give a slot, and which candidate holds."""
