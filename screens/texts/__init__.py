"""What the screens say, as lines for a width: pure functions, tested without an app."""
