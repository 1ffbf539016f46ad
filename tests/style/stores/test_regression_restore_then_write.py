"""A restore that is followed at once by a write, of whatever key, was taken for a deletion."""

from contextlib import aclosing

import pytest

from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul

pytestmark = pytest.mark.anyio


async def test_regression_restore_then_write(mortal: Consul) -> None:
    """The listing after a restore has a lower index, although the whole store's is higher."""
    mortal.put("styles/default", b'{"lines": {"linewidth": 1}}')
    saved = mortal.save()
    mortal.put("styles/default", b'{"lines": {"linewidth": 2}}')
    mortal.put("styles/young", b"{}")
    config = ConsulConfig(address=mortal.url, wait=0.2)
    async with (
        ConsulStyles(config, prefix="styles") as store,
        aclosing(store.watch()) as listings,
    ):
        before = await anext(listings)
        mortal.restore(saved)
        mortal.put("elsewhere", b"1")
        after = await anext(listings)
        while "young" in after.documents:  # a restore ends a query with its old answer
            after = await anext(listings)
    assert before.documents.keys() == {"default", "young"}
    assert after.documents.keys() == {"default"}
    assert after.index < before.index
