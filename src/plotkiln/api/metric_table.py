"""Every metric: its labels, and what it says."""

from collections.abc import Mapping

__all__ = ["BEGUN", "COUNTERS", "GAUGES", "HISTOGRAMS"]

#: Name, label names, help.
_Table = Mapping[str, tuple[tuple[str, ...], str]]

#: Counters; what is exposed ends in `_total`.
COUNTERS: _Table = {
    "access_refused": (("reason",), "Requests refused for who asked, by why."),
    "artifacts": (("outcome",), "Named pictures that were to change, by what became of them."),
    "dead_letters": ((), "Events that were given up."),
    "deliveries": (("outcome",), "Attempts of the embedded broker, by what became of them."),
    "events_accepted": (("broker",), "Events that the embedded broker took."),
    "events_published": (("outcome",), "Events of our own, by what became of them."),
    "events_received": (("outcome",), "Events delivered to us, by what became of them."),
    "first_pictures": (("start",), "First pictures of processes, by whether they were warm."),
    "hits": (("outcome",), "Hits counted, and duplicates that were not."),
    "http_requests": (("method", "route", "status"), "Requests answered."),
    "job_attempts": (("outcome",), "Attempts of jobs, by what became of them."),
    "jobs_ended": (("state",), "Jobs that have ended, by how."),
    "jobs_published": (("outcome",), "Events that ask for a job."),
    "jobs_submitted": (("outcome",), "Jobs submitted, by what became of them at once."),
    "limits_refused": (("reason",), "Requests refused beyond a limit, by which."),
    "live_events": (("outcome",), "Events for sockets of the live channel: sent, or dropped."),
    "news": (("outcome",), "News told to whoever listens, and lost before."),
    "pictures": (("source",), "Pictures by where they came from."),
    "pod_seconds": ((), "Seconds for which this process lived."),
    "renders_killed": (("reason",), "Renders ended before they answered."),
    "renders_refused": (("reason",), "Renders not let in."),
    "schedules": (("outcome",), "Times at which schedules were due, by what became of them."),
    "store_failures": (("store",), "Stores that failed."),
    "styles_served": (("state",), "Pictures by the state of their style."),
    "worker_seconds": (("state",), "Seconds for which render workers lived: busy, or idle."),
    "workers_forked": ((), "Render workers forked."),
    "workers_recycled": (("reason",), "Render workers replaced."),
}

#: Label values whose count is exposed from the start, as 0: who asks for an increase sees it only
#: from one scrape to the next, and of a pod that lives for minutes the first one may be the last.
BEGUN: Mapping[str, tuple[str, ...]] = {
    "dead_letters": ("",),
    "events_published": ("dropped", "lost", "refused"),
    "first_pictures": ("cold", "warm"),
    "job_attempts": ("failed", "lapsed"),
    "jobs_ended": ("succeeded", "failed", "expired"),
    "renders_killed": ("deadline", "SIGKILL"),
    "renders_refused": ("MemoryShort", "QueueFull", "WorkersUnavailable"),
    "store_failures": ("account", "dead-letters", "renderings"),
}

#: Gauges.
GAUGES: _Table = {
    "broker_backlog": ((), "Deliveries of the embedded broker that wait or are under way."),
    "build_info": (("version", "python", "service", "revision"), "1, and what runs."),
    "http_requests_in_flight": ((), "Requests that are being answered."),
    "job_oldest_queued_seconds": ((), "Seconds since the longest waiting job was submitted."),
    "jobs": (("state",), "Jobs that wait or run, whoever's."),
    "live_sockets": ((), "Sockets open on the live channel."),
    "memory_bytes": (("process",), "Memory, what is shared divided by who shares it."),
    "memory_limit_bytes": ((), "Most memory that the container may take."),
    "processes": ((), "Living render processes, the zygote included."),
    "recent_bytes": ((), "Bytes of pictures kept in memory."),
    "recent_pictures": ((), "Pictures kept in memory."),
    "render_places": ((), "Renders that may run or wait at once."),
    "renders_in_flight": ((), "Renders that run or wait."),
    "start_seconds": (("stage",), "Seconds from the process's start to each stage."),
    "style_faults": (("style",), "1 for each style whose newest document does not serve."),
    "styles_age_seconds": ((), "Seconds since the style store answered."),
    "styles_reachable": ((), "1 where the style store answers."),
    "workers": (("state",), "Render workers that live: busy, or idle."),
}

#: Histograms; all of them are durations.
HISTOGRAMS: _Table = {
    "http_request_seconds": (("method", "route"), "Seconds from request to answer."),
    "job_queue_seconds": ((), "Seconds for which a job waited for its worker."),
    "job_seconds": (("outcome",), "Seconds of one attempt of a job."),
    "render_queue_seconds": (("lane",), "Seconds for which a render waited for its worker."),
    "render_seconds": (("format",), "Seconds from order to picture, the queue included."),
    "render_stage_seconds": (("stage",), "Seconds of each stage of a drawing."),
}
