"""The agent-assist engine: calls, events, store, server and command line, composed of `asr` and `extractors`."""
