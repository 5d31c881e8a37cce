// SPDX-License-Identifier: Apache-2.0

internal import SecretMemory

/// A connection to a listener.
final class Visitor {
    enum Stage {
        /// Its request is not there yet.
        case asking
        /// Its request waits for an answer.
        case waiting
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
    /// What stands behind the question mark, where it asks for our path.
    var query: SecretBytes?
    /// The number of its arrival; 0 if it does not ask for our path.
    var arrival = 0

    init(_ connection: OpaquePointer, _ descriptor: Int32, deadline: Int64) {
        self.connection = connection
        self.descriptor = descriptor
        self.deadline = deadline
    }
}
