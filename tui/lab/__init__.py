"""The simulated site: a process of its own behind real protocols on loopback."""
