"""The account adds up, whoever counts, and shows everybody what is theirs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilns import Kiln
from plotkiln.account import Entry, Kind
from plotkiln.account.ledger_sqlite import SqliteLedger
from plotkiln.artifacts import Chart, SqliteCharts
from plotkiln.errors import StoreUnavailable
from plotkiln.identity import ANONYMOUS, Principal, Scope
from plotkiln.service import Metrics
from plotkiln.service.account import Account, AccountService
from plotkiln.service.bookkeeping import Bookkeeping
from plotkiln.service.tally import Tally
from plotkiln.state import Database
from plotkiln.traces import knowing

pytestmark = pytest.mark.anyio

NOW, TODAY = 1_800_000_000.0, "2027-01-15"

#: Who drew for how long, in each of several pods, and for how long that lived beyond it.
_pods = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 600)), max_size=5),
        st.floats(1, 3600),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Open a file."""
    async with Database(tmp_path / "state.sqlite") as opened:
        yield opened


async def account_of(
    database: Database, principal: Principal = ANONYMOUS, *, price: float = 3.6
) -> Account:
    """Return the account of a day; a pod-second costs a thousandth."""
    charts = SqliteCharts(database)
    await charts.open()
    ledger = SqliteLedger(database, now=lambda: NOW)
    service = AccountService(ledger, charts, pod_price=price, clock=lambda: NOW)
    return await service.account(principal, days=1)


@settings(deadline=None, max_examples=30)
@given(pods=_pods)
def test_everything_adds_up(pods: list[tuple[list[tuple[str, float]], float]]) -> None:
    """Shares and costs of principals make the total; what lived and what was saved is the time."""

    async def check(folder: str) -> None:
        async with Database(Path(folder) / "state.sqlite") as database:
            ledger = SqliteLedger(database, now=lambda: NOW)
            for number, (drawings, rest) in enumerate(pods):
                await ledger.add(str(number), _taken(drawings, rest))
            await ledger.started("plot", NOW - 7200)
            _check(await account_of(database), pods)

    with TemporaryDirectory() as folder:
        asyncio.run(check(folder))


def _taken(drawings: list[tuple[str, float]], rest: float) -> list[Entry]:
    tally = Tally("plot", clock=lambda: NOW, age=lambda: rest + sum(took for _, took in drawings))
    for name, took in drawings:
        with knowing(principal=name):
            tally.worked(took)
            tally.served("drawn")
    return tally.take()


def _check(account: Account, pods: list[tuple[list[tuple[str, float]], float]]) -> None:
    total, close = account.total, pytest.approx
    assert total is not None
    took = [took for drawings, _ in pods for _, took in drawings]
    assert total.worker_seconds_busy == close(sum(took))
    assert total.pod_seconds == close(sum(took) + sum(rest for _, rest in pods))
    assert total.pictures == total.drawn == len(took)
    assert sum(one.worker_seconds for one in account.principals) == close(sum(took))
    assert total.pod_seconds + total.saved_pod_seconds == close(7200)
    assert total.cost + total.saved_cost == close(7.2)
    if sum(took):
        assert sum(one.share for one in account.principals) == close(1)
        assert sum(one.cost for one in account.principals) == close(total.cost)


async def test_two_pods_at_once_add_up(database: Database) -> None:
    """Pods that live at the same time count both; more than one in all is a negative saving."""
    ages = {"one": 50.0, "other": 70.0}
    ledger = SqliteLedger(database, now=lambda: NOW)
    clocks = [partial(ages.__getitem__, name) for name in ages]
    tallies = [Tally("plot", clock=lambda: NOW, age=age) for age in clocks]
    books = [Bookkeeping(tally, ledger, Metrics()) for tally in tallies]
    for _ in range(3):
        await asyncio.gather(*(book.write() for book in books))
        ages |= {name: age + 10 for name, age in ages.items()}
    total = (await account_of(database)).total
    assert total is not None
    assert total.pod_seconds == 70 + 90
    assert total.saved_pod_seconds == 70 - 160


async def test_others_see_their_own_line(database: Database) -> None:
    """Whoever is no administrator is told of nobody else, and of no total."""
    ledger = SqliteLedger(database, now=lambda: NOW)
    amounts: list[tuple[Kind, str, float]] = [
        ("busy", "user:a", 30.0),
        ("busy", "user:b", 10.0),
        ("pictures", "user:a", 4.0),
    ]
    await ledger.add("1", [Entry(TODAY, kind, who, amount) for kind, who, amount in amounts])
    await ledger.add("2", [Entry(TODAY, "pod", "plot", 100.0)])
    charts = SqliteCharts(database)
    await charts.open()
    chart = Chart(id="x", owner="user:a", spec=b"12345", spec_digest="d")
    await charts.put(chart, keep=None)
    account = await account_of(database, Principal("user:a", frozenset({Scope.RENDER})))
    assert (account.total, account.services) == (None, ())
    assert [msgspec.structs.astuple(line) for line in account.principals] == [
        ("user:a", 4, 0, 30.0, 0.75, pytest.approx(0.075), pytest.approx(0.075 / 4), 5)
    ]


class Forgetful(SqliteLedger):
    """A ledger whose first answers are lost."""

    away = True

    async def add(self, batch: str, entries: Sequence[Entry]) -> None:
        """Add, and lose the answer."""
        await super().add(batch, entries)
        if self.away:
            raise StoreUnavailable("The answer is lost.")


async def test_what_a_lost_ledger_missed_is_added_once(database: Database) -> None:
    """Amounts wait for a ledger that is away; what it had taken all the same counts once."""
    ledger = Forgetful(database, now=lambda: NOW)
    tally, metrics = Tally("plot", clock=lambda: NOW, age=lambda: 5.0), Metrics()
    book = Bookkeeping(tally, ledger, metrics)
    for _ in range(2):
        tally.served("memory")
        await book.write()
        ledger.away = False
    total = (await account_of(database)).total
    assert total is not None
    assert (total.pictures, total.drawn, total.pod_seconds) == (2, 0, 5.0)
    assert metrics.counters["store_failures", ("account",)] == 1


async def test_regression_jobs_and_services_that_are_gone_save_nothing(database: Database) -> None:
    """A job's pod costs, and no pod that is always on is spared; a renamed service is forgotten."""
    ledger = SqliteLedger(database, now=lambda: NOW)
    await ledger.started("renamed", NOW - 7200)
    tally = Tally("jobs", clock=lambda: NOW, age=lambda: 5.0)
    await Bookkeeping(tally, ledger, Metrics(), saves=False).write()
    account = await account_of(database)
    assert [(line.name, line.pod_seconds) for line in account.services] == [("jobs", 5.0)]
    assert account.total is not None
    assert account.total.saved_pod_seconds == 0
    assert account.total.cost == pytest.approx(0.005)


def test_an_account_outlives_its_pods(tmp_path: Path) -> None:
    """Each end of a process is in the log and in the ledger, and the next one adds to it."""
    kiln = Kiln(tmp_path, command=None, PLOTKILN_POD_PRICE="3.6")
    for number in (1, 2):
        with kiln, kiln.client() as client:
            client.post("/plot", json={"y": [1, number]}).raise_for_status()
            shown = client.get("/account?days=2").json()
            assert kiln.stop() == 0
    assert shown["total"]["drawn"] == 1  # of the first; the second is written as it ends
    assert shown["total"]["cost"] == pytest.approx(shown["total"]["pod_seconds"] / 1000)
    lines = [msgspec.json.decode(line) for line in kiln.log.read_text().splitlines()]
    ends = [line for line in lines if line["message"] == "account"]
    assert [(line["of"], line["drawn"]) for line in ends] == [("serve", 1), ("serve", 1)]
    assert all(line["pod_seconds"] > line["busy_seconds"] > 0 for line in ends)


def test_more_days_than_are_kept_are_refused(tmp_path: Path) -> None:
    """The ledger keeps 400 days."""
    with Kiln(tmp_path) as kiln:
        assert httpx.get(f"{kiln.url}/account?days=401").status_code == 400
