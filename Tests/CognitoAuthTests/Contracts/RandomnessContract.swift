// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import Testing

@Suite("The contract of Randomness")
struct RandomnessContract {
    static let implementations = [
        Implementation<any Randomness>("FakeRandomness") { FakeRandomness() },
        Implementation("SystemRandomness") { SystemRandomness() },
    ]

    @Test("A thousand numbers are a thousand different ones", arguments: implementations)
    func different(implementation: Implementation<any Randomness>) throws {
        let randomness = try implementation.make()
        #expect(Set((0..<1000).map { _ in randomness.next() }).count == 1000)
    }

    @Test("Every bit is one in some numbers and zero in others", arguments: implementations)
    func bits(implementation: Implementation<any Randomness>) throws {
        let randomness = try implementation.make()
        let numbers = (0..<1000).map { _ in randomness.next() }
        #expect(numbers.reduce(0, |) == .max)
        #expect(numbers.reduce(.max, &) == 0)
    }
}
