"""Figures with their floor, measured in the same run. `python3 start.py bench`."""
