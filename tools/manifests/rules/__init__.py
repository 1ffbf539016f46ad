"""Rules of our own: each is asked of an overlay, and yields what is wrong with it."""

from collections.abc import Callable, Iterator, Sequence

from manifests.objects import Overlay
from manifests.rules.annotations import annotations_count
from manifests.rules.delivery import (
    deliveries_are_complete,
    deliveries_outlast_work,
    filters_are_exact,
    no_event_goes_round,
)
from manifests.rules.environment import (
    commands_are_known,
    front_doors_alone_are_open,
    publishers_know_the_broker,
    settings_are_read,
)
from manifests.rules.pods import (
    images_are_pinned,
    pods_are_locked,
    pods_fit,
    probes_tell,
    services_say_what_is_allowed,
)
from manifests.rules.references import names_lead_somewhere, policies_select_pods
from manifests.rules.scaling import (
    concurrency_is_what_is_drawn,
    limits_are_fields,
    sockets_live,
)
from manifests.rules.tokens import deliveries_name_their_audience, senders_have_a_token

__all__ = ["RULES", "Rule", "broken"]

Rule = Callable[[Overlay], Iterator[str]]

RULES: Sequence[Rule] = (
    annotations_count,
    commands_are_known,
    concurrency_is_what_is_drawn,
    deliveries_are_complete,
    deliveries_name_their_audience,
    deliveries_outlast_work,
    filters_are_exact,
    front_doors_alone_are_open,
    images_are_pinned,
    limits_are_fields,
    names_lead_somewhere,
    no_event_goes_round,
    pods_are_locked,
    pods_fit,
    policies_select_pods,
    probes_tell,
    publishers_know_the_broker,
    senders_have_a_token,
    services_say_what_is_allowed,
    settings_are_read,
    sockets_live,
)


def broken(overlay: Overlay) -> list[str]:
    """Return every fault, each with the name of its rule."""
    return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(overlay)]
