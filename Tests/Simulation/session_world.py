# SPDX-License-Identifier: Apache-2.0
"""What is outside of the processes: the keyring, Cognito, and what programs keep; and how each request to them can end.

A request is one message and its answer. Between two requests anything of another process may happen.
"""
from typing import NamedTuple, Optional, Tuple


# How an item came to its path, for the rules.
CREATED = "created"  # where nothing was
REPLACED = "replaced"  # by a save, in the place of another
FOREIGN = "foreign"  # by a foreign program, in the place of another


class Item(NamedTuple):
    """What is stored at a path. `access` and `refresh` are None where the keyring does not show the secret."""
    path: int
    identity: Optional[int]  # the attribute `session`; 0.1 gave none
    sign_in: int  # which sign-in the tokens are of. Later ones have larger numbers, as `saved_at` has
    access: Optional[tuple]
    refresh: Optional[tuple]
    origin: str = CREATED


class OpenSteps(NamedTuple):
    """OpenSteps.swift: the plan of a sign-out or a retry, and what its partial-failure token holds."""
    is_global: bool
    access: Optional[tuple]
    refresh: Optional[tuple]
    others: Tuple = ()
    deletions: Tuple = ()  # identities
    ended: Tuple = ()  # the refresh tokens that need not be revoked any more

    @property
    def is_empty(self):
        return not (self.is_global or self.refresh_tokens or self.deletions)

    @property
    def refresh_tokens(self):
        return ((self.refresh,) if self.refresh else ()) + self.others


class World(NamedTuple):
    """A token is the number of its sign-in, and how many refreshes there had been."""
    items: Tuple[Item, ...] = ()
    is_locked: bool = False
    live: frozenset = frozenset()  # refresh tokens
    graced: frozenset = frozenset()  # those that were rotated and still work
    refreshes: Tuple[int, ...] = ()  # of each sign-in
    pending: frozenset = frozenset()  # requests that were sent, and may be carried out yet
    tokens: frozenset = frozenset()  # partial-failure tokens, as OpenSteps
    unsaved: frozenset = frozenset()  # refresh tokens that a program was handed, as they could not be stored

    # How much more may happen: what bounds the search.
    faults: int = 0
    calls: int = 0

    # What nobody knows, for the rules.
    ended: frozenset = frozenset()  # sign-ins of which a program was told that they are signed out here
    excused: frozenset = frozenset()  # refresh tokens that nobody holds, and nobody could help it

    def with_item(self, item):
        """With an item at its path, in the place of what is there."""
        kept = tuple(other for other in self.items if other.path != item.path)
        return self._replace(items=tuple(sorted(kept + (item,), key=lambda item: item.path)))

    def without(self, path):
        return self._replace(items=tuple(item for item in self.items if item.path != path))

    def at(self, path):
        return next((item for item in self.items if item.path == path), None)

    def signed_in(self):
        """A new sign-in: the world after it, its number and its tokens."""
        number = len(self.refreshes) + 1
        token = (number, 0)
        return self._replace(refreshes=self.refreshes + (0,), live=self.live | {token}), number, token


class Surroundings(NamedTuple):
    """How keyring and Cognito behave."""
    rotates: bool = True
    has_grace: bool = False  # the refresh token before a rotation lives on for as long as anybody wants it
    hides_locked: bool = False  # as KeePassXC: what is locked is not found, instead of found as locked
    uses_path_again: bool = True  # the lowest that is free; the most there is to fear
    has_lock_file: bool = True


START = World().signed_in()[0]


def stored(world, number, path, has_identity=True):
    """A world in which a session is stored."""
    return world.with_item(Item(path, number if has_identity else None, number, (number, 0), (number, 0)))


# MARK: Requests. `limit` is the part of CallTime.swift that bounds one.

WHOLE = "whole"  # ends with the time of the call, or where it is cancelled
NETWORK = "network"  # ends before that, so that there is time to delete
DELETION = "deletion"  # ends with the time of the call


class Take(NamedTuple):
    """ActiveCall.takeLock"""
    passes_over: bool
    name = "takes the lock"


class IsLocked(NamedTuple):
    limit: str
    name = "asks whether the keyring is locked"


class SearchItems(NamedTuple):
    limit: str
    name = "searches"


class Read(NamedTuple):
    paths: Tuple
    limit: str
    name = "reads"


class Create(NamedTuple):
    item: Item  # its path is not known yet
    limit: str
    in_place_of: Optional[int] = None
    name = "creates an item"


class SetSecret(NamedTuple):
    path: int
    sign_in: int
    access: tuple
    refresh: tuple
    limit: str
    name = "sets the secret"


class Delete(NamedTuple):
    path: Optional[int]  # None: all that are found
    limit: str
    name = "deletes"


class Refresh(NamedTuple):
    token: tuple
    limit: str = NETWORK
    name = "GetTokensFromRefreshToken"


class Revoke(NamedTuple):
    token: tuple
    limit: str = NETWORK
    name = "RevokeToken"


class GlobalSignOut(NamedTuple):
    access: tuple
    limit: str = NETWORK
    name = "GlobalSignOut"


class SignIn(NamedTuple):
    """The program signs a user in, and the time is taken that becomes `saved_at`: the lock makes these one order."""
    name = "has signed in"


class IsFresh(NamedTuple):
    """Whether the access token lives long enough. Either may be."""
    name = "looks at the access token"


class IsCancelled(NamedTuple):
    name = "looks whether it is cancelled"


KEYRING = (IsLocked, SearchItems, Read, Create, SetSecret, Delete)
CHANGES = (Create, SetSecret, Delete)
COGNITO = (Refresh, Revoke, GlobalSignOut)


class Failure(NamedTuple):
    """How a request failed."""
    status: str
    was_sent: bool = False
    was_answered: bool = False


class Tokens(NamedTuple):
    """What a refresh gives. `refresh` is None where the pool does not rotate."""
    access: tuple
    refresh: Optional[tuple]


class Found(NamedTuple):
    paths: Tuple
    has_locked: bool


class Session(NamedTuple):
    """What a program signed in."""
    sign_in: int
    token: tuple


DONE = "done"


def carried_out(request, world, surroundings):
    """What comes of a request that keyring or Cognito carries out: the answer, and the world after it."""
    kind = type(request)
    if kind is IsLocked:
        return world.is_locked, world
    if kind is SearchItems:
        paths = tuple(item.path for item in world.items)
        if not world.is_locked:
            return Found(paths, False), world
        return Found((), bool(paths) and not surroundings.hides_locked), world
    if kind is Read:
        return read(request, world), world
    if kind is SignIn:
        world, number, token = world.signed_in()
        return Session(number, token), world
    if kind in CHANGES and world.is_locked:
        return Failure("keyring locked", True, True), world
    if kind is Create:
        path = request.in_place_of
        if path is None:
            used = {item.path for item in world.items}
            first = 1 if surroundings.uses_path_again else len(world.refreshes) * 10
            path = next(path for path in range(first, 100) if path not in used)
        origin = CREATED if world.at(path) is None else REPLACED
        return DONE, world.with_item(request.item._replace(path=path, origin=origin))
    if kind is SetSecret:
        item = world.at(request.path)
        if item is None:
            return Failure("gone", True, True), world
        return DONE, world.with_item(
            item._replace(sign_in=request.sign_in, access=request.access, refresh=request.refresh))
    if kind is Delete:
        return DONE, world._replace(items=()) if request.path is None else world.without(request.path)
    if kind is Refresh:
        return refreshed(request, world, surroundings)
    if kind is Revoke:
        token = frozenset([request.token])
        return DONE, world._replace(live=world.live - token, graced=world.graced - token)
    if kind is GlobalSignOut:
        sign_in = request.access[0]
        if not any(token[0] == sign_in for token in world.live | world.graced):
            return Failure("revoked", True, True), world
        return DONE, world._replace(live=frozenset(), graced=frozenset())
    raise TypeError(request)


def read(request, world):
    """None: an item is gone by now."""
    items = tuple(world.at(path) for path in request.paths)
    if None in items:
        return None
    if world.is_locked:
        return tuple(item._replace(access=None, refresh=None) for item in items)
    return items


def refreshed(request, world, surroundings):
    token = request.token
    if token not in world.live and token not in world.graced:
        return Failure("refused", True, True), world
    number = token[0]
    count = world.refreshes[number - 1] + 1
    counts = world.refreshes[:number - 1] + (count,) + world.refreshes[number:]
    world = world._replace(refreshes=counts)
    if not surroundings.rotates:
        return Tokens((number, count), None), world
    world = world._replace(live=world.live - {token} | {(number, count)})
    if surroundings.has_grace:
        world = world._replace(graced=world.graced | {token})
    return Tokens((number, count), (number, count)), world
