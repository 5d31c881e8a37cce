#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Renders the fault matrix, Tests/Support/fault_matrix.jsonl, as Tests/FAULTS.md.

    fault_matrix.py [--check]

Fails where a step and a fault have no cell, or two. With --check nothing is written, and it fails where the page is not
what follows from the table.
"""

import itertools
import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
TABLE = TESTS / "Support/fault_matrix.jsonl"
PAGE = TESTS / "FAULTS.md"
COMMAND = "Tests/Documents/fault_matrix.py"

FAULTS = {
    "absent": "it is not there when the step begins",
    "refused": "it answers with an error",
    "stalls": "it does not answer within the call's limit",
    "dies midway": "it is asked, and ends without an answer; Cognito does what it was asked before that",
    "garbage": "it answers with what nobody would expect",
    "late": "it answers 0.3 s later, within the limit",
    "locked in between": "the user locks the keyring just before the step",
    "killed": "the program is killed (`kill -9`) just before the step, or, at a request, before the answer",
    "disk full": "what the step writes finds no room",
    "bus gone": "the session bus ends just before the step",
    "owner changes": "the keyring was started again just before; or the files of the lock are others",
    "no threads": "from this step on, the program can have no further thread",
    "no descriptors": "... no further descriptor",
    "no memory": "... no further memory",
}

HEAD = """# What becomes of a call when something goes wrong

This page follows from [`Support/fault_matrix.jsonl`](Support/fault_matrix.jsonl); run `make generated` after a change to
that. Each cell is a test of the same name in [`ABI/test_fault_matrix.c`](ABI/test_fault_matrix.c), as in
"sign out: search: stalls": the library in a program of its own, a real gnome-keyring on a real bus, which are stopped,
killed, locked and restarted, and a scripted Cognito. `make matrix` runs all of them, `make check` those of the steps in
bold.

The keyring's steps are its calls on the bus, in the order in which they are made. "{everywhere}" has an access token that
has expired, so that it refreshes first, and keeps what it could not finish (`keep_unfinished`); "sign out" does not, and
is finished by a retry. A record is what the keyring keeps of an unfinished sign-out, in an item of its own.

Of what there is: the session and the record in the keyring, and a refresh token that Cognito takes, which is in one of the
two, or outside of the keyring: the program has it, in its session or in the token for a retry, or nobody, as where an
answer of Cognito was lost.

Whatever the cell, this holds, and is tested in each:

- Complete means that the session is in no keyring, and that Cognito takes no refresh token of it.
- Failed, and still signed in, means that the session is in the keyring, and that Cognito takes its token, unless the
  result says that one of the two remote steps was done, or may have been.
- Partial means that the session is gone here.
- Once the fault is over, the next call finishes it: the same again, a retry with the result's token, or a resume.
- After that the program has no descriptor, thread, child, lock or file that it does not have without the fault.

| fault | what happens |
| --- | --- |
{faults}

In the overviews **C** is complete, **P** partial, **F** failed and still signed in, **?** failed, where the user may be
signed in; **S** a session, **s** a session with a failure, as it could not be stored, **N** no session and a failure;
**†** the program is killed; **E** GLib, libgcrypt or libc end it, and what is left is what a kill leaves; **~** any of
these: no library can promise what happens to a program without memory, but what holds after a kill holds; **·** cannot be,
for a reason below. Two letters: either, as the message before may or may not have arrived.
"""


def listed(value):
    return value if isinstance(value, list) else [value]


def letter(told, status):
    if told == "anything":
        return "~"
    if told in ("killed", "ended"):
        return "†" if told == "killed" else "E"
    if told.startswith("failed"):
        return "?" if "may be signed in" in told else "F"
    if told == "a session":
        return "s" if status else "S"
    return {"c": "C", "p": "P", "n": "N"}[told[0]]


class Matrix:
    """The calls with their steps, and the lines of the table that are about them."""

    def __init__(self, text):
        self.steps, self.lines, self.checked = {}, {}, set()
        for line in map(json.loads, text.splitlines()):
            if "step" in line:
                self.steps.setdefault(line["call"], []).append(line["step"])
                if line.get("checked"):
                    self.checked.add((line["call"], line["step"]))
            else:
                self.lines.setdefault(line["call"], []).append(line)
        self.cells = {}
        for line in itertools.chain(*self.lines.values()):
            for cell in itertools.product([line["call"]], line["steps"], line["faults"]):
                if cell in self.cells:
                    sys.exit(f"{TABLE.name} has two cells for {': '.join(cell)}")
                self.cells[cell] = line
        wanted = {(call, step, fault) for call, steps in self.steps.items() for step in steps for fault in FAULTS}
        for cell in sorted(wanted ^ set(self.cells)):
            print(f"{TABLE.name} has {'no' if cell in wanted else 'an unknown'} cell {': '.join(cell)}")
        if wanted != set(self.cells):
            sys.exit(1)

    def overview(self, call):
        yield "| step | " + " | ".join(FAULTS) + " |"
        yield "| --- |" + " :---: |" * len(FAULTS)
        for step in self.steps[call]:
            letters = []
            for fault in FAULTS:
                line = self.cells[call, step, fault]
                told = listed(line.get("told", ""))
                found = [letter(each, listed(line.get("status", ""))[0]) for each in told] if told[0] else ["·"]
                letters.append("".join(dict.fromkeys(found)))
            name = f"**{step}**" if (call, step) in self.checked else step
            yield f"| {name} | " + " | ".join(letters) + " |"

    def details(self, call):
        yield "| steps | faults | the call says | then there is | the next call says | and then there is |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for line in self.lines[call]:
            if "cannot" in line:
                continue
            told = [" ".join(filter(None, [each, f"`{status}`" if status else ""]))
                    for each, status in zip(listed(line["told"]), listed(line.get("status", "")) + [""] * 2)]
            columns = [", ".join(line["steps"]), ", ".join(line["faults"]), " or ".join(told)]
            for name in ("left", "then", "last"):
                columns.append(" or ".join(each or "nothing" for each in listed(line.get(name, ""))))
            yield "| " + " | ".join(columns) + " |"

    def reasons(self, call):
        yield "What cannot be:"
        yield ""
        for line in self.lines[call]:
            if "cannot" in line:
                yield f"- {', '.join(line['steps'])}: {', '.join(line['faults'])}: {line['cannot']}."

    def page(self):
        yield HEAD.format(faults="\n".join(f"| {name} | {text} |" for name, text in FAULTS.items()),
                          everywhere="sign out everywhere")
        for call in self.steps:
            yield f"## {call.capitalize()}\n"
            yield from self.overview(call)
            yield ""
            yield from self.details(call)
            yield ""
            yield from self.reasons(call)
            yield ""


def main(mode=None):
    page = "\n".join(Matrix(TABLE.read_text()).page()).rstrip() + "\n"
    if PAGE.exists() and PAGE.read_text() == page:
        return 0
    if mode == "--check":
        print(f"{PAGE.relative_to(TESTS.parent)} is not what follows from {TABLE.name}: run {COMMAND}")
        return 1
    PAGE.write_text(page)
    print(PAGE.relative_to(TESTS.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
