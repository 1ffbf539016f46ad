"""Draws the sales of examples/sales.csv by the Python client: at once, as a job, and as a chart.

The server is the one at PLOTKILN_URL, else at http://127.0.0.1:8080.
"""

import csv
from pathlib import Path

import plotkiln
from plotkiln.client import Job

SALES = Path(__file__).parent / "sales.csv"


def sales() -> list[dict[str, str | float]]:
    """Read the table as records, with numbers where there are numbers."""
    with SALES.open(newline="") as file:
        head, *rows = csv.reader(file)
    return [dict(zip(head, [row[0], *map(float, row[1:])], strict=True)) for row in rows]


def tell(job: Job) -> None:
    """Print how far a job is."""
    print(f"{job.state} {job.fraction:.0%}")


def main() -> None:
    """Draw the same sales in three ways."""
    with plotkiln.Client() as client:
        picture = client.render(sales(), kind="bar", stack=True, title="Sales")
        print(picture.save("sales.png"))

        job = client.jobs.submit(sales(), kind="area", stack=True, format="svg")
        print(client.jobs.result(job, progress=tell).save("sales.svg"))

        stored = client.charts.store(sales(), kind="bar", title="Sales, in the style of the day")
        print(stored.url)


if __name__ == "__main__":
    main()
