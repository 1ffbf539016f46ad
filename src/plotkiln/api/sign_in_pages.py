"""The page that is shown where signing in does not work: English and Chinese, no script."""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.languages import language_of
from plotkiln.api.request_id import current_request_id
from plotkiln.errors import PlotkilnError, SignInFailed

__all__ = ["sign_in_failed"]

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – plotkiln</title><link rel="stylesheet" href="/static/plain.css"></head>
<body><header><a href="/">plotkiln</a></header><main><h1>{title}</h1><p>{what}</p>
<p><a href="/sign-in?next={back}">{again}</a></p>
<p><small>{id_label} <code>{request_id}</code></small></p></main></body></html>"""

_STATUSES = {"over": 400, "denied": 403, "faulty": 502, "away": 503}

#: Seconds after which another try is sensible where somebody does not answer.
_LATER = "30"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "again": "Sign in again",
        "id_label": "Request",
        "over": "This sign-in is over",
        "over.what": "It was finished before, took longer than ten minutes, or began in another "
        "browser. Nothing is lost: sign in again.",
        "denied": "You were not let in",
        "denied.what": "The sign-in was cancelled, or your identity provider refused it. Try "
        "again, or ask whoever runs the provider to let you use plotkiln.",
        "faulty": "Signing in did not work",
        "faulty.what": "The identity provider and this server do not agree. Whoever runs this "
        "server finds the reason in its log, by the request below.",
        "away": "Nobody can sign in right now",
        "away.what": "The identity provider, or a store of this server, does not answer. Try again "
        "in a minute; nothing is lost.",
    },
    "zh-CN": {
        "again": "重新登录",
        "id_label": "请求编号",
        "over": "这次登录已失效",
        "over.what": "它已经完成、超过了十分钟，或是在另一个浏览器里开始的。"
        "你的内容都还在，请重新登录。",
        "denied": "登录未获允许",
        "denied.what": "登录被取消，或身份提供方拒绝了登录。"
        "请再试一次，或请身份提供方的管理员允许你使用 plotkiln。",
        "faulty": "登录没有成功",
        "faulty.what": "身份提供方与这台服务器的设置不一致。"
        "服务器的管理员可以凭下面的请求编号在日志里查到原因。",
        "away": "暂时无法登录",
        "away.what": "身份提供方或这台服务器的存储没有响应。请过一分钟再试，你的内容都还在。",
    },
}


def sign_in_failed(request: Request, error: PlotkilnError) -> Response:
    """Say what went wrong and what to do; what the provider said is for the log alone."""
    reason, back = "away", "/"
    if isinstance(error, SignInFailed):
        reason, back = error.reason, error.back
    language = language_of(request.headers.get("accept-language", ""))
    words = _WORDS[language]
    shown = {
        "title": words[reason],
        "what": words[f"{reason}.what"],
        "again": words["again"],
        "id_label": words["id_label"],
        "back": quote(back, safe="/"),
        "request_id": current_request_id(),
    }
    body = _PAGE.format(lang=language, **{name: escape(text) for name, text in shown.items()})
    headers = {**_HEADERS, "Retry-After": _LATER} if reason == "away" else _HEADERS
    return Response(body, _STATUSES[reason], headers, media_type="text/html")


_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}
