// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import SecretMemory

/// A connection to a listener.
final class Visitor {
    enum Stage {
        /// Its request is not there yet.
        case asking
        /// Its request waits for an answer.
        case waiting(arrival: Int)
        /// It was answered.
        case leaving
        /// It was cut off.
        case gone
    }

    /// libmicrohttpd's, which closes it.
    let connection: OpaquePointer
    let descriptor: Int32
    var stage = Stage.asking
    /// When its stage has taken too long, on the monotonic clock.
    var deadline: Int64
    /// What it asks for, as it was sent.
    var target: RequestTarget?

    init(_ connection: OpaquePointer, _ descriptor: Int32, deadline: Int64) {
        self.connection = connection
        self.descriptor = descriptor
        self.deadline = deadline
    }

    /// The number of its arrival, while that waits for an answer.
    var arrival: Int? {
        if case .waiting(let arrival) = stage { return arrival }
        return nil
    }

    var isAsking: Bool {
        if case .asking = stage { return true }
        return false
    }

    var isGone: Bool {
        if case .gone = stage { return true }
        return false
    }

    /// Whether it is to have an answer, and does not have all of it yet.
    var isOwed: Bool {
        switch stage {
        case .waiting, .leaving: true
        case .asking, .gone: false
        }
    }
}

/// The target of a request (RFC 9112, section 3.2), as it was sent.
struct RequestTarget {
    private let path: SecretBytes
    /// What stands behind the first question mark.
    let query: SecretBytes

    init(_ text: UnsafeRawBufferPointer) {
        let end = text.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        path = SecretBytes(copying: UnsafeRawBufferPointer(rebasing: text[..<end]))
        query = SecretBytes(copying: UnsafeRawBufferPointer(rebasing: text[end...].dropFirst()))
    }

    /// Whether this is the path; a trailing slash more or less does not matter.
    func hasPath(_ expected: String) -> Bool {
        path.withBytes { Self.withoutSlash($0).elementsEqual(Self.withoutSlash(expected.utf8)) }
    }

    private static func withoutSlash<Bytes: BidirectionalCollection>(_ bytes: Bytes) -> Bytes.SubSequence
    where Bytes.Element == UInt8 {
        bytes.last == UInt8(ascii: "/") ? bytes.dropLast() : bytes[...]
    }
}
