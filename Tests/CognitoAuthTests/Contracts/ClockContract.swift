// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Foundation
import Linux
import Testing

@Suite("The contract of Clock")
struct ClockContract {
    @Test("The stopwatch only goes forward", arguments: ClockSubject.all)
    func forward(implementation: Implementation<ClockSubject>) throws {
        let clock = try implementation.make().clock
        let readings = (0..<1000).map { _ in clock.monotonicMilliseconds }
        #expect(readings == readings.sorted())
    }

    @Test("A pause lasts at least as long as it is asked to", arguments: ClockSubject.all)
    func pause(implementation: Implementation<ClockSubject>) throws {
        let subject = try implementation.make()
        for length in [1, 20, 60] as [Int64] {
            let took = subject.milliseconds { subject.clock.pause(milliseconds: length, subject.limit()) }
            #expect(took >= length && took < length + 5000)
        }
    }

    @Test("A pause ends at its limit", arguments: ClockSubject.all)
    func limit(implementation: Implementation<ClockSubject>) throws {
        let subject = try implementation.make()
        let took = subject.milliseconds { subject.clock.pause(milliseconds: 60_000, subject.limit(50)) }
        #expect(took >= 50 && took < 5000)
    }

    @Test("A pause behind its limit, or of no length, is none, and turns no clock back", arguments: ClockSubject.all)
    func nothing(implementation: Implementation<ClockSubject>) throws {
        let subject = try implementation.make()
        let before = subject.clock.unixSeconds
        let took = subject.milliseconds {
            subject.clock.pause(milliseconds: 60_000, subject.limit(-5000))
            subject.clock.pause(milliseconds: 0, subject.limit())
            subject.clock.pause(milliseconds: -5000, subject.limit())
        }
        #expect(took >= 0 && took < 5000)
        #expect(subject.clock.unixSeconds >= before)
    }

    @Test("A pause that is cancelled ends at once, or does not begin", arguments: ClockSubject.all)
    func cancelled(implementation: Implementation<ClockSubject>) throws {
        let subject = try implementation.make()
        let cancellation = EventDescriptor()
        subject.whenPausing { cancellation.raise() }
        for _ in 1...2 {
            let took = subject.milliseconds {
                subject.clock.pause(milliseconds: 60_000, subject.limit(90_000, cancellation))
            }
            #expect(took < 5000)
        }
    }

    @Test("The time of day goes on while a pause lasts", arguments: ClockSubject.all)
    func timeOfDay(implementation: Implementation<ClockSubject>) throws {
        let subject = try implementation.make()
        let before = subject.clock.unixSeconds
        subject.clock.pause(milliseconds: 1100, subject.limit())
        #expect(subject.clock.unixSeconds > before)
        #expect(subject.clock.unixSeconds < before + 60)
    }

    @Test("The system's clock tells the time that it is")
    func now() {
        #expect(abs(SystemClock().unixSeconds - Int64(Date().timeIntervalSince1970)) <= 1)
    }
}

/// A clock, and what happens while somebody waits for it.
struct ClockSubject: TimedSubject {
    let clock: any Clock
    /// Does something once a pause has begun.
    let whenPausing: (@escaping @Sendable () -> Void) -> Void

    static let all = [
        Implementation("FakeClock") {
            let journal = Journal()
            return ClockSubject(clock: FakeClock(journal)) { journal.whenBegun["pause 1"] = $0 }
        },
        Implementation("SystemClock") {
            ClockSubject(clock: SystemClock()) { after(milliseconds: 50, $0) }
        },
    ]
}
