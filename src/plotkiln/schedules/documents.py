"""Files of schedules: what is drawn when, in YAML (or JSON, which is YAML), and their faults."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from plotkiln.artifacts.names import MEDIA_TYPES, format_of
from plotkiln.documents import Contract, capped, is_written_within, nearest
from plotkiln.errors import Fault, InputError, MalformedError, RuleError, SettingsError
from plotkiln.events.delivery import seconds
from plotkiln.events.values import check_places
from plotkiln.schedules.cron import read_cron
from plotkiln.schedules.schedule import EPOCH, Schedule, archive_name
from plotkiln.spec import Spec

__all__ = ["SCHEDULES_CONTRACT", "load_schedules", "read_schedules"]

_NAME = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$")]
_LINE = Annotated[str, Meta(min_length=1, max_length=200)]

#: How many times as long as a file its schedules may be, written out, and some characters beside.
_ALIASED, _LEAST = 8, 1 << 20

#: Seconds that a duration may have: 100 years, so that what lies as far back is a date.
_LONGEST = 36525 * 86400.0


class ScheduleDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At these times this is drawn under this name."""

    #: The schedule's own name; small letters, digits and dashes.
    name: _NAME
    #: Minute, hour, day, month and weekday, or `@daily` and the like.
    cron: _LINE
    #: Whose clock that is, by the IANA's name.
    timezone: _LINE = "UTC"
    #: What to draw, as in POST /plot; `{"$from": "data.due"}` and `{"$text": "Until {data.date}"}`
    #: stand for values of the instant.
    spec: dict[str, Any] | None = None
    #: The id of a stored chart, instead of a spec.
    chart: _LINE | None = None
    #: The picture's name, its format as the ending: `report.png`.
    artifact: _LINE
    #: Whether each run also stays under a name of its own: `report-20261126T060000Z.png`.
    archive: bool = True
    #: How long each run's own stays, in ISO 8601: `P90D`; 100 years at most; without it, for good.
    keep: _LINE | None = None
    #: What becomes of times that passed while nobody ran: the latest is made up for, or all are
    #: left out.
    missed: Literal["latest", "skip"] = "latest"
    #: How late the latest may still be drawn, in ISO 8601: `PT6H`; 100 years at most; without it,
    #: ever.
    grace: _LINE | None = None


class ScheduleList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every schedule."""

    schedules: list[ScheduleDocument]


SCHEDULES_CONTRACT = Contract(
    ScheduleList, title="plotkiln schedules", description="What is drawn when."
)


def read_schedules(data: bytes) -> Sequence[Schedule]:
    """Read the schedules of a document.

    Raises `MalformedError` when it is no YAML, `SchemaError` with all faults of its shape, else
    `RuleError` with all others.
    """
    faults: list[Fault] = []
    documents = SCHEDULES_CONTRACT.convert(_loaded(data)).schedules
    read = [_read(one, f"schedules[{index}]", faults) for index, one in enumerate(documents)]
    faults += _repeated(documents)
    if faults:
        raise RuleError(faults=capped(faults))
    return [schedule for schedule in read if schedule is not None]


def load_schedules(file: Path) -> Sequence[Schedule]:
    """Return the schedules of a file; raises `SettingsError` with every fault."""
    try:
        return read_schedules(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"PLOTKILN_SCHEDULES={file}: {error.strerror}") from error
    except InputError as error:
        told = [Fault(f"{file.name}: {f.path}", f.message) for f in error.faults]
        raise SettingsError(f"PLOTKILN_SCHEDULES={file}: {error}", faults=told) from error


def _loaded(data: bytes) -> Any:
    """Return what YAML says, as JSON would have it: dates are texts."""
    import yaml  # noqa: PLC0415 -- 10 ms, for those who have schedules

    class Loader(yaml.CSafeLoader):
        """Refuses a member that is given twice, where YAML takes the last."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
            names: set[Any] = set()
            for key, _ in node.value:
                if key.value in names:
                    raise yaml.YAMLError(f"{key.value!r} is given twice{key.start_mark}")
                names.add(key.value)
            return super().construct_mapping(node, deep=deep)

    try:
        loaded = yaml.load(data, Loader=Loader)  # noqa: S506 -- a safe one
        if not is_written_within(loaded, _ALIASED * len(data) + _LEAST):
            raise MalformedError("This would be endless if it were written out.")
        return msgspec.json.decode(msgspec.json.encode(loaded))
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        hint = " (texts that begin with * or @ need quotes: cron: '@daily')"
        marked = isinstance(error, yaml.MarkedYAMLError)
        raise MalformedError(f"This is no YAML: {told}{hint if marked else ''}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedError(f"This is not what JSON could say, too: {error}") from error


def _read(document: ScheduleDocument, path: str, faults: list[Fault]) -> Schedule | None:
    before = len(faults)
    cron = read_cron(document.cron, document.timezone, path, faults)
    _check_names(document, f"{path}.artifact", faults)
    _check_content(document, path, faults)
    _check_spans(document, path, faults)
    grace = _duration(document.grace, f"{path}.grace", faults)
    keep = _duration(document.keep, f"{path}.keep", faults)
    if cron is None or len(faults) > before:
        return None
    schedule = Schedule(
        name=document.name,
        cron=cron,
        spec=document.spec,
        chart=document.chart,
        artifact=document.artifact,
        archived=document.archive,
        missed=document.missed,
        grace=grace,
        keep=keep,
    )
    _check_values(schedule, f"{path}.spec", faults)
    return schedule


def _check_names(document: ScheduleDocument, path: str, faults: list[Fault]) -> None:
    name = document.artifact
    if format_of(name) is None:
        endings = ", ".join(f".{ending}" for ending in MEDIA_TYPES)
        told = (
            f"{name!r} is no name of a picture: letters, digits, '.', '_' and '-', then {endings}"
        )
        faults.append(Fault(path, told))
    elif document.archive and format_of(archive_name(name, EPOCH)) is None:
        faults.append(Fault(path, "is too long for the archive's names: 100 characters at most"))


def _check_content(document: ScheduleDocument, path: str, faults: list[Fault]) -> None:
    """Check what is known before a time comes: members' names, and places to be filled."""
    if (document.spec is None) == (document.chart is None):
        faults.append(Fault(path, "expected either spec or chart: what is drawn"))
    spec, known = document.spec or {}, Spec.__struct_fields__
    faults += [
        Fault(f"{path}.spec.{name}", f"is no member of a spec{nearest(name, known)}")
        for name in spec
        if name not in known
    ]
    check_places(spec, f"{path}.spec", faults)


def _check_values(schedule: Schedule, path: str, faults: list[Fault]) -> None:
    """Note what the spec asks for and no instant has."""
    instant = schedule.cron.after(EPOCH) or EPOCH
    try:
        schedule.filled(instant)
    except RuleError as error:
        known = ", ".join(f"data.{name}" for name in schedule.values(instant))
        faults += [Fault(path, f"{f.path} {f.message}; there are {known}") for f in error.faults]


def _check_spans(document: ScheduleDocument, path: str, faults: list[Fault]) -> None:
    """Check what goes with what."""
    if document.grace is not None and document.missed == "skip":
        told = "is for missed: latest: nothing is made up for here"
        faults.append(Fault(f"{path}.grace", told))
    if document.keep is not None and not document.archive:
        faults.append(Fault(f"{path}.keep", "is for an archive: nothing stays here"))


def _duration(text: str | None, path: str, faults: list[Fault]) -> float | None:
    if text is None:
        return None
    try:
        span = seconds(text)
    except ValueError as error:
        faults.append(Fault(path, str(error)))
        return None
    if span > _LONGEST:
        faults.append(Fault(path, f"{text!r} is over 100 years: leave it out, for any time"))
    return span


def _repeated(documents: Sequence[ScheduleDocument]) -> Iterator[Fault]:
    names: set[str] = set()
    artifacts: dict[str, str] = {}
    for index, document in enumerate(documents):
        path = f"schedules[{index}]"
        if document.name in names:
            yield Fault(f"{path}.name", f"{document.name} is taken: rename this schedule")
        elif other := artifacts.get(document.artifact):
            yield Fault(f"{path}.artifact", f"is drawn by {other}, too: rename one of them")
        names.add(document.name)
        artifacts.setdefault(document.artifact, document.name)
