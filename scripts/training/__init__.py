"""How the small learned parts are made; each module is one command of ``scripts/train``."""
