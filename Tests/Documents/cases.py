#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tests to the table of Tests/CASES.md: each row has a test of the core and one in C.

A test says its rows first in its name, or in parentheses: "Row 5b: ...", "rows 22, 25: ...", "Rows S4 to S6: ...",
"... (row 1)". A row that a suite cannot hold says why in the table: "no core test: ..." or "no C test: ...".

Prints what is missing; the exit status is 1 if anything is.
"""

import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
STRING = r'"((?:[^"\\\n]|\\.)*)"'
SUITES = {
    "core": ("CognitoAuthTests/**/*.swift", re.compile(r"^ *@(?:Test|Suite)\(\s*" + STRING, re.M)),
    "C": ("ABI/test_*.c*", re.compile(r"^TEST\(" + STRING, re.M)),
}
ROW = r"[SLW]?\d+[a-z]?"
ROWS_OF_TEST = re.compile(rf"(?:^|\()rows? ({ROW}(?:(?:, | and | to ){ROW})*)\b", re.I)


def table():
    """The text of each row, by its number."""
    return dict(re.findall(rf"^\| ({ROW}) \| (.*) \|$", (TESTS / "CASES.md").read_text(), re.M))


def named(name, rows):
    """The rows that a test's name says it holds; what lies between two of them is in the table's order."""
    found = []
    for match in ROWS_OF_TEST.finditer(name):
        words = re.findall(rf"{ROW}|to", match[1])
        for previous, word in zip([""] + words, words):
            if previous == "to" and found[-1] in rows and word in rows:
                found += rows[rows.index(found[-1]) + 1:rows.index(word)]
            if word != "to":
                found.append(word)
    return found


def complaints():
    rows = table()
    if not rows:
        yield "CASES.md has no table"
    for suite, (pattern, test) in SUITES.items():
        held = set()
        for path in sorted(TESTS.glob(pattern)):
            for name in test.findall(path.read_text()):
                found = named(name, list(rows))
                held.update(found)
                for row in found:
                    if row not in rows:
                        yield f"{path.relative_to(TESTS)}: there is no row {row}: {name}"
        for row, text in rows.items():
            is_excused = re.search(rf"\bno {suite} test: \w", text) is not None
            if row not in held and not is_excused:
                yield f"row {row} has no {suite} test"
            if row in held and is_excused:
                yield f"row {row} has a {suite} test, and says that it has none"


if __name__ == "__main__":
    found = list(complaints())
    print("\n".join(found) or "every row has its tests")
    sys.exit(bool(found))
