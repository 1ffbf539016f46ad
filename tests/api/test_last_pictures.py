"""What is shown of a chart that always takes a job, once its style has changed."""

from pathlib import Path

from patients import ended, patient, patient_kiln, submit


def test_the_picture_of_a_job_is_the_last_good_one(tmp_path: Path) -> None:
    """It was never drawn for who waited; it is shown as stale all the same, also by its tag."""
    with patient_kiln(tmp_path) as kiln, kiln.client() as client:
        client.put("/styles/own", json={}, headers={"If-None-Match": "*"})
        spec = patient(4.0, "By a job", style="own")
        chart = client.post("/charts", json=spec).json()["url"]
        drawn = ended(client, submit(client, spec)["id"])
        style = {"figure": {"facecolor": "#FFF4E6"}}
        client.put("/styles/own", json=style, headers={"If-Match": '"1"'})
        stale = client.get(chart)
        assert (stale.status_code, stale.headers["plotkiln-style-state"]) == (200, "stale")
        assert stale.headers["etag"] == f'"{drawn["digest"]}"'
        assert "former picture" in stale.headers["plotkiln-warnings"]
        held = client.get(chart, headers={"If-None-Match": stale.headers["etag"]})
        assert (held.status_code, held.headers["plotkiln-style-state"]) == (304, "stale")
