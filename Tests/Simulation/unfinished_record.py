# SPDX-License-Identifier: Apache-2.0
"""SignOutRecord.swift: the item of one sign-out, for the call that wrote it, or resumes or retries it."""
from typing import NamedTuple

from session_algorithm import Failed
from session_world import OpenSteps
from unfinished_items import adding, change, end, without_global
from unfinished_world import Create, Delete, Kept, Look, is_same


class Record(NamedTuple):
    """What a call knows of its item. Where there is none, or no more, it is None."""
    item: Kept  # as it was written last, or found after that; its path is 0 where it was not seen yet
    known: OpenSteps  # as they were read or written last; not what others added
    is_outdated: bool = False  # what was to be written last is not in it

    @property
    def is_seen(self):
        return self.item.path != 0

    @property
    def unseen(self):
        return self._replace(item=self.item._replace(path=0))

    @property
    def is_kept(self):
        return self.is_seen and not self.is_outdated


def begin(algorithm, item):
    """Writes down what a sign-out is about to do, and looks."""
    record = Record(item, item.steps)
    try:
        yield Create(item)
    except Failed as failed:
        return None if failed.is_unanswered and not algorithm.kept_is_looked_up else record
    return (yield from seen_by_now(algorithm, record))


def seen(algorithm, record):
    """The record as a look shows it. Another sign-out of the session, beside this one, began at another time."""
    mine = record.item
    for found in (yield Look()).unfinished:
        is_mine = found.began == mine.began if algorithm.known_by_time else found.steps == mine.steps
        if is_same(found, mine) and is_mine:
            return record._replace(item=found)
    return None


def seen_by_now(algorithm, record):
    """The same of one that was not seen yet, if that can be told by now."""
    if record is None or record.is_seen:
        return record
    try:
        return (yield from seen(algorithm, record))
    except Failed:
        return record


def write(algorithm, record, left):
    """Writes down what is left, whatever comes next."""
    if algorithm.unseen_is_looked_up:
        record = yield from seen_by_now(algorithm, record)
    return (yield from write_at_once(algorithm, record, left))


def write_at_once(algorithm, record, left):
    """The same, unless it was not seen yet."""
    return (yield from replaced(algorithm, record, left, change))


def keep(algorithm, record, left):
    """Writes down what is left in the end, or removes the item where nothing is."""
    record = yield from seen_by_now(algorithm, record)
    return (yield from replaced(algorithm, record, left, end))


def replaced(algorithm, record, left, by):
    """What `by`, which is `change` or `end`, makes of the item, if it was seen."""
    if record is None or not record.is_seen:
        return record
    try:
        item = yield from by(algorithm, record.item, merged(record.known, left))
    except Failed:
        return record._replace(is_outdated=True)
    return item and Record(item, left)


def take_back(algorithm, record, is_there):
    """Removes the item of a sign-out that is not to be, and looks. Returns whether it is gone. It may be gone, and the
    look alone have failed: so it is tried twice."""
    for _ in range(2 if algorithm.takes_back_twice else 1):
        try:
            if not record.is_seen:
                record = yield from seen(algorithm, record)
                is_there = record is not None
            if not is_there:
                return True
            item, record = record.item, record.unseen
            yield Delete(item, is_undone=True)
            record = yield from seen(algorithm, record)
            if record is None:
                return True
            record = record.unseen
        except Failed:
            pass
    return False


def merged(known, left):
    """What is left, with what others changed since `known` was read or written: they add refresh tokens, and give
    GlobalSignOut up."""
    def edit(steps):
        added = [token for token in steps.refresh_tokens if token not in known.refresh_tokens]
        is_given_up = known.is_global and not steps.is_global
        return adding(added)(without_global(left) if is_given_up else left)
    return edit
