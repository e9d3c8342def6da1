"""The lab's WinRM server for the tests that speak real WinRM."""

from collections.abc import AsyncIterator

import pytest

from tests.remote.wsman_lab import Lab


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    lab = Lab()
    await lab.start()
    yield lab
    await lab.estate.close()
    await lab.server.close()
