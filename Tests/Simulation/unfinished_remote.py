# SPDX-License-Identifier: Apache-2.0
"""The steps at Cognito, request by request, for a sign-out, a resume and a retry alike. The item, where there is one,
is told of each step before the next one."""
from typing import NamedTuple, Optional

from session_algorithm import Failed
from session_world import OpenSteps
from unfinished_items import end, read_again, without_deletions, without_global, without_tokens
from unfinished_record import Record, write, write_at_once
from unfinished_world import RESUME, SESSION, GlobalSignOut, IsFresh, Refresh, Release, Revoke, Take


class Course(NamedTuple):
    """How far it came."""
    steps: OpenSteps  # what is open
    record: Optional[Record]
    is_well: bool = True
    was_sent: bool = False
    is_cancelled: bool = False  # before anything was sent that ends a session
    refreshed: Optional[tuple] = None  # the refresh token that it was given


def end_globally(algorithm, course, store, of, is_of_resume=False):
    """GlobalSignOut. It is open after that, or done or given up. `store` puts refreshed tokens into the session."""
    if not (yield IsFresh()):
        try:
            access, refresh = yield Refresh(course.steps.refresh)
        except Failed as failed:
            if failed.status == "refused" or failed.is_unanswered and failed.status != "cancelled":
                return (yield from without_it(course._replace(is_well=False), algorithm))
            return course._replace(is_well=False, is_cancelled=failed.status == "cancelled")
        steps = course.steps._replace(access=access, refresh=refresh)
        course = course._replace(steps=steps, refreshed=refresh)
        if algorithm.stores_refreshed and store:
            yield from store(access, refresh)
        if algorithm.writes_refreshed:
            reads_again = algorithm.item_reads_again and algorithm.refreshed_reads_again
            record = yield from write_at_once(
                algorithm._replace(item_reads_again=reads_again), course.record, course.steps)
            course = course._replace(record=record)
    try:
        yield GlobalSignOut(course.steps.access, of, is_of_resume)
    except Failed as failed:
        if failed.status != "revoked":
            is_cancelled = failed.status == "cancelled" and not failed.was_sent
            return course._replace(is_well=False, was_sent=failed.was_sent, is_cancelled=is_cancelled)
        course = course._replace(is_well=False)
    return (yield from without_it(course._replace(was_sent=True), algorithm))


def without_it(course, algorithm):
    """It is done, or given up."""
    steps = without_global(course.steps)
    return course._replace(steps=steps, record=(yield from write(algorithm, course.record, steps)))


def revoke(course, of):
    """RevokeToken of all that is open. The item is not told."""
    ended = []
    for token in course.steps.refresh_tokens:
        try:
            yield Revoke(token, of)
            ended.append(token)
            course = course._replace(was_sent=True)
        except Failed as failed:
            course = course._replace(is_well=False, was_sent=course.was_sent or failed.was_sent)
            if failed.status == "cancelled" and not course.was_sent:
                return course._replace(is_cancelled=True)
    return course._replace(steps=without_tokens(ended)(course.steps))


def run(algorithm, course, store, of, is_of_resume=False):
    """Both. RevokeToken is held back while GlobalSignOut is open."""
    if course.steps.is_global:
        course = yield from end_globally(algorithm, course, store, of, is_of_resume)
        if course.steps.is_global or course.is_cancelled:
            return course
    return (yield from revoke(course, of))


def finish_revoking(algorithm, item):
    """RevokeToken of all that an item has open, whose session is gone. Returns the item if it is left, whether it was
    there, and whether all was well."""
    if algorithm.resume_reads_again:
        item = yield from read_again(algorithm, item)
        if item is None:
            return None, False, True
    course = yield from revoke(Course(item.steps, None), (item.record,))
    done = [token for token in item.steps.refresh_tokens if token not in course.steps.refresh_tokens]
    item = yield from end(algorithm, item, lambda steps: without_deletions(without_tokens(done)(steps)))
    return item, True, course.is_well


def try_others(algorithm, items):
    """What a call tries for older sign-outs once its own work is done, without the session's lock."""
    items = tuple(item for item in items if not item.steps.is_global)
    if not algorithm.tries_others or not items:
        return
    yield Release(SESSION)
    try:
        yield Take(RESUME, waits=False)
        for item in items:
            yield from finish_revoking(algorithm, item)
    except Failed:
        pass
