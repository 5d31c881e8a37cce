# SPDX-License-Identifier: Apache-2.0
"""What the calls do with the items of unfinished sign-outs, request by request."""
from session_algorithm import Failed
from unfinished_world import Delete, Look, Reread, SetSecret, is_same


# MARK: Edits of open steps. What is stored is read again, and only the change is made to it: another process may have
# changed something else meanwhile.

def adding(tokens):
    return lambda steps: steps._replace(
        others=steps.others + tuple(token for token in tokens if token not in steps.refresh_tokens))


def knows(steps, token):
    """Whether it is to be revoked, or need not be any more."""
    return token in steps.refresh_tokens or token in steps.ended


def without_global(steps):
    return steps._replace(is_global=False, access=None)


def without_tokens(tokens):
    def edit(steps):
        others = tuple(token for token in steps.others if token not in tokens)
        ended = set(steps.ended).union(set(tokens).intersection(steps.refresh_tokens))
        return steps._replace(
            refresh=None if steps.refresh in tokens else steps.refresh, others=others, ended=tuple(sorted(ended)))
    return edit


def without_deletions(steps):
    return steps._replace(deletions=())


# MARK: Items

def read_again(algorithm, item):
    """The item as it is now; None: it is gone."""
    if not algorithm.item_reads_again:
        return item
    found = yield Reread((item.path,))
    return found[0] if found and is_same(found[0], item) else None


def change(algorithm, item, edit):
    """Makes a change to an item. Returns it as it is stored then; None: it is gone. Fails where the keyring does."""
    current = yield from read_again(algorithm, item)
    if current is None:
        return None
    steps = current.steps if algorithm.edits_what_is_read else item.steps
    new = current._replace(steps=edit(steps))
    if new == current:
        return current
    try:
        yield SetSecret(new)
    except Failed as failed:
        if failed.status == "gone":
            return None
        raise
    return new


def end(algorithm, item, edit):
    """Makes a change to an item, and removes it if nothing is open then. Returns it if it is left."""
    current = yield from read_again(algorithm, item)
    if current is None:
        return None
    steps = current.steps if algorithm.edits_what_is_read else item.steps
    new = current._replace(steps=edit(steps))
    if new.steps.is_empty or not algorithm.removes_only_empty:
        yield Delete(current)
        return None
    if new != current:
        try:
            yield SetSecret(new)
        except Failed as failed:
            if failed.status == "gone":
                return None
            raise
    return new


def give_up(algorithm, seen, user):
    """A user's open global steps: the user is here again. Returns whether that was done."""
    is_done = True
    for item in seen.unfinished:
        if item.steps.is_global and seen.user(item.record) == user and algorithm.storing_gives_up:
            try:
                yield from change(algorithm, item, without_global)
            except Failed:
                is_done = False
    return is_done


# MARK: Sessions that are signed out, and still stored

def delete_named(algorithm, seen):
    """Deletes the sessions that unfinished sign-outs name. Returns the items of those that are gone for sure."""
    gone = []
    for item in seen.unfinished:
        named = tuple(session for session in seen.ended if item.names(session))
        item = yield from delete_of(algorithm, item, named)
        if item:
            gone.append(item)
    return tuple(gone)


def take_over(algorithm, item, sessions):
    """Writes refresh tokens that only sessions hold into the item that names them. Returns it; None: it is gone."""
    newer = [session.refresh for session in sessions if not knows(item.steps, session.refresh)]
    if not newer or not algorithm.takes_newer:
        return item
    return (yield from change(algorithm, item, adding(newer)))


def delete_of(algorithm, item, named):
    """The same of one item; None: they may be stored, or the item is gone."""
    try:
        while named:
            tokens = [session.refresh for session in named]
            item = yield from take_over(algorithm, item, named)
            if item is None:
                return None
            found = yield Reread(tuple(session.path for session in named))
            current = tuple(session for session in named if any(is_same(session, other) for other in found))
            current = tuple(other for other in found if any(is_same(session, other) for session in current))
            if all(session.refresh in tokens for session in current):
                break
            named = current
        else:
            return item
        for session in current:
            yield Delete(session)
        if algorithm.resume_confirms:
            left = (yield Look()).ended
            if any(item.names(session) for session in left):
                return None
    except Failed:
        return None
    return item
