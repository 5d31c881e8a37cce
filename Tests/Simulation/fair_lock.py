#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches all that can happen at the lock between processes (Sources/SessionLockFile), in a model of it.

The search visits every state that two, three and four processes can reach, whichever of them makes the next step. A
step is one system call. Every process may die before each of its steps, be cancelled wherever it waits, and run out of
patience wherever it looks: the model has no time, so what holds in it holds however long anything takes.

The rules must also find fault with algorithms that are broken. The last line is the total, "N passed, N failed"; the
exit status is 1 if anything failed.
"""
from enum import IntEnum, auto
from typing import NamedTuple

from search import Move, Search, finish, passes

ONE_HOLDER = "one process at a time has the lock"
NO_OVERTAKING = "nobody overtakes who is next"
HANGS_WHILE_OTHERS_WORK = "'another process hangs' is not said while the lock goes from one to the next"
HANGS_AS_NEXT = "who is next says 'another process hangs' only of one that has had the lock all the time"
NOTHING_LEFT = "who is dead, or does not want the lock any more, has nothing locked"
NOT_IN_VAIN = "who waits can still get the lock, if all that work end"


class Algorithm(NamedTuple):
    """What can be broken in the algorithm."""
    has_gate: bool = True
    has_number: bool = True
    keeps_gate_until_locked: bool = True
    keeps_gate_until_counted: bool = True
    cancelled_keeps_gate: bool = False
    impatient_keeps_gate: bool = False


class Place(IntEnum):
    """Where a process is in the algorithm: what it does next."""
    CALL = auto()
    TRY = auto()  # to lock the gate; if it is next, the lock
    LOOK = auto()  # at the number
    WAIT = auto()
    COUNT = auto()  # the number up
    OPEN = auto()  # the gate
    WORK = auto()  # and unlock the lock
    WORK_ALONE = auto()  # without the lock


class Process(NamedTuple):
    place: Place = Place.CALL
    has_gate: bool = False
    has_lock: bool = False
    # The number is not the one that this process saw when it looked last. All that counts is whether they are equal.
    is_number_new: bool = False

    # What no process knows, for the rules. The last two: since the patience of this process began.
    is_next: bool = False  # it has come as far as to try the lock, and waits for it
    was_lock_taken: bool = False  # by another process
    was_other_served: bool = False  # which got to its work, too


class Step(NamedTuple):
    name: str
    process: Process  # after it
    is_chance: bool = False  # it need not come
    is_complaint: bool = False
    takes_lock: bool = False
    counts: bool = False
    begins_work: bool = False


def steps(algorithm, me, others):
    """What a process can do next."""
    if me.place is Place.CALL:
        yield Step("calls", Process(Place.TRY, me.has_gate), is_chance=True)
    elif me.place is Place.TRY and algorithm.has_gate and not me.is_next:
        if any(other.has_gate for other in others):
            yield Step("finds the gate locked", me._replace(place=Place.LOOK))
        else:
            yield Step("locks the gate", me._replace(has_gate=algorithm.keeps_gate_until_locked, is_next=True))
    elif me.place is Place.TRY:
        if any(other.has_lock for other in others):
            yield Step("finds the lock locked", me._replace(place=Place.LOOK, is_next=True))
        else:
            place = Place.COUNT if algorithm.keeps_gate_until_counted else Place.OPEN
            yield Step("locks the lock", me._replace(place=place, has_lock=True, is_next=False), takes_lock=True)
    elif me.place is Place.LOOK and me.is_number_new and algorithm.has_number:
        yield Step("sees a new number", me._replace(
            place=Place.WAIT, is_number_new=False, was_lock_taken=False, was_other_served=False))
    elif me.place is Place.LOOK:
        yield Step("sees the same number", me._replace(place=Place.WAIT))
        has_gate = me.has_gate and algorithm.impatient_keeps_gate
        for name, place in (("works alone", Place.WORK_ALONE), ("is busy", Place.CALL)):
            yield Step("says 'another process hangs', " + name, Process(place, has_gate),
                       is_chance=True, is_complaint=True)
    elif me.place is Place.WAIT:
        yield Step("has waited", me._replace(place=Place.TRY))
        yield Step("is cancelled", Process(has_gate=me.has_gate and algorithm.cancelled_keeps_gate), is_chance=True)
    elif me.place is Place.COUNT:
        place = Place.OPEN if algorithm.keeps_gate_until_counted else Place.WORK
        yield Step("counts the number up", me._replace(place=place), counts=True, begins_work=place is Place.WORK)
    elif me.place is Place.OPEN:
        place = Place.WORK if algorithm.keeps_gate_until_counted else Place.COUNT
        yield Step("unlocks the gate", me._replace(place=place, has_gate=False), begins_work=place is Place.WORK)
    elif me.place is Place.WORK:
        yield Step("unlocks the lock", Process(has_gate=me.has_gate))
    elif me.place is Place.WORK_ALONE:
        yield Step("has worked alone", Process(has_gate=me.has_gate))
    if me.place is not Place.CALL:
        yield Step("dies", Process(), is_chance=True)  # the kernel unlocks what it had


def broken_rule(me, others, step):
    """The rule that a step of a process breaks, if there is one."""
    after = step.process
    if after.has_lock and any(other.has_lock for other in others):
        return ONE_HOLDER
    if step.takes_lock and any(other.is_next for other in others):
        return NO_OVERTAKING
    if step.is_complaint and me.was_other_served:
        return HANGS_WHILE_OTHERS_WORK
    if step.is_complaint and me.is_next and me.was_lock_taken:
        return HANGS_AS_NEXT
    if after.place in (Place.CALL, Place.WORK_ALONE) and (after.has_gate or after.has_lock):
        return NOTHING_LEFT
    return None


def beside(other, step):
    """Another process, after a step."""
    if not is_waiting(other) or not (step.takes_lock or step.counts or step.begins_work):
        return other
    return other._replace(
        is_number_new=other.is_number_new or step.counts,
        was_lock_taken=other.was_lock_taken or step.takes_lock,
        was_other_served=other.was_other_served or (step.begins_work and other.was_lock_taken))


def is_waiting(process):
    return process.place in (Place.TRY, Place.LOOK, Place.WAIT)


def moves(algorithm, state):
    for number, me in enumerate(state):
        before, behind = state[:number], state[number + 1:]
        for step in steps(algorithm, me, before + behind):
            first, *rest = *(beside(other, step) for other in before), step.process, \
                *(beside(other, step) for other in behind)
            # Which process is which makes no difference, but for the one that NOT_IN_VAIN is about.
            yield Move(step.name, (first, *sorted(rest)), broken_rule(me, before + behind, step), step.is_chance)


def search(algorithm, count):
    found = Search((Process(),) * count, lambda state: moves(algorithm, state), finds_stuck=True, follows_broken=True)
    found.find_stuck(NOT_IN_VAIN, lambda state: is_waiting(state[0]), lambda state: state[0].has_lock)
    return found


def main():
    results = [passes(f"{count} processes", lambda: search(Algorithm(), count)) for count in (2, 3, 4)]
    for what, rule in (
        ({"has_gate": False, "has_number": False}, HANGS_WHILE_OTHERS_WORK),
        ({"has_gate": False}, NO_OVERTAKING),
        ({"has_number": False}, HANGS_WHILE_OTHERS_WORK),
        ({"keeps_gate_until_locked": False}, NO_OVERTAKING),
        ({"keeps_gate_until_counted": False}, HANGS_AS_NEXT),
        ({"cancelled_keeps_gate": True}, NOT_IN_VAIN),
        ({"impatient_keeps_gate": True}, NOTHING_LEFT),
    ):
        name = " and ".join(f"{field} = {value}" for field, value in what.items())
        results.append(passes("found out: " + name, lambda: search(Algorithm(**what), 3), rule))
    finish(results)


if __name__ == "__main__":
    main()
