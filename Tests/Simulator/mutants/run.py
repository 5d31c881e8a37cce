#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts one fault after the other into a copy of the core, and tells which of them the simulator finds.

    run.py [SECONDS [FIRST [COUNT]]]

Each line of faults.tsv is a file of Sources/CognitoAuth, what stands there once, and what takes its place; "\\n" is the
end of a line. The last line of the output is the total, "N found, N not found, N not built".
"""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
COPY = ROOT / ".build/mutants"
PARTS = ["Package.swift", "Sources", "Include", "Tests/Simulator", "Tests/CognitoAuthTests"]


def main():
    seconds, first, count = ([int(text) for text in sys.argv[1:]] + [20, 1, 1000][len(sys.argv) - 1:])
    faults = [line.split("\t") for line in (HERE / "faults.tsv").read_text().splitlines()]
    COPY.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, COPY / part, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(ROOT / part, COPY / part)
    total = {"found": 0, "not found": 0, "not built": 0}
    for number, (name, old, new) in list(enumerate(faults, 1))[first - 1:first - 1 + count]:
        end, what = tried(COPY / "Sources/CognitoAuth" / name, old.replace("\\n", "\n"), new.replace("\\n", "\n"), seconds)
        total[end] += 1
        print(f"{number:3} {end:9}  {name}: {old.strip()}  ->  {new.strip() or '(nothing)'}  {what}", flush=True)
    print(", ".join(f"{count} {end}" for end, count in total.items()))


def tried(path, old, new, seconds):
    """How it ended, and the first violation."""
    text = path.read_text()
    if text.count(old) != 1:
        return "not built", "does not stand there once"
    path.write_text(text.replace(old, new))
    try:
        run = subprocess.run([COPY / "Tests/Simulator/run.sh", str(seconds), "1"], capture_output=True, text=True)
    finally:
        path.write_text(text)
    seeds = [line for line in run.stdout.splitlines() if line.startswith("seed ")]
    if seeds:
        return "found", f"[{seeds[0]}]"
    is_run = " passed, " in run.stdout
    # Who ends without a total, has ended in the middle of a scenario.
    return ("not found" if run.returncode == 0 else "found" if is_run else "not built"), ""


if __name__ == "__main__":
    main()
