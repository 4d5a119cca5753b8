"""Timings of the engine; run with `python -m benchmarks`."""
