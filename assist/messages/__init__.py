"""Every message of the wire, one model each; JSON Schema and the page's TypeScript types are generated from here.

Three families:

- **events** (`events`) are stored in a call's log with a sequence number; the call's state is a fold over them;
- **provisional** messages (in `desk`; interim text and what is filled from it) are shown at once and never stored;
- **commands** (in `page`) are what an agent does; each carries an id, so that sending one twice has one effect.

Readers ignore fields and message types they do not know: a newer minor version may add some.
"""
