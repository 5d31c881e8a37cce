#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the ERRORS sections of the manual to what the library did, as recorder.c wrote it into a file.

    recorded.py FILE               checks that every status in it is on the function's page
    recorded.py --unseen FILE      lists the statuses that the pages name and that are not in it

The first ends with "N passed, N failed".
"""

import collections
import pathlib
import re
import sys

from book import HEADER, ROOT, pages_of
from checks import conclude


def recorded(file):
    """Function, field ("return" for the function's own status) and name of each status in what recorder.c wrote."""
    names_by_value = {value: name for name, value in HEADER.statuses.items()}
    lines = sorted(set(pathlib.Path(file).read_text().split("\n")) - {""})
    for line in lines:
        function, field, value = line.split()
        yield HEADER.functions[function], field, names_by_value.get(int(value), f"the unknown status {value}")


def checks(file):
    """One for each function that has statuses."""
    seen = collections.defaultdict(list)
    for function, field, status in recorded(file):
        if status != "AUTH_STATUS_SUCCESS":
            seen[function.name].append((field, status))
    source = (ROOT / "Tests/Documents/recorded_functions.h").read_text()
    for name, function in HEADER.functions.items():
        if not function.has_statuses:
            continue
        page, = pages_of(name)

        def complaints(name=name, function=function, page=page):
            if not re.search(rf"\bX\({name}[,)]", source):
                yield f"recorder.c does not know {name}"
            for field, status in seen[name]:
                if not any(entry.name == status and entry.covers(function, field) for entry in page.entries):
                    place = "" if field == "return" else f" in {field}"
                    yield f"{page.name} does not say that {name} may have {status}{place}"
        yield f"{page.name}(3) names every status that {name} had", complaints


def list_unseen(file):
    seen = {(function.name, status) for function, _, status in recorded(file)}
    for name, function in HEADER.functions.items():
        if function.has_statuses:
            for page in pages_of(name):
                unseen = {entry.name for entry in page.entries if entry.covers(function)
                          and (name, entry.name) not in seen}
                print(f"{name}: {' '.join(sorted(unseen, key=HEADER.statuses.get)) or 'none'}")


def main(*arguments):
    match arguments:
        case ["--unseen", file]:
            return list_unseen(file)
        case [file]:
            return conclude(checks(file))
    return __doc__


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
