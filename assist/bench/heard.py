"""What recognition makes of recorded calls, as turns for understanding; kept in a file, so that nothing is heard twice.

Kept are the finals as the engine heard them, under the hash of the recording and of whatever decides what is heard:
engine, settings, code. Names are repaired when the file is read, so what is kept follows the catalogue of today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import asr
import models
from asr.audio import load
from asr.engine import Engine
from asr.readings import other_readings
from asr.recognizer import RecognizerSettings
from asr.repair import Lexicon, heard_in_place, repaired_final
from asr.stream import transcribe
from asr.transcript import Final
from assist.bench.manifest import ROLES
from assist.config import Asr
from extractors.turn import Turn

_NOT_TEXT = {"allow_download", "workers", "threads", "max_batch", "interim_share", "first_interim", "interim_every"}
_LISTINGS = {"artefacts.yaml", "shipped.yaml"}
"""Settings of recognition that decide when text appears or whether a model may be fetched, never what is heard."""

_FINALS = TypeAdapter(list[Final])


def heard_turns(
    recordings: Sequence[Path],
    engine: Callable[[], Engine],
    settings: RecognizerSettings,
    done: Callable[[], None],
    file: HeardFile | None = None,
) -> dict[str, tuple[Turn, ...]]:
    """The finals of each 2-channel recording (agent first) by the file's stem; ``done`` is called after each.

    What ``file`` holds already is not decoded again; ``engine`` is made only when something is. Raises OSError where
    the file cannot be written.
    """
    file, made = file or HeardFile(None, ""), list[Engine]()
    heard = {}
    for path in recordings:
        digest = digest_of(path)
        finals = file.get(digest)
        if finals is None:
            made = made or [engine()]
            events = transcribe(load(path), made[0], replace(settings, lexicon=None))
            finals = [event for event in events if isinstance(event, Final)]
            file.put(digest, finals)
        said = [final for final in _repaired(finals, settings.lexicon) if final.text]
        heard[path.stem] = tuple(
            Turn(
                number,
                ROLES[final.channel],
                final.text,
                final.start,
                final.end,
                final.times,
                readings=other_readings(final),
                heard=heard_in_place(final.text, final.repairs),
            )
            for number, final in enumerate(said)
        )
        done()
    return heard


def digest_of(recording: Path) -> str:
    """The name under which a recording is kept."""
    return hashlib.sha256(recording.read_bytes()).hexdigest()


def heard_by(asr_settings: Asr, recognising: RecognizerSettings) -> str:
    """Tells apart whatever could hear something else: the engine with its settings and model, how speech is cut and
    guarded, the code of recognition; also what is kept of it.
    """
    told = {
        "engine": asr_settings.model_dump(mode="json", exclude=_NOT_TEXT),
        "model": repr(models.artefacts().get(asr_settings.model)),
        "kept": [field.name for field in fields(Final)],
        "recognising": asdict(replace(recognising, lexicon=None)),
    }
    apart = [models.CHOOSER, models.CLASSIFIER, models.DISPATCH, models.RANKER, models.TAGGER]
    apart += [] if asr_settings.rescoring else [models.SCRIBE]
    digest = hashlib.sha256(json.dumps(told, default=sorted, sort_keys=True).encode())
    for package in (asr, models):
        for path in sorted(Path(package.__path__[0]).rglob("*")):
            understands = any(path.is_relative_to(part) for part in apart)
            if path.is_file() and path.suffix != ".pyc" and path.name not in _LISTINGS and not understands:
                digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


class HeardFile:
    """Finals by the hash of their recording, in the JSON file ``path`` (None: kept nowhere), as heard ``by`` one
    recogniser (`heard_by`). A file that another one heard, or that cannot be read as such, is begun anew.
    """

    def __init__(self, path: Path | None, by: str) -> None:
        self._path, self._by = path, by
        self._recordings: dict[str, list[dict[str, Any]]] = {}
        if path is not None and path.is_file():
            try:
                kept = json.loads(path.read_bytes())
                self._recordings = dict(kept["recordings"]) if kept["by"] == by else {}
            except (ValueError, KeyError, TypeError):
                self._recordings = {}

    def get(self, digest: str) -> list[Final] | None:
        """The finals of a recording; None where it was not heard yet."""
        found = self._recordings.get(digest)
        if found is None:
            return None
        return _FINALS.validate_python(found)

    def put(self, digest: str, finals: Sequence[Final]) -> None:
        """Keep the finals of a recording. Raises OSError where that fails."""
        self._recordings[digest] = _FINALS.dump_python(list(finals), mode="json")
        if self._path is not None:
            content = {"by": self._by, "recordings": self._recordings}
            self._path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def _repaired(finals: Sequence[Final], lexicon: Lexicon | None) -> Sequence[Final]:
    """The finals with names repaired, each in the light of those before, as in a call (`asr.session`)."""
    if lexicon is None:
        return finals
    said, repaired = list[str](), list[Final]()
    for final in finals:
        repaired.append(repaired_final(final, lexicon, tuple(said)))
        if repaired[-1].text:
            said.append(repaired[-1].text)
    return repaired
