# SPDX-License-Identifier: Apache-2.0
"""Checks: generators of complaints, each with a sentence that says what holds where there is none."""


def adding_to(checks):
    """A decorator for a check, which goes to the end of a list."""
    def check(sentence):
        def add(function):
            checks.append((sentence, function))
            return function
        return add
    return check


def conclude(checks):
    """Prints what there is to complain of, and "N passed, N failed"; returns the exit status."""
    passed = failed = 0
    for sentence, function in checks:
        complaints = list(function())
        passed, failed = passed + (not complaints), failed + bool(complaints)
        if complaints:
            print(f"FAILED  {sentence}")
        for complaint in complaints:
            print("    " + complaint.strip().replace("\n", "\n    "))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
