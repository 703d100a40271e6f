"""Every learned artefact: where it comes from, its hash and licence, how it is put together."""

from models.assemble import fetch
from models.registry import Artefact, ModelError, artefact, artefacts, directory, find, home, problems

__all__ = ["Artefact", "ModelError", "artefact", "artefacts", "directory", "fetch", "find", "home", "problems"]
