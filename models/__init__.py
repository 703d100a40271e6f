"""Every learned artefact: where it comes from, its hash and licence, how it is put together."""
