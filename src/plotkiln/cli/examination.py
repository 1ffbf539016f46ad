"""The probes of one configuration; each opens what it looks at: one fault hides no other."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from plotkiln.artifacts import open_renderings
from plotkiln.cli.eventing import has_embedded_broker
from plotkiln.cli.places import consul_config, renderings_url, snapshot_file
from plotkiln.cli.ports import find_port
from plotkiln.cli.shared import open_job_store
from plotkiln.cli.workshop import open_pool, open_store, open_templates
from plotkiln.errors import StoreUnavailable, WorkersUnavailable
from plotkiln.service import Metrics
from plotkiln.service.doctor import Finding, Probe
from plotkiln.service.job_probes import find_jobs
from plotkiln.service.probes import (
    find_database,
    find_folder,
    find_losses,
    find_memory,
    find_renderings,
    find_snapshot,
    find_style_writes,
    find_styles,
)
from plotkiln.service.render_probes import find_fonts, find_render, find_templates
from plotkiln.settings import Settings
from plotkiln.state import Database
from plotkiln.workers import Pool, installed_fonts
from plotkiln.workers.memory import free_memory

__all__ = ["Examination"]

#: Seconds that a zygote may take to load, from a cold disk.
_LOADING = 70.0


class Examination:
    """Looks at everything that the settings name; render processes live while it is entered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._pool: Pool | None = None
        self._font_files = 0

    def probes(self) -> Iterator[Probe]:
        """Yield what there is to look at, in the order in which one thing needs another."""
        settings = self._settings
        drawing = _LOADING + 2 * settings.budget
        folder = "Set PLOTKILN_DATA to a folder that this user may write."
        yield Probe(name="data folder", look=self._look_at_folder, mend=folder)
        yield Probe(name="state database", look=self._look_at_database, mend=folder)
        yield Probe(name="style store", look=self._look_at_styles, mend=self._store_mend)
        yield Probe(name="style writes", look=self._look_at_writes, mend=self._store_mend)
        if settings.consul_address:
            yield Probe(name="style snapshot", look=self._look_at_snapshot, mend=folder)
        if settings.redis_url:
            mend = "Start Redis, or mend PLOTKILN_REDIS_URL; events wait meanwhile."
            yield Probe(name="redis", look=self._look_at_redis, mend=mend)
        if settings.identity:
            mend = "Make one with plotkiln keys create, or mend the store that is told above."
            yield Probe(name="api keys", look=self._look_at_api_keys, mend=mend)
            yield Probe(name="transport", look=self._look_at_transport, mend="")
        if settings.oidc_issuer:
            mend = "See that PLOTKILN_OIDC_ISSUER is the provider's own name, and can be reached."
            yield Probe(name="identity provider", look=self._look_at_provider, mend=mend)
        yield Probe(name="jobs", look=self._look_at_jobs, mend="Mend what keeps them, told above.")
        mend = "See that PLOTKILN_ARTIFACTS_URL can be reached, with AWS_* that may write there."
        yield Probe(name="renderings", look=self._look_at_renderings, mend=mend)
        yield Probe(name="memory", look=self._look_at_memory, mend="")
        yield Probe(
            name="port", look=self._look_at_port, mend="Set HOST to an address of this machine."
        )
        mend = "See what the render process wrote above; a spare moment may be all it needs."
        yield Probe(name="render", look=self._look_at_render, mend=mend, limit=drawing)
        yield Probe(name="fonts", look=self._look_at_fonts, mend=mend, limit=drawing)
        yield Probe(name="templates", look=self._look_at_templates, mend=mend, limit=drawing)

    async def consul_version(self) -> str | None:
        """Return Consul's release; None where it is not in use, away, or does not tell."""
        if not self._settings.consul_address:
            return None
        from plotkiln.style.stores.consul_agent import ConsulAgent

        config, prefix = consul_config(self._settings), self._settings.styles_prefix
        try:
            async with ConsulAgent(config, prefix=prefix) as agent:
                return await agent.version()
        except StoreUnavailable:
            return None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    @property
    def _store_mend(self) -> str:
        if not self._settings.consul_address:
            return "Set PLOTKILN_DATA to a folder that this user may write."
        return "Start Consul, or mend the CONSUL_ settings; the last good styles serve meanwhile."

    async def _look_at_folder(self) -> Finding:
        return await find_folder(self._settings.data)

    async def _look_at_database(self) -> Finding:
        async with Database(self._settings.data / "state.sqlite") as database:
            return await find_database(database)

    async def _look_at_styles(self) -> Finding:
        async with open_store(self._settings) as store:
            return await find_styles(store, strict=self._settings.style_strict)

    async def _look_at_writes(self) -> Finding:
        if self._settings.consul_address:
            from plotkiln.style.stores.consul_agent import ConsulAgent

            config, prefix = consul_config(self._settings), self._settings.styles_prefix
            async with ConsulAgent(config, prefix=prefix) as agent:
                return await find_style_writes(agent.check_write)
        async with Database(self._settings.data / "styles.sqlite") as database:
            return await find_database(database)

    async def _look_at_snapshot(self) -> Finding:
        path = snapshot_file(self._settings)
        assert path is not None
        return await find_snapshot(path, self._settings.consul_address)

    async def _look_at_renderings(self) -> Finding:
        place = renderings_url(self._settings)
        return await find_renderings(open_renderings(place), place)

    async def _look_at_redis(self) -> Finding:
        from plotkiln.state.redis import durability, open_redis

        async with open_redis(self._settings.redis_url) as redis:
            return await find_losses(lambda: durability(redis))

    async def _look_at_api_keys(self) -> Finding:
        from plotkiln.cli.identities import open_records
        from plotkiln.identity.api_keys import ApiKeys
        from plotkiln.service.identity_probes import find_api_keys

        async with open_records(self._settings) as records:
            return await find_api_keys(ApiKeys(records), alone=not self._settings.oidc_issuer)

    async def _look_at_transport(self) -> Finding:
        from plotkiln.api.origins import is_loopback
        from plotkiln.service.identity_probes import find_transport

        told = {
            "PLOTKILN_PUBLIC_URL": self._settings.public_url,
            "PLOTKILN_OIDC_ISSUER": self._settings.oidc_issuer,
        }
        return await find_transport(told, is_loopback)

    async def _look_at_provider(self) -> Finding:
        from plotkiln.cli.identities import open_key_sets
        from plotkiln.service.identity_probes import find_provider

        async with open_key_sets(self._settings) as keys:
            return await find_provider(keys.fetch, self._settings.oidc_algorithms)

    async def _look_at_jobs(self) -> Finding:
        broker = bool(self._settings.sink) or has_embedded_broker(self._settings)
        async with open_job_store(self._settings) as store:
            return await find_jobs(store, broker=broker)

    async def _look_at_memory(self) -> Finding:
        reserve, render = self._settings.memory_reserve, self._settings.worker_memory
        return await find_memory(free_memory, reserve=reserve << 20, render=render << 20)

    async def _look_at_port(self) -> Finding:
        return await find_port(self._settings.host, self._settings.port)

    async def _look_at_render(self) -> Finding:
        return await find_render(self._open_pool, budget=self._settings.budget)

    async def _look_at_fonts(self) -> Finding:
        budget = self._settings.budget
        return await find_fonts(self._drawing_pool(), files=self._font_files, budget=budget)

    async def _look_at_templates(self) -> Finding:
        return await find_templates(open_templates(self._settings, self._drawing_pool()))

    def _drawing_pool(self) -> Pool:
        if self._pool is None:
            raise WorkersUnavailable("The render processes could not be started.")
        return self._pool

    async def _open_pool(self) -> Pool:
        try:
            fonts = installed_fonts()
        except ModuleNotFoundError as error:
            raise WorkersUnavailable(f"{error.name} is not installed.") from error
        pool = await self._stack.enter_async_context(open_pool(self._settings, fonts, Metrics()))
        self._pool, self._font_files = pool, len(fonts.files)
        return pool
