# SPDX-License-Identifier: Apache-2.0
"""All that can happen next, to a process, to the keyring and at Cognito."""
import session_rules as rules
from search import Move
from session_algorithm import Algorithm, Report
from session_processes import CALLS, IDLE, Places, Process
from session_recovery import Recovery
from session_world import (
    CHANGES, COGNITO, DELETION, DONE, FOREIGN, KEYRING, NETWORK, WHOLE, Delete, Failure, IsCancelled, IsFresh, IsLocked,
    Item, Read, Refresh, Revoke, SearchItems, SetSecret, Surroundings, Take, carried_out)


class Model:
    """The moves of some processes."""

    def __init__(self, algorithm=Algorithm(), surroundings=Surroundings(), menu=tuple(CALLS)):
        self.places = Places(algorithm)
        self.surroundings = surroundings
        self.menu = menu
        self.exceptions = {}  # how often each was met
        self.recovery = Recovery(self.places, surroundings, menu)

    def moves(self, state):
        world, processes = state
        for what, broken in self.recovery.broken(world):
            yield Move(f"all die; {what}", state, broken)
        # What happens to the keyring makes no difference before somebody asks it.
        requests = {type(self.request(process)) for process in processes}
        if requests.intersection(KEYRING):
            yield from self.lock_moves(world, processes)
        if world.faults and requests.intersection((Read, SetSecret, Delete)):
            yield from self.foreign_moves(world, processes)
        yield from self.late_moves(world, processes)
        for number, process in enumerate(processes):
            if number and process == processes[number - 1]:
                continue
            others = processes[:number] + processes[number + 1:]
            if process.place == IDLE:
                yield from self.beginnings(world, others)
                continue
            facts = self.places.facts(process.place)
            if world.faults:
                yield from self.chances(world, process, others, facts)
            yield from self.answers(world, process, others, facts)

    def request(self, process):
        return None if process.place == IDLE else self.places.facts(process.place).request

    # MARK: What is no process's step

    def lock_moves(self, world, processes):
        if world.is_locked:
            yield Move("the user unlocks the keyring", (world._replace(is_locked=False), processes))
        elif world.faults:
            locked = world._replace(is_locked=True, faults=world.faults - 1)
            yield Move("the keyring is locked", (locked, processes))

    def foreign_moves(self, world, processes):
        for item in world.items:
            for has_identity in (True, False):
                after, number, token = world.signed_in()
                after = after._replace(faults=world.faults - 1, excused=world.excused | {item.refresh})
                after = after.with_item(
                    Item(item.path, number if has_identity else None, number, token, token, FOREIGN))
                what = "another session" if has_identity else "another session, without an identity,"
                yield self.move(f"a foreign program stores {what} at path {item.path}", world, after, processes,
                                rules.REPLACED_BY_FOREIGN, None, (item.refresh,))

    def late_moves(self, world, processes):
        for request in world.pending:
            after = world._replace(pending=world.pending - {request})
            _, after = carried_out(request, after, self.surroundings)
            tokens = rules.hit_late(request, world)
            after = after._replace(excused=after.excused.union(tokens))
            disturbed = tuple(
                process if process.place == IDLE else process._replace(taken=True, is_unlucky=True)
                for process in processes)
            yield self.move(f"the keyring {request.name} after all", world, after, tuple(sorted(disturbed, key=order)),
                            rules.CARRIED_OUT_LATE, None, tokens)

    # MARK: A process

    def beginnings(self, world, others):
        if not world.calls:
            return
        after = world._replace(calls=world.calls - 1)
        present = frozenset(item.sign_in for item in world.items)
        for call in self.menu:
            plans = sorted(world.tokens, key=repr) if call == "retry" else (None,)
            for plan in plans:
                begun = Process(self.places.begin(call, plan), present=present)
                yield Move(f"{call} begins", (after, ordered(others, begun)))

    def chances(self, world, process, others, facts):
        """What can happen to a process before its next request is answered. It makes no difference before one that
        changes nothing, and that nothing cuts short."""
        faulty = world._replace(faults=world.faults - 1)
        exception = rules.DIED_UNREVOKED if facts.has_unrevoked else rules.DIED
        allowed = None if facts.has_unrevoked else facts.got
        dead = ordered(others, Process())
        request = facts.request
        if type(request) not in (IsLocked, SearchItems, Read, IsFresh, IsCancelled):
            yield self.move(f"{facts.call} dies", world, faulty, dead, exception, allowed,
                            broken=rules.died(facts, process, world))
        if type(request) in CHANGES:
            pending = faulty._replace(pending=world.pending | {request})
            yield self.move(f"{facts.call} dies after it {request.name}", world, pending, dead, exception, allowed)
        for field in noticed(request):
            if not getattr(process, field):
                yield Move(f"{facts.call} is {field.replace('_', ' ')}",
                           (faulty, ordered(others, process._replace(**{field: 1}))))

    def answers(self, world, process, others, facts):
        """How the next request of a process can end."""
        request = facts.request
        if type(request) is Report:
            yield self.end(world, process, others, facts)
            return
        for what, answer, after, is_carried_out, changes in self.ends(world, process, others, request):
            name = f"{facts.call} {request.name}{what}"
            broken, exception, tokens = None, None, ()
            if is_carried_out:
                broken, exception, tokens = rules.hit(facts, request, world, process.has_lock)
            next_process = passed(process)._replace(**changes)
            if type(request) is Delete and (is_carried_out or after.pending != world.pending):
                next_process = next_process._replace(deleted=True)
                others = tuple(other._replace(taken=other.place != IDLE) for other in others)
            if type(request) is Revoke and is_carried_out:
                next_process = next_process._replace(revoked=process.revoked | {request.token})
            if self.surroundings.hides_locked:
                next_process = next_process._replace(blind=blind(process, request, world, answer))
            next_process = next_process._replace(place=self.places.after(process.place, answer))
            if type(request) is Refresh and is_carried_out and type(answer) is Failure:
                exception = rules.REFRESH_LOST if answer.status == "network" else rules.REFRESH_CUT
            yield self.arrive(name, world, after, next_process, others, broken, exception, tokens)

    def arrive(self, name, world, after, process, others, broken, exception, tokens):
        """A move to where a process is next."""
        if tokens:
            after = after._replace(excused=after.excused | frozenset(tokens))
        return self.move(name, world, after, ordered(others, process), exception, None, tokens, broken)

    def end(self, world, process, others, facts):
        """The end of a call: the lock is released, and the program has its report."""
        report = facts.request
        kept = frozenset().union(*(self.places.facts(other.place).kept for other in others if other.place != IDLE))
        after = self.handed_out(world, facts, report, process)
        told = ", ".join(str(part) for part in (report.outcome, report.failure) if part)
        if facts.call not in ("save", "fetch"):
            told += f"; signed out here: {report.signed_out}"
        move = self.move(f"{facts.call} ends: {told}", world, after, ordered(others, Process()),
                         self.excuse(facts, process))
        if process.blind == rules.CONFIRMED and report.signed_out == "yes" and after.items:
            self.exceptions[rules.UNSEEN] = self.exceptions.get(rules.UNSEEN, 0) + 1
        if move.broken:
            return move
        return move._replace(broken=rules.returned(report, facts, process, move.after[0], kept))

    def handed_out(self, world, facts, report, process):
        """What a program has of a report."""
        tokens = world.tokens - {facts.plan}
        if report.token and not report.token.is_empty:
            tokens |= {report.token}
        unsaved = world.unsaved
        if report.unsaved:
            unsaved |= {report.unsaved}
        if facts.call == "save" and report.outcome == "failed":
            unsaved |= facts.got
        ended = world.ended
        if report.signed_out == "yes" and process.blind != rules.CONFIRMED:
            ended |= rules.meant(facts) if facts.call == "retry" else process.present
        return world._replace(tokens=tokens, unsaved=unsaved, ended=ended)

    def excuse(self, facts, process):
        """Why nobody holds what this call was the last one to hold."""
        newest = facts.read_again or ()
        was_stored = any(item.refresh in facts.got for item in newest)
        if was_stored and (facts.request.outcome == "fetched" or facts.request.failure == "cancelled"):
            return rules.REFRESHED_IN_WINDOW
        if facts.call == "fetch" and facts.has_lost:
            return rules.REVOCATION_LOST
        if facts.call == "fetch" and process.late:
            return rules.TOO_LATE
        return None

    def ends(self, world, process, others, request):
        """All ends of a request: what is said of it, the answer, the world after it, whether it was carried out, and
        what changes in the process."""
        kind = type(request)
        if kind is Take:
            yield from self.turns(world, process, others, request)
        elif kind is IsCancelled:
            yield "", process.cancelled > 0, world, True, {}
        elif kind is IsFresh:
            yield ": fresh", True, world, True, {}
            yield ": too old", False, world, True, {}
        elif kind in KEYRING:
            yield from self.keyring_ends(world, process, request)
        elif kind in COGNITO:
            yield from self.cognito_ends(world, process, request)
        else:
            answer, after = carried_out(request, world, self.surroundings)
            yield "", answer, after, True, {}

    def turns(self, world, process, others, request):
        if process.cancelled or process.late:
            yield ", in vain", Failure("cancelled" if process.cancelled else "late"), world, True, {}
        elif not self.surroundings.has_lock_file:
            yield ": there is no lock file", DONE, world, True, {}
        elif not any(other.has_lock for other in others):
            yield "", DONE, world, True, {"has_lock": True}
        elif world.faults:
            faulty = world._replace(faults=world.faults - 1)
            if request.passes_over:
                yield ": another process hangs, and it goes on", DONE, faulty, True, {}
            else:
                yield ": another process hangs", Failure("busy"), faulty, True, {}

    def keyring_ends(self, world, process, request):
        is_change = type(request) in CHANGES
        flag, status = limits(process, request.limit)
        answer, after = carried_out(request, world, self.surroundings)
        if flag:
            yield f": {status}", Failure(status), world, False, {}
            if flag == 1 and is_change:
                yield f": {status}, and carried out", Failure(status, True), after, True, {}
                if status == "late":
                    pending = world._replace(pending=world.pending | {request})
                    yield f": {status}, and may be carried out yet", Failure(status, True), pending, False, {}
                if type(request) is Delete:
                    yield f": {status}, and never carried out", Failure(status, True), world, False, {}
            return
        is_refused = type(answer) is Failure
        yield f": {answer.status}" if is_refused else told(request, answer), answer, after, not is_refused, {}
        if is_change and world.faults and not is_refused:
            faults = world.faults - 1
            lost = Failure("keyring failed", True)
            yield ", and the answer is lost", lost, after._replace(faults=faults), True, {"is_unlucky": True}
            yield ", and is lost", lost, world._replace(faults=faults), False, {"is_unlucky": True}
            if type(request) is Delete:
                yield ", and nothing is done", DONE, world._replace(faults=faults), False, {"is_unlucky": True}

    def cognito_ends(self, world, process, request):
        flag, status = limits(process, request.limit)
        answer, after = carried_out(request, world, self.surroundings)
        if flag:
            yield f": {status}", Failure(status), world, False, {}
            if flag == 1:
                yield f": {status}, and carried out", Failure(status, True), after, True, {}
                yield f": {status}, and never carried out", Failure(status, True), world, False, {}
            return
        is_refused = type(answer) is Failure
        yield f": {answer.status}" if is_refused else "", answer, after, not is_refused, {}
        if world.faults and not is_refused:
            faults = world.faults - 1
            yield ": cannot be reached", Failure("network"), world._replace(faults=faults), False, {}
            yield ", and the answer is lost", Failure("network", True), after._replace(faults=faults), True, {}
            yield ", and is lost", Failure("network", True), world._replace(faults=faults), False, {}

    # MARK: What a move leads to

    def move(self, name, before, after, processes, exception=None, allowed=None, tokens=(), broken=None):
        """A move, and the rule that it breaks. `exception` excuses that nobody holds a refresh token any more; of
        those, `allowed` are the ones that it excuses, if not all."""
        held = set(after.excused)
        held.update(after.unsaved)
        held.update(item.refresh for item in after.items)
        for token in after.tokens:
            held.update(token.refresh_tokens)
        for process in processes:
            if process.place != IDLE:
                held.update(self.places.facts(process.place).kept)
        lost = [token for token in after.live if token not in held]
        if lost and not broken:
            if exception and (allowed is None or all(token in allowed for token in lost)):
                after = after._replace(excused=after.excused | frozenset(lost))
            else:
                broken = rules.HELD
        if (lost or tokens) and exception and not broken:
            self.exceptions[exception] = self.exceptions.get(exception, 0) + 1
        if not broken and after.items != before.items:
            for item in after.items:
                if item.sign_in in after.ended and item.refresh not in after.excused and item not in before.items:
                    broken = rules.COMES_BACK
        if after.excused:
            after = after._replace(excused=after.excused & after.live.union(item.refresh for item in after.items))
        return Move(name, (after, processes), broken)


def blind(process, request, world, answer):
    if type(request) is SearchItems:
        return rules.BLIND if world.is_locked else 0
    if type(request) is IsLocked and process.blind and answer is False:
        return rules.CONFIRMED
    return process.blind


def told(request, answer):
    if type(request) is Read and answer is None:
        return ": gone"
    if type(request) is Read:
        return ": " + (", ".join(f"{item.path}" if item.refresh else f"{item.path} without secret" for item in answer))
    return f": {answer}" if type(answer) is bool else ""


def noticed(request):
    """What cuts a request short, or is seen by it."""
    if type(request) is Take:
        return "cancelled", "late"
    if type(request) is IsCancelled:
        return "cancelled",
    ends = {WHOLE: ("cancelled", "late"), NETWORK: ("cancelled", "late", "network_late"), DELETION: ("late",)}
    return ends.get(getattr(request, "limit", None), ())


def limits(process, limit):
    """Whether the limit of a request is reached (1: while it is under way), and how that is told."""
    if limit != DELETION and process.cancelled:
        return process.cancelled, "cancelled"
    if process.late:
        return process.late, "late"
    if limit == NETWORK and process.network_late:
        return process.network_late, "late"
    return 0, ""


def passed(process):
    """The process after a request: what was reached while it was under way was reached before the next one."""
    if 1 not in (process.cancelled, process.late, process.network_late):
        return process
    return process._replace(**{
        field: 2 for field in ("cancelled", "late", "network_late") if getattr(process, field)})


def ordered(others, process):
    """Which process is which makes no difference."""
    return tuple(sorted(others + (process,), key=order))


def order(process):
    return process[:5] + (sorted(process.present),) + process[6:]
