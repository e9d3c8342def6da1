"""azl-recover: bring virtual machines back on Azure Local."""

__version__ = "0.1.0"
