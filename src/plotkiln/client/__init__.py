"""The Python client: pictures, charts, jobs, styles and templates of a server."""

from plotkiln.client.charts import StoredChart
from plotkiln.client.clients import AsyncClient, Client
from plotkiln.client.job import Job, JobPage, JobProgress, JobResult, JobState, Unfinished
from plotkiln.client.pictures import Picture
from plotkiln.client.problems import Problem
from plotkiln.client.style_values import (
    ListedStyle,
    StyleChange,
    StyleDocument,
    StyleHistory,
    StyleList,
)
from plotkiln.client.templates import Template, TemplateList

__all__ = [
    "AsyncClient",
    "Client",
    "Job",
    "JobPage",
    "JobProgress",
    "JobResult",
    "JobState",
    "ListedStyle",
    "Picture",
    "Problem",
    "StoredChart",
    "StyleChange",
    "StyleDocument",
    "StyleHistory",
    "StyleList",
    "Template",
    "TemplateList",
    "Unfinished",
]
