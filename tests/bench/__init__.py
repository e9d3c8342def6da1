"""Measurements, by hand: `python -m tests.bench`. They print a table and assert nothing."""
