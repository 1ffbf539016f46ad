"""Consul's keys and values: reads, blocking queries, and transactions."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.consul_http import ConsulHTTP

__all__ = ["MOST_OPERATIONS", "ConsulKV", "Entries", "Entry", "Operation"]

#: What one transaction may hold: 64 before Consul 1.14, 128 since.
MOST_OPERATIONS = 64


class Entry(msgspec.Struct, frozen=True, rename="pascal"):
    """One key and its value."""

    key: str
    #: The index of the last write of this key.
    modify_index: int
    #: None for an empty value.
    value: bytes | None = None


class Entries(msgspec.Struct, frozen=True):
    """All keys below a prefix, or the one that was asked for."""

    entries: tuple[Entry, ...]
    #: X-Consul-Index: what to wait for a change from. At least 1: 0 would not wait. For a key that
    #: is not there: no write of any key was later when it was read.
    index: int
    #: Whether a leader stands behind the answer; without one it may be old.
    led: bool = True


class Operation(msgspec.Struct, frozen=True):
    """One step of a transaction; one that fails undoes all of them.

    cas: write if the key's ModifyIndex is `index`, or if there is none and that is 0. delete-cas:
    remove if it is `index`; succeeds where there is no such key. check-index, check-not-exists: do
    nothing. delete: remove, there or not.
    """

    verb: Literal["cas", "check-index", "check-not-exists", "delete", "delete-cas"]
    key: str
    value: bytes = b""
    index: int = 0


class _Failure(msgspec.Struct, frozen=True, rename="pascal"):
    op_index: int
    what: str


class _Result(msgspec.Struct, frozen=True):
    entry: Entry = msgspec.field(name="KV")


class _Outcome(msgspec.Struct, frozen=True, rename="pascal"):
    results: tuple[_Result, ...] | None = None
    errors: tuple[_Failure, ...] | None = None


_ENTRIES = msgspec.json.Decoder(tuple[Entry, ...])
_KEYS = msgspec.json.Decoder(tuple[str, ...])
_OUTCOME = msgspec.json.Decoder(_Outcome)


class ConsulKV:
    """The keys of one Consul.

    Every method raises `AccessDenied` when the token may not, with the permission that it lacks,
    and `StoreUnavailable` when Consul does not answer, or what answers is no Consul.
    """

    def __init__(self, config: ConsulConfig) -> None:
        """Prepare the connection; raises `SettingsError` when address or certificates are bad."""
        self._config = config
        self._http = ConsulHTTP(config)

    async def get(self, key: str) -> Entries:
        """Return one key, or none and the index of that moment."""
        response = await self._http.read(_path(key), {}, need=f'read on the key "{key}"')
        return _entries(response)

    async def list(self, prefix: str, *, after: int = 0) -> Entries:
        """Return the keys that begin with `prefix`; the token's policy may hide some.

        With `after`, an index, the answer comes when the index is beyond it or the wait is over.
        """
        query = {"recurse": ""}
        if after:
            query |= {"index": str(after), "wait": f"{round(self._config.wait * 1000)}ms"}
        response = await self._http.read(
            _path(prefix), query, need=_listing(prefix), blocking=bool(after)
        )
        return _entries(response)

    async def keys(self, prefix: str) -> tuple[tuple[str, ...], int]:
        """Return the names of the keys that begin with `prefix`, in order, and the index."""
        response = await self._http.read(_path(prefix), {"keys": ""}, need=_listing(prefix))
        index = _index(response)
        if response.status_code == httpx.codes.NOT_FOUND:
            return (), index
        return _decoded(_KEYS, response), index

    async def transact(self, operations: Sequence[Operation]) -> int | None:
        """Do all operations at one moment, or none; return the index, None when one failed.

        Whatever they write has this index for its ModifyIndex; 0 where they write nothing.
        """
        body = msgspec.json.encode([{"KV": self._operation(one)} for one in operations])
        need = _writing(operations)
        response = await self._http.write("txn", body, accepts=409, need=need)
        outcome = _decoded(_OUTCOME, response)
        if outcome.errors:
            _check_permissions(outcome.errors, need)
            return None
        return max((result.entry.modify_index for result in outcome.results or ()), default=0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    def _operation(self, operation: Operation) -> Mapping[str, Any]:
        """Return one step as Consul reads it, which looks for namespaces here, not in the query."""
        step: dict[str, Any] = {"Verb": operation.verb, "Key": operation.key}
        if operation.verb == "cas":
            step["Value"] = operation.value
        if operation.verb in {"cas", "check-index", "delete-cas"}:
            step["Index"] = operation.index
        place = {"Namespace": self._config.namespace, "Partition": self._config.partition}
        return step | {name: value for name, value in place.items() if value}


def _path(key: str) -> str:
    return f"kv/{quote(key)}"


def _listing(prefix: str) -> str:
    # `list` counts where Consul has acl.enable_key_list_policy; elsewhere `read` lists too
    return f'list (or read) on the key_prefix "{prefix}"'


def _writing(operations: Sequence[Operation]) -> str:
    folders = dict.fromkeys(f"{one.key.rpartition('/')[0]}/" for one in operations)
    return "write on the key_prefix " + " and ".join(f'"{folder}"' for folder in folders)


def _entries(response: httpx.Response) -> Entries:
    # a follower may have lost its leader, and be behind it, before it knows that it has none
    led = "stale" not in response.request.url.params
    index = _index(response)
    if response.status_code == httpx.codes.NOT_FOUND:
        return Entries((), index, led)
    return Entries(_decoded(_ENTRIES, response), index, led)


T = TypeVar("T")


def _decoded(decoder: msgspec.json.Decoder[T], response: httpx.Response) -> T:
    try:
        return decoder.decode(response.content)
    except msgspec.DecodeError as error:
        raise StoreUnavailable(
            "What answers is no Consul", why=f"{response.url}: {error}"
        ) from error


def _index(response: httpx.Response) -> int:
    """Return X-Consul-Index, which stands beside a 404 too; only Consul sends it."""
    try:
        return max(1, int(response.headers["X-Consul-Index"]))
    except (KeyError, ValueError) as error:
        raise StoreUnavailable(
            "What answers is no Consul", why=f"{response.url}: no X-Consul-Index"
        ) from error


def _check_permissions(failures: Sequence[_Failure], need: str) -> None:
    """Raise `AccessDenied` when the token's policy made a transaction fail: it has no 403."""
    for failure in failures:
        if "ermission denied" in failure.what:  # newer releases go on: lacks permission …
            raise AccessDenied(f"Consul denies access: the token needs {need}", why=failure.what)
