"""`plotkiln jobs`: have a server draw what takes long, follow it, fetch what it drew."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.files import write_file
from plotkiln.cli.job_progress import JobLine
from plotkiln.cli.places import server_url
from plotkiln.cli.specs import read_spec
from plotkiln.cli.terminal import BOLD, GREEN, RED, YELLOW, paint, report
from plotkiln.client import Client, Job
from plotkiln.client.job import no_result
from plotkiln.client.pictures import format_of_file
from plotkiln.errors import InputError, PlotkilnError
from plotkiln.settings import read_settings
from plotkiln.spec.models import Format

__all__ = ["jobs"]

_COLORS = {"succeeded": GREEN, "failed": RED, "running": YELLOW, "queued": YELLOW}


def jobs(options: Namespace) -> Exit:
    """Run one act."""
    settings = read_settings(os.environ)
    with Client(options.server or settings.url or server_url(settings)) as client:
        _ACTS[options.act](options, client)
    return Exit.OK


def _submit(options: Namespace, client: Client) -> None:
    _check_ending(options, options.format)
    job = client.jobs.submit(
        read_spec(options),
        format=options.format or format_of_file(options.output or ""),
        style=options.style,
        idempotency_key=options.idempotency_key,
    )
    if options.wait or options.output:
        _finish(options, client, job)
    else:
        _print(options, job)


def _list(options: Namespace, client: Client) -> None:
    page = client.jobs.list(state=options.state or (), limit=options.limit, before=options.before)
    if options.json:
        _print_json(page)
        return
    for job in page.jobs:
        print(_row(job))
    if page.before:
        print(f"older: --before {page.before}")


def _show(options: Namespace, client: Client) -> None:
    _print(options, client.jobs.get(options.id))


def _wait(options: Namespace, client: Client) -> None:
    job = client.jobs.get(options.id)
    _check_ending(options, job.format)
    _finish(options, client, job)


def _cancel(options: Namespace, client: Client) -> None:
    """Cancel each job that there is; what could not be cancelled is told at the end."""
    cancelled, failed = [], []
    for name in options.ids:
        try:
            cancelled.append(client.jobs.cancel(name))
        except PlotkilnError as error:
            failed.append(error)
    if options.json:
        _print_json(cancelled)
    else:
        for job in cancelled:
            print(_row(job))
    for other in failed[1:]:
        report(other)
    if failed:
        raise failed[0]


def _retry(options: Namespace, client: Client) -> None:
    _print(options, client.jobs.retry(options.id))


def _result(options: Namespace, client: Client) -> None:
    job = client.jobs.get(options.id)
    _check_ending(options, job.format)
    if not job.over:
        raise no_result(job)
    _fetch(options, client, job)
    if options.json:
        _tell_json(options, job)


def _finish(options: Namespace, client: Client, job: Job) -> None:
    """Wait for a job's end, write its picture where one is wanted, print what became of it."""
    with _left(options, job), JobLine() as line:
        line.told(job)
        job = client.jobs.wait(job, timeout=options.timeout, progress=line.told)
    if options.output and job.state == "succeeded":
        _fetch(options, client, job)
    if options.json:
        _tell_json(options, job)
    elif options.output != "-" and job.state == "succeeded":
        print(_row(job))
    if job.state != "succeeded":
        raise no_result(job)


def _fetch(options: Namespace, client: Client, job: Job) -> None:
    picture = client.jobs.result(job)
    write_file(options.output, picture.data)
    for warning in picture.warnings:
        sys.stderr.write(f"{paint('warning:', YELLOW, sys.stderr)} {warning}\n")


@contextmanager
def _left(options: Namespace, job: Job) -> Iterator[None]:
    """Say of a wait that is interrupted how to go on: the job does."""
    try:
        yield
    except KeyboardInterrupt:
        server = f" --server {options.server}" if options.server else ""
        sys.stderr.write(f"The job goes on. Wait for it: plotkiln jobs wait {job.id}{server}\n")
        sys.stderr.write(f"or end it: plotkiln jobs cancel {job.id}{server}\n")
        raise


def _print(options: Namespace, job: Job) -> None:
    if options.json:
        _print_json(job)
        return
    print(_row(job))
    if job.problem:
        print(f"    {job.problem.detail}")


def _row(job: Job) -> str:
    state = paint(f"{job.state:<9}", _COLORS.get(job.state, RED))
    stage = f" {job.progress.stage}" if job.progress and job.state == "running" else ""
    created = job.created.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    what = " ".join(filter(None, (job.kind, job.format, job.style, job.title)))
    return f"{paint(job.id, BOLD)} {state} {job.fraction:>4.0%}{stage} {created}  {what}"


def _check_ending(options: Namespace, held: Format | None) -> None:
    """Raise `InputError` where the file to write names another format than it would hold."""
    named = format_of_file(options.output or "")
    if held and named and named != held:
        raise InputError(
            f"{options.output} would hold {held}: let its name end in .{held},"
            f" or submit the spec with --format {named}."
        )


def _tell_json(options: Namespace, job: Job) -> None:
    """Print a job beside its picture, which may have standard output for itself."""
    _print_json(job, sys.stderr if options.output == "-" else sys.stdout)


def _print_json(value: Any, stream: Any = None) -> None:
    (stream or sys.stdout).write(msgspec.json.encode(value).decode() + "\n")


_ACTS = {
    "submit": _submit,
    "list": _list,
    "show": _show,
    "wait": _wait,
    "cancel": _cancel,
    "retry": _retry,
    "result": _result,
}
