#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches all that can happen to stored sessions, in a model of saving, refreshing, signing out and retrying.

The search visits every state that some processes can reach, whichever of them makes the next request, while the user
locks and unlocks the keyring, processes die, calls are cancelled and reach their limits, requests and answers are lost
or carried out late, foreign programs store in the place of a session, and a sign-out goes on without the lock. So many
of these faults happen as the first number says, at any instants, and so many calls are made, whichever they are and by
whichever process. From each state that keyring and Cognito can be in, all processes die at once and somebody signs out
again.

`session_world.py` has keyring and Cognito; `session_keyring.py`, `session_refresh.py` and `session_sign_out.py` the
calls as the sources make them; `session_rules.py` what must hold. The rules must also find fault with calls that are
broken. `--deep` searches further, for many minutes.
The last line is the total, "N passed, N failed"; the exit status is 1 if anything failed.
"""
import argparse
from typing import NamedTuple

import session_rules as rules
from search import Search, finish, passes
from session_algorithm import Algorithm
from session_moves import Model
from session_processes import Process
from session_world import START, Surroundings, World, stored


class Bounds(NamedTuple):
    """How much is searched."""
    processes: int
    calls: int
    faults: int

    def __str__(self):
        return f"{self.processes} processes, {self.calls} calls, {self.faults} faults"


STARTS = {
    "one session": stored(START, 1, 1),
    "a session of 0.1": stored(START, 1, 1, has_identity=False),
    "two sessions": stored(stored(START, 1, 1).signed_in()[0], 2, 2),
    "nobody": World(),
}


def search(model, bounds, start="one session", until=None):
    world = STARTS[start]._replace(faults=bounds.faults, calls=bounds.calls)
    return Search((world, (Process(),) * bounds.processes), model.moves, until=until)


def main():
    parser = argparse.ArgumentParser(description="Searches all that can happen to stored sessions.")
    parser.add_argument("--deep", action="store_true", help="search further, for many minutes")
    is_deep = parser.parse_args().deep
    exceptions, results = {}, []

    def holds(name, bounds, start="one session", **surroundings):
        model = Model(Algorithm(), Surroundings(**surroundings))
        results.append(passes(f"{name}: {bounds}", lambda: search(model, bounds, start), separator=SEPARATOR))
        for what, count in model.exceptions.items():
            exceptions[what] = exceptions.get(what, 0) + count

    pair = Bounds(2, 2, 1)
    holds("alone", Bounds(1, 2, 1))
    holds("alone", Bounds(1, 1, 2))
    holds("rotation without grace", pair)
    holds("rotation with grace", pair, has_grace=True)
    holds("no rotation", pair, rotates=False)
    holds("a keyring that hides what is locked", pair, hides_locked=True)
    holds("paths that are used once", pair, uses_path_again=False)
    for start in ("a session of 0.1", "two sessions", "nobody"):
        holds(start, pair, start)
    holds("no lock file", Bounds(2, 2, 0), has_lock_file=False)
    holds("three at once", Bounds(3, 3, 0))
    if is_deep:
        holds("no lock file", pair, has_lock_file=False)
        holds("alone", Bounds(1, 2, 2))
        holds("three calls", Bounds(2, 3, 1))
        holds("two faults", Bounds(2, 2, 2))
        holds("three at once", Bounds(3, 3, 1))

    for what, bounds, rule in BROKEN:
        model = Model(Algorithm(**{what: False}), Surroundings(hides_locked=what == "look_confirms_nothing"))
        results.append(passes(
            f"found out: {what} = False", lambda: search(model, bounds, until=rule), rule, separator=SEPARATOR))

    print("exceptions, which nobody can help, and how many steps met them:")
    for what, count in sorted(exceptions.items()):
        print(f"  {count:7} {what}")
    finish(results)


SEPARATOR = "\n    "

# The steps that are broken, and the rule that finds each out.
BROKEN = (
    ("save_creates", Bounds(2, 2, 1), rules.OTHERS_STAY),
    ("save_deletes_older", Bounds(1, 1, 0), rules.ONE_IS_STORED),
    ("save_creates_first", Bounds(1, 1, 1), rules.SAVE_KEEPS),
    ("save_reads_again", Bounds(2, 2, 1), rules.OTHERS_STAY),
    ("newest_by_saved_at", Bounds(1, 2, 1), rules.NEWEST),
    ("refresh_sets_secret", Bounds(2, 2, 1), rules.COMES_BACK),
    ("refresh_reads_again", Bounds(2, 2, 1), rules.OTHERS_STAY),
    ("refresh_looks_after", Bounds(2, 2, 1), rules.HELD),
    ("refresh_compares_identity", Bounds(1, 1, 1), rules.STORED_AS_ITSELF),
    ("refresh_revokes", Bounds(2, 2, 1), rules.HELD),
    ("refresh_revokes_if_cancelled", Bounds(2, 2, 2), rules.HELD),
    ("deletes_by_path", Bounds(2, 2, 1), rules.OTHERS_STAY),
    ("sign_out_reads_again", Bounds(2, 2, 1), rules.OTHERS_STAY),
    ("compares_identity", Bounds(2, 2, 1), rules.OTHERS_STAY),
    ("revokes_newer", Bounds(2, 2, 1), rules.HELD),
    ("revokes_first", Bounds(1, 1, 1), rules.HELD),
    ("global_first", Bounds(1, 1, 0), rules.AGAIN),
    ("looks_after", Bounds(1, 1, 1), rules.SIGNED_OUT),
    ("believes_no_failed_look", Bounds(1, 1, 2), rules.SIGNED_OUT),
    ("unanswered_is_unknown", Bounds(1, 1, 1), rules.STILL_HERE),
    ("retry_compares_identity", Bounds(1, 3, 1), rules.OTHERS_STAY),
    ("retry_looks_for_another", Bounds(1, 3, 1), rules.OTHERS_LIVE),
    ("retry_keeps_what_is_open", Bounds(1, 2, 2), rules.HELD),
    ("look_confirms_nothing", Bounds(2, 2, 1), rules.SIGNED_OUT),
    ("look_confirms_secrets", Bounds(1, 1, 1), rules.WHOLE_IS_NOT_DAMAGED),
)


if __name__ == "__main__":
    main()
