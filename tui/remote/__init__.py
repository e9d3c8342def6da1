"""The outside: PowerShell text, its frame, WinRM, and the estate that joins them."""
