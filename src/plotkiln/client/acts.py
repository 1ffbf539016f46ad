"""Acts: methods that are written once, and block or are awaited as their client is one or other."""

from collections.abc import Callable, Coroutine
from functools import update_wrapper
from inspect import Signature, signature
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, get_args, overload

from plotkiln.client.exchanges import Steps

__all__ = ["Awaited", "Blocking", "Mode", "Room", "Wire", "act"]

P = ParamSpec("P")
T = TypeVar("T")


class Blocking:
    """Marks rooms whose acts return their results."""


class Awaited:
    """Marks rooms whose acts return what is to be awaited for them."""


Mode = TypeVar("Mode", Blocking, Awaited)


class Wire(Protocol):
    """Carries acts out."""

    #: The server's address, without a slash at its end.
    address: str

    def run(self, steps: Steps[Any]) -> Any:
        """Carry an act out: return its result, or what is to be awaited for it."""


class Room(Generic[Mode]):
    """Some acts on one server."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire


class act(Generic[P, T]):  # noqa: N801 -- a decorator, as property is
    """A method of a room: a generator of steps, carried out when it is called."""

    def __init__(self, steps: Callable[Concatenate[Any, P], Steps[T]]) -> None:
        self.__doc__, self.__module__ = steps.__doc__, steps.__module__
        self.__name__, self.__qualname__ = steps.__name__, steps.__qualname__
        self.__signature__ = _signature(steps)
        self._steps = steps

    @overload
    def __call__(self, room: Room[Blocking], /, *given: P.args, **named: P.kwargs) -> T: ...

    @overload
    def __call__(
        self, room: Room[Awaited], /, *given: P.args, **named: P.kwargs
    ) -> Coroutine[Any, Any, T]: ...

    def __call__(self, room: Room[Any], /, *given: P.args, **named: P.kwargs) -> Any:
        """Carry it out on a room that is given, as `Client.render(client, …)`."""
        return room._wire.run(self._steps(room, *given, **named))  # noqa: SLF001 -- its own

    @overload
    def __get__(self, room: None, owner: type[Any]) -> Self: ...

    @overload
    def __get__(self, room: Room[Blocking], owner: type[Any]) -> Callable[P, T]: ...

    @overload
    def __get__(
        self, room: Room[Awaited], owner: type[Any]
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, room: Room[Any] | None, owner: type[Any]) -> Any:
        if room is None:
            return self

        def carried_out(*given: P.args, **named: P.kwargs) -> Any:
            return self(room, *given, **named)

        update_wrapper(carried_out, self._steps)
        carried_out.__signature__ = _without_room(self.__signature__)  # type: ignore[attr-defined]
        return carried_out


def _signature(steps: Callable[..., Any]) -> Signature:
    """Return the signature that readers see: with the result's own type."""
    own = signature(steps)
    results = get_args(own.return_annotation)
    return own.replace(return_annotation=results[-1] if results else own.return_annotation)


def _without_room(whole: Signature) -> Signature:
    return whole.replace(parameters=list(whole.parameters.values())[1:])
