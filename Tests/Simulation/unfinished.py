#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches all that can happen to sign-outs that the keyring keeps, in a model of keeping and resuming.

The search visits every state that some processes can reach, whichever of them makes the next request: they sign out,
resume, retry by hand, fetch, save and sign in, while processes die, the user locks and unlocks the keyring, the network
comes and goes, calls are cancelled, answers are lost, a sign-out goes on without the lock, and a day passes. So many of
these faults happen as the first number says, at any instants. From each state that keyring and Cognito can be in, all
processes die at once, and somebody resumes.

`unfinished_world.py` has keyring, locks and Cognito; `unfinished_items.py`, `unfinished_record.py`,
`unfinished_remote.py`, `unfinished_sign_out.py`, `unfinished_resume.py` and `unfinished_sessions.py` the calls as the
sources make them; `unfinished_rules.py` what must hold. `sessions.py` searches what a look, a deletion and the storing
of a session are made of; here they are coarser. The rules must also find fault with calls that are broken. `--deep`
searches further, for many minutes.
The last line is the total, "N passed, N failed"; the exit status is 1 if anything failed.
"""
import argparse
from typing import NamedTuple, Tuple

import unfinished_rules as rules
from search import Search, finish, passes
from unfinished_algorithm import Algorithm
from unfinished_moves import ALL, CANCELLATION, DAY, DEATH, LOCKING, LOST, NETWORK, PATIENCE, Model
from unfinished_processes import CALLS, Process
from unfinished_starts import (
    GLOBALLY, GLOBALLY_NEWER_STORED, KEPT, NEWER_STORED, OFFLINE, ONE_SESSION, STARTS, TWO_KEPT)
from unfinished_world import RESUME

BUT_PATIENCE = tuple(chance for chance in ALL if chance != PATIENCE)
SEPARATOR = "\n    "


class Case(NamedTuple):
    """What is searched."""
    start: str
    processes: int
    calls: int
    faults: int
    menu: Tuple = tuple(CALLS)
    chances: Tuple = ALL  # what the faults can be
    expires: bool = True
    rotates: bool = True
    has_lock_file: bool = True
    tries_others: bool = False

    def __str__(self):
        said = [f"{self.start}: {self.processes} processes, {self.calls} calls, {self.faults} faults"]
        if self.menu != tuple(CALLS):
            said.append("only " + ", ".join(self.menu))
        if self.chances == (DAY,):
            said.append("a day passes")
        elif self.faults and self.chances != ALL:
            said.append("of " + ", ".join(self.chances))
        if not self.expires:
            said.append("access tokens do not expire")
        if not self.rotates:
            said.append("no rotation")
        if not self.has_lock_file:
            said.append("no lock file")
        if self.tries_others:
            said.append("who saves and signs out tries the others'")
        return "; ".join(said)

    def model(self, **broken):
        algorithm = Algorithm(**broken)._replace(tries_others=self.tries_others)
        return Model(algorithm, self.menu, self.chances, self.rotates, self.has_lock_file, self.expires)

    def search(self, model, until=None):
        world = STARTS[self.start]._replace(calls=self.calls, faults=self.faults)
        return Search((world, (Process(),) * self.processes), model.moves, until=until)


HOLDS = (
    Case(ONE_SESSION, 1, 1, 2),
    Case(ONE_SESSION, 1, 2, 1),
    Case(ONE_SESSION, 1, 3, 1, ("sign out globally", "resume", "sign in", "retry", "fetch")),
    Case(ONE_SESSION, 2, 2, 1, chances=BUT_PATIENCE),
    Case(ONE_SESSION, 2, 2, 1, chances=(PATIENCE,), expires=False),
    Case(ONE_SESSION, 2, 2, 2, ("sign out", "resume", "save", "fetch"), (PATIENCE, CANCELLATION, NETWORK)),
    Case(ONE_SESSION, 2, 2, 1, ("sign out globally", "fetch", "resume"), BUT_PATIENCE, rotates=False),
    Case(ONE_SESSION, 2, 2, 0, expires=False, has_lock_file=False),
    Case(OFFLINE, 2, 3, 0),
    Case(KEPT, 2, 2, 1),
    Case(GLOBALLY, 2, 2, 1, tuple(call for call in CALLS if "another" not in call)),
    Case(NEWER_STORED, 2, 2, 1),
    Case(GLOBALLY_NEWER_STORED, 2, 2, 1, ("sign out globally", "resume", "retry", "sign in", "fetch")),
    Case(TWO_KEPT, 2, 2, 1),
    Case(NEWER_STORED, 2, 2, 0, has_lock_file=False),
    Case(KEPT, 3, 3, 1, ("resume", "retry", "sign in")),
    Case(NEWER_STORED, 3, 3, 1, ("resume", "retry", "sign in"), (DEATH, LOCKING)),
    Case(GLOBALLY, 3, 3, 1, ("resume", "retry", "sign in"), (DEATH, LOCKING), expires=False),
    Case(GLOBALLY, 3, 3, 0, ("resume", "retry", "sign in", "sign out")),
    Case(GLOBALLY_NEWER_STORED, 3, 3, 0, ("resume", "retry", "sign in")),
    Case(KEPT, 3, 3, 0, ("resume", "retry", "sign in another", "save"), tries_others=True),
    Case(TWO_KEPT, 2, 2, 0, tries_others=True),
    Case(GLOBALLY, 1, 3, 0, chances=(DAY,)),
    Case(GLOBALLY, 2, 3, 0, ("resume", "retry", "save"), (DAY,)),
)

DEEP = (
    Case(ONE_SESSION, 2, 2, 1),
    Case(ONE_SESSION, 2, 2, 0, has_lock_file=False),
    Case(ONE_SESSION, 1, 3, 2),
    Case(ONE_SESSION, 2, 3, 1, ("sign out", "fetch", "sign in", "resume", "retry")),
    Case(OFFLINE, 2, 3, 1, ("sign out globally", "sign in", "resume", "retry"), BUT_PATIENCE),
    Case(OFFLINE, 3, 3, 0),
    Case(GLOBALLY_NEWER_STORED, 2, 2, 0, has_lock_file=False),
    Case(GLOBALLY_NEWER_STORED, 2, 2, 2, ("resume", "retry", "sign in")),
    Case(GLOBALLY_NEWER_STORED, 3, 3, 0),
    Case(TWO_KEPT, 2, 2, 1, tries_others=True),
)

SIGN_OUTS = ("sign out", "sign out globally")

# The steps that are broken, where that is searched, and the rule that finds each out.
BROKEN = (
    ("item_first", Case(ONE_SESSION, 1, 1, 0), rules.WRITTEN_FIRST),
    ("cancelled_removes", Case(ONE_SESSION, 1, 1, 1), rules.CANCELLED),
    ("cancelled_reads_again", Case(ONE_SESSION, 2, 2, 2, ("sign out", "save"), (PATIENCE, CANCELLATION)), rules.HELD),
    ("named_is_nobody", Case(NEWER_STORED, 1, 1, 0), rules.NAMED),
    ("takes_newer", Case(NEWER_STORED, 1, 1, 0), rules.FINISHES),
    ("writes_refreshed", Case(GLOBALLY, 1, 1, 1), rules.HELD),
    ("refreshed_reads_again", Case(
        GLOBALLY, 2, 3, 0, ("resume", "save"), has_lock_file=False), rules.OTHERS_STAY),
    ("stores_refreshed", Case(ONE_SESSION, 1, 1, 2, SIGN_OUTS), rules.HELD),
    ("item_reads_again", Case(GLOBALLY_NEWER_STORED, 2, 2, 1, ("resume", "retry", "save")), rules.OTHERS_STAY),
    ("edits_what_is_read", Case(GLOBALLY_NEWER_STORED, 1, 1, 1), rules.FINISHES),
    ("removes_last", Case(ONE_SESSION, 1, 1, 1), rules.COMES_BACK),
    ("looks_after", Case(ONE_SESSION, 1, 1, 1), rules.COMES_BACK),
    ("removes_only_empty", Case(ONE_SESSION, 1, 1, 1), rules.FINISHES),
    ("kept_is_looked_up", Case(ONE_SESSION, 1, 1, 2, SIGN_OUTS), rules.CANCELLED),
    ("known_by_time", Case(
        ONE_SESSION, 2, 3, 1, ("sign out", "fetch"), (NETWORK,), has_lock_file=False), rules.COMPLETE),
    ("unseen_is_looked_up", Case(
        ONE_SESSION, 1, 1, 2, ("sign out globally",), (LOCKING, NETWORK)), rules.LAST_COPY),
    ("takes_back_twice", Case(ONE_SESSION, 1, 1, 2, ("sign out",), (CANCELLATION, LOST)), rules.WRITTEN_FIRST),
    ("kept_is_truth", Case(ONE_SESSION, 1, 1, 1), rules.KEPT),
    ("refresh_looks_after", Case(ONE_SESSION, 2, 2, 1, ("sign out", "fetch"), (PATIENCE,)), rules.COMPLETE),
    ("named_refresh_revokes", Case(ONE_SESSION, 2, 2, 1, ("sign out", "fetch"), (PATIENCE,)), rules.COMPLETE),
    ("resume_has_lock", Case(TWO_KEPT, 2, 2, 0), rules.ONCE),
    ("resume_lists_locked", Case(ONE_SESSION, 2, 2, 1, ("sign out", "resume")), rules.ONCE),
    ("resume_reads_again", Case(TWO_KEPT, 2, 2, 0, tries_others=True), rules.ONCE),
    ("resume_revokes_vanished", Case(
        ONE_SESSION, 2, 2, 2, ("sign out", "resume"), (PATIENCE, CANCELLATION)), rules.COMPLETE),
    ("resume_skips_undeleted", Case(NEWER_STORED, 1, 1, 1), rules.COMES_BACK),
    ("resume_confirms", Case(NEWER_STORED, 1, 1, 1), rules.COMES_BACK),
    ("resume_looks_after", Case(KEPT, 1, 1, 1), rules.COMPLETE),
    ("resume_is_within_a_day", Case(GLOBALLY, 1, 2, 0, chances=(DAY,)), rules.WITHIN_A_DAY),
    ("resume_global_has_lock", Case(GLOBALLY, 2, 2, 0), rules.NEWER_LIVES),
    ("resume_global_reads_again", Case(GLOBALLY, 2, 3, 0, ("resume", "save", "sign out")), rules.SUPERSEDED),
    ("resume_looks_for_another", Case(GLOBALLY, 1, 2, 0), rules.NEWER_LIVES),
    ("storing_gives_up", Case(GLOBALLY, 1, 3, 0, ("save", "sign out", "resume")), rules.SUPERSEDED),
    ("sign_in_holds", Case(GLOBALLY, 2, 2, 0), rules.NEWER_LIVES),
    ("retry_has_lock", Case(TWO_KEPT, 2, 2, 0), rules.ONCE),
    ("retry_takes_newer", Case(
        ONE_SESSION, 1, 2, 3, ("sign out globally", "retry"), (LOCKING, NETWORK, DEATH)), rules.FINISHES),
    ("retry_reads_item", Case(KEPT, 1, 2, 0), rules.ONCE),
    ("retry_looks_late", Case(NEWER_STORED, 2, 2, 1, ("sign out", "retry"), (LOCKING,)), rules.COMPLETE),
    ("retry_knows_ended", Case(NEWER_STORED, 1, 2, 1, ("resume", "retry"), (NETWORK,)), rules.ONCE),
    ("retry_believes_other", Case(TWO_KEPT, 2, 2, 0), rules.ONCE),
    ("locks_in_order", Case(GLOBALLY, 2, 2, 0, ("resume",)), rules.STUCK),
)


def main():
    parser = argparse.ArgumentParser(description="Searches all that can happen to sign-outs that are kept.")
    parser.add_argument("--deep", action="store_true", help="search further, for many minutes")
    is_deep = parser.parse_args().deep
    exceptions, results = {}, []
    for case in HOLDS + (DEEP if is_deep else ()):
        model = case.model()
        results.append(passes(str(case), lambda: case.search(model), separator=SEPARATOR))
        for what, count in model.exceptions.items():
            exceptions[what] = exceptions.get(what, 0) + count

    def found_out(what, value, case, rule):
        model = case.model(**{what: value})
        results.append(passes(
            f"found out: {what} = {value}", lambda: case.search(model, until=rule), rule, separator=SEPARATOR))

    for what, case, rule in BROKEN:
        found_out(what, None if what == "sign_in_holds" else False, case, rule)
    # Holding what a resume holds does not keep a sign-in out of the GlobalSignOut of a sign-out.
    found_out("sign_in_holds", RESUME, Case(ONE_SESSION, 2, 2, 0), rules.NEWER_LIVES)

    print("exceptions, which nobody can help, and how many steps met them:")
    for what, count in sorted(exceptions.items()):
        print(f"  {count:7} {what}")
    finish(results)


if __name__ == "__main__":
    main()
