# SPDX-License-Identifier: Apache-2.0
"""All that can happen next, to a process, to the keyring and at Cognito, while sign-outs are kept and resumed."""
import unfinished_rules as rules
from search import Move
from session_world import DONE, Failure
from unfinished_algorithm import Algorithm
from unfinished_processes import CALLS, IDLE, Places, Process, is_over
from unfinished_recovery import Recovery
from unfinished_world import (
    CHANGES, COGNITO, KEYRING, Create, Delete, GlobalSignOut, Handed, IsFresh, Kept, Refresh, Release, Revoke, Take,
    carried_out, held_by)

# What can go wrong.
DEATH = "death"
LOCKING = "locking"
NETWORK = "network"
LOST = "lost answers"
CANCELLATION = "cancellation"
PATIENCE = "patience"
DAY = "a day passes"
ALL = (DEATH, LOCKING, NETWORK, LOST, CANCELLATION, PATIENCE)


class Model:
    """The moves of some processes."""

    def __init__(self, algorithm=Algorithm(), menu=tuple(CALLS), chances=ALL, rotates=True, has_lock_file=True,
                 expires=True):
        self.places = Places(algorithm)
        self.menu = menu
        self.chances = chances
        self.rotates = rotates
        self.has_lock_file = has_lock_file
        self.expires = expires  # access tokens that GlobalSignOut needs may be too old
        self.exceptions = {}  # how often each was met
        self.recovery = Recovery(self.places, rotates)

    def moves(self, state):
        world, processes = state
        facts = [self.facts(process) for process in processes]
        broken = self.recovery.broken(world, facts)
        if broken:
            yield Move("all die, and one resumes", state, broken)
        requests = {type(one.request) for one in facts if one}
        if requests.intersection(KEYRING):
            yield from self.toggle(world, processes, "is_locked", LOCKING, True, "the keyring is", "locked", "unlocked")
        if requests.intersection(COGNITO):
            yield from self.toggle(world, processes, "is_online", NETWORK, False, "the network is", "back", "gone")
        if not requests and DAY in self.chances and world.day == 0:
            after, token = world._replace(day=1).signed_in(1)
            yield Move("a day passes, and the user signs in elsewhere",
                       (after._replace(elsewhere=world.elsewhere | {token[0]}), processes))
        can_go_on = not requests
        for number, process in enumerate(processes):
            if number and process == processes[number - 1]:
                continue
            others = processes[:number] + processes[number + 1:]
            if process.place == IDLE:
                yield from self.beginnings(world, others)
                continue
            for move in self.steps(world, process, facts[number], others):
                can_go_on = can_go_on or not move.is_chance
                yield move
        if not can_go_on:
            yield Move("no further", state, rules.STUCK)

    def facts(self, process):
        return None if process.place == IDLE else self.places.facts(process.place)

    def toggle(self, world, processes, field, chance, is_bad, what, yes, no):
        """The user locks and unlocks the keyring, and the network comes and goes."""
        is_now = getattr(world, field)
        after = world._replace(**{field: not is_now})
        name = f"{what} {no if is_now else yes}"
        if is_now == is_bad:
            yield Move(name, (after, processes))
        elif world.faults and chance in self.chances:
            after = after._replace(faults=world.faults - 1, is_disturbed=world.is_disturbed or chance == LOCKING)
            yield Move(name, (after, processes))

    # MARK: A process

    def beginnings(self, world, others):
        if not world.calls:
            return
        after = world._replace(calls=world.calls - 1)
        for call in self.menu:
            for handed in sorted(world.tokens, key=repr) if call == "retry" else (None,):
                is_beside = any(other.is_without for other in others)
                begun = Process(self.places.begin(call, handed, self.time(call, others)), is_beside=is_beside)
                yield Move(f"{call} begins", (after, ordered(others, begun)))

    def time(self, call, others):
        """When a sign-out begins: not when one did that is beside it."""
        times = {self.facts(other).began for other in others if other.place != IDLE}
        return min({1, 2, 3} - times) if call.startswith("sign out") else 0

    def steps(self, world, process, facts, others):
        request = facts.request
        kind = type(request)
        others_facts = [(other, self.facts(other)) for other in others if other.place != IDLE]
        if world.faults and DEATH in self.chances and (kind in CHANGES or kind in COGNITO or is_over(facts)):
            yield self.death(world, facts, others, others_facts)
        if is_over(facts):
            yield self.end(world, process, facts, others, others_facts)
            return
        for what, answer, after, is_carried_out, changes in self.answers(world, process, request, others):
            name = f"{facts.call} {request.name} {named(request)}{what}"
            broken = exception = None
            if is_carried_out:
                broken, exception = rules.hit(facts, process, request, world, others_facts)
                if exception:
                    self.count(exception)
                    if exception == rules.WINDOW:
                        yield Move(name, (world, ordered(others, process)))  # what comes of it is not followed
                        continue
                    if exception in (rules.REFRESHED_IN_WINDOW, rules.REPLACED):
                        after = after._replace(excused=after.excused | {world.at(request.item.path).refresh})
                after = self.known(facts, request, world, after, answer)
            if kind is Refresh and type(answer) is Failure and is_carried_out and after.live != world.live:
                self.count(rules.REFRESH_LOST)
                after = after._replace(excused=after.excused | (after.live - world.live))
            if kind is Revoke and request.is_unheld and type(answer) is Failure:
                after = after._replace(unrevoked=after.unrevoked | {request.token})
            after = told(after)
            place = self.places.after(process.place, answer)
            changed = process._replace(**changes, place=place)
            beside = others
            if "is_without" in changes:
                beside = tuple(other._replace(is_beside=other.place != IDLE) for other in others)
            is_chance = kind is Take and request.waits and (
                type(answer) is Failure or changed.is_without and self.has_lock_file)
            yield Move(name, (after, ordered(beside, self.released(changed))),
                       broken or rules.comes_back(after), is_chance)

    def released(self, process):
        """Releasing a lock is no step of its own: that comes to the same as coming later to the step before it."""
        while type(self.places.facts(process.place).request) is Release:
            lock = self.places.facts(process.place).request.lock
            process = process._replace(
                locks=tuple(other for other in process.locks if other != lock),
                place=self.places.after(process.place, DONE))
        return process

    def known(self, facts, request, before, world, answer):
        """The world with what the rules need to know of a request that was carried out."""
        kind = type(request)
        if kind is Create and type(request.item) is Kept:
            return world._replace(ended=world.ended.union(request.item.steps.deletions))
        if kind is Delete and request.is_undone:
            return world._replace(ended=world.ended.difference(request.item.steps.deletions))
        if kind is Revoke and type(answer) is not Failure and not world.is_disturbed and facts.call != "fetch":
            return world._replace(revoked=world.revoked | {request.token})
        return world

    def count(self, exception):
        self.exceptions[exception] = self.exceptions.get(exception, 0) + 1

    # MARK: How a request can end

    def answers(self, world, process, request, others):
        """What is said of each end, the answer, the world after it, whether it was carried out, and what changes in the
        process."""
        kind = type(request)
        is_unheld = kind is Revoke and request.is_unheld
        faulty = world._replace(faults=world.faults - 1, is_disturbed=True) if world.faults else None
        if kind is Take:
            yield from self.turns(world, faulty, process, request, others)
        elif kind is IsFresh:
            yield ": fresh", True, world, True, {}
            if self.expires or self.facts(process).call == "fetch":
                yield ": too old", False, world, True, {}
        elif kind in COGNITO and process.is_cancelled and not is_unheld:
            yield ": cancelled", Failure("cancelled"), world, False, {}
        else:
            answer, after = carried_out(request, world, self.rotates)
            is_refused = type(answer) is Failure
            yield f": {answer.status}" if is_refused else "", answer, after, not is_refused, {}
            if not faulty:
                return
            after_fault = after._replace(faults=faulty.faults, is_disturbed=True)
            if kind in CHANGES and not is_refused and LOST in self.chances:
                yield ", and the answer is lost", Failure("keyring failed", True), after_fault, True, {}
                yield ", and is lost", Failure("keyring failed", True), faulty, False, {}
            if kind is Delete and LOST in self.chances:
                yield ", and nothing is done", DONE, faulty, False, {}
            if kind in (Refresh, Revoke, GlobalSignOut) and not is_refused and LOST in self.chances:
                yield ", and the answer is lost", Failure("network", True), after_fault, True, {}
            if kind in (Refresh, Revoke, GlobalSignOut) and CANCELLATION in self.chances and not is_unheld:
                cancelled = {"is_cancelled": True}
                yield ": cancelled before", Failure("cancelled"), faulty, False, cancelled
                if not is_refused and kind is not Refresh:
                    yield ": cancelled, and carried out", Failure("cancelled", True), after_fault, True, cancelled

    def turns(self, world, faulty, process, request, others):
        if not self.has_lock_file:
            yield ": there is no lock file", DONE, world._replace(is_disturbed=True), True, {"is_without": True}
        elif not any(request.lock in other.locks for other in others):
            yield "", DONE, world, True, {"locks": process.locks + (request.lock,)}
        elif not request.waits:
            yield ", in vain", Failure("busy"), world, True, {}
        elif faulty and PATIENCE in self.chances:
            if request.passes_over:
                yield ": another process hangs, and it goes on", DONE, faulty, True, {"is_without": True}
            else:
                yield ": another process hangs", Failure("busy"), faulty, True, {}

    # MARK: The end of a call

    def death(self, world, facts, others, others_facts):
        """What a call was given must be written down before it goes on at Cognito."""
        orphans = self.orphans(world, facts, others_facts)
        broken = None
        after = world._replace(faults=world.faults - 1, is_disturbed=True)
        is_kept = not facts.has_keyring_failed and not (facts.handed and facts.handed.record is None)
        if orphans and type(facts.request) in COGNITO and ends_sessions(facts) and is_kept:
            broken = rules.HELD
        elif orphans:
            is_sign_in = facts.call.startswith(("save", "sign in"))
            self.count(rules.NEVER_STORED if is_sign_in else rules.DIED)
            after = after._replace(excused=after.excused | orphans)
        return Move(f"{facts.call} dies", (told(after), ordered(others, Process())), broken)

    def end(self, world, process, facts, others, others_facts):
        """The locks are released, and the program has its report."""
        report = facts.request
        after, handed = self.handed_out(world._replace(tokens=world.tokens - {facts.handed}), report)
        orphans = self.orphans(after, facts, others_facts) - handed
        broken = None
        if orphans:
            exception = self.excuse(facts, process)
            if exception:
                self.count(exception)
                handed |= orphans
            elif ends_sessions(facts) and facts.call != "retry" or facts.call == "fetch":
                broken = rules.HELD
        after = told(after._replace(excused=after.excused | handed))
        said = ", ".join(str(part) for part in (report.outcome, report.failure, f"kept: {report.kept}") if part)
        broken_by_report, exception = rules.returned(report, facts, process, after, others_facts)
        if exception:
            self.count(exception)
        broken = broken or broken_by_report or rules.comes_back(after)
        return Move(f"{facts.call} ends: {said}", (after, ordered(others, Process())), broken)

    def handed_out(self, world, report):
        """The world with what a program has of a report; and the refresh tokens that only the program has now."""
        handed = set()
        if report.token and not report.token.is_empty:
            unheld = world.live.intersection(report.token.refresh_tokens).difference(held_by(world.items))
            if unheld and report.kept != "yes":
                self.count(rules.HANDED)
                handed.update(unheld)
            if "retry" in self.menu and report.failure != "cancelled":
                world = world._replace(tokens=world.tokens | {Handed(report.record, report.token)})
        if report.unsaved:
            self.count(rules.UNSAVED if report.was_stored else rules.NEVER_STORED)
            handed.add(report.unsaved)
        if report.signed_out == "yes":
            world = world._replace(ended=world.ended.union(report.meant))
        if report.stored and report.given_up:
            user = world.user(report.stored)
            older = [item.record for item in world.unfinished if item.record < report.stored]
            world = world._replace(superseded=world.superseded.union(
                record for record in older if world.user(record) == user))
        return world, frozenset(handed)

    def excuse(self, facts, process):
        """Why nobody holds what this call was the last one to hold."""
        if facts.has_revocation_failed and facts.call in ("fetch", "sign in", "sign in another"):
            return rules.REVOCATION_LOST
        if facts.request.outcome == "fetched" and (process.is_without or process.is_beside):
            return rules.REFRESHED_IN_WINDOW
        return None

    def orphans(self, world, facts, others_facts):
        """Refresh tokens that this call was given, and nobody else has."""
        held = held_by(world.items)
        for _, other in others_facts:
            held.update(other.got)
        for handed in world.tokens:
            held.update(handed.steps.refresh_tokens)
        return frozenset(token for token in facts.got & world.live if token not in held and token not in world.excused)


def told(world):
    """The world without what makes no difference to the rules any more."""
    return world._replace(
        excused=world.excused & world.live, unrevoked=world.unrevoked & world.live,
        revoked=frozenset() if world.is_disturbed else world.revoked)


def ends_sessions(facts):
    return facts.call.startswith("sign out") or facts.call in ("resume", "retry")


def named(request):
    """What a request is about, for who reads a history."""
    if type(request) is Take:
        return request.lock
    if type(request) in CHANGES:
        item = request.item
        return f"the item of {item.record}" if type(item) is Kept else f"session {item.identity}"
    if type(request) in (Refresh, Revoke):
        return f"{request.token}"
    return f"{request.access}" if type(request) is GlobalSignOut else ""


def ordered(others, process):
    """Which process is which makes no difference."""
    return tuple(sorted(others + (process,)))
