"""The command line: ``python -m lib.cli``. Same figures, checks and messages as the pages."""
