"""What the product costs, measured: ``python -m benchmarks``. Never part of the tests."""
