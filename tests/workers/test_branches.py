import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kilns import alive, children
from orders import OpenPool, by_template, order_of, templates_in
from plotkiln.errors import DeadlineExceeded, DrawingFailed, RuleError, TemplatesChanged
from plotkiln.templates.sources import TemplateSources
from plotkiln.workers import Pool, Templates, branches
from templated import HEAD, SPEEDOMETER

pytestmark = pytest.mark.anyio


async def eventually(condition: Callable[[], object], deadline: float = 10.0) -> None:
    """Let the loop run until a condition holds."""
    async with asyncio.timeout(deadline):
        while not condition():  # noqa: ASYNC110 -- other processes set no event of ours
            await asyncio.sleep(0.005)


async def drawn(pool: Pool, templates: Templates, name: str, **params: Any) -> bytes:
    """Draw by a template and return the picture."""
    order = by_template(templates, name, **params)
    return (await pool.render(order, budget=20, templates=templates)).data


async def test_a_template_is_drawn(open_pool: OpenPool, tmp_path: Path) -> None:
    """A picture by a template comes from a worker of its own, which ends with it."""
    templates = templates_in(tmp_path, speed=SPEEDOMETER)
    async with open_pool() as pool:
        (description, shipped) = await pool.describe(templates)
        assert [found.name for found in description.templates] == ["speedometer"]
        assert "odometer" in [found.name for found in shipped.templates]
        assert (await drawn(pool, templates, "speedometer", value=3)).startswith(b"\x89PNG")
        assert pool.pids["idle"] == []
        (branch,) = pool.pids["branch"]
        await eventually(lambda: not children(branch))
        await drawn(pool, templates, "speedometer", value=4)
        assert pool.pids["branch"] == [branch]


async def test_a_shipped_template_keeps_its_worker(open_pool: OpenPool) -> None:
    """What comes with plotkiln is drawn by any worker, and grows no branch."""
    templates = Templates(TemplateSources(None).current(), {})
    order = by_template(templates, "odometer", value=7)
    assert order.template is not None
    order = msgspec.structs.replace(
        order, template=msgspec.structs.replace(order.template, foreign=False)
    )
    async with open_pool() as pool:
        first = await pool.render(order, budget=20)
        (worker,) = pool.pids["idle"]
        assert (await pool.render(order, budget=20)).data == first.data
        assert pool.pids["idle"] == [worker]
        assert pool.pids["branch"] == []


POISON = f"""\
{HEAD}
import os, sys, threading
import numpy as np
import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# at import: what a careless package does
matplotlib.rcParamsDefault["lines.linewidth"] = 40
plt.rcParams["axes.facecolor"] = "red"
plt.figure()

@template("poison")
def poison(figure):
    figure.subplots().plot([1, 2])
    plt.rcParams["savefig.facecolor"] = "blue"
    plt.figure(); plt.ion()
    Axes.plot = lambda *args, **kwargs: []
    np.random.seed(3)
    os.chdir("/tmp")
    os.environ["TZ"] = "Asia/Tokyo"
    sys.setrecursionlimit(60)
    poison.calls = getattr(poison, "calls", 0) + 1
    figure.text(0, 0, str(poison.calls))
"""


async def test_regression_nothing_reaches_other_charts(open_pool: OpenPool, tmp_path: Path) -> None:
    """A, B, A: a template that poisons its process changes no chart, nor its own next picture."""
    templates = templates_in(tmp_path, poison=POISON)
    async with open_pool() as pool:
        chart = (await pool.render(order_of(), budget=20)).data
        poisoned = await drawn(pool, templates, "poison")
        assert (await pool.render(order_of(), budget=20)).data == chart
        assert await drawn(pool, templates, "poison") == poisoned
        assert (await pool.render(order_of(), budget=20)).data == chart


async def test_what_kills_its_process_is_broken(open_pool: OpenPool, tmp_path: Path) -> None:
    """A file that ends the process while it loads is left out, and all others are loaded."""
    templates = templates_in(
        tmp_path,
        a_exits="import os\nos._exit(7)\n",
        b_crashes="import os\nos.abort()\n",
        c_raises="1 / 0\n",
        speed=SPEEDOMETER,
    )
    async with open_pool() as pool:
        description, _ = await pool.describe(templates)
        found = {broken.target: broken for broken in description.broken}
        assert found["a_exits.py"].message == "it ended the process (exit code 7)"
        assert found["b_crashes.py"].message == "it ended the process (SIGABRT)"
        assert "ZeroDivisionError" in found["c_raises.py"].message
        assert [found[name].fatal for name in sorted(found)] == [True, True, False]
        assert (await drawn(pool, templates, "speedometer", value=3)).startswith(b"\x89PNG")
        assert (await pool.render(order_of(), budget=20)).data


async def test_what_hangs_is_broken(
    open_pool: OpenPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that loads for ever is left out after its time; charts do not wait for it."""
    monkeypatch.setattr(branches, "_LOADED_WITHIN", 1.0)
    templates = templates_in(tmp_path, hangs="while True:\n    pass\n", speed=SPEEDOMETER)
    async with open_pool() as pool:
        describing = asyncio.create_task(pool.describe(templates))
        await eventually(lambda: pool.pids["zygote"])
        assert (await pool.render(order_of(), budget=20)).data
        description, _ = await describing
        (broken,) = description.broken
        assert broken.message == "it did not load within 1 s"
        assert (await drawn(pool, templates, "speedometer", value=3)).startswith(b"\x89PNG")
        (zygote,) = pool.pids["zygote"]
        assert set(pool.pids["branch"]) <= set(children(zygote))


async def test_the_budget_ends_a_hanging_template(open_pool: OpenPool, tmp_path: Path) -> None:
    """A template that never returns is killed by the budget, and costs itself only."""
    templates = templates_in(tmp_path, hangs="while True: pass", speed=SPEEDOMETER)
    async with open_pool() as pool:
        order = by_template(templates, "hangs")
        with pytest.raises(DeadlineExceeded):
            await pool.render(order, budget=0.5, templates=templates)
        assert (await drawn(pool, templates, "speedometer", value=3)).startswith(b"\x89PNG")
        (branch,) = pool.pids["branch"]
        await eventually(lambda: not children(branch))


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import os; os.abort()", "SIGABRT"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ],
)
async def test_a_template_that_kills_itself(
    open_pool: OpenPool, tmp_path: Path, body: str, how: str
) -> None:
    """A template that ends its process is told so, and harms nobody."""
    templates = templates_in(tmp_path, ends=body, speed=SPEEDOMETER)
    async with open_pool() as pool:
        with pytest.raises(DrawingFailed, match=f"ended its process twice .{how}"):
            await drawn(pool, templates, "ends")
        assert (await drawn(pool, templates, "speedometer", value=3)).startswith(b"\x89PNG")


async def test_faults_come_back_with_their_line(open_pool: OpenPool, tmp_path: Path) -> None:
    """What a template raises in its process is told here; so are parameters that do not fit."""
    templates = templates_in(tmp_path, bad="x = 1 / value")
    async with open_pool() as pool:
        with pytest.raises(DrawingFailed, match=r"bad\.py line 5: ZeroDivisionError: .*in: x = 1"):
            await drawn(pool, templates, "bad")
        with pytest.raises(RuleError) as caught:
            await drawn(pool, templates, "bad", value="x", more=1)
        assert {fault.path for fault in caught.value.faults} == {"params.value", "params.more"}


async def test_what_a_template_starts_ends_with_it(open_pool: OpenPool, tmp_path: Path) -> None:
    """Processes that a template leaves behind are killed when its own has ended."""
    pid_file = tmp_path / "pid"
    body = f"""\
{HEAD}
import subprocess
@template("starts")
def starts(figure):
    process = subprocess.Popen(["sleep", "600"])
    open({str(pid_file)!r}, "w").write(str(process.pid))
    figure.text(0, 0, "x")
"""
    templates = templates_in(tmp_path / "own", starts=body)
    async with open_pool() as pool:
        await drawn(pool, templates, "starts")
        pid = int(pid_file.read_text())
        await eventually(lambda: not alive(pid))


async def test_new_code_is_loaded_beside_the_old(open_pool: OpenPool, tmp_path: Path) -> None:
    """Changed files are loaded by a new branch; what the old one draws it draws to the end."""
    slow = "import time; time.sleep(1.5); figure.text(0, 0, 'old')"
    old = templates_in(tmp_path, word=slow)
    async with open_pool(workers=2) as pool:
        await pool.describe(old)
        (zygote,), (first,) = pool.pids["zygote"], pool.pids["branch"]
        drawing = asyncio.create_task(drawn(pool, old, "word"))
        await eventually(lambda: pool.pids["busy"])
        new = templates_in(tmp_path, word="figure.text(0, 0, 'new')")
        fresh = await drawn(pool, new, "word")
        assert not drawing.done()
        (second,) = pool.pids["branch"]
        assert second != first
        assert alive(first)
        assert (await drawing) != fresh
        await eventually(lambda: not alive(first))
        assert pool.pids["zygote"] == [zygote]


async def test_old_code_is_never_drawn_under_a_new_digest(
    open_pool: OpenPool, tmp_path: Path
) -> None:
    """An order for other code than what is loaded is refused, so that it is planned anew."""
    old = templates_in(tmp_path, word="figure.text(0, 0, 'old')")
    new = templates_in(tmp_path, word="figure.text(0, 0, 'new')")
    async with open_pool() as pool:
        with pytest.raises(TemplatesChanged):
            await pool.render(by_template(old, "word"), budget=20, templates=new)
        with pytest.raises(TemplatesChanged):  # the files are new, the description says old
            await pool.describe(old)
        assert await drawn(pool, new, "word")


async def test_a_killed_branch_is_grown_again(open_pool: OpenPool, tmp_path: Path) -> None:
    """The branch's death costs a render at most a retry."""
    templates = templates_in(tmp_path, speed=SPEEDOMETER)
    async with open_pool() as pool:
        before = await drawn(pool, templates, "speedometer", value=3)
        (branch,) = pool.pids["branch"]
        os.kill(branch, signal.SIGKILL)
        assert await drawn(pool, templates, "speedometer", value=3) == before
        assert pool.pids["branch"] != [branch]


async def test_everything_ends_with_the_pool(open_pool: OpenPool, tmp_path: Path) -> None:
    """Closing ends zygote, branch and workers, also those that draw."""
    templates = templates_in(tmp_path, hangs="import time; time.sleep(600)", speed=SPEEDOMETER)
    async with open_pool(workers=2) as pool:
        await drawn(pool, templates, "speedometer", value=3)
        drawing = asyncio.create_task(drawn(pool, templates, "hangs"))
        await eventually(lambda: pool.pids["busy"])
        pids = [pid for kind in pool.pids.values() for pid in kind]
        assert len(pids) == 3
    await eventually(lambda: not any(map(alive, pids)))
    with pytest.raises(Exception, match=r"shutting down|ended"):
        await drawing


async def test_equal_questions_grow_one_branch(open_pool: OpenPool, tmp_path: Path) -> None:
    """Many who ask at once wait for the same branch."""
    templates = templates_in(tmp_path, speed=SPEEDOMETER)
    async with open_pool(workers=4) as pool:
        pictures = await asyncio.gather(
            *(drawn(pool, templates, "speedometer", value=3) for _ in range(6))
        )
        assert len(set(pictures)) == 1
        (zygote,) = pool.pids["zygote"]
        own = [pid for pid in children(zygote) if pid in pool.pids["branch"]]
        assert len(own) == 1
