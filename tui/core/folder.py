"""What makes a folder a run: apart from the journal, which takes 25 ms to import, so that a look for runs is quick."""

NAME = "journal.jsonl"
"""The record."""
