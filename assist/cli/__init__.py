"""The command line; one file a command."""

import os

# Work is spread over the cores by windows and calls. Threads of numpy's own would spin beside it while they wait, at
# twice the processor time for the same work. OpenBLAS reads this when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
