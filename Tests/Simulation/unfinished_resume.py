# SPDX-License-Identifier: Apache-2.0
"""Finishing what is kept: a resume, and a retry by hand, request by request."""
from session_algorithm import Failed
from unfinished_algorithm import Report
from unfinished_items import adding, change, delete_named, knows, take_over, without_deletions, without_global
from unfinished_record import Record, keep
from unfinished_remote import Course, end_globally, finish_revoking, revoke, run
from unfinished_sign_out import delete, told
from unfinished_world import RESUME, SESSION, Look, Release, Take


def resume(algorithm):
    try:
        if not algorithm.locks_in_order:
            yield Take(SESSION)
        if algorithm.resume_has_lock:
            yield Take(RESUME)
        seen = None
        if not algorithm.resume_lists_locked:
            seen = yield Look()
        if algorithm.locks_in_order:
            yield Take(SESSION)
        seen = seen or (yield Look())
    except Failed as failed:
        return Report("failed", failed.status)
    gone = yield from delete_named(algorithm, seen)
    yield Release(SESSION)
    is_left = len(gone) < len(seen.unfinished)
    records = tuple(item.record for item in seen.unfinished)
    for item in gone if algorithm.resume_skips_undeleted else seen.unfinished:
        item, is_well = yield from finish(algorithm, item)
        is_left = is_left or item is not None or not is_well
    if algorithm.resume_looks_after:
        try:
            is_left = is_left or any(item.record in records for item in (yield Look()).unfinished)
        except Failed:
            is_left = True
    return Report("partial" if is_left else "complete", meant=records)


def finish(algorithm, item):
    """What an item has open at Cognito; its session is gone. Returns the item if it is left, and whether all was well.

    Where it is gone meanwhile, no other resume has finished it: a sign-out without the lock has, or took it back."""
    is_well, steps, of = True, item.steps, (item.record,)
    try:
        if steps.is_global:
            item, is_well = yield from finish_globally(algorithm, item)
            if item is not None and item.steps.is_global:
                return item, is_well
        if item is not None:
            item, was_there, was_revoked = yield from finish_revoking(algorithm, item)
            if was_there:
                return item, is_well and was_revoked
        if not algorithm.resume_revokes_vanished:
            return None, is_well
        course = yield from revoke(Course(without_global(steps), None), of)
        return None, is_well and course.is_well
    except Failed:
        return item, False


def finish_globally(algorithm, item):
    """GlobalSignOut, unless it would end what is newer. Nobody may store a session meanwhile."""
    if not algorithm.resume_global_has_lock:
        return (yield from finish_globally_with_lock(algorithm, item))
    yield Take(SESSION)
    failure = None
    try:
        item, is_well = yield from finish_globally_with_lock(algorithm, item)
    except Failed as failed:
        failure = failed
    yield Release(SESSION)
    if failure:
        raise failure
    return item, is_well


def finish_globally_with_lock(algorithm, item):
    seen = yield Look()
    current = seen.item(item.path, item.record)
    if current is None or not current.steps.is_global and algorithm.resume_global_reads_again:
        return current, True
    item = current if algorithm.resume_global_reads_again else item
    user = seen.user(item.record)
    is_here = algorithm.resume_looks_for_another and any(
        seen.user(session.identity) == user for session in seen.sessions)
    is_old = algorithm.resume_is_within_a_day and item.day != seen.day
    if is_here or is_old:
        return (yield from change(algorithm, item, without_global)), False
    course = Course(item.steps, Record(item, item.steps))
    course = yield from end_globally(algorithm, course, None, (item.record,), is_of_resume=True)
    if course.record is None:
        return None, course.is_well
    return course.record.item._replace(steps=course.steps), course.is_well


def retry(algorithm, handed):
    unbegun = Report("failed", record=handed.record, token=handed.steps, meant=handed.steps.deletions)
    if handed.record is None or not algorithm.retry_reads_item:
        return (yield from retry_steps(algorithm, handed, None, unbegun))
    try:
        was_there = bool(kept_of(handed, (yield Look())))
    except Failed:
        was_there = False
    if algorithm.retry_has_lock:
        try:
            yield Take(RESUME)
        except Failed as failed:
            return unbegun._replace(failure=failed.status)
    try:
        item = kept_of(handed, (yield Look()))
    except Failed:
        # The token is all that there is.
        return (yield from retry_steps(algorithm, handed, None, unbegun))
    if item:
        return (yield from retry_steps(algorithm, handed, item, unbegun))
    if was_there and not needs_lock(handed.steps) and algorithm.retry_believes_other:
        return Report("complete", signed_out="yes", meant=(handed.record,))
    return (yield from retry_steps(algorithm, handed, None, unbegun))


def kept_of(handed, seen):
    """KeptSteps.swift: of two sign-outs of one session, the one that has the refresh token."""
    found = [item for item in seen.unfinished if item.record == handed.record]
    own = [item for item in found if set(item.steps.refresh_tokens).intersection(handed.steps.refresh_tokens)]
    return next(iter(own + found), None)


def claimed(algorithm, handed, item):
    """RetriedSteps.swift: what the keyring keeps is newer, but for tokens that only the partial-failure token has."""
    known = item.steps if algorithm.retry_knows_ended else item.steps._replace(ended=())
    more = [token for token in handed.steps.refresh_tokens if not knows(known, token)]
    return adding(more)(item.steps), Record(item, item.steps)


def needs_lock(steps): return bool(steps.is_global or steps.deletions)


def kept_late(algorithm, handed, seen):
    """What the keyring shows only after it was locked."""
    return kept_of(handed, seen) if algorithm.retry_reads_item and algorithm.retry_looks_late else None


def take_over_all(algorithm, seen):
    """A sign-out that the keyring keeps names these sessions, perhaps, and this retry does not know it."""
    for item in seen.unfinished:
        try:
            yield from take_over(algorithm, item, tuple(session for session in seen.ended if item.names(session)))
        except Failed:
            pass


def retry_steps(algorithm, handed, item, unbegun):
    """Runs the steps that are open; `item`: where the keyring keeps them, as far as it was seen."""
    steps, record = claimed(algorithm, handed, item) if item else (handed.steps, None)
    mine = ()
    if needs_lock(steps):
        try:
            yield Take(SESSION, passes_over=True)
            seen = yield Look()
        except Failed as failed:
            return unbegun._replace(failure=failed.status)
        late = None if record else kept_late(algorithm, handed, seen)
        if late:
            steps, record = claimed(algorithm, handed, late)
        stored = seen.sessions + seen.ended
        mine = tuple(session for session in stored if session.identity in steps.deletions)
        users = {seen.user(token) for token in steps.refresh_tokens[:1] and [steps.refresh_tokens[0][0]]}
        if steps.is_global and any(seen.user(session.identity) in users for session in stored if session not in mine):
            return unbegun._replace(failure="session changed")
    elif not record and handed.record is not None:
        try:
            late = kept_late(algorithm, handed, (yield Look()))
        except Failed:
            late = None
        # What needs the lock is left to a resume.
        if late and not needs_lock(late.steps):
            steps, record = claimed(algorithm, handed, late)
    steps = adding([session.refresh for session in mine if not knows(steps, session.refresh)])(steps)
    of = tuple(token[0] for token in steps.refresh_tokens) or steps.deletions
    course = yield from run(algorithm, Course(steps, record), None, of)
    course = course._replace(record=(yield from keep(algorithm, course.record, course.steps)))
    if course.is_cancelled and not course.was_sent:
        return unbegun._replace(failure="cancelled", token=course.steps)
    if mine:
        if record is None and algorithm.retry_takes_newer:
            yield from take_over_all(algorithm, seen)
        report = yield from delete(algorithm, course, mine, tuple(session.identity for session in mine))
    else:
        steps = without_deletions(course.steps)
        course = course._replace(steps=steps, record=(yield from keep(algorithm, course.record, steps)))
        is_complete = course.is_well and steps.is_empty and course.record is None
        report = told(algorithm, course, of, Report("complete" if is_complete else "partial"))
    return report if record else report._replace(record=unbegun.record)
