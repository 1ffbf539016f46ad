"""Secrets in log lines, whoever wrote them."""

import json
import logging
import time
from collections.abc import Callable

import pytest

from plotkiln.cli import redaction
from plotkiln.cli.logs import JsonLines, TerminalLines
from plotkiln.cli.redaction import redacted

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"

#: What is logged, and what of it must not be.
LINES = [
    ("Authorization: Bearer sesame-sesame", "sesame"),
    (f"token {JWT} has expired", JWT),
    ("key pk_ab12_c0ffee-c0ffee_c0ffee is no good", "c0ffee"),
    ("GET /charts/a.png?expires=1&key=k1&signature=c0ffee", "c0ffee"),
    ("GET /sign-in/callback?code=c0ffee&state=sesame", "c0ffee"),
    ("GET /sign-in/callback?code=c0ffee&state=sesame", "sesame"),
    ("GET /live?ticket=c0ffee HTTP/1.1", "c0ffee"),
    ("form: code=c0ffee&grant_type=authorization_code", "c0ffee"),
    ("Cookie: other=1; plotkiln-session=c0ffee; more=2", "c0ffee"),
    ("Cookie: __Host-plotkiln-session=c0ffee", "c0ffee"),
    ('{"access_token": "c0ffee", "expires_in": 600}', "c0ffee"),
    ("client_secret=c0ffee&grant_type=authorization_code", "c0ffee"),
    ("redis://user:c0ffee@redis:6379/0 does not answer", "c0ffee"),
    ("https://bucket/key?X-Amz-Signature=c0ffee&X-Amz-Date=1", "c0ffee"),
]


@pytest.mark.parametrize(("line", "secret"), LINES)
@pytest.mark.parametrize("formatter", [JsonLines({}), TerminalLines()])
def test_secrets_are_masked(line: str, secret: str, formatter: logging.Formatter) -> None:
    """No secret is written, in the message, in a field or in a traceback."""
    record = logging.makeLogRecord({"msg": line, "fields": {"told": line}})
    record.exc_info = (ValueError, ValueError(line), None)
    written = formatter.format(record)
    assert secret not in written
    assert "•••" in written


def test_a_line_stays_json() -> None:
    """A document with quotes of its own is masked, and the line can still be read."""
    line = JsonLines({}).format(logging.makeLogRecord({"msg": '{"nonce": "c0ffee", "a": 1}'}))
    assert "c0ffee" not in line
    assert json.loads(line)["message"] == '{"nonce": "•••", "a": 1}'


@pytest.mark.parametrize(
    "line",
    [
        '{"status": 429, "path": "/charts/abc.png", "route": "/charts/{id}.{format}"}',
        "the barcode=1 of a state of mind; decode: ok; unicode=1",
        "exit code 0, state running",
        "exit code=0 state=running",
        '{"id": "j1", "state": "succeeded", "code": "time-limit", "error": {"code": "memory"}}',
        r'{"message": "{\"state\": \"succeeded\", \"code\": \"time-limit\"}"}',
    ],
)
def test_nothing_else_is_masked(line: str) -> None:
    """Words that only look like those stay."""
    assert redacted(line) == line


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, "é{}".format])
@pytest.mark.parametrize(("line", "_secret"), LINES)
def test_no_secret_is_overlooked(
    line: str, _secret: str, change: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a line is looked through for first is in each line with a secret."""
    changed = change(line)
    written = redacted(changed)
    monkeypatch.setattr(redaction, "_HINTS", ("",))
    assert written == redacted(changed)


@pytest.mark.parametrize(
    "part",
    [
        *("eyJ-", "eyJaaaaaaaa.", "eyJ", "pk_", "pk_a", "pk_a-", "plotkiln-", "://", "://a"),
        *("bearer ", "basic a", 'token"', "password\\", "csrf' :", "nonce=", "?code=", "code"),
    ],
)
def test_the_time_grows_with_the_line_and_no_faster(part: str) -> None:
    """Beginnings of secrets, 64 kB of them, hold nothing up: anybody can send them."""

    def seconds(length: int) -> float:
        line, taken = part * (length // len(part)), []
        for _ in range(3):
            begun = time.process_time()
            redacted(line)
            taken.append(time.process_time() - begun)
        return min(taken)

    assert seconds(64_000) < 24 * seconds(8_000)  # 8 times is in proportion, 64 is quadratic
