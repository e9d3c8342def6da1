"""The record, the engine and the words they share. Standard library only."""
