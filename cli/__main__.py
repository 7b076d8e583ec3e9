"""Starts the command line: `python -m cli`, which is what `./imr` runs."""

from cli.app import main

main()
