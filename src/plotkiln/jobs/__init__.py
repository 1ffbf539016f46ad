"""Jobs: what they are, how they change, and where they are kept."""

from plotkiln.jobs.job import (
    ENDED,
    TRANSITIONS,
    Job,
    JobState,
    Progress,
    Result,
    attention_at,
    begins,
    check_transition,
    new_job_id,
)
from plotkiln.jobs.stores import JobPage, JobStore, Submission

__all__ = [
    "ENDED",
    "TRANSITIONS",
    "Job",
    "JobPage",
    "JobState",
    "JobStore",
    "Progress",
    "Result",
    "Submission",
    "attention_at",
    "begins",
    "check_transition",
    "new_job_id",
]
