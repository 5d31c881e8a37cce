# SPDX-License-Identifier: Apache-2.0
"""What the calls ask of the keyring, request by request: SecretServiceItems.swift and SecretServiceStore.swift."""
from typing import NamedTuple, Optional

from session_algorithm import Failed
from session_world import Create, Delete, IsLocked, Read, SearchItems, SetSecret

ATTEMPTS = 3  # there are 10 for items that vanish; here are never more than this, or than faults


def look(algorithm, limit):
    if (yield IsLocked(limit)):
        raise Failed("keyring locked")
    items = None
    for _ in range(ATTEMPTS):
        found = yield SearchItems(limit)
        if found.has_locked:
            raise Failed("keyring locked")
        if not found.paths:
            yield from require_nothing_hidden(algorithm, limit)
            return ()
        items = yield Read(found.paths, limit)
        if items is None:
            continue
        if are_shown(items) or not algorithm.look_confirms_secrets:
            return items
        yield from require_none_locked(limit)
    if items is None:
        raise Failed("keyring failed")
    return items


def are_shown(items):
    return all(item.refresh for item in items)


def require_nothing_hidden(algorithm, limit):
    if algorithm.look_confirms_nothing and (yield IsLocked(limit)):
        raise Failed("keyring locked")


def require_none_locked(limit):
    if (yield IsLocked(limit)) or (yield SearchItems(limit)).has_locked:
        raise Failed("keyring locked")


def read_again(algorithm, items, limit):
    """reread"""
    paths = tuple(item.path for item in items)
    found = None
    for _ in range(ATTEMPTS):
        found = (yield Read(paths, limit)) if paths else ()
        if found is None:
            existing = yield SearchItems(limit)  # `existing` asks for each; a search shows as much
            paths = tuple(path for path in paths if path in existing.paths)
            continue
        if are_shown(found) and len(found) == len(items):
            return found
        yield from require_none_locked(limit)
        if are_shown(found) or not algorithm.look_confirms_secrets:
            return found
    if found is None:
        raise Failed("keyring failed")
    return found


def create(item, limit, in_place_of=None):
    if (yield IsLocked(limit)):
        raise Failed("keyring locked")
    yield Create(item, limit, in_place_of)


def update(algorithm, path, sign_in, access, refresh, limit):
    if (yield IsLocked(limit)):
        raise Failed("keyring locked")
    try:
        yield SetSecret(path, sign_in, access, refresh, limit)
    except Failed as failed:
        if failed.status != "gone":
            raise
        yield from require_nothing_hidden(algorithm, limit)
        raise Failed("session changed") from failed


class Deletion(NamedTuple):
    """Ports/SessionStore.swift"""
    failure: Optional[str] = None
    is_unanswered: bool = False


def delete(algorithm, items, limit):
    """SecretServiceStore.deleteFromService"""
    is_unanswered = False
    try:
        if (yield IsLocked(limit)):
            raise Failed("keyring locked")
        for item in items:
            try:
                yield Delete(item.path if algorithm.deletes_by_path else None, limit)
            except Failed as failed:
                is_unanswered = failed.is_unanswered
                raise
    except Failed as failed:
        return Deletion(failed.status, is_unanswered)
    return Deletion()


# MARK: StoredSession.swift, SessionIdentity.swift

def newest_first(algorithm, items):
    if not algorithm.newest_by_saved_at:
        return tuple(sorted(items, key=lambda item: item.path))
    return tuple(sorted(items, key=lambda item: -item.sign_in if item.refresh else 0))


def identity(item):
    if item.identity is not None:
        return "session", item.identity
    return ("refresh token", item.refresh) if item.refresh else ("path", item.path)
