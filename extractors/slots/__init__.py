"""What all slots share: mentions folded into values with proof, the scribe's lines, and what holds in the end."""
