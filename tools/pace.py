"""Prints the pace of buyers and workers that is matched to published elasticities, year by year."""

import sys

from detente.pace import profile


if __name__ == "__main__":
    sys.stdout.write(f"{profile()}\n")
