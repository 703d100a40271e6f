"""The hotline's own words for recognition and repair: ``lexicon.txt`` of a catalogue in, words with their use out."""

from __future__ import annotations

from pathlib import Path

from extractors.catalogue.yaml_files import CatalogueError, Problem, read_text

FILE = "lexicon.txt"


def read_lexicon(catalog: Path) -> dict[str, int]:
    """The words of the lexicon of a catalogue directory, one a line, each with how often it is used as the second
    column tells, 0 where there is none.

    ``#`` starts a comment; of a word that stands twice the last count holds; a missing file is an empty lexicon. Raises
    `CatalogueError` for a count that is no whole number and for a file that cannot be read.
    """
    words: dict[str, int] = {}
    text = read_text(catalog, FILE) if (catalog / FILE).is_file() else ""
    for number, line in enumerate(text.splitlines(), 1):
        word, *rest = line.split("#", 1)[0].split() or [""]
        if rest and (len(rest) > 1 or not rest[0].isdecimal()):
            message = f"{' '.join(rest)!r} is no count of use; write a word a line, behind it a whole number or nothing"
            raise CatalogueError(catalog, (Problem(FILE, number, word, "lexicon", message),))
        if word and (rest or word not in words):
            words[word] = int(rest[0]) if rest else 0
    return words
