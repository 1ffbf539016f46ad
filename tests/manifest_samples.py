"""Changes of the minimal overlay that must not pass: each breaks one rule."""

from typing import Any, NamedTuple

__all__ = ["GONE", "KINDS", "SAMPLES", "Sample"]

#: Kinds by the words in which the samples below name them.
KINDS = {
    "service": "serving.knative.dev/Service",
    "trigger": "eventing.knative.dev/Trigger",
    "broker": "eventing.knative.dev/Broker",
    "policy": "networking.k8s.io/NetworkPolicy",
    "config": "/ConfigMap",
    "jobsink": "sinks.knative.dev/JobSink",
    "cron": "batch/CronJob",
}

GONE = object()


class Sample(NamedTuple):
    """One change that must not pass."""

    rule: str
    #: Kind, and how the object's name begins.
    kind: str
    name: str
    #: Members, from the object inwards, with dots.
    place: str
    value: Any
    #: What the fault says.
    said: str


def _plot(rule: str, place: str, value: Any, said: str) -> Sample:
    """Return a change of the Service `plot`."""
    return Sample(rule, "service", "plot", place, value, said)


TEMPLATE = "spec.template.metadata.annotations"
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers.0"

SAMPLES = (
    _plot(
        "annotations_count",
        "metadata.annotations",
        {"autoscaling.knative.dev/min-scale": "1"},
        "Service plot: autoscaling.knative.dev/min-scale counts for nothing here",
    ),
    _plot(
        "annotations_count",
        f"{TEMPLATE}",
        {
            "autoscaling.knative.dev/scale-to-zero-pod-retention-period": "5m",
            "serving.knative.dev/response-start-timeout": "300s",
        },
        "serving.knative.dev/response-start-timeout counts for nothing here",
    ),
    _plot(
        "annotations_count",
        TEMPLATE,
        {"autoscaling.knative.dev/scale-to-zero-pod-retention-period": "2h"},
        "'2h' is not taken",
    ),
    Sample("annotations_count", "service", "live", TEMPLATE, {}, "is not 5m"),
    Sample(
        "commands_are_known",
        "service",
        "live",
        f"{CONTAINER}.args",
        ["live", "--port", "80"],
        "plotkiln takes no ['live', '--port', '80']",
    ),
    _plot("concurrency_is_what_is_drawn", f"{POD}.containerConcurrency", 100, "are not (10, 2)"),
    _plot(
        "concurrency_is_what_is_drawn",
        TEMPLATE,
        {"autoscaling.knative.dev/target": "2"},
        "aims at 70%",
    ),
    Sample(
        "deliveries_are_complete",
        "trigger",
        "new-hits",
        "spec.delivery.backoffPolicy",
        GONE,
        "delivery.backoffPolicy is missing",
    ),
    Sample(
        "deliveries_are_complete",
        "trigger",
        "new-hits",
        "spec.delivery.deadLetterSink",
        GONE,
        "delivery.deadLetterSink is missing",
    ),
    Sample(
        "deliveries_are_complete",
        "trigger",
        "new-hits",
        "spec.delivery.timeout",
        "30s",
        "'30s' is no duration",
    ),
    Sample(
        "deliveries_name_their_audience",
        "trigger",
        "long-jobs",
        "spec.subscriber.audience",
        "plotkiln-events",
        "JobSink long-jobs wants the audience None",
    ),
    Sample(
        "deliveries_name_their_audience",
        "config",
        "plotkiln-settings",
        "data",
        {"PLOTKILN_EVENTS": "oidc", "PLOTKILN_EVENTS_AUDIENCE": "ours"},
        "Broker default: Service dead-letters wants the audience ours",
    ),
    Sample(
        "deliveries_outlast_work",
        "trigger",
        "hits-to",
        "spec.delivery.timeout",
        "PT20S",
        "less than Service hit-picture's 70 s",
    ),
    Sample(
        "deliveries_outlast_work",
        "service",
        "render",
        f"{POD}.timeoutSeconds",
        300,
        "Service render: timeoutSeconds is less than 570",
    ),
    Sample(
        "filters_are_exact",
        "trigger",
        "hits-to",
        "spec.filter.attributes.type",
        "",
        "wants no type",
    ),
    Sample(
        "filters_are_exact",
        "trigger",
        "hits-to",
        "spec.filters",
        [{"prefix": {"type": "plotkiln."}}],
        "overrides `filter`",
    ),
    Sample(
        "front_doors_alone_are_open",
        "service",
        "render",
        "metadata.labels",
        {"plotkiln.publishes": "true"},
        "Service render: is open to the outside",
    ),
    _plot(
        "front_doors_alone_are_open",
        f"{CONTAINER}.env",
        [],
        "Service plot: takes events from the outside",
    ),
    _plot(
        "images_are_pinned",
        f"{CONTAINER}.image",
        "dev.local/plotkiln:latest",
        "is no one release's",
    ),
    _plot(
        "images_are_pinned",
        f"{CONTAINER}.image",
        "registry.example:5000/plotkiln",
        "is no one release's",
    ),
    Sample(
        "limits_are_fields",
        "service",
        "render",
        f"{POD}.responseStartTimeoutSeconds",
        GONE,
        "is not timeoutSeconds, but 300",
    ),
    _plot("limits_are_fields", f"{POD}.timeoutSeconds", 20, "is not between 30 and 600"),
    Sample("limits_are_fields", "service", "live", f"{POD}.idleTimeoutSeconds", 60, "ends sockets"),
    Sample(
        "names_lead_somewhere",
        "trigger",
        "hits-to",
        "spec.subscriber.ref.name",
        "hit-pictures",
        "there is no Service hit-pictures",
    ),
    Sample(
        "names_lead_somewhere",
        "trigger",
        "hits-to",
        "spec.broker",
        "hits",
        "there is no Broker hits",
    ),
    _plot(
        "names_lead_somewhere",
        f"{CONTAINER}.envFrom.1.secretRef.name",
        "plotkiln-store",
        "there is no Secret plotkiln-store",
    ),
    _plot(
        "names_lead_somewhere",
        f"{CONTAINER}.env.0",
        {
            "name": "PLOTKILN_TOKEN",
            "valueFrom": {"configMapKeyRef": {"name": "plotkiln-sink", "key": "TOKEN"}},
        },
        "there is no ConfigMap plotkiln-sink with TOKEN",
    ),
    _plot(
        "names_lead_somewhere",
        f"{POD}.serviceAccountName",
        "default",
        "there is no ServiceAccount default",
    ),
    Sample(
        "no_event_goes_round",
        "trigger",
        "hits-to",
        "spec.filter.attributes.type",
        "plotkiln.artifact.updated",
        "Service hit-picture is sent what it sends",
    ),
    _plot(
        "pods_are_locked",
        f"{CONTAINER}.securityContext.readOnlyRootFilesystem",
        False,
        "readOnlyRootFilesystem is not True",
    ),
    _plot("pods_are_locked", f"{POD}.enableServiceLinks", True, "would set CONSUL_PORT"),
    _plot("pods_are_locked", f"{CONTAINER}.volumeMounts", [], "has no /"),
    _plot("pods_are_locked", f"{POD}.volumes.0.emptyDir.sizeLimit", GONE, "may fill the node"),
    _plot(
        "pods_are_locked", f"{POD}.automountServiceAccountToken", True, "has a token of Kubernetes'"
    ),
    _plot("pods_fit", f"{CONTAINER}.env.2.value", "1024", "may take 2400 MiB, more than its 1Gi"),
    Sample(
        "pods_fit",
        "jobsink",
        "long",
        "spec.job.spec.template.spec.containers.0.resources.limits",
        GONE,
        "has no limit of memory",
    ),
    Sample(
        "policies_select_pods",
        "policy",
        "stores-in",
        "spec.podSelector",
        {"matchLabels": {"app": "redis"}},
        "selects no pod",
    ),
    Sample("policies_select_pods", "policy", "nobody-in", "spec.ingress", [{}], "closes what"),
    _plot("probes_tell", f"{CONTAINER}.readinessProbe.periodSeconds", 5, "not asked every 50 ms"),
    _plot("probes_tell", f"{CONTAINER}.startupProbe", GONE, "startupProbe does not"),
    Sample(
        "publishers_know_the_broker",
        "service",
        "hit-homepage",
        "metadata.labels",
        {},
        "no SinkBinding tells it",
    ),
    Sample(
        "publishers_know_the_broker",
        "service",
        "hit-homepage",
        f"{CONTAINER}.envFrom.2",
        GONE,
        "hit-homepage: has no K_SINK",
    ),
    Sample(
        "publishers_know_the_broker",
        "config",
        "plotkiln-sink",
        "data.K_SINK",
        "http://broker-ingress.knative-eventing/default/default",
        "is not the address of plotkiln's broker",
    ),
    Sample(
        "publishers_know_the_broker",
        "config",
        "plotkiln-sink",
        "data",
        {},
        "plotkiln-sweep: has no",
    ),
    Sample(
        "senders_have_a_token",
        "config",
        "plotkiln-settings",
        "data.PLOTKILN_EVENTS",
        "oidc",
        "JobSink long-jobs: has no token for the Broker",
    ),
    _plot(
        "services_say_what_is_allowed",
        f"{POD}.topologySpreadConstraints",
        [],
        "topologySpreadConstraints is refused",
    ),
    _plot(
        "services_say_what_is_allowed",
        f"{CONTAINER}.env.0",
        {"name": "PORT", "value": "80"},
        "PORT is set by Knative alone",
    ),
    _plot(
        "services_say_what_is_allowed",
        f"{CONTAINER}.ports.0.containerPort",
        8012,
        "the port 8012 is Knative's own",
    ),
    _plot(
        "services_say_what_is_allowed",
        f"{POD}.volumes.0",
        {"name": "tmp", "hostPath": {"path": "/srv"}},
        "the volume tmp is refused",
    ),
    _plot(
        "settings_are_read",
        f"{CONTAINER}.env.1.name",
        "PLOTKILN_QEUE",
        "Service plot: nobody reads PLOTKILN_QEUE",
    ),
    _plot("settings_are_read", f"{CONTAINER}.env.1.value", "many", "PLOTKILN_QUEUE=many"),
    _plot("settings_are_read", f"{CONTAINER}.envFrom", [], "Embedded stores vanish with the pod"),
    Sample(
        "sockets_live",
        "service",
        "live",
        f"{POD}.responseStartTimeoutSeconds",
        300,
        "is not unlimited",
    ),
)
