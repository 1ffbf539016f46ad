"""What the routes are given: use cases and bounds, put together by the composition root."""

import msgspec
from starlette.requests import Request

from plotkiln.service import ChartService, Metrics, RenderService, StyleService, TemplateService
from plotkiln.service.account import AccountService
from plotkiln.service.artifacts import ArtifactService
from plotkiln.service.brokers import BrokerService
from plotkiln.service.events import EventService
from plotkiln.service.health import HealthService
from plotkiln.service.histories import HistoryService
from plotkiln.service.jobs import JobService
from plotkiln.service.patience import PatienceService
from plotkiln.service.previews import PreviewService
from plotkiln.service.vitals import Vitals

__all__ = ["Services", "services_of"]


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """The use cases behind the routes."""

    renders: RenderService
    charts: ChartService
    styles: StyleService
    templates: TemplateService
    histories: HistoryService
    previews: PreviewService
    artifacts: ArtifactService
    jobs: JobService
    patience: PatienceService
    events: EventService
    brokers: BrokerService
    account: AccountService
    health: HealthService
    metrics: Metrics
    vitals: Vitals
    #: Most bytes of a request body, and of an encoded spec once inflated.
    max_body: int
    #: Most bytes of an event.
    max_event: int


def services_of(request: Request) -> Services:
    """Return the use cases of the application that serves this request."""
    services: Services = request.app.state.services
    return services
