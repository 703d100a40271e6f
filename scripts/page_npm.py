"""Run npm for the agent's page, whichever npm this machine has.

usage: python scripts/page_npm.py ARGUMENTS OF NPM...          e.g. test, or run check
"""

from __future__ import annotations

import sys

from build_page import DESKTOP, npm

if __name__ == "__main__":
    try:
        if not (DESKTOP / "node_modules").is_dir():
            npm("ci", "--no-audit", "--no-fund")
        npm(*sys.argv[1:])
    except RuntimeError as problem:
        sys.exit(str(problem))
