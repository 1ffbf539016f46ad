"""`/account`: what rendering took and cost."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.numbers import whole_number
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.identity import Scope

__all__ = ["OPERATIONS"]

#: Days that are shown where nothing is asked for, and those that the ledger keeps.
_DAYS, _MOST = 30, 400

_PROSE = """\
Pods by the second and by service, what an always-on pod would have taken beyond that, and of each
principal the pictures, the seconds of render workers, and their share of the cost. Prices are
`PLOTKILN_POD_PRICE` a pod-hour. Whoever lacks the scope `admin` sees their own line. Each process
adds what it took every 30 s, and as it ends."""


async def get_account(request: Request) -> Response:
    """Return the account of some days."""
    days = whole_number(request, "days", least=1, most=_MOST) or _DAYS
    account = await services_of(request).account.account(principal_of(request), days=days)
    return Response(
        msgspec.json.encode(account),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/account",
        handler=get_account,
        scope=Scope.RENDER,
        tag="Operation",
        summary="What rendering took, and cost",
        description=_PROSE,
        parameters=(
            Parameter(
                name="days",
                place="query",
                description="So many days, today among them.",
                schema={"type": "integer", "minimum": 1, "maximum": _MOST, "default": _DAYS},
            ),
        ),
        answers={
            200: Answer(
                description="The account.",
                content={"application/json": {"$ref": "#/components/schemas/Account"}},
            )
        },
        problems=(400, 503),
    ),
)
