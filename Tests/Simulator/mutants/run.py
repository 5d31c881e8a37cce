#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts one fault after the other into a copy of the core, and tells whether the simulator or the core's tests find it.

    run.py simulator [--seconds SECONDS] [NUMBER ...]   the simulator, for so long (20) each
    run.py tests [--seconds SECONDS] [NUMBER ...]       the core's tests, until the first fails, but no longer (600)
    run.py table                                        what was found so far, by whom

Each line of faults.tsv is a file of Sources/CognitoAuth, what stands there once, and what takes its place; "\\n" is the
end of a line. A NUMBER is that of a line, or FIRST-LAST; without one it is all of them. What came of a fault is kept in
.build/mutants/results.tsv until it is run again, or changed. The last line of the output is the total.
"""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BUILT = ROOT / ".build/mutants"
RESULTS = BUILT / "results.tsv"
PARTS = ["Package.swift", "Sources", "Include", "Tests/Simulator", "Tests/CognitoAuthTests", "Tests/Support"]
# How a line begins that tells why a program ended.
CRASHES = ("Fatal error", "*** ")
# The copy has no Python of its own.
ENVIRONMENT = {"COGNITOAUTH_BOTOCORE_PYTHON": str(ROOT / ".build/python/moto/bin/python"), **os.environ}
# The suites that take longest, of which hardly one finds what the others do not.
SLOW = "AmplifyDamageTests|PartialFailureTokenTests"
FINDERS = ["simulator", "tests"]
ENDS = ["found", "not found", "not built"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("finder", choices=[*FINDERS, "table"])
    options.add_argument("numbers", nargs="*")
    options.add_argument("--seconds", type=int)
    given = options.parse_intermixed_args()
    faults = dict(enumerate(((HERE / "faults.tsv").read_text().splitlines()), 1))
    if given.finder == "table":
        return print_table(faults)
    copy = copied(given.finder)
    find = {"simulator": simulated, "tests": tested}[given.finder]
    seconds = given.seconds or {"simulator": 20, "tests": 600}[given.finder]
    end, what = find(copy, seconds)
    if end != "not found":
        sys.exit(f"Without a fault: {end} {what}")
    ended = []
    for number in chosen(given.numbers, faults):
        end, what = tried(faults[number], copy, find, seconds)
        keep(given.finder, faults[number], end, what)
        ended.append(end)
        print(f"{number:3} {end:9}  {shown(faults[number])}  {what}", flush=True)
    print(total(ended))


def chosen(numbers, faults):
    """The numbers of the faults to be tried."""
    spans = [[int(end) for end in number.split("-")] for number in numbers] or [[1, len(faults)]]
    return [number for span in spans for number in range(span[0], span[-1] + 1)]


def copied(finder):
    """The folder of the copy, which each finder has for itself. What is the same keeps its time: it is not built again."""
    copy = BUILT / finder
    copy.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            for path in (copy / part).rglob("*"):
                if path.is_file() and not (ROOT / path.relative_to(copy)).exists():
                    path.unlink()
            shutil.copytree(ROOT / part, copy / part, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(ROOT / part, copy / part)
    return copy


def tried(fault, copy, find, seconds):
    """How it ended, and what found it."""
    name, old, new = (part.replace("\\n", "\n") for part in fault.split("\t"))
    path = copy / "Sources/CognitoAuth" / name
    text = path.read_text()
    if text.count(old) != 1:
        return "not built", "does not stand there once"
    path.write_text(text.replace(old, new))
    try:
        return find(copy, seconds)
    finally:
        path.write_text(text)


def simulated(copy, seconds):
    """The first violation."""
    run = subprocess.run([copy / "Tests/Simulator/run.sh", str(seconds), "1"], capture_output=True, text=True)
    seeds = [line for line in run.stdout.splitlines() if line.startswith("seed ")]
    if seeds:
        return "found", f"[{seeds[0]}]"
    is_run = " passed, " in run.stdout
    # Who ends without a total, has ended in the middle of a scenario.
    return ("not found" if run.returncode == 0 else "found" if is_run else "not built"), ""


def tested(copy, seconds):
    """The first test that failed. A core that ends the tests, or holds them up, is found too."""
    build = subprocess.run(["swift", "build", "--build-tests", "--quiet"], cwd=copy, capture_output=True, text=True)
    if build.returncode != 0:
        errors = [line for line in (build.stdout + build.stderr).splitlines() if " error: " in line]
        return "not built", "".join(errors[:1])
    for which in ["--skip", SLOW], ["--filter", SLOW]:
        failed = first_failure(copy, which, seconds)
        if failed:
            return "found", f"[{failed}]"
    return "not found", ""


def first_failure(copy, which, seconds):
    """The first of these tests that failed, or how they ended; None where all passed."""
    command = ["swift", "test", "--skip-build", "--disable-xctest", *which]
    # The tests are a process of their own, which has to end with the one that started it.
    with subprocess.Popen(command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", start_new_session=True, env=ENVIRONMENT) as run:
        is_late = threading.Event()
        limit = threading.Timer(seconds, lambda: (is_late.set(), os.killpg(run.pid, signal.SIGKILL)))
        limit.start()
        try:
            last = ""
            for line in run.stdout:
                # What comes after that is where it was.
                if not last.startswith(CRASHES):
                    last = line.strip() or last
                if " recorded an issue " in line and '"' in line:
                    os.killpg(run.pid, signal.SIGKILL)
                    return line.split('"')[1]
        finally:
            limit.cancel()
    if is_late.is_set():
        return "held up"
    return None if run.returncode == 0 else last


def results():
    """What came of each fault: a finder and the fault, and how it ended."""
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    kept = {}
    for line in lines:
        finder, end, what, fault = line.split("\t", 3)
        kept[finder, fault] = (end, what)
    return kept


def keep(finder, fault, end, what):
    """The last line of a fault is the one that counts."""
    with RESULTS.open("a") as file:
        file.write("\t".join([finder, end, what.replace("\t", " "), fault]) + "\n")


def print_table(faults):
    kept = results()
    for number, fault in faults.items():
        ends = [kept.get((finder, fault), ("not run", ""))[0] for finder in FINDERS]
        print(f"{number:3}  {ends[0]:9}  {ends[1]:9}  {shown(fault)}")
    for finder in FINDERS:
        print(f"{finder}: {total([kept[finder, fault][0] for fault in faults.values() if (finder, fault) in kept])}")


def shown(fault):
    name, old, new = fault.split("\t")
    return f"{name}: {old.strip()}  ->  {new.strip() or '(nothing)'}"


def total(ended):
    return ", ".join(f"{ended.count(end)} {end}" for end in ENDS)


if __name__ == "__main__":
    main()
