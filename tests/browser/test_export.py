"""A chart taken elsewhere: as a file, in the clipboard, in a page, in a shell, in Python."""

import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from browser.apps import open_app
from browser.charting import allow_clipboard, clipboard_text, current_spec, give, section
from browser.recorder import Recorder
from servers import Consul
from styled_kilns import StyledKiln

TITLE = "It's 5 o'clock: $ales `here`"

_BEGINNINGS = {
    "PNG": b"\x89PNG",
    "SVG": b"<?xml",
    "PDF": b"%PDF",
    "WEBP": b"RIFF",
    "JPEG": b"\xff\xd8",
}


@pytest.fixture
def bench(app: Page) -> Page:
    """Return the chart view with a titled chart, and leave to copy."""
    allow_clipboard(app)
    give(app)
    app.get_by_label("Title", exact=True).fill(TITLE)
    return app


def _copied(page: Page, button: str) -> str:
    """Press a button that copies, wait until it says so, return the text."""
    page.get_by_role("button", name=button).click()
    expect(_told(page)).to_have_text("Copied")
    return clipboard_text(page)


def _told(page: Page) -> Locator:
    """Return what is said of the last export."""
    return section(page, "Export").get_by_role("status")


def _downloaded(page: Page) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("name", _BEGINNINGS)
def test_every_format_is_downloaded_under_the_title(bench: Page, name: str) -> None:
    """The file is what its ending says."""
    section(bench, "Export").get_by_role("radio", name=name, exact=True).check()
    file, content = _downloaded(bench)
    assert file == f"its-5-oclock-ales-here.{'jpg' if name == 'JPEG' else name.lower()}"
    assert content.startswith(_BEGINNINGS[name])


@pytest.mark.parametrize(
    ("preset", "size"),
    [
        ("Screen · 1200 × 720", (1200, 720)),
        ("Slide · 1920 × 1080", (1920, 1080)),
        ("Print · 16 × 10 cm, 300 dpi", (1890, 1181)),
        ("Square · 1080 × 1080", (1080, 1080)),
    ],
)
def test_usual_sizes(bench: Page, preset: str, size: tuple[int, int]) -> None:
    """A picture has the pixels of the size that was chosen."""
    section(bench, "Export").get_by_label("Size").select_option(preset)
    _, content = _downloaded(bench)
    assert Image.open(io.BytesIO(content)).size == size


def test_a_size_of_ones_own(bench: Page) -> None:
    """Centimetres at a resolution are pixels; another resolution keeps the centimetres."""
    export = section(bench, "Export")
    export.get_by_label("Size").select_option("Own")
    export.get_by_label("Unit").select_option("Centimetres")
    export.get_by_label("Width").fill("8,5")
    export.get_by_label("Height").fill("5")
    export.get_by_label("Resolution").fill("300")
    expect(export.get_by_label("Width")).to_have_value("8,5")
    _, content = _downloaded(bench)
    image = Image.open(io.BytesIO(content))
    assert image.size == (1004, 591)
    assert round(image.info["dpi"][0]) == 300


def test_a_size_that_is_none_is_marked(bench: Page) -> None:
    """What is no size is not sent."""
    export = section(bench, "Export")
    export.get_by_label("Size").select_option("Own")
    export.get_by_label("Width").fill("3")
    expect(export.get_by_label("Width")).to_have_attribute("aria-invalid", "true")
    assert current_spec(bench)["size"]["width"] == 1200


def test_an_export_shows_the_style_as_it_is_now(
    page: Page, own_kiln: StyledKiln, consul: Consul
) -> None:
    """What was exported before a restyle is not given out again."""
    open_app(page, own_kiln.url)
    give(page)
    section(page, "Export").get_by_role("radio", name="SVG", exact=True).check()
    own_kiln.restyle(consul, b'{"palette": ["#B00020"]}')
    assert b"#b00020" in _downloaded(page)[1]
    own_kiln.restyle(consul, b'{"palette": ["#00B020"]}')
    second = _downloaded(page)[1]
    assert b"#00b020" in second
    assert b"#b00020" not in second


def test_the_picture_is_copied(bench: Page) -> None:
    """A PNG is in the clipboard."""
    bench.get_by_role("button", name="Copy picture").click()
    expect(_told(bench)).to_have_text("Copied")
    kinds = bench.evaluate(
        "navigator.clipboard.read().then(([item]) => item.getType('image/png')).then((b) => b.size)"
    )
    assert kinds > 1000


def test_the_address_shows_the_chart(bench: Page, kiln: StyledKiln) -> None:
    """The copied address is a picture in the chosen format, and the same each time."""
    section(bench, "Export").get_by_role("radio", name="SVG").check()
    address = _copied(bench, "Copy address")
    assert address.startswith(f"{kiln.url}/charts/")
    assert httpx.get(address).headers["content-type"].startswith("image/svg+xml")
    assert _copied(bench, "Copy address") == address


def test_the_element_has_an_alternative_text(bench: Page) -> None:
    """The copied HTML is one image, with the text that stands for it, whatever that holds."""
    text = 'Sales < 20 & "rising"'
    bench.get_by_label("Alternative text").fill(text)
    section(bench, "Export").get_by_label("Size").select_option("Screen · 1200 × 720")
    parser = _Images()
    parser.feed(_copied(bench, "Copy HTML"))
    (image,) = parser.found
    assert image["alt"] == text
    assert (image["width"], image["height"]) == ("1200", "720")
    assert httpx.get(image["src"] or "").status_code == 200


class _Images(HTMLParser):
    """Gathers the attributes of images."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an image."""
        assert tag == "img"
        self.found.append(dict(attrs))


@pytest.mark.parametrize("name", ["curl", "Python"])
def test_code_draws_the_chart_as_it_stands(bench: Page, tmp_path: Path, name: str) -> None:
    """The copied command, and the script, write the picture that the download has."""
    file, content = _downloaded(bench)
    code = _copied(bench, f"Copy {name}")
    command = ["sh"] if name == "curl" else [sys.executable, "-W", "error", "-"]
    done = subprocess.run(
        command, input=code, cwd=tmp_path, text=True, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / file).read_bytes() == content


def test_a_refused_chart_says_why(bench: Page, recorder: Recorder) -> None:
    """An export that the server refuses is told with the place and the reason."""
    recorder.allow("status of 422")
    bench.get_by_role("button", name="Add a line").click()
    bench.get_by_role("group", name="Line 1").get_by_label("At", exact=True).fill("high")
    bench.get_by_role("button", name="Copy picture").click()
    expect(_told(bench)).to_contain_text("annotations[0].y:")


def test_without_data_there_is_nothing_to_export(app: Page) -> None:
    """The way out of an empty chart is named."""
    app.get_by_role("button", name="Download").click()
    expect(_told(app)).to_have_text("Give some data first, then there is something to export.")


def test_keys_export(bench: Page) -> None:
    """Single keys do it where nobody writes, and are listed."""
    bench.locator("h1").first.evaluate("document.activeElement.blur()")
    with bench.expect_download():
        bench.keyboard.press("d")
    bench.keyboard.press("e")
    expect(_told(bench)).to_have_text("Copied")
    bench.keyboard.press("?")
    shortcuts = bench.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("Copy picture")
    expect(shortcuts).to_contain_text("Show JSON")


def test_a_spec_is_edited_as_json(bench: Page, recorder: Recorder) -> None:
    """Faults are listed with their places; a good spec is taken up by the form, with undo."""
    recorder.allow("status of 400")
    bench.get_by_role("button", name="Show JSON").click()
    dialog = bench.get_by_role("dialog", name="Spec as JSON")
    text = dialog.get_by_role("textbox", name="Spec")
    spec = json.loads(text.input_value())
    text.fill(json.dumps({**spec, "kind": "lin", "titel": "?"}))
    dialog.get_by_role("button", name="Use this spec").click()
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(text).to_have_accessible_description(re.compile("kind .*titel|titel .*kind"))
    text.fill('{\n  "y": [1,\n}')
    dialog.get_by_role("button", name="Use this spec").click()
    expect(dialog.get_by_role("listitem")).to_contain_text("The mistake is in line 3.")
    text.fill(json.dumps({**spec, "kind": "bar", "title": "Other"}))
    dialog.get_by_role("button", name="Use this spec").click()
    expect(dialog).to_be_hidden()
    expect(bench.get_by_label("Title", exact=True)).to_have_value("Other")
    bench.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(bench.get_by_label("Title", exact=True)).to_have_value(TITLE)


def test_copying_that_is_refused_says_what_to_do(app: Page) -> None:
    """Where the browser forbids to copy, the download is named instead."""
    give(app)
    app.evaluate(
        "void (navigator.clipboard.write = () => "
        "Promise.reject(new DOMException('', 'NotAllowedError')))"
    )
    app.get_by_role("button", name="Copy picture").click()
    expect(_told(app)).to_contain_text("Use Download instead.")
