# SPDX-License-Identifier: Apache-2.0
"""Processes in the middle of their calls."""
from typing import NamedTuple, Optional

from session_algorithm import Failed
from session_world import Failure
from unfinished_algorithm import Report
from unfinished_resume import resume, retry
from unfinished_sessions import fetch, save, sign_in
from unfinished_sign_out import sign_out
from unfinished_world import COGNITO, KEYRING, Create, Look, Redeem, Refresh, Reread, Revoke, SignIn

FIRST, SECOND = 1, 2  # users

CALLS = {
    "sign out": lambda algorithm, facts: sign_out(algorithm, False, facts.began),
    "sign out globally": lambda algorithm, facts: sign_out(algorithm, True, facts.began),
    "fetch": lambda algorithm, _: fetch(algorithm),
    "save": lambda algorithm, _: save(algorithm, FIRST),
    "save another": lambda algorithm, _: save(algorithm, SECOND),
    "sign in": lambda algorithm, _: sign_in(algorithm, FIRST),
    "sign in another": lambda algorithm, _: sign_in(algorithm, SECOND),
    "resume": lambda algorithm, _: resume(algorithm),
    "retry": lambda algorithm, facts: retry(algorithm, facts.handed),
}

IDLE = -1


class Process(NamedTuple):
    place: int = IDLE  # in its call: see Places
    locks: tuple = ()
    is_cancelled: bool = False
    is_without: bool = False  # it went on without a lock
    is_beside: bool = False  # it ran beside one that did


class Facts(NamedTuple):
    """What a call has heard by now."""
    call: str
    handed: object
    began: int  # each sign-out at its own time
    request: object  # what it asks for next; or its report
    got: frozenset = frozenset()  # refresh tokens that Cognito gave it
    read_again: tuple = ()
    has_keyring_failed: bool = False  # once it had such a token
    has_asked: bool = False  # Cognito
    keyring_failures: int = 0  # since then
    is_unkept: bool = False  # the keyring did not create the item
    has_revocation_failed: bool = False
    saw_item: bool = False  # that its partial-failure token names
    sees_item: bool = False  # the same, in its last look
    named: Optional[frozenset] = None  # the sessions that its first look showed as signed out


class Places:
    """All places in calls, each by the answers that lead there. What comes next is found by running the call from its
    beginning, once for each place."""

    def __init__(self, algorithm):
        self.algorithm = algorithm
        self.places = []  # answers and facts
        self.known = {}

    def facts(self, place):
        return self.places[place][1]

    def begin(self, call, handed=None, began=0):
        return self.place((call, handed, began), Facts(call, handed, began, None), ())

    def after(self, place, answer):
        known = self.known.get((place, answer))
        if known is None:
            answers, facts = self.places[place]
            known = self.place((place, answer), heard(facts, answer), answers + (answer,))
        return known

    def place(self, key, facts, answers):
        if key not in self.known:
            request = run(CALLS[facts.call](self.algorithm, facts), answers)
            self.known[key] = len(self.places)
            self.places.append((answers, facts._replace(request=request)))
        return self.known[key]


def run(steps, answers):
    """What a call does after these answers: its next request, or its report."""
    try:
        request = next(steps)
        for answer in answers:
            request = steps.throw(Failed(*answer)) if type(answer) is Failure else steps.send(answer)
        return request
    except StopIteration as end:
        return end.value


def heard(facts, answer):
    kind = type(facts.request)
    facts = facts._replace(has_asked=facts.has_asked or kind in COGNITO)
    if type(answer) is Failure:
        return facts._replace(
            keyring_failures=facts.keyring_failures + (kind in KEYRING and facts.has_asked),
            is_unkept=facts.is_unkept or kind is Create,
            has_keyring_failed=facts.has_keyring_failed or kind in KEYRING and bool(facts.got),
            has_revocation_failed=facts.has_revocation_failed or kind is Revoke)
    if kind is Refresh:
        return facts._replace(got=facts.got | {answer[1]})
    if kind in (Redeem, SignIn):
        return facts._replace(got=facts.got | {answer})
    if kind is Look:
        sees_item = bool(facts.handed) and any(item.record == facts.handed.record for item in answer.unfinished)
        named = frozenset(session.identity for session in answer.ended) if facts.named is None else facts.named
        return facts._replace(saw_item=facts.saw_item or sees_item, sees_item=sees_item, named=named)
    if kind is Reread:
        return facts._replace(read_again=answer)
    return facts


def is_over(facts):
    return type(facts.request) is Report
