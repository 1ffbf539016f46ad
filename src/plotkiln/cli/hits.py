"""Pages that are counted, from the parts that a process has."""

from plotkiln.artifacts import Renderings
from plotkiln.cli.eventing import Eventing
from plotkiln.cli.shared import SharedStores
from plotkiln.counter.homepage import Homepage
from plotkiln.counter.visits import Visits
from plotkiln.settings import Settings

__all__ = ["homepage_of"]


def homepage_of(
    settings: Settings, eventing: Eventing, shared: SharedStores, renderings: Renderings
) -> Homepage:
    """Return what serves pages that are counted."""
    public = settings.artifacts_public_url
    visits = Visits(eventing.offer, shared.artifacts, renderings, public_url=public)
    return Homepage(visits=visits, totals=shared.totals, public_url=public)
