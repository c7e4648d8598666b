"""A clinic's months in minutes: nothing grows, nothing is lost."""
