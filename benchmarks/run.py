"""Time and memory of hmsbook's commands as whole processes, beside openpyxl and XlsxWriter.

python benchmarks/run.py [RUNS]     measure, and write benchmarks/results.md

Every program starts afresh each time, and all take turns in each round: a busy machine slows them alike.
Only the standard library is used here: what measures must not weigh on what is measured.
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
RUNS = 9
TODAY = "2026-11-16"
LAST = (2026, 10)
SIZES = ((12, 60), (24, 240))
MEGABYTES = (5, 10, 25, 50)
INTRODUCTION = """\
# Benchmarks

Written by `python benchmarks/run.py`. Each program runs as a process of its own, from start to end; all take
turns in each of {runs} rounds, and the median is shown. The first update of a new workbook writes most; a
month later, a value has been typed in for each indicator; with nothing to do, all is read, computed and
compared. openpyxl loads and saves the updated workbook. XlsxWriter writes the values and formulas of its
cells, without looks, charts or tables, from a list in JSON. A ratio of 5 × means that the other program takes
five times the processor time.

{day}, {machine}.

## Floor
"""
# Without Excel there is nothing to drive, which is told once xlwings is there.
LIGHT = """
from hmsbook.errors import ExcelError
from hmsbook.hosts import com
try:
    com.xlwings()
except ExcelError:
    pass
"""
STAGES = """
## Where an update a month later spends its time

Milliseconds of processor, medians of {runs} processes. The receipt is the check of the result before it is
saved.
"""
LARGE = """
## With people's own sheets

The update a month later of the workbook with 12 indicators and 60 months, with sheets of numbers added until
the file has that size. One run each, with openpyxl beside the smallest.
"""


@dataclass(frozen=True)
class Program:
    """A command line to measure, and what to put in place before each run."""

    name: str
    arguments: Sequence[str]
    prepare: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds by the clock, seconds of processor, megabytes at the peak."""

    wall: float
    cpu: float
    memory: float


def run(program: Program) -> Cost:
    """Run a program once and return what it took."""
    program.prepare()
    setting = environment()
    begun = time.perf_counter()
    process = subprocess.Popen(
        program.arguments, env=setting, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # check gives 1 when it finds something
        raise SystemExit(f"{program.name} gave {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def environment() -> dict[str, str]:
    """The environment of each process: the day fixed, and bytecode kept as an installed program has it."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"HMSBOOK_TODAY": TODAY}


def measure(programs: Sequence[Program], runs: int) -> dict[str, Cost]:
    """The median of each program's runs; all take turns, after one round that only warms the disk cache."""
    rounds = [{program.name: run(program) for program in programs} for _ in range(runs + 1)][1:]
    return {program.name: _median([found[program.name] for found in rounds]) for program in programs}


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        *(statistics.median(getattr(cost, key) for cost in costs) for key in ("wall", "cpu", "memory"))
    )


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def hmsbook(*arguments: str) -> list[str]:
    return python("-m", "hmsbook", *arguments)


def other(*arguments: str) -> list[str]:
    return python(str(HERE / "others.py"), *arguments)


def floor() -> list[Program]:
    """What a start and an import cost before any work is done."""
    imports = ("hmsbook", "hmsbook.actions.update", "xlsxwriter", "openpyxl", "pandas", "xlwings")
    return [
        Program("bare interpreter", python("-c", "pass")),
        *(Program(f"import {name}", python("-c", f"import {name}")) for name in imports),
        Program("import xlwings, as a button does", python("-c", LIGHT)),
        Program("hmsbook live about", hmsbook("live", "about")),
    ]


def work(folder: Path, indicators: int, months: int) -> list[Program]:
    """The programs for one size of workbook, on files made in a folder."""
    fresh, updated, later = books(folder, indicators, months)
    out, listed, exported = (str(folder / name) for name in ("out.xlsx", "cells.json", "export.json"))
    _do(other("cells", updated, listed))
    return [
        Program("hmsbook new", hmsbook("new", out, "--data", str(folder / "data.json"), "--force")),
        Program("hmsbook update, the first", hmsbook("update", out), lambda: shutil.copyfile(fresh, out)),
        Program("hmsbook update, a month later", hmsbook("update", out), lambda: shutil.copyfile(later, out)),
        Program("hmsbook update, nothing to do", hmsbook("update", updated)),
        Program("hmsbook check", hmsbook("check", updated)),
        Program("hmsbook export", hmsbook("export", updated, "--out", exported, "--force")),
        Program("openpyxl load + save", other("load-save", updated, out)),
        Program("XlsxWriter, same cells", other("write", listed, out)),
    ]


def books(folder: Path, indicators: int, months: int) -> tuple[str, str, str]:
    """A new workbook, the same updated, and then with a month more typed in."""
    data = folder / "data.json"
    fresh, updated, later = (str(folder / name) for name in ("fresh.xlsx", "updated.xlsx", "later.xlsx"))
    data.write_text(json.dumps(rows(indicators, months)), encoding="utf-8")
    for made in (fresh, updated):
        _do(hmsbook("new", made, "--data", str(data)))
    _do(hmsbook("update", updated))
    _do(prepared("month", updated, later))
    return fresh, updated, later


def prepared(*arguments: str) -> list[str]:
    return python(str(HERE / "prepare.py"), *arguments)


def stages(folder: Path, later: str, runs: int) -> dict[str, float]:
    """Milliseconds of processor by stage of an update, the median of each."""
    found: list[dict[str, float]] = []
    for _ in range(runs):
        out = shutil.copyfile(later, folder / "stages.xlsx")
        command = python(str(HERE / "stages.py"), str(out))
        ran = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True)
        found.append(json.loads(ran.stdout.splitlines()[-1]))
    return {stage: statistics.median(run[stage] for run in found) for stage in found[0]}


def large(folder: Path, later: str) -> Iterator[str]:
    """A table of what an update takes as the file grows."""
    yield "| Size of the file, MB | Program | Wall, s | CPU, s | Peak, MB |"
    yield "| --: | --- | --: | --: | --: |"
    made, out = str(folder / "large.xlsx"), str(folder / "out.xlsx")
    for megabytes in MEGABYTES:
        _do(prepared("large", later, made, str(megabytes)))
        size = Path(made).stat().st_size / 1e6
        programs = [Program("hmsbook update", hmsbook("update", out), lambda: shutil.copyfile(made, out))]
        if megabytes == MEGABYTES[0]:
            programs.append(Program("openpyxl load + save", other("load-save", made, out)))
        for program in programs:
            cost = run(program)
            yield f"| {size:.0f} | {program.name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.memory:.0f} |"


def _do(arguments: Sequence[str]) -> None:
    subprocess.run(
        arguments, env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def rows(indicators: int, months: int) -> dict[str, list[dict[str, object]]]:
    """A filled unit: that many indicators, each with a value every month, and a measure for each."""
    ids = [f"I{number:02d}" for number in range(1, indicators + 1)]
    listed = list(_months(months))
    form = {"method": "proind", "language": "nb", "unit": "Avdeling A", "first_month": listed[0]}
    return {
        "unit": [form],
        "indicators": [
            {
                "id": key,
                "name": f"Indikator {key}",
                "unit": "%",
                "better": "lower",
                "frequency": "month",
                "target": 5.0,
            }
            for key in ids
        ],
        "values": [{"month": month} | _values(ids, index) for index, month in enumerate(listed)],
        "measures": [
            {
                "id": f"T{number:02d}",
                "measure": f"Tiltak {number}",
                "status": "ongoing",
                "deadline": "2026-12-01",
            }
            for number in range(1, indicators + 1)
        ],
    }


def _values(ids: Sequence[str], index: int) -> dict[str, object]:
    return {key: round(6 + 2 * math.sin(index / 3 + place), 2) for place, key in enumerate(ids)}


def _months(count: int) -> Iterator[str]:
    last = LAST[0] * 12 + LAST[1] - 1
    for number in range(last - count + 1, last + 1):
        yield f"{number // 12}-{number % 12 + 1:02d}"


def report(costs: dict[str, Cost], against: Sequence[str] = ()) -> Iterator[str]:
    """A Markdown table of what programs took, with the ratios to the ones they are compared with."""
    ratios = [f"{name} takes (cpu)" for name in against]
    headers = ["Program", "Wall, ms", "CPU, ms", "Peak, MB", *ratios]
    yield "| " + " | ".join(headers) + " |"
    yield "| --- |" + " --: |" * (len(headers) - 1)
    for name, cost in costs.items():
        shares = [f"{costs[base].cpu / cost.cpu:.1f} ×" if name not in against else "" for base in against]
        figures = [f"{cost.wall * 1000:.0f}", f"{cost.cpu * 1000:.0f}", f"{cost.memory:.0f}"]
        yield "| " + " | ".join([name, *figures, *shares]) + " |"


def page(runs: int) -> Iterator[str]:
    """The whole page of results."""
    day = time.strftime("%Y-%m-%d")
    machine = f"{platform.system()}, {os.cpu_count()} processor cores, Python {platform.python_version()}"
    yield INTRODUCTION.format(runs=runs, day=day, machine=machine)
    yield from report(measure(floor(), runs))
    by_stage: dict[str, dict[str, float]] = {}
    for indicators, months in SIZES:
        yield from ("", f"## {indicators} indicators, {months} months", "")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            programs = work(folder, indicators, months)
            yield from report(measure(programs, runs), [program.name for program in programs[-2:]])
            by_stage[f"{indicators} x {months}"] = stages(folder, str(folder / "later.xlsx"), runs)
    yield STAGES.format(runs=runs)
    yield from _stage_table(by_stage)
    yield LARGE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from large(folder, books(folder, *SIZES[0])[2])


def _stage_table(found: dict[str, dict[str, float]]) -> Iterator[str]:
    yield f"| Stage | {' | '.join(found)} |"
    yield "| --- |" + " --: |" * len(found)
    for stage in next(iter(found.values())):
        yield f"| {stage} | {' | '.join(f'{spent[stage]:.0f}' for spent in found.values())} |"


def main() -> None:
    """Measure everything and write the page."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    lines = []
    for line in page(runs):
        print(line, flush=True)
        lines.append(line)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
