from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kilns import Kiln

SLOW = {"kind": "scatter", "y": [number * 7919 % 1000 for number in range(200_000)]}


def test_a_full_queue_is_told_and_counted(tmp_path: Path) -> None:
    """Renders past the queue are 429 with Retry-After, and counted by their reason."""
    with Kiln(tmp_path, PLOTKILN_WORKERS="1", PLOTKILN_QUEUE="1") as kiln, kiln.client() as client:
        with ThreadPoolExecutor(4) as threads:
            specs = [{**SLOW, "title": f"{number}"} for number in range(4)]
            answers = list(threads.map(lambda spec: client.post("/plot", json=spec), specs))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        counted = f'plotkiln_renders_refused_total{{reason="QueueFull"}} {len(refused)}.0'
        assert counted in client.get("/metrics").text
