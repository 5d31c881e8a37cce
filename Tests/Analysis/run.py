#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what is written here to what can be told without running it: scripts to shellcheck, C to cppcheck, words to
codespell, and the library to having no trap.

Prints what there is to mend, and ends with "N passed, N failed"; the exit status is 1 if anything is.
"""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Documents"))
import checks  # noqa: E402
import traps  # noqa: E402

CHECKS = []
check = checks.adding_to(CHECKS)

# It takes types of functions for what it does not know, and functions that are called `run` for allocation.
FALSE = ["missingIncludeSystem", "legacyUninitvar", "leakReturnValNotUsed"]


def files(*patterns):
    """The paths of what is written here and fits."""
    found = sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    return [path for path in found if not {".build", ".git"} & set(path.relative_to(ROOT).parts)]


def complaints(*command):
    """What a tool says."""
    result = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = (result.stdout + result.stderr).splitlines()
    if result.returncode != 0 and not lines:
        yield f"{command[0]} ends with {result.returncode}"
    yield from (line.replace(f"{ROOT}/", "") for line in lines)


def is_program(path):
    return path.read_bytes().startswith(b"#!") and b"sh" in path.read_bytes().split(b"\n", 1)[0]


@check("shellcheck finds nothing in a script")
def scripts():
    paths = files("**/*.sh", ".ci/*", "Sources/Packaging/debian/rules")
    programs = [path for path in paths if is_program(path) and path.name != "rules"]
    parts = [path for path in paths if path.suffix == ".sh" and path not in programs]
    yield from complaints("shellcheck", "-x", "-P", "SCRIPTDIR", "-S", "warning", "-f", "gcc", *programs)
    # What they use and set is another's, which reads them.
    yield from complaints("shellcheck", "-s", "bash", "-S", "warning", "-e", "SC2034,SC2154", "-f", "gcc", *parts)


@check("cppcheck finds nothing in the C of modules, tests and examples")
def c_sources():
    options = ["--quiet", "--std=c11", "--enable=warning,portability", "--inline-suppr", "--error-exitcode=1",
               "--template=gcc", "-IInclude", *(f"--suppress={one}" for one in FALSE)]
    yield from complaints("cppcheck", *options, *files("Tests/*/*.c", "Tests/ABI/growth/*.c", "Tests/Simulator/*/*.c", "Examples/*.c"))
    for header in files("Sources/C*/*.h"):
        yield from complaints("cppcheck", *options, "--language=c", "--include=Tests/Analysis/jansson_loops.h", header)


@check("codespell finds no misspelt word")
def words():
    yield from complaints(
        "codespell", "--ignore-words", ROOT / "Tests/Analysis/words.txt",
        *files("*.md", "Include/**/*", "Sources/**/*", "Tests/**/*.[ch]*", "Tests/**/*.swift", "Tests/**/*.sh",
               "Tests/**/*.py", "Tests/*.md", "Examples/*.[ch]*", "Examples/*.sh", "Makefile", "Package.swift"))


@check("nothing in the library traps, and each subscript that could has a reason why it does not")
def no_traps():
    yield from traps.complaints(ROOT)


if __name__ == "__main__":
    sys.exit(checks.conclude(CHECKS))
