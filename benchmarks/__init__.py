"""Timings of the engine and of its rivals; run with `python -m benchmarks`, or `make bench`."""
