"""Tests of the editors, one kind of question each."""
