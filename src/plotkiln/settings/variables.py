"""Every environment variable that is read, with its meaning."""

from plotkiln.settings.access_variables import ACCESS_VARIABLES
from plotkiln.settings.forms import (
    address,
    addresses,
    allow,
    certificates,
    flag,
    folder,
    level,
    live_address,
    number,
    origins,
    overrides,
    whole,
)
from plotkiln.settings.variable import Variable

__all__ = ["VARIABLES", "Variable"]


_BYTES = 1 << 20  # most MiB that a size setting takes: 1 TiB

VARIABLES: tuple[Variable, ...] = (
    Variable("HOST", "host", str, "Address to listen on."),
    Variable("PORT", "port", whole(0, 65535), "TCP port to listen on; 0 takes a free one."),
    Variable("PLOTKILN_DATA", "data", folder, "Folder of the embedded stores and caches."),
    Variable(
        "PLOTKILN_STYLES_PREFIX",
        "styles_prefix",
        lambda text: text.strip("/"),
        "Key prefix of the styles in Consul KV.",
    ),
    Variable(
        "PLOTKILN_STYLE_STRICT",
        "style_strict",
        flag,
        "1: an error instead of the last good or the built-in style.",
    ),
    Variable(
        "PLOTKILN_STYLE_WAIT",
        "style_wait",
        number(0),
        "Seconds that a cold process waits for its first read of the styles.",
    ),
    Variable("PLOTKILN_TEMPLATES", "templates", folder, "Folder of templates of one's own."),
    Variable(
        "PLOTKILN_HISTORY_ENTRIES",
        "history_entries",
        whole(1, 100_000),
        "Entries that the history of one style keeps; the oldest go first.",
    ),
    Variable(
        "PLOTKILN_HISTORY_AGE",
        "history_age",
        number(0),
        "Days for which the history of styles is kept; 0: whatever its age.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_URL",
        "artifacts_url",
        str,
        "Where renderings are kept: file:///folder, memory://, or s3://bucket/prefix with AWS_*.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_MAX_AGE",
        "artifacts_max_age",
        number(0),
        "Hours for which a rendering is kept; 0: whatever its age.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_MAX_SIZE",
        "artifacts_max_size",
        whole(0, _BYTES),
        "MiB that all kept renderings may take; 0: no bound.",
    ),
    Variable(
        "PLOTKILN_RECENT_SIZE",
        "recent_size",
        whole(0, _BYTES),
        "MiB of renderings kept in memory.",
    ),
    Variable(
        "PLOTKILN_CHART_KEEP",
        "chart_keep",
        number(0),
        "Hours for which the spec of a posted picture is kept.",
    ),
    Variable(
        "PLOTKILN_WORKERS",
        "workers",
        whole(0, 256),
        "Render processes; 0: one for each processor.",
    ),
    Variable(
        "PLOTKILN_QUEUE",
        "queue",
        whole(1, 100_000),
        "Renders that may run or wait at once; one more is answered 429.",
    ),
    Variable(
        "PLOTKILN_BUDGET", "budget", number(0.01), "Seconds that one synchronous render may take."
    ),
    Variable(
        "PLOTKILN_WORKER_MEMORY",
        "worker_memory",
        whole(0, _BYTES),
        "MiB that one render may allocate; 0: no bound.",
    ),
    Variable(
        "PLOTKILN_MEMORY_RESERVE",
        "memory_reserve",
        whole(0, _BYTES),
        "MiB that must stay free; a render is answered 503 below it.",
    ),
    Variable(
        "PLOTKILN_IDLE",
        "idle",
        number(0),
        "Seconds without work after which the render processes end; 0: never. Not on Knative.",
    ),
    Variable(
        "PLOTKILN_DRAIN",
        "drain",
        number(0),
        "Seconds for which requests in flight may go on after SIGTERM.",
    ),
    Variable(
        "PLOTKILN_MAX_BODY", "max_body", whole(1, _BYTES), "MiB that a request body may take."
    ),
    Variable(
        "PLOTKILN_MAX_POINTS", "max_points", whole(1, 10**9), "Values that one spec may hold."
    ),
    Variable(
        "PLOTKILN_MAX_SERIES", "max_series", whole(1, 10**6), "Series that one spec may hold."
    ),
    Variable(
        "PLOTKILN_MAX_PIXELS",
        "max_pixels",
        whole(256, 10**9),
        "Pixels (width × height) that one picture may have.",
    ),
    Variable(
        "PLOTKILN_MAX_TEXT", "max_text", whole(1, 10**6), "Characters that one text may have."
    ),
    Variable(
        "PLOTKILN_MAX_CATEGORIES",
        "max_categories",
        whole(1, 10**6),
        "Categories that one axis may have.",
    ),
    Variable(
        "PLOTKILN_MAX_ANNOTATIONS",
        "max_annotations",
        whole(0, 10**6),
        "Annotations that one spec may hold.",
    ),
    Variable(
        "PLOTKILN_MAX_PANELS", "max_panels", whole(1, 1000), "Panels that one picture may have."
    ),
    Variable(
        "PLOTKILN_MAX_DEPTH",
        "max_depth",
        whole(4, 200),
        "Levels of lists and objects that a spec may nest.",
    ),
    Variable(
        "PLOTKILN_REDIS_URL",
        "redis_url",
        address("redis", "rediss", "unix"),
        "Redis that keeps counters, names and handled events for several processes.",
    ),
    Variable(
        "PLOTKILN_TRIGGERS",
        "triggers",
        folder,
        "YAML file, or folder of such, with the embedded broker's Brokers and Triggers.",
    ),
    Variable(
        "PLOTKILN_SUBSCRIBERS",
        "subscribers",
        addresses,
        "Addresses of the subscribers that Triggers name: name=http://…, separated by commas.",
    ),
    Variable(
        "PLOTKILN_RULES",
        "rules",
        folder,
        "File with the rules that say which events draw which pictures.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_PUBLIC_URL",
        "artifacts_public_url",
        address("http", "https"),
        "Address below which browsers find published pictures.",
    ),
    Variable(
        "PLOTKILN_COUNTER_WINDOW",
        "counter_window",
        number(0.01),
        "Hours for which the hit counter knows a hit again.",
    ),
    Variable(
        "PLOTKILN_EVENTS_WINDOW",
        "events_window",
        number(0),
        "Hours for which POST /events knows an event again; 0: it does not.",
    ),
    Variable(
        "PLOTKILN_JOB_BUDGET",
        "job_budget",
        number(0.01),
        "Seconds that one attempt of a job may render.",
    ),
    Variable(
        "PLOTKILN_JOB_WORKERS",
        "job_workers",
        whole(0, 256),
        "Jobs rendered at once; 0: one less than there are render processes, at least one.",
    ),
    Variable(
        "PLOTKILN_JOB_ATTEMPTS",
        "job_attempts",
        whole(1, 100),
        "Attempts after which a job has failed.",
    ),
    Variable(
        "PLOTKILN_JOB_LEASE",
        "job_lease",
        number(1),
        "Seconds after which a worker that gives no sign of life loses its job.",
    ),
    Variable(
        "PLOTKILN_JOB_KEEP",
        "job_keep",
        number(0.01),
        "Hours for which a job waits at most, and for which its result is kept.",
    ),
    Variable(
        "PLOTKILN_PRESIGN",
        "presign",
        number(0),
        "Minutes for which the address of a result in an object store is good; 0: none is given.",
    ),
    Variable(
        "PLOTKILN_LIVE_URL",
        "live_url",
        live_address,
        "Address of the live channel for browsers, where it is not this server's own.",
    ),
    Variable(
        "PLOTKILN_LIVE_ORIGINS",
        "live_origins",
        origins,
        "Origins beside this server's whose pages may open the live channel, by commas.",
    ),
    Variable(
        "PLOTKILN_LIVE_WINDOW",
        "live_window",
        whole(1, 10**7),
        "News that are kept for whoever was cut off from the live channel.",
    ),
    Variable(
        "PLOTKILN_SCHEDULES",
        "schedules",
        folder,
        "File with the schedules: what is drawn when.",
    ),
    Variable(
        "PLOTKILN_EVENTS_KEEP",
        "events_keep",
        whole(0, 10**9),
        "Events that the embedded broker keeps once they are delivered.",
    ),
    Variable(
        "PLOTKILN_EVENTS_MAX_AGE",
        "events_max_age",
        number(0),
        "Days for which the embedded broker keeps delivered events.",
    ),
    Variable(
        "PLOTKILN_DEAD_LETTERS_MAX_AGE",
        "dead_letters_max_age",
        number(0),
        "Days for which the embedded broker keeps dead letters.",
    ),
    Variable("PLOTKILN_MAX_EVENT", "max_event", whole(64, _BYTES), "KiB that one event may take."),
    Variable(
        "PLOTKILN_SINK_TOKEN_FILE",
        "sink_token_file",
        folder,
        "File with the token that is sent to K_SINK, read again for each event.",
    ),
    Variable(
        "PLOTKILN_ANONYMOUS",
        "anonymous",
        allow,
        "allow: serve anybody on an address other than loopback.",
    ),
    Variable(
        "PLOTKILN_EPHEMERAL",
        "ephemeral",
        allow,
        "allow: embedded stores on Knative, which vanish with the pod.",
    ),
    Variable(
        "PLOTKILN_URL",
        "url",
        address("http", "https"),
        "Address of the server that plotkiln jobs and the Python client ask.",
    ),
    Variable(
        "PLOTKILN_LOG_LEVEL", "log_level", level, "Least severe log records that are written."
    ),
    Variable("CONSUL_HTTP_TOKEN", "consul_token", str, "ACL token."),
    Variable("CONSUL_HTTP_TOKEN_FILE", "consul_token_file", folder, "File with the ACL token."),
    Variable("CONSUL_CACERT", "consul_ca_cert", folder, "File with the CA's certificate."),
    Variable("CONSUL_CLIENT_CERT", "consul_client_cert", folder, "File with our certificate."),
    Variable("CONSUL_CLIENT_KEY", "consul_client_key", folder, "File with our private key."),
    Variable("CONSUL_NAMESPACE", "consul_namespace", str, "Namespace (Consul Enterprise)."),
    Variable("CONSUL_PARTITION", "consul_partition", str, "Admin partition (Consul Enterprise)."),
    Variable("K_SERVICE", "knative_service", str, "Set by Knative: the Service's name."),
    Variable("K_REVISION", "knative_revision", str, "Set by Knative: the Revision's name."),
    Variable("K_SINK", "sink", address("http", "https"), "Set by Knative: where events are sent."),
    Variable(
        "K_CE_OVERRIDES", "ce_overrides", overrides, "Set by Knative: attributes to add to events."
    ),
    Variable("K_CA_CERTS", "ca_certs", certificates, "Set by Knative: the CAs of K_SINK, in PEM."),
    *ACCESS_VARIABLES,
)
