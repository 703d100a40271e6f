"""`python -m assist`: the same as the `assist` command."""

from assist.cli.main import main

main()
