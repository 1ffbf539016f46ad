"""The account: what rendering took, what it cost, and what was saved by being at zero."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from plotkiln.account import Entry, Kind, Ledger, day_of
from plotkiln.artifacts import Charts
from plotkiln.identity import Principal, Scope

__all__ = ["Account", "AccountService", "PrincipalLine", "ServiceLine", "Total"]

_DAY = 86400.0

#: (kind, name) → sum.
_Sums = Mapping[tuple[Kind, str], float]


class PrincipalLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one principal took."""

    name: str
    #: Pictures given, and those among them that were drawn for it.
    pictures: int
    drawn: int
    #: Seconds for which render workers drew for it.
    worker_seconds: float
    #: Of all such seconds, from 0 to 1.
    share: float
    #: That share of what all pods cost.
    cost: float
    cost_per_picture: float
    #: Of the charts that it stores now.
    stored_bytes: int


class ServiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """For how long pods of one service lived."""

    name: str
    #: When it was first known to run, or the beginning of the account where that is later.
    since: datetime
    pod_seconds: float
    #: What one pod that is always on would have lived longer; less than 0 where more than one pod
    #: lived for most of the time, and 0 for jobs, which no such pod would do instead.
    saved_pod_seconds: float
    cost: float
    saved_cost: float


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What everything took."""

    pictures: int
    drawn: int
    #: Seconds for which render workers drew, and for which they waited.
    worker_seconds_busy: float
    worker_seconds_idle: float
    pod_seconds: float
    saved_pod_seconds: float
    cost: float
    saved_cost: float
    cost_per_picture: float


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Some days of it, up to now."""

    #: The first day, in UTC.
    since: str
    until: datetime
    #: Of one pod-hour, in whatever currency.
    pod_price: float
    #: Who took most comes first; somebody without the scope `admin` sees their own line alone.
    principals: Sequence[PrincipalLine]
    #: What is the administrator's to see; None for others.
    total: Total | None = None
    services: Sequence[ServiceLine] = ()


class AccountService:
    """Adds up the ledger; what a process took in the last half minute may be missing."""

    def __init__(
        self,
        ledger: Ledger,
        charts: Charts,
        *,
        pod_price: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the ledger, the charts, and the price of one pod-hour."""
        self._ledger = ledger
        self._charts = charts
        self._price = pod_price / 3600
        self._clock = clock

    async def account(self, principal: Principal, *, days: int = 30) -> Account:
        """Return the account of the last `days` days, today among them.

        Raises `StoreUnavailable` when the ledger does not answer.
        """
        now = self._clock()
        since = day_of(now - (days - 1) * _DAY)
        sums = _summed(await self._ledger.read(since))
        services = _services(sums, await self._ledger.starts(), since, now, self._price)
        lines = await self._lines(principal, sums, sum(one.cost for one in services))
        account = Account(
            since=since,
            until=datetime.fromtimestamp(now, UTC),
            pod_price=self._price * 3600,
            principals=lines,
        )
        if not principal.may(Scope.ADMIN):
            return account
        return msgspec.structs.replace(account, total=_total(sums, services), services=services)

    async def _lines(
        self, principal: Principal, sums: _Sums, cost: float
    ) -> Sequence[PrincipalLine]:
        names = _names(sums, "busy", "pictures")
        if not principal.may(Scope.ADMIN):
            names = [principal.name]
        stored = await asyncio.gather(*map(self._charts.usage, names))
        every = _of(sums, "busy")
        lines = [
            _line(sums, name, every, cost, size) for name, size in zip(names, stored, strict=True)
        ]
        return sorted(lines, key=lambda one: (-one.worker_seconds, one.name))


def _line(sums: _Sums, name: str, every: float, cost: float, stored: int) -> PrincipalLine:
    busy, pictures = sums.get(("busy", name), 0.0), round(sums.get(("pictures", name), 0.0))
    share = busy / every if every else 0.0
    return PrincipalLine(
        name=name,
        pictures=pictures,
        drawn=round(sums.get(("drawn", name), 0.0)),
        worker_seconds=busy,
        share=share,
        cost=share * cost,
        cost_per_picture=share * cost / pictures if pictures else 0.0,
        stored_bytes=stored,
    )


def _services(
    sums: _Sums, starts: Mapping[str, float], since: str, now: float, price: float
) -> Sequence[ServiceLine]:
    """Return a line for each service; `price` is that of one pod-second.

    What had no pod is told of no more, and saves nothing: it may have been deleted, or renamed.
    """
    midnight = datetime.fromisoformat(since).replace(tzinfo=UTC).timestamp()
    lines = []
    for name in _names(sums, "pod"):
        begun, lived = max(midnight, starts.get(name, midnight)), sums[("pod", name)]
        saved = max(0.0, now - begun) - lived if name in starts else 0.0
        lines.append(
            ServiceLine(
                name=name,
                since=datetime.fromtimestamp(begun, UTC),
                pod_seconds=lived,
                saved_pod_seconds=saved,
                cost=lived * price,
                saved_cost=saved * price,
            )
        )
    return lines


def _total(sums: _Sums, services: Sequence[ServiceLine]) -> Total:
    pictures, cost = round(_of(sums, "pictures")), sum(one.cost for one in services)
    return Total(
        pictures=pictures,
        drawn=round(_of(sums, "drawn")),
        worker_seconds_busy=_of(sums, "busy"),
        worker_seconds_idle=_of(sums, "idle"),
        pod_seconds=_of(sums, "pod"),
        saved_pod_seconds=sum(one.saved_pod_seconds for one in services),
        cost=cost,
        saved_cost=sum(one.saved_cost for one in services),
        cost_per_picture=cost / pictures if pictures else 0.0,
    )


def _summed(entries: Iterable[Entry]) -> _Sums:
    sums: defaultdict[tuple[Kind, str], float] = defaultdict(float)
    for one in entries:
        sums[one.kind, one.who] += one.amount
    return sums


def _of(sums: _Sums, kind: Kind) -> float:
    return sum(amount for (found, _), amount in sums.items() if found == kind)


def _names(sums: _Sums, *kinds: Kind) -> list[str]:
    return sorted({who for kind, who in sums if kind in kinds})
