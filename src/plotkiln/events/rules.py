"""Rules: which events draw which pictures, with what in them, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from plotkiln.artifacts import ArtifactOrder, Cause, Drawing
from plotkiln.artifacts.names import MEDIA_TYPES, format_of
from plotkiln.documents import Contract, canonical_json, capped, nearest, sha256_hex
from plotkiln.errors import Fault, InputError, RuleError, SettingsError
from plotkiln.events.event import CloudEvent
from plotkiln.events.filters import Filter, read_filters
from plotkiln.events.values import EventValues, check_path, check_places, check_text, sample
from plotkiln.spec import Spec

__all__ = ["RULES_CONTRACT", "UPDATED", "Rule", "load_rules", "read_rules", "rules_digest"]

#: The type of the event that says that a name shows another picture; the name is its subject.
UPDATED = "plotkiln.artifact.updated"

_NAME = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
_PATH = Annotated[str, Meta(min_length=1, max_length=200)]


class RuleDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events with these attributes draw this picture under this name."""

    #: The rule's own name; small letters, digits and dashes.
    name: _NAME
    #: Which events, in the form of a Trigger's `filters`: all of them must pass.
    filters: Annotated[list[dict[str, Any]], Meta(min_length=1)]
    #: The picture's name, its format as the ending; `{subject}` and other paths in braces are
    #: replaced by the event's values: `hits-{subject}.png`.
    artifact: Annotated[str, Meta(min_length=1, max_length=200)]
    #: Path to a number that grows, or to a time: a picture is replaced by one of a higher number
    #: only. `data.total`, `sequence`, `time`.
    number: _PATH
    #: Path to the run of that number, which begins anew with each; 0 where there is but one.
    generation: _PATH | None = None
    #: What to draw, as in POST /plot; `{"$from": "data.total"}` and `{"$text": "… {subject}"}`
    #: stand for the event's values.
    spec: dict[str, Any]


class RuleList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every rule; an event draws once for each that it matches."""

    rules: list[RuleDocument]


#: Published at /schemas/rules.
RULES_CONTRACT = Contract(
    RuleList, title="plotkiln rules", description="Which events draw which pictures."
)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that was read and has no faults."""

    document: RuleDocument
    filter: Filter

    @property
    def name(self) -> str:
        """The rule's own name."""
        return self.document.name

    def matches(self, event: CloudEvent) -> bool:
        """Say whether an event draws by this rule."""
        return self.filter.matches(event)

    def caused(self, event: CloudEvent, drawing: Drawing) -> bool:
        """Say whether an event only says that this drawing's own name was redrawn: a loop."""
        return event.type == UPDATED and event.subject == drawing.name

    def drawing(self, event: CloudEvent) -> Drawing:
        """Return what an event draws, whether it matches or not.

        Raises `RuleError` when the event lacks a value, or has one that does not fit.
        """
        try:
            return self._drawing(event)
        except RuleError as error:
            raise RuleError(
                faults=[Fault(f.path, f"{f.message} (rule {self.name})") for f in error.faults]
            ) from error

    def _drawing(self, event: CloudEvent) -> Drawing:
        told, values = self.document, EventValues(event)
        name = values.text(told.artifact)
        if format_of(name) is None:
            raise RuleError(faults=[Fault("artifact", f"{name[:80]!r} {_NO_NAME}")])
        generation = values.number(told.generation) if told.generation else 0
        return Drawing(
            name=name,
            order=ArtifactOrder(generation, values.number(told.number)),
            spec=msgspec.json.encode(values.filled(told.spec)),
            cause=Cause(rule=self.name, type=event.type, subject=event.subject),
        )


def read_rules(data: bytes) -> Sequence[Rule]:
    """Read the rules of a document.

    Raises `MalformedError` when it is not JSON, `SchemaError` with all faults that the published
    schema shows, else `RuleError` with all others.
    """
    faults: list[Fault] = []
    documents = RULES_CONTRACT.decode(data).rules
    rules = [_read(document, f"rules[{index}]", faults) for index, document in enumerate(documents)]
    faults += _repeated(documents)
    if faults:
        raise RuleError(faults=capped(faults))
    return rules


def load_rules(file: Path | None, built_in: bytes) -> Sequence[Rule]:
    """Return the rules of a file after the built-in ones, which it replaces by name.

    Raises `SettingsError` with every fault of the file.
    """
    rules = {rule.name: rule for rule in read_rules(built_in)}
    if file is not None:
        try:
            rules |= {rule.name: rule for rule in read_rules(file.read_bytes())}
        except OSError as error:
            raise SettingsError(f"PLOTKILN_RULES={file}: {error.strerror}") from error
        except InputError as error:
            told = [Fault(f"{file.name}: {f.path}", f.message) for f in error.faults]
            raise SettingsError(f"PLOTKILN_RULES={file}: {error}", faults=told) from error
    return list(rules.values())


def rules_digest(rules: Iterable[Rule]) -> str:
    """Return a text that changes with what any of the rules says."""
    documents = sorted(canonical_json(msgspec.to_builtins(rule.document)) for rule in rules)
    return sha256_hex(b"\0".join(documents))


def _read(document: RuleDocument, place: str, faults: list[Fault]) -> Rule:
    spec = {"filters": document.filters}
    check_text(document.artifact, f"{place}.artifact", faults)
    _check_name(document.artifact, f"{place}.artifact", faults)
    check_path(document.number, f"{place}.number", faults)
    if document.generation is not None:
        check_path(document.generation, f"{place}.generation", faults)
    _check_spec(document.spec, f"{place}.spec", faults)
    rule = Rule(document=document, filter=read_filters(spec, place, faults))
    _check_loop(rule, f"{place}.filters", faults)
    return rule


_NO_NAME = (
    "is no name of a picture: letters, digits, '.', '_' and '-', 120 at most, and one of the"
    f" endings {', '.join(f'.{ending}' for ending in MEDIA_TYPES)}"
)


def _check_name(artifact: str, place: str, faults: list[Fault]) -> None:
    """Note a fault where no value whatever makes a name of it."""
    if format_of(sample(artifact)) is None:
        faults.append(Fault(place, f"{artifact[:80]!r} {_NO_NAME}"))


def _check_loop(rule: Rule, place: str, faults: list[Fault]) -> None:
    """Note a fault where the picture's own announcement would draw it again, as far as told."""
    name = rule.document.artifact
    told = CloudEvent(id="1", source="/artifacts", type=UPDATED, subject=name)
    if sample(name) == name and rule.matches(told):
        mend = f'add {{"not": {{"exact": {{"subject": "{name}"}}}}}}'
        faults.append(Fault(place, f"they take the {UPDATED} of this rule's own picture: {mend}"))


def _check_spec(spec: Mapping[str, Any], place: str, faults: list[Fault]) -> None:
    """Check what is known before an event comes: members' names, and places to be filled."""
    known = Spec.__struct_fields__
    faults += [
        Fault(f"{place}.{name}", f"is no member of a spec{nearest(name, known)}")
        for name in spec
        if name not in known
    ]
    check_places(spec, place, faults)


def _repeated(documents: Iterable[RuleDocument]) -> Iterable[Fault]:
    seen: set[str] = set()
    for index, document in enumerate(documents):
        if document.name in seen:
            yield Fault(f"rules[{index}].name", f"{document.name} is taken: rename this rule")
        seen.add(document.name)
