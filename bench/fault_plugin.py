"""A pytest plugin: which faults found in use have a test that keeps their right value, and how it went.

python -m pytest -p bench.fault_plugin -m fault      (writes the file that FAULTS names)
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """The names travel with the report, also from a worker of xdist."""
    report = yield
    report.faults = [str(name) for mark in item.iter_markers("fault") for name in mark.args]
    return report


class Faults:
    def __init__(self) -> None:
        self.ended: dict[str, dict[str, str]] = defaultdict(dict)
        self.counts: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report) -> None:
        for name in getattr(report, "faults", []):
            before = self.ended[name].get(report.nodeid, "")
            if report.failed or report.skipped or (report.when == "call" and not before):
                self.ended[name][report.nodeid] = report.outcome
        if report.when == "call":
            # What a test counted by itself: record_property("fields", 57).
            for name, value in getattr(report, "user_properties", []):
                if isinstance(value, int):
                    self.counts[name] += value

    def pytest_sessionfinish(self) -> None:
        told = {"ended": self.ended, "counts": self.counts}
        if path := os.environ.get("FAULTS"):
            Path(path).write_text(json.dumps(told))


def pytest_configure(config) -> None:
    # Under xdist only the one who gathers writes.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Faults(), "rembug-faults")
