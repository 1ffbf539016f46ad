from typing import Any

import httpx
import pytest

CREATE = {"If-None-Match": "*"}


def colored(color: str) -> dict[str, Any]:
    """Return a style whose title has a colour."""
    return {"title": {"color": color}}


def written(client: httpx.Client, name: str, *documents: dict[str, Any]) -> list[str]:
    """Write documents one over the other; return their entity tags."""
    tags: list[str] = []
    for number, document in enumerate(documents):
        condition = {"If-Match": tags[-1]} if tags else CREATE
        answer = client.put(
            f"/styles/{name}", json=document, headers=condition, params={"why": f"why {number}"}
        )
        assert answer.status_code in {201, 204}, answer.text
        tags.append(answer.headers["etag"])
    return tags


def version(tag: str) -> int:
    """Return the version that an entity tag holds."""
    return int(tag.strip('"'))


def changes(client: httpx.Client, name: str) -> list[dict[str, Any]]:
    """Return the newest changes."""
    answer = client.get(f"/styles/{name}/history")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["changes"]
    return found


def test_history_tells_who_what_and_why(client: httpx.Client) -> None:
    """Each change has its author, time, reason, and differences from the one before."""
    tags = written(client, "told", colored("#333333"), colored("#222222"), {})
    client.delete("/styles/told", headers={"If-Match": tags[-1]}, params={"why": "done with"})
    told = changes(client, "told")
    assert [change["kind"] for change in told] == ["deleted", *["written"] * 3]
    assert [change["why"] for change in told] == ["done with", "why 2", "why 1", "why 0"]
    assert {change["who"] for change in told} == {"anonymous"}
    assert [change["differences"] for change in told] == [
        ["removed"],
        ['title removed (was {"color":"#222222"})'],
        ["title.color #333333 → #222222"],
        ["created"],
    ]
    assert [int(change["version"]) for change in told[1:]] == [version(t) for t in reversed(tags)]
    assert all(change["when"].endswith("Z") for change in told)


def test_history_comes_in_pages(client: httpx.Client) -> None:
    """`before` of one answer leads to the next; the last one has none."""
    written(client, "paged", *(colored(f"#00000{number}") for number in range(5)))
    seen: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = client.get("/styles/paged/history", params={"limit": 2, **before}).json()
        seen += [line for change in page["changes"] for line in change["differences"]]
        if "before" not in page:
            break
        before = {"before": page["before"]}
    assert seen == [*(f"title.color #00000{n} → #00000{n + 1}" for n in (3, 2, 1, 0)), "created"]


def test_names_without_history(client: httpx.Client) -> None:
    """An unknown style has no history, and the built-in an empty one."""
    assert client.get("/styles/never-was/history").status_code == 404
    assert client.get("/styles/default/history").status_code == 200


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "before=-1", "before=1e9"])
def test_bad_numbers_are_told(client: httpx.Client, query: str) -> None:
    """A limit or a cursor that is no whole number within bounds is 400."""
    assert client.get(f"/styles/default/history?{query}").status_code == 400


def test_old_versions_are_read(client: httpx.Client) -> None:
    """Every version is there as it was, with its own tag; others are unknown."""
    first, second = written(client, "old", colored("#333333"), colored("#222222"))
    for tag, color in ((first, "#333333"), (second, "#222222")):
        answer = client.get("/styles/old", params={"version": version(tag)})
        assert (answer.json(), answer.headers["etag"]) == (colored(color), tag)
        same = {"If-None-Match": tag}
        again = client.get("/styles/old", params={"version": version(tag)}, headers=same)
        assert again.status_code == 304
    unknown = client.get("/styles/old", params={"version": version(second) + 1})
    assert unknown.status_code == 404
    assert f"the one before is {version(second)}" in unknown.json()["detail"]
    client.delete("/styles/old", headers={"If-Match": second})
    assert client.get("/styles/old", params={"version": version(second)}).status_code == 200


def test_going_back_is_a_new_version(client: httpx.Client) -> None:
    """A rollback writes the old bytes anew, guarded, and says so in the history."""
    body = b'{ "title" : {"color": "#333333"} }'
    created = client.put("/styles/back", content=body, headers=CREATE).headers["etag"]
    newest = client.put(
        "/styles/back", json=colored("#222222"), headers={"If-Match": created}
    ).headers["etag"]
    asked = {"version": version(created), "why": "it was better"}
    assert client.post("/styles/back/rollback", json=asked).status_code == 428
    stale = {"If-Match": created}
    assert client.post("/styles/back/rollback", json=asked, headers=stale).status_code == 412
    answer = client.post("/styles/back/rollback", json=asked, headers={"If-Match": newest})
    assert answer.status_code == 204
    read = client.get("/styles/back")
    assert (read.content, read.headers["etag"]) == (body, answer.headers["etag"])
    change = changes(client, "back")[0]
    assert (change["kind"], change["why"]) == ("rolled-back", "it was better")
    assert change["differences"] == ["title.color #222222 → #333333"]
    drawn = client.post("/plot", json={"y": [1, 2], "style": "back"})
    assert drawn.headers["plotkiln-style"] == f"back@{version(read.headers['etag'])}"


def test_a_removed_style_is_brought_back(client: httpx.Client) -> None:
    """With `If-None-Match: *` a rollback creates what was removed."""
    (tag,) = written(client, "phoenix", colored("#333333"))
    client.delete("/styles/phoenix", headers={"If-Match": tag})
    asked = {"version": version(tag)}
    answer = client.post("/styles/phoenix/rollback", json=asked, headers=CREATE)
    assert answer.status_code == 201
    assert client.get("/styles/phoenix").json() == colored("#333333")


@pytest.mark.parametrize(
    ("asked", "status"),
    [({"version": 10**12}, 422), ({"version": 0}, 400), ({}, 400), ({"version": 1, "x": 1}, 400)],
)
def test_there_must_be_what_to_go_back_to(
    client: httpx.Client, asked: dict[str, Any], status: int
) -> None:
    """A version that never was is 422, what is no version 400."""
    answer = client.post("/styles/nowhere/rollback", json=asked, headers=CREATE)
    assert answer.status_code == status


def test_a_reason_has_bounds(client: httpx.Client) -> None:
    """A reason that is too long is refused, and nothing is written."""
    params = {"why": "x" * 1001}
    answer = client.put("/styles/wordy", json={}, headers=CREATE, params=params)
    assert answer.status_code == 422
    assert client.get("/styles/wordy").status_code == 404


def test_a_draft_is_used_and_published(client: httpx.Client) -> None:
    """A draft draws by its name, leaves the style alone, and takes its place in one step."""
    (tag,) = written(client, "drafted", colored("#333333"))
    (draft,) = written(client, "drafted.draft", colored("#222222"))
    listed = {style["name"]: style for style in client.get("/styles").json()["styles"]}
    assert listed["drafted.draft"]["draft_of"] == "drafted"
    assert "draft_of" not in listed["drafted"]
    chart = client.post("/charts", json={"y": [1, 2], "title": "Drafted"}).json()["url"]
    tried = client.get(chart, params={"style": "drafted.draft"})

    asked = {"draft": version(draft), "why": "approved"}
    assert client.post("/styles/drafted/publish", json=asked).status_code == 428
    published = client.post("/styles/drafted/publish", json=asked, headers={"If-Match": tag})
    assert published.status_code == 204
    assert client.get("/styles/drafted").json() == colored("#222222")
    assert client.get("/styles/drafted.draft").status_code == 404
    drawn = client.get(chart, params={"style": "drafted"})
    assert (drawn.headers["etag"], drawn.content) == (tried.headers["etag"], tried.content)
    change = changes(client, "drafted")[0]
    assert (change["kind"], change["why"]) == ("published", "approved")
    assert changes(client, "drafted.draft")[0]["differences"] == ["removed"]


def test_a_draft_that_changed_is_not_published(client: httpx.Client) -> None:
    """Neither a draft nor a style that somebody changed meanwhile is moved or overwritten."""
    first, second = written(client, "late.draft", colored("#111111"), colored("#222222"))
    asked = {"draft": version(first)}
    assert client.post("/styles/late/publish", json=asked, headers=CREATE).status_code == 412
    asked = {"draft": version(second)}
    wrong = {"If-Match": '"1"'}
    assert client.post("/styles/late/publish", json=asked, headers=wrong).status_code == 412
    assert client.post("/styles/late/publish", json=asked, headers=CREATE).status_code == 201
    assert client.post("/styles/late/publish", json=asked, headers=CREATE).status_code == 404


def test_a_draft_that_others_extend_stays(client: httpx.Client) -> None:
    """A draft is not published away from under a style that extends it."""
    (draft,) = written(client, "base2.draft", colored("#333333"))
    written(client, "heir2", {"extends": "base2.draft"})
    asked = {"draft": version(draft)}
    assert client.post("/styles/base2/publish", json=asked, headers=CREATE).status_code == 409
