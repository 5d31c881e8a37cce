# SPDX-License-Identifier: Apache-2.0
"""Processes in the middle of their calls."""
from typing import NamedTuple, Optional, Tuple

from session_algorithm import Failed
from session_keyring import are_shown
from session_refresh import fetch, save
from session_sign_out import retry, sign_out
from session_world import COGNITO, Failure, Found, OpenSteps, Read, Refresh, Revoke, Session

CALLS = {
    "save": lambda algorithm, _: save(algorithm),
    "fetch": lambda algorithm, _: fetch(algorithm),
    "sign out": lambda algorithm, _: sign_out(algorithm, False),
    "sign out globally": lambda algorithm, _: sign_out(algorithm, True),
    "retry": retry,
}

IDLE = -1


class Process(NamedTuple):
    place: int = IDLE  # in its call: see Places
    has_lock: bool = False
    # Whether the call was cancelled, is at its limit, or at that for the network. 1: while a request is under way.
    cancelled: int = 0
    late: int = 0
    network_late: int = 0

    # What no process knows, for the rules.
    present: frozenset = frozenset()  # the sign-ins that were stored when the call began
    deleted: bool = False
    revoked: frozenset = frozenset()
    taken: bool = False  # another call deleted something meanwhile
    blind: int = 0  # its last search showed nothing, as the keyring was locked and hides that
    is_unlucky: bool = False


class Facts(NamedTuple):
    """What a call has heard by now."""
    call: str
    plan: Optional[OpenSteps]
    request: object  # what it asks for next; or its report
    held: frozenset = frozenset()  # refresh tokens that it knows
    got: frozenset = frozenset()  # of these, what a refresh gave
    first_read: Optional[Tuple] = None
    read_again: Optional[Tuple] = None
    has_failed: bool = False
    has_unrevoked: bool = False  # what was to be revoked may not be
    has_lost: bool = False  # as Cognito could not be reached

    @property
    def kept(self):
        """The refresh tokens that this call must not lose: where it ends the session, all that it knows."""
        return self.got if self.call in ("save", "fetch") else self.held


class Places:
    """All places in calls, each by the answers that lead there. What comes next is found by running the call from its
    beginning, once for each place."""

    def __init__(self, algorithm):
        self.algorithm = algorithm
        self.places = []  # answers and facts
        self.known = {}

    def facts(self, place):
        return self.places[place][1]

    def begin(self, call, plan=None):
        return self.place((call, plan), call, plan, (), None)

    def after(self, place, answer):
        known = self.known.get((place, answer))
        if known is None:
            answers, facts = self.places[place]
            known = self.place((place, answer), facts.call, facts.plan, answers + (answer,), (facts, answer))
        return known

    def place(self, key, call, plan, answers, before):
        if key not in self.known:
            request = self.run(call, plan, answers)
            facts = Facts(call, plan, request) if before is None else heard(*before)._replace(request=request)
            if before is None and plan:
                facts = facts._replace(held=frozenset(plan.refresh_tokens))
            self.known[key] = len(self.places)
            self.places.append((answers, facts))
        return self.known[key]

    def run(self, call, plan, answers):
        """What a call does after these answers: its next request, or its report."""
        steps = CALLS[call](self.algorithm, plan)
        try:
            request = next(steps)
            for answer in answers:
                request = steps.throw(Failed(*answer)) if type(answer) is Failure else steps.send(answer)
            return request
        except StopIteration as end:
            return end.value


def heard(facts, answer):
    kind = type(facts.request)
    if type(answer) is Failure:
        is_unrevoked = kind in COGNITO
        is_lost = kind is Revoke and answer.status == "network"
        return facts._replace(
            has_failed=True, has_unrevoked=facts.has_unrevoked or is_unrevoked, has_lost=facts.has_lost or is_lost)
    if kind is Read and answer is not None:
        tokens = frozenset(item.refresh for item in answer if item.refresh)
        facts = facts._replace(held=facts.held | tokens, has_failed=facts.has_failed or not are_shown(answer))
        if facts.first_read is None or not are_shown(facts.first_read):
            return facts._replace(first_read=answer)
        return facts._replace(read_again=answer)
    if kind is Refresh and answer.refresh:
        got = frozenset([answer.refresh])
        return facts._replace(held=facts.held | got, got=facts.got | got)
    if type(answer) is Session:
        return facts._replace(held=facts.held | {answer.token}, got=facts.got | {answer.token})
    if answer is True or type(answer) is Found and answer.has_locked:
        return facts._replace(has_failed=True)
    return facts
