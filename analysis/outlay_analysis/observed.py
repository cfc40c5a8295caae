"""What happened: the points of scenarios/observed/NAME.csv, one a line, with the columns date, quantity, value, role, source.

`date` is a day, or two days with a slash where only the time between them is known; empty where it does not matter.
`role` is how the scenario stands to the point: only what is `predicted` tests it (scenarios/observed/README.md).
"""
import csv
import datetime
import os
from typing import List, NamedTuple, Optional, Tuple

COLUMNS = ("date", "quantity", "value", "role", "source")
MONEY = ("applied_for", "committed")  # money taken from the budget by the end of the day
EXHAUSTED = "exhausted"
PREDICTED = "predicted"
ROLES = (PREDICTED, "set", "identity", "assumed")


class BadPoints(Exception):
    """The file of observed points cannot be read; the text says where and why."""


class Point(NamedTuple):
    """An observed point."""

    first: Optional[datetime.date]  # the day, or the first on which it may have been
    last: Optional[datetime.date]
    quantity: str
    value: Optional[float]
    role: str
    source: str

    @property
    def is_predicted(self) -> bool:
        """Whether no parameter was set from it."""
        return self.role == PREDICTED


def dates(text: str) -> Tuple[Optional[datetime.date], Optional[datetime.date]]:
    """'2022-03-01/2022-03-31' -> both days."""
    days = [datetime.date.fromisoformat(day) for day in text.split("/")] if text else [None]
    return days[0], days[-1]


def read(path: str) -> List[Point]:
    """The points of a file; BadPoints where it is none."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        if tuple(lines.fieldnames or ()) != COLUMNS:
            raise BadPoints(f"{path}: the columns are not {', '.join(COLUMNS)}")
        points = []
        for line in lines:
            try:
                if line["role"] not in ROLES:
                    raise ValueError(f"no role '{line['role']}' among {', '.join(ROLES)}")
                points.append(Point(*dates(line["date"]), line["quantity"],
                                    float(line["value"]) if line["value"] else None, line["role"], line["source"]))
            except (ValueError, TypeError, AttributeError) as error:
                raise BadPoints(f"{path}:{lines.line_num}: {error}") from error
        return points


def of(path: Optional[str], stem: str) -> List[Point]:
    """The points for a result: of that file; or of STEM.csv in that folder, none where there is no such file."""
    if path is None:
        return []
    if os.path.isdir(path):
        path = os.path.join(path, stem + ".csv")
        if not os.path.exists(path):
            return []
    return read(path)
