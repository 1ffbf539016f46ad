"""Live styles while Consul dies, hangs, comes back, goes back in time, or denies access."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from plotkiln.errors import NotFoundError, StoreUnavailable
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.live import LiveStyles
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul, eventually, free_port

pytestmark = pytest.mark.anyio

RED, GREEN = b'{"title": {"color": "#FF0000"}}', b'{"title": {"color": "#00FF00"}}'

#: The brief of every recovery here: Consul's return is noticed within 5 s.
RECOVERY = 5.0


@asynccontextmanager
async def following(
    url: str,
    *,
    snapshot: Path | None = None,
    strict: bool = False,
    token_file: Path | None = None,
    wait: float = 30,
) -> AsyncIterator[LiveStyles]:
    """Follow the styles below `styles/`, settled."""
    config = ConsulConfig(address=url, wait=wait, token_file=token_file, read_timeout=0.5)
    async with (
        ConsulStyles(config, prefix="styles") as store,
        LiveStyles(store, snapshot=snapshot, strict=strict, recheck=0.2) as live,
    ):
        await live.settled()
        yield live


def color(live: LiveStyles, name: str = "default") -> str | None:
    """Return the colour of the title, None while nobody knows the style."""
    try:
        title = live.look(name).style.title
    except NotFoundError:
        return None
    assert title is not None
    return title.color


async def test_a_killed_consul_leaves_stale_looks_and_comes_back_with_new_ones(
    mortal: Consul, caplog: pytest.LogCaptureFixture
) -> None:
    """While Consul is down every look serves as stale; its changed style is fresh soon after."""
    caplog.set_level(logging.INFO, "plotkiln.style")
    mortal.put("styles/default", RED)
    async with following(mortal.url) as live:
        assert (color(live), live.look().state) == ("#FF0000", "fresh")
        heard: list[frozenset[str]] = []
        live.on_change(heard.append)

        mortal.kill()
        await eventually(lambda: not live.reachable)
        assert (color(live), live.look().state) == ("#FF0000", "stale")
        assert live.known()["default"].state == "stale"
        assert live.look("default").version == live.known()["default"].version
        assert "does not answer" in (live.fault or "")
        with pytest.raises(NotFoundError):
            live.look("nobody")

        await asyncio.to_thread(mortal.start)
        mortal.put("styles/default", GREEN)
        await eventually(lambda: color(live) == "#00FF00" and live.reachable, RECOVERY)
        assert (live.fault, live.look().state) == (None, "fresh")
        assert set().union(*heard) == {"default"}
    told = [record.getMessage() for record in caplog.records]
    assert len([line for line in told if "is lost" in line]) == 1
    assert len([line for line in told if "answers again" in line]) == 1


async def test_the_builtin_stays_the_builtin_without_consul(mortal: Consul) -> None:
    """A look that came from no store is not stale when the store is down."""
    async with following(mortal.url) as live:
        assert live.look().state == "builtin"
        mortal.kill()
        await eventually(lambda: not live.reachable)
        assert (live.look().state, live.look().style) == ("builtin", BUILTIN)


async def test_a_hanging_consul_is_noticed_and_followed_again(mortal: Consul) -> None:
    """An agent that keeps its connections and answers nothing is lost when its wait is over."""
    mortal.put("styles/default", RED)
    async with following(mortal.url, wait=1) as live:
        assert live.look().state == "fresh"
        os.kill(mortal.pid, signal.SIGSTOP)
        try:
            await eventually(lambda: live.look().state == "stale")
            assert color(live) == "#FF0000"
        finally:
            os.kill(mortal.pid, signal.SIGCONT)
        await eventually(lambda: live.look().state == "fresh")
        mortal.put("styles/default", GREEN)
        await eventually(lambda: color(live) == "#00FF00", RECOVERY)


async def test_the_age_grows_from_the_last_answer(mortal: Consul) -> None:
    """The age is that of the last answer: less than a wait while all is well, growing without."""
    async with following(mortal.url, wait=0.2) as live:
        old = live.age
        await eventually(lambda: live.age < old + 0.1)
        mortal.kill()
        await eventually(lambda: live.age > 1)
        assert not live.reachable


async def test_a_restore_brings_old_documents_and_deletes_nothing(mortal: Consul) -> None:
    """After a restore an old document is fresh, a forgotten one stale until it is written again."""
    mortal.put("styles/default", RED)
    snapshot = mortal.save()
    mortal.put("styles/default", GREEN)
    mortal.put("styles/young", RED)
    async with following(mortal.url, wait=3) as live:
        assert color(live) == "#00FF00"
        before = live.look().version
        await asyncio.to_thread(mortal.restore, snapshot)
        await eventually(lambda: color(live) == "#FF0000", RECOVERY)
        assert (live.look().state, live.look().version < before) == ("fresh", True)
        assert (color(live, "young"), live.look("young").state) == ("#FF0000", "stale")
        assert "set back" in (live.known()["young"].fault or "")

        mortal.put("styles/other", RED)
        await eventually(lambda: color(live, "other"))
        assert live.look("young").state == "stale"

        mortal.put("styles/young", GREEN)
        await eventually(lambda: live.look("young").state == "fresh", RECOVERY)
        assert color(live, "young") == "#00FF00"
        mortal.delete("styles/young")
        await eventually(lambda: color(live, "young") is None, RECOVERY)


async def test_a_wiped_consul_deletes_nothing(forgetful: Consul) -> None:
    """A Consul that comes back empty leaves every style stale, and takes new ones."""
    for number in range(20):
        forgetful.put("styles/default", b'{"title": {"color": "#%06d"}}' % number)
    forgetful.put("styles/corporate", RED)
    async with following(forgetful.url) as live:
        assert color(live) == "#000019"
        await asyncio.to_thread(forgetful.restart)
        await eventually(lambda: live.reachable and live.look().state == "stale", RECOVERY)
        assert color(live) == "#000019"
        assert (color(live, "corporate"), live.look("corporate").state) == ("#FF0000", "stale")
        forgetful.put("styles/default", GREEN)
        await eventually(lambda: live.look().state == "fresh", RECOVERY)
        assert color(live) == "#00FF00"


READ_ALL = 'key_prefix "styles/" { policy = "read" }'
READ_SOME = 'key_prefix "styles/" { policy = "read" } key "styles/secret" { policy = "deny" }'


async def test_a_style_that_is_hidden_is_not_deleted(guarded: Consul, tmp_path: Path) -> None:
    """A narrower policy hides a key: its look serves as stale, and is fresh when it is shown."""
    guarded.put("styles/secret", RED)
    guarded.put("styles/default", RED)
    token_file = tmp_path / "token"
    token_file.write_text(guarded.create_token("reader", rules=READ_ALL))
    async with following(guarded.url, token_file=token_file, wait=0.5) as live:
        assert color(live, "secret") == "#FF0000"
        guarded.change_rules("reader", rules=READ_SOME)
        await eventually(lambda: live.look("secret").state == "stale")
        assert "denies" in (live.known()["secret"].fault or "")
        assert (live.reachable, live.look().state) == (True, "fresh")

        guarded.change_rules("reader", rules="")
        await eventually(lambda: live.look().state == "stale")
        assert color(live) == color(live, "secret") == "#FF0000"

        guarded.put("styles/secret", GREEN)
        guarded.change_rules("reader", rules=READ_ALL)
        await eventually(lambda: live.look("secret").state == "fresh", RECOVERY)
        assert (color(live, "secret"), live.look().state) == ("#00FF00", "fresh")


async def test_a_hidden_style_that_is_deleted_goes_when_we_may_know(
    guarded: Consul, tmp_path: Path
) -> None:
    """What was deleted while it was hidden is dropped once a read may say so."""
    guarded.put("styles/secret", RED)
    guarded.put("styles/default", RED)
    token_file = tmp_path / "token"
    token_file.write_text(guarded.create_token("reader", rules=READ_ALL))
    async with following(guarded.url, token_file=token_file, wait=0.5) as live:
        guarded.change_rules("reader", rules=READ_SOME)
        await eventually(lambda: live.look("secret").state == "stale")
        guarded.delete("styles/secret")
        guarded.change_rules("reader", rules=READ_ALL)
        await eventually(lambda: color(live, "secret") is None)
        assert color(live) == "#FF0000"


async def test_a_revoked_token_deletes_nothing_and_a_renewed_one_is_taken(
    guarded: Consul, tmp_path: Path
) -> None:
    """Without a valid token the looks serve as stale; a token put into the file is used at once."""
    guarded.put("styles/default", RED)
    token_file = tmp_path / "token"
    token = guarded.create_token("reader", rules=READ_ALL)
    token_file.write_text(f"{token}\n")
    async with following(guarded.url, token_file=token_file, wait=0.5) as live:
        guarded.revoke(token)
        await eventually(lambda: not live.reachable)
        assert (color(live), live.look().state) == ("#FF0000", "stale")
        guarded.put("styles/default", GREEN)
        token_file.write_text(guarded.create_token("renewed", rules=READ_ALL))
        await eventually(lambda: color(live) == "#00FF00", RECOVERY)
        token_file.unlink()
        await eventually(lambda: "token file" in (live.fault or ""))
        assert live.look().state == "stale"


async def test_a_cold_start_without_consul_serves_the_builtin() -> None:
    """With no store and no saved styles every name draws as built-in, at once."""
    async with following(f"http://127.0.0.1:{free_port()}") as live:
        assert not live.reachable
        assert (live.look().state, live.look().style) == ("builtin", BUILTIN)
        assert (live.look("corporate").name, live.look("corporate").state) == (
            "corporate",
            "builtin",
        )
        with pytest.raises(NotFoundError):
            live.look("no name\r\n")


async def test_a_cold_start_without_consul_serves_what_was_saved(
    mortal: Consul, tmp_path: Path
) -> None:
    """A process that begins while Consul is down serves the good styles of the one before."""
    saved = tmp_path / "cache" / "styles.json"
    mortal.put("styles/default", RED)
    async with following(mortal.url, snapshot=saved) as live:
        mortal.put("styles/default", b"{")
        await eventually(lambda: live.look().state == "stale")
        version = live.look().version
    mortal.kill()
    async with following(mortal.url, snapshot=saved) as live:
        await eventually(live.known)
        assert (color(live), live.look().version) == ("#FF0000", version)
        assert (live.look().state, live.reachable) == ("stale", False)
        with pytest.raises(NotFoundError):
            live.look("nobody")

        await asyncio.to_thread(mortal.start)
        mortal.put("styles/default", GREEN)
        # Until there is a leader, the new document shows as stale.
        await eventually(lambda: live.look().state == "fresh", RECOVERY)
        assert color(live) == "#00FF00"


async def test_a_saved_style_that_was_deleted_meanwhile_goes(
    mortal: Consul, tmp_path: Path
) -> None:
    """What was deleted between two processes is gone once Consul says so."""
    saved = tmp_path / "styles.json"
    mortal.put("styles/old", RED)
    async with following(mortal.url, snapshot=saved):
        pass
    mortal.delete("styles/old")
    async with following(mortal.url, snapshot=saved) as live:
        await eventually(lambda: live.reachable and color(live, "old") is None)


async def test_a_consul_that_accepts_and_is_silent_delays_the_start_little() -> None:
    """The first requests wait for a silent store only as long as the cold start may take."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with following(url) as live:
            assert live.look().state == "builtin"
            assert live.fault == "The style store was not read yet."


async def test_strict_mode_serves_nothing_stale(mortal: Consul) -> None:
    """Strict: every look is an error while Consul cannot be reached, and none after its return."""
    mortal.put("styles/default", RED)
    async with following(mortal.url, strict=True) as live:
        assert color(live) == "#FF0000"
        mortal.kill()
        await eventually(lambda: not live.reachable)
        with pytest.raises(StoreUnavailable, match="does not answer"):
            live.look()
        with pytest.raises(StoreUnavailable):
            live.look("nobody")
        await asyncio.to_thread(mortal.start)
        mortal.put("styles/default", GREEN)
        await eventually(lambda: live.reachable, RECOVERY)
        await eventually(lambda: color(live) == "#00FF00", RECOVERY)


async def test_leaving_ends_the_watch(forgetful: Consul) -> None:
    """Nothing runs on after the context is left, not even while a query waits."""
    async with following(forgetful.url):
        assert any(task.get_name() == "styles" for task in asyncio.all_tasks())
    assert not any(task.get_name() == "styles" for task in asyncio.all_tasks())
