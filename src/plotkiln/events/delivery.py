"""How a delivery is tried again, and when it is given up: Knative's `spec.delivery`."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urljoin

import msgspec

from plotkiln.errors import Fault

__all__ = ["Delivery", "Destination", "is_retried", "read_delivery", "read_destination", "seconds"]

_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?\Z"
)

#: Statuses below 500 after which Knative tries again.
_RETRIED = frozenset({404, 408, 409, 429})

#: Exponents beyond this would only overflow.
_MOST_DOUBLINGS = 30


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where events go: a URI, or a reference to an object by name."""

    #: Beside `ref` it is relative to that object's address.
    uri: str | None = None
    #: The name of the object that `ref` names.
    ref: str | None = None

    def __str__(self) -> str:
        return " ".join(part for part in (self.ref, self.uri) if part)

    def at(self, address: str) -> str:
        """Return the URL, where `address` is that of `ref`'s object (RFC 3986, section 5)."""
        return urljoin(address, self.uri or "")


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """When and how often a delivery is tried; the defaults are those of a fresh Knative."""

    #: Attempts after the first.
    retry: int = 10
    backoff_policy: Literal["exponential", "linear"] = "exponential"
    #: Seconds.
    backoff_delay: float = 0.2
    #: Seconds that one attempt may take.
    timeout: float = 600.0
    #: Where an event goes that was given up; None: it stays in the list of dead letters.
    dead_letter: Destination | None = None

    def pause(self, attempts: int) -> float | None:
        """Return the seconds until the next attempt after so many; None when that was the last.

        Counted as by the multi-tenant Broker: the first retry follows after one delay where the
        policy is exponential, at once where it is linear.
        """
        if attempts > self.retry:
            return None
        if self.backoff_policy == "linear":
            return self.backoff_delay * (attempts - 1)
        return float(self.backoff_delay * 2 ** min(attempts - 1, _MOST_DOUBLINGS))


def is_retried(status: int) -> bool:
    """Say whether Knative tries again after this status (Eventing's data plane, "Retries")."""
    return status >= 500 or status in _RETRIED


def read_delivery(spec: Any, fallback: Delivery, path: str, faults: list[Fault]) -> Delivery:
    """Return the delivery that a `spec.delivery` says; faults are added with their place.

    One that sets anything replaces the Broker's as a whole, except for the dead letters' place,
    which falls back to the Broker's: so does the multi-tenant Broker.
    """
    if spec is None or spec == {}:
        return fallback
    if not isinstance(spec, dict):
        faults.append(Fault(path, "expected members, such as retry"))
        return fallback
    policy = spec.get("backoffPolicy", "exponential")
    if policy not in ("exponential", "linear"):
        faults.append(Fault(f"{path}.backoffPolicy", "expected exponential or linear"))
        policy = "exponential"
    retry = spec.get("retry", 0)
    if not isinstance(retry, int) or isinstance(retry, bool) or retry < 0:
        faults.append(Fault(f"{path}.retry", "expected a whole number, 0 or more"))
        retry = 0
    timeout = _duration(spec, "timeout", Delivery().timeout, path, faults)
    if not timeout:
        faults.append(Fault(f"{path}.timeout", "expected more than nothing, such as PT60S"))
    sink = spec.get("deadLetterSink")
    return Delivery(
        retry=retry,
        backoff_policy=policy,
        backoff_delay=_duration(spec, "backoffDelay", 0.2, path, faults),
        timeout=timeout,
        dead_letter=read_destination(sink, f"{path}.deadLetterSink", faults)
        if sink is not None
        else fallback.dead_letter,
    )


def read_destination(value: Any, path: str, faults: list[Fault]) -> Destination:
    """Return where `uri`, `ref.name` or both lead; faults are added with their place."""
    given = value if isinstance(value, dict) else {}
    uri, ref = given.get("uri"), given.get("ref")
    if isinstance(ref, dict) and isinstance(ref.get("name"), str):
        if uri is not None and not isinstance(uri, str):
            faults.append(Fault(f"{path}.uri", "expected text, such as /events"))
            return Destination(ref=ref["name"])
        return Destination(ref=ref["name"], uri=uri)
    if isinstance(uri, str) and uri.startswith(("http://", "https://")):
        return Destination(uri=uri)
    faults.append(Fault(path, "expected ref with a name, or uri with an http address"))
    return Destination()


def seconds(duration: str) -> float:
    """Return the length of an ISO 8601 duration, `PT0.2S`; raises `ValueError` when it is none."""
    found = _DURATION.match(duration)
    parts = {name: float(text) for name, text in found.groupdict().items() if text} if found else {}
    if not parts:
        raise ValueError(f"expected an ISO 8601 duration, such as PT0.2S, got {duration!r}")
    try:
        return timedelta(**parts).total_seconds()
    except OverflowError as error:
        told = f"expected an ISO 8601 duration of fewer days, got {duration!r}"
        raise ValueError(told) from error


def _duration(
    spec: Mapping[str, Any], name: str, fallback: float, path: str, faults: list[Fault]
) -> float:
    if name not in spec:
        return fallback
    try:
        return seconds(str(spec[name]))
    except ValueError as error:
        faults.append(Fault(f"{path}.{name}", str(error)))
        return fallback
