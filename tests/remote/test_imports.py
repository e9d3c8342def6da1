"""Importing the package loads neither pywinrm nor requests nor anything of the screens."""

import subprocess
import sys

CODE = """
import importlib, pkgutil, sys, tui.remote
for module in pkgutil.iter_modules(tui.remote.__path__, "tui.remote."):
    importlib.import_module(module.name)
heavy = {"winrm", "requests", "requests_ntlm", "spnego", "urllib3", "xmltodict", "textual", "cryptography"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_nothing_heavy_is_imported():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
