"""Tests of the window; the only ones that may import Qt."""
