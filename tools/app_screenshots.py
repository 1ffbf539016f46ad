# ruff: noqa: INP001, S603 -- a script, run by hand
"""Picture every view of the web app: for `docs/images/app`, and for the browsers' install dialog.

    python tools/app_screenshots.py
    python tools/app_screenshots.py jobs job
    python tools/app_screenshots.py signed-in signed-out

Starts a server of its own on a free port, fills it with styles, charts, jobs and hits, and looks at
each view, or at those named, at a desk and on a phone. Needs Chromium; look at what comes out
before you commit it.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from issuers import Issuer  # noqa: E402 -- of the tests: a real provider
from people import guarded_kiln  # noqa: E402

DOCS = ROOT / "docs" / "images" / "app"
INSTALL = ROOT / "pwa" / "public" / "screenshots"

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
#: Language of the browser → the words of a chart in it.
WORDS = {
    "en": {
        "paste": "Paste a table",
        "table": "Month,North,South,West\n"
        + "\n".join(
            f"2026-{month:02},{212 + 14 * (month % 5)},{148 + 6 * month},{61 + 9 * (month % 4)}"
            for month in range(1, 13)
        ),
        "title": "Title",
        "written": "Sales by region, 2026",
        "keep": "Keep",
        "clear": "Clear",
        "done": "Done",
    },
    "zh-CN": {
        "paste": "粘贴表格",
        "table": "月份,北区,南区,西区\n"
        + "\n".join(
            f"2026-{month:02},{212 + 14 * (month % 5)},{148 + 6 * month},{61 + 9 * (month % 4)}"
            for month in range(1, 13)
        ),
        "title": "标题",
        "written": "2026 年各区销售额",
        "keep": "收藏",
        "clear": "清空",
        "done": "完成",
    },
}


class JobWords(NamedTuple):
    """What jobs are called."""

    done: tuple[str, str, str]
    under_way: str
    doing: str
    waiting: str
    broken: str
    fault: str


JOBS = {
    "en": JobWords(
        ("Trips by hour and weekday", "Rain of ninety years", "Orders by region"),
        "A thousand forecasts of demand",
        "Round 431 of 1000",
        "The same without the holidays",
        "Stations on the map",
        "the file of stations lacks the column longitude",
    ),
    "zh-CN": JobWords(
        ("各时段与星期的出行量", "九十年降水量", "各地区订单"),
        "一千次需求预测",
        "第 431 轮 / 共 1000 轮",
        "不计节假日的需求预测",
        "站点分布图",
        "站点文件缺少 longitude 列",
    ),
}
VIEWS = {
    "chart": "#/",
    "gallery": "#/gallery",
    "styles": "#/styles",
    "style-editor": "#/styles/report",
    "jobs": "#/jobs",
    "job": "#/jobs/{job}",
    "events": "#/events",
    "settings": "#/settings",
}

#: Those that need a server at which people sign in.
PEOPLE = ("signed-in", "signed-out", "styles-read-only")


#: A drawing that takes its time, and one that cannot be made.
TEMPLATE = '''\
"""Charts that take long."""

import time

from plotkiln.templates import progress, template


@template("forecasts", title="Forecasts")
def forecasts(figure, *, title: str, doing: str = "", begun: float = 0.72, fault: str = ""):
    """Draw what many forecasts have in common."""
    if fault:
        raise ValueError(fault)
    for second in range(600):
        progress(begun + second / 2000, doing)
        time.sleep(1)
'''


@contextmanager
def served() -> Iterator[str]:
    """Run a server on a free port; yield its address."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "plotkiln", "serve"]
        templates = Path(data, "templates")
        templates.mkdir()
        templates.joinpath("forecasts.py").write_text(TEMPLATE)
        settings = {"PLOTKILN_TEMPLATES": str(templates), "PLOTKILN_JOB_WORKERS": "1"}
        environment = {**os.environ, **settings, "PORT": "8097", "PLOTKILN_DATA": data}
        server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        url = "http://127.0.0.1:8097"
        try:
            wait_for(url)
            yield url
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str) -> None:
    """Wait until a server takes requests."""
    for _ in range(300):
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/health/ready", timeout=1).close()  # noqa: S310 -- ours
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def send(method: str, url: str, body: object = None, **headers: str) -> str:
    """Make a request; return the ETag of the answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 -- our own server
        url, data, {"Content-Type": "application/json", **headers}, method=method
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- as above
        return answer.headers.get("ETag", "")


def fill(url: str) -> None:
    """Store styles with a history, and have hits counted."""
    create = {"If-None-Match": "*"}
    send("PUT", f"{url}/styles/default?why=The+house+style", {"title": {"loc": "left"}}, **create)
    report = {"extends": "default", "title": {"color": "#333333", "fontsize": 18}}
    version = send("PUT", f"{url}/styles/report?why=For+the+quarterly", report, **create)
    changed = {**report, "palette": ["#0B7285", "#E8590C", "#5F3DC4", "#2B8A3E"]}
    send("PUT", f"{url}/styles/report?why=Colours+that+print", changed, **{"If-Match": version})
    for _ in range(3):
        urllib.request.urlopen(f"{url}/hits/", timeout=30).close()  # noqa: S310 -- as above


def submit(url: str, language: str) -> str:
    """Submit jobs that end in every way; return the id of one that has a picture."""
    words = JOBS[language]
    kinds = ({"kind": "area"}, {"kind": "step"}, {"kind": "bar"})
    series = [[sum(divmod(place * step, 7)) for place in range(30)] for step in (3, 5, 2)]
    done = [
        accept(url, {"title": title, "y": values, **kind})
        for title, kind, values in zip(words.done, kinds, series, strict=True)
    ]
    wait(url, done[-1], "succeeded")
    wait(url, accept(url, slow(title=words.broken, fault=words.fault)), "failed")
    wait(url, accept(url, slow(title=words.under_way, doing=words.doing)), "running")
    accept(url, slow(title=words.waiting))
    return done[0]


def slow(**params: str) -> dict[str, object]:
    """Return the spec of a chart that takes long."""
    return {"template": "forecasts", "params": params}


def accept(url: str, spec: object) -> str:
    """Submit a job; return its id."""
    body, json_type = json.dumps(spec).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/jobs", body, json_type)  # noqa: S310 -- as above
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- as above
        accepted: str = json.load(answer)["id"]
        return accepted


def wait(url: str, job: str, state: str) -> None:
    """Wait until a job is in a state."""
    for _ in range(300):
        with urllib.request.urlopen(f"{url}/jobs/{job}", timeout=30) as answer:  # noqa: S310 -- as above
            if json.load(answer)["state"] == state:
                return
        time.sleep(0.1)
    raise SystemExit(f"the job {job} was never {state}")


def work(page: Page, language: str) -> None:
    """Build charts and keep them, as somebody would; the last stays on the bench."""
    words = WORDS[language]
    samples = page.locator("section").first.get_by_role("button")
    for sample in (-1, -4):
        expect(samples.last).to_be_visible()
        samples.nth(sample).click()
        settle(page)
        page.get_by_role("button", name=words["keep"]).first.click()
        page.get_by_role("button", name=words["clear"], exact=True).click()
    page.get_by_label(words["paste"]).fill(words["table"])
    settle(page)
    page.get_by_role("button", name=words["done"], exact=True).click()
    title = page.get_by_label(words["title"], exact=True).first
    title.fill(words["written"])
    title.blur()
    settle(page)
    page.get_by_role("button", name=words["keep"]).first.click()
    page.wait_for_timeout(5000)  # until the notices are gone


def settle(page: Page) -> None:
    """Wait for a picture, and for those of what was typed last: nothing tells that none comes."""
    expect(page.locator("img[data-etag]")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(2000)


def look(
    browser: Browser, url: str, size: str, language: str, scheme: str, views: dict[str, str]
) -> None:
    """Save a picture of each of the views."""
    context = opened(browser, size, language, scheme)
    page = context.new_page()
    page.goto(f"{url}/")
    if not views.keys() <= {"jobs", "job"}:
        work(page, language)
    for name, address in views.items():
        page.goto(f"{url}/{address}")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(5000 if name == "style-editor" else 2000)
        seen = page.screenshot()
        save(seen, DOCS / f"{name}-{size}-{language[:2]}-{scheme}.webp")
        if name == "chart" and (language, scheme) == ("en", "light"):
            save(seen, INSTALL / f"{size}.png")
    context.close()


def opened(browser: Browser, size: str, language: str, scheme: str) -> BrowserContext:
    """Open a browser of a size, a language and a colour scheme, that shows no motion."""
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )


def look_at_people(
    browser: Browser, url: str, size: str, language: str, scheme: str, named: list[str]
) -> None:
    """Save pictures of what somebody sees who is signed in, signed out, or may change no styles."""
    for name in named:
        context, words = opened(browser, size, language, scheme), WORDS[language]
        page = context.new_page()
        enter(page, url, "bob" if name == "styles-read-only" else "ada")
        page.get_by_label(words["paste"]).fill(words["table"])
        settle(page)
        if name == "signed-in":
            page.goto(f"{url}/#/settings")
            page.locator(".session-may").wait_for()
        elif name == "signed-out":
            context.clear_cookies()
            page.get_by_label(words["title"], exact=True).first.fill(words["written"])
            page.locator(".banner a").wait_for()
        else:
            page.goto(f"{url}/#/styles/default")
            page.locator(".styles-figure img").wait_for()
        page.wait_for_timeout(500)
        page.evaluate("scrollTo(0, 0)")
        save(page.screenshot(), DOCS / f"{name}-{size}-{language[:2]}-{scheme}.webp")
        context.close()


def enter(page: Page, url: str, account: str) -> None:
    """Sign in."""
    page.goto(f"{url}/")
    page.locator(".banner a").click()
    page.locator("input[name=login]").fill(account)
    page.locator("input[name=login]").press("Enter")


def picture_people(browser: Browser, named: list[str]) -> None:
    """Save these pictures in all sizes, languages and colour schemes."""
    with (
        tempfile.TemporaryDirectory() as data,
        Issuer() as issuer,
        guarded_kiln(issuer, Path(data)) as kiln,
    ):
        for size, language, scheme in product(SIZES, WORDS, ("light", "dark")):
            look_at_people(browser, kiln.url, size, language, scheme, named)


def save(data: bytes, file: Path) -> None:
    """Write a screenshot as small as it gets without loss."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(data)) as picture:
        picture.convert("RGB").save(file, lossless=True, quality=100, optimize=True)


def main() -> None:
    """Look at everything, or at what is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "view", nargs="*", choices=[*VIEWS, *PEOPLE, []], help="all of them unless named"
    )
    given = parser.parse_args().view or [*VIEWS, *PEOPLE]
    named = [name for name in given if name in VIEWS]
    people = [name for name in PEOPLE if name in given]
    INSTALL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        if people:
            picture_people(browser, people)
        for language, schemes in (("en", ("light", "dark")), ("zh-CN", ("light", "dark"))):
            if not named:
                break
            with served() as url:
                fill(url)
                job = submit(url, language)
                views = {name: VIEWS[name].format(job=job) for name in named}
                for size, scheme in product(SIZES, schemes):
                    look(browser, url, size, language, scheme, views)
        browser.close()


if __name__ == "__main__":
    main()
