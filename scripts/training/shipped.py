"""Writes size and hash of every small trained file that ships into ``models/shipped.yaml``: what a training changed is
then what `assist models verify` proves. `scripts/train` runs it behind every training.
"""

from __future__ import annotations

import re
from pathlib import Path

from models.registry import PACKAGE, SHIPPED, sha256

_NAMED = re.compile(r"^( *- name: )(\S+)\n( *bytes: )\d+\n( *sha256: )[0-9a-f]+$", re.MULTILINE)


def proved(listing: str, folder: Path = PACKAGE) -> str:
    """``listing`` with the sizes and hashes that its files in ``folder`` have now; those that are not there stay."""

    def now(found: re.Match[str]) -> str:
        path = folder / found[2]
        if not path.is_file():
            return found[0]
        return f"{found[1]}{found[2]}\n{found[3]}{path.stat().st_size}\n{found[4]}{sha256(path)}"

    return _NAMED.sub(now, listing)


def _main() -> None:
    listing = SHIPPED.read_text(encoding="utf-8")
    if (fresh := proved(listing)) != listing:
        SHIPPED.write_text(fresh, encoding="utf-8")
        print(f"{SHIPPED.name}: sizes and hashes are those of what was learned")


if __name__ == "__main__":
    _main()
