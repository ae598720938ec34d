"""An attack on the served product, on this machine's loopback alone: `python -m tests.attack`."""
