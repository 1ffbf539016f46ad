"""Consul is killed, absent, set back, wiped, closed to us, or holds rubbish: pictures go on."""

import time
from itertools import count
from pathlib import Path

import pytest

from load import Answer, Load, Report, summary
from servers import Consul, wait_until
from styled_kilns import StyledKiln

pytestmark = pytest.mark.fault

#: Seconds after Consul's return, or its change, within which pictures must show it.
RECOVERY = 5.0

KEY = "plotting/styles/default"

ROUNDS = 3


def style(number: int) -> bytes:
    """Return a style document that differs from those of other numbers."""
    return b'{"title": {"color": "#%06x"}}' % number


def lost(answers: list[Answer]) -> list[Answer]:
    """Return the answers that are no picture."""
    return [answer for answer in answers if answer.status != 200 or answer.fault]


def never_back(answers: list[Answer]) -> bool:
    """Say whether nobody who asked after a look was shown got an older one."""
    shown = sorted(answers, key=lambda answer: answer.ended)
    newest, moment = -1, 0.0
    for answer in sorted(answers, key=lambda answer: answer.began):
        while shown and shown[0].ended < answer.began:
            seen = shown.pop(0)
            newest, moment = max(newest, seen.version), seen.ended
        if answer.version < newest and answer.began > moment:
            return False
    return True


def stir_until_stale(agent: Consul, kiln: StyledKiln) -> None:
    """Write below the prefix until pictures are stale: a permission alone wakes no blocking query.

    Consul resolves a token when a query begins, so that the first answer may still be the old one.
    """
    numbers = count(100)

    def stale() -> bool:
        agent.put("plotting/styles/other", style(next(numbers)))
        return kiln.picture().headers["plotkiln-style-state"] == "stale"

    wait_until(stale)


def test_a_killed_consul_loses_no_picture(mortal: Consul, tmp_path: Path, report: Report) -> None:
    """Consul killed and restarted under load: no render fails, and its changed style shows."""
    mortal.put(KEY, style(0))
    recoveries = []
    with StyledKiln(tmp_path / "kiln", mortal) as kiln, Load(kiln.url) as load:
        kiln.wait_for("fresh")
        for number in range(1, ROUNDS + 1):
            before = kiln.picture()
            mortal.kill()
            kiln.wait_for("stale")
            outage = time.monotonic()
            load.more(20)
            during = [answer for answer in load.since(outage) if answer.ended < time.monotonic()]
            assert {answer.state for answer in during} == {"stale"}
            assert kiln.picture().content == before.content

            mortal.start()
            returned = time.monotonic()
            mortal.put(KEY, style(number))
            changed = kiln.wait_for("fresh", version=mortal.version(KEY), within=RECOVERY)
            recoveries.append(round(time.monotonic() - returned, 3))
            assert changed.headers["etag"] != before.headers["etag"]
            assert changed.content != before.content
            load.settle()
            load.more(20)
        answers = load.answers
    counted = summary(answers, rounds=ROUNDS, shown_after_s=recoveries)
    report("consul killed, restarted with its data, style changed", counted)
    assert not lost(answers)
    assert never_back(answers)


def test_consul_absent_at_the_start(mortal: Consul, tmp_path: Path, report: Report) -> None:
    """Without Consul a new server draws as built-in, or as last seen; then Consul's look shows."""
    recoveries = []
    mortal.kill()
    with StyledKiln(tmp_path / "kiln", mortal) as kiln, Load(kiln.url, clients=2) as load:
        assert {answer.state for answer in load.answers} == {"builtin"}
        mortal.start()
        returned = time.monotonic()
        mortal.put(KEY, style(1))
        last = kiln.wait_for("fresh", version=mortal.version(KEY), within=RECOVERY)
        recoveries.append(round(time.monotonic() - returned, 3))
        load.more(10)
        cold = load.answers
        wait_until(lambda: list((tmp_path / "kiln").glob("styles-*.json")))

    mortal.kill()
    with StyledKiln(tmp_path / "kiln", mortal) as kiln, Load(kiln.url, clients=2) as load:
        assert {answer.state for answer in load.answers} == {"stale"}
        assert kiln.picture().content == last.content
        mortal.start()
        returned = time.monotonic()
        mortal.put(KEY, style(2))
        kiln.wait_for("fresh", version=mortal.version(KEY), within=RECOVERY)
        recoveries.append(round(time.monotonic() - returned, 3))
        load.more(10)
        warm = load.answers
    counted = summary(cold + warm, shown_after_s=recoveries)
    report("consul absent at the start: without and with a snapshot", counted)
    assert not lost(cold + warm)


def test_consul_set_back(forgetful: Consul, tmp_path: Path, report: Report) -> None:
    """A restored snapshot shows its old style as fresh; forgotten styles serve on as stale."""
    for number in range(100):  # so that the index of an empty Consul is a lower one
        forgetful.put("elsewhere", b"%d" % number)
    forgetful.put(KEY, style(1))
    old = forgetful.version(KEY)
    with StyledKiln(tmp_path / "kiln", forgetful) as kiln, Load(kiln.url) as load:
        kiln.wait_for("fresh", version=old)
        empty = forgetful.save()
        for number in range(2, 6):
            forgetful.put(KEY, style(number))
        forgetful.put("plotting/styles/young", style(7))
        newest = forgetful.version(KEY)
        kiln.wait_for("fresh", version=newest)
        kiln.wait_for("fresh", style="young")
        forgetful.restore(empty)
        kiln.wait_for("fresh", version=old, within=RECOVERY)
        kiln.wait_for("stale", style="young", within=RECOVERY)
        load.more(20)

        forgetful.restart()
        kiln.wait_for("stale", version=old, within=RECOVERY)
        load.settle()
        returned = time.monotonic()
        load.more(20)
        assert {answer.state for answer in load.since(returned)} == {"stale"}
        # stale it was while Consul was away, too
        wait_until(lambda: "set back" in (kiln.default().get("fault") or ""), RECOVERY)

        forgetful.put(KEY, style(8))
        kiln.wait_for("fresh", version=forgetful.version(KEY), within=RECOVERY)
        load.more(10)
        answers = load.answers
    report("consul restored to a lower index, then wiped", summary(answers))
    assert not lost(answers)


def test_consul_closed_to_us(guarded: Consul, tmp_path: Path, report: Report) -> None:
    """A narrowed, then a deleted token leaves the last good looks as stale until it is mended."""
    wide = 'key_prefix "plotting/" { policy = "read" }'
    narrow = 'key_prefix "plotting/elsewhere" { policy = "read" }'
    token = guarded.create_token("plots", rules=wide)
    guarded.put(KEY, style(1))
    token_file = tmp_path / "token"
    token_file.write_text(token)
    with (
        StyledKiln(tmp_path / "kiln", guarded, CONSUL_HTTP_TOKEN_FILE=str(token_file)) as kiln,
        Load(kiln.url) as load,
    ):
        seen = kiln.wait_for("fresh", version=guarded.version(KEY))
        guarded.change_rules("plots", rules=narrow)
        stir_until_stale(guarded, kiln)
        assert kiln.picture().content == seen.content
        load.more(20)
        guarded.change_rules("plots", rules=wide)
        kiln.wait_for("fresh", within=20)

        guarded.revoke(token)
        stir_until_stale(guarded, kiln)
        assert kiln.picture().content == seen.content
        load.more(20)
        token_file.write_text(guarded.create_token("plots-again", rules=wide))
        guarded.put(KEY, style(4))
        kiln.wait_for("fresh", version=guarded.version(KEY), within=20)
        load.more(10)
        answers = load.answers
    report("consul's token narrowed, widened, deleted, replaced", summary(answers))
    assert not lost(answers)


def test_a_broken_style(forgetful: Consul, tmp_path: Path, report: Report) -> None:
    """Rubbish in Consul leaves the last good look, is told at /styles, and ends when mended."""
    forgetful.put(KEY, style(1))
    with StyledKiln(tmp_path / "kiln", forgetful) as kiln, Load(kiln.url) as load:
        good = kiln.wait_for("fresh", version=forgetful.version(KEY))
        for rubbish in (b"{", b'{"title": {"color": 7}}', b"\xff\xfe", b""):
            forgetful.put(KEY, rubbish)
            version = str(forgetful.version(KEY))
            wait_until(lambda: version in (kiln.default().get("fault") or ""), RECOVERY)  # noqa: B023 -- asked at once
            stale = kiln.wait_for("stale")
            assert (stale.content, stale.headers["plotkiln-style"]) == (
                good.content,
                good.headers["plotkiln-style"],
            )
            load.more(10)
            forgetful.put(KEY, style(1))
            good = kiln.wait_for("fresh", version=forgetful.version(KEY), within=RECOVERY)
            assert "fault" not in kiln.default()
        load.more(10)
        answers = load.answers
    report("broken documents written to consul, and mended", summary(answers))
    assert not lost(answers)
    assert never_back(answers)


def test_strict_mode_answers_errors(mortal: Consul, tmp_path: Path, report: Report) -> None:
    """Strict: 503 with Retry-After while Consul is away, 500 for no or a broken default style."""
    with StyledKiln(tmp_path / "kiln", mortal, PLOTKILN_STYLE_STRICT="1") as kiln:
        counted: dict[str, object] = {}
        missing = kiln.wait_for_status(500)
        assert "default" in missing.json()["detail"]
        mortal.put(KEY, b'{"title": {"color": 7}}')
        wait_until(lambda: "title.color" in kiln.picture().text)
        assert kiln.picture().status_code == 500
        mortal.put(KEY, style(1))
        kiln.wait_for("fresh", within=RECOVERY)
        assert kiln.picture(style="nobody").status_code == 422

        mortal.kill()
        away = kiln.wait_for_status(503)
        assert int(away.headers["retry-after"]) > 0
        assert away.headers["content-type"] == "application/problem+json"
        mortal.start()
        returned = time.monotonic()
        kiln.wait_for("fresh", within=RECOVERY)
        counted["shown_after_s"] = round(time.monotonic() - returned, 3)
    report("strict mode: missing, broken, away, back", counted)
