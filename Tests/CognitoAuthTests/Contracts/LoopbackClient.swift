// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CognitoAuth

/// A TCP connection to a port of this machine, over which a test sends what it likes.
final class LoopbackClient: @unchecked Sendable {
    struct NoConnection: Error {}

    let descriptor: Int32

    init(_ port: UInt16, _ family: Int32 = AF_INET) throws {
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, LoopbackAddress.connect(descriptor, family, port) == 0 else { throw NoConnection() }
    }

    deinit { close(descriptor) }

    /// Returns whether the other side still takes it.
    @discardableResult
    func send(_ text: String) -> Bool { sendBytes(Array(text.utf8)) }

    @discardableResult
    func sendBytes(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads until the other side ends the connection; nil if it does not within so many milliseconds.
    func readToEnd(within milliseconds: Int32 = 20_000) -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, milliseconds) > 0 else { return nil }
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// What came back over the connection; nil if it was closed without an answer.
    func answer(within milliseconds: Int32 = 20_000) throws -> LoopbackAnswer? {
        let text = try #require(readToEnd(within: milliseconds), "the connection was not ended")
        return text.isEmpty ? nil : LoopbackAnswer(text)
    }

    /// Sends a request as a browser does.
    @discardableResult
    func request(_ target: String, _ host: String, method: String = "GET", _ fields: [String] = []) -> Bool {
        send((["\(method) \(target) HTTP/1.1", "Host: \(host)"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
    }
}

/// An HTTP answer.
struct LoopbackAnswer {
    let status: Int
    let body: String
    private let head: [String]

    init(_ text: String) {
        let end = text.range(of: "\r\n\r\n")
        head = text[..<(end?.lowerBound ?? text.endIndex)].components(separatedBy: "\r\n")
        body = end.map { String(text[$0.upperBound...]) } ?? ""
        status = head[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    subscript(field: String) -> String? {
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == field.lowercased() {
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }

    var heading: String {
        guard let start = body.range(of: "<h1>"), let end = body.range(of: "</h1>") else { return "" }
        return String(body[start.upperBound..<end.lowerBound])
    }
}

/// Addresses of the loopback.
enum LoopbackAddress {
    static func connect(_ descriptor: Int32, _ family: Int32, _ port: UInt16) -> Int32 {
        with(family, port) { Glibc.connect(descriptor, $0, $1) }
    }

    /// Takes a port of one family, as another program would; -1 if somebody has it.
    static func take(_ port: UInt16, _ family: Int32, listening: Bool = true) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        if family == AF_INET6 {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        if with(family, port, { bind(descriptor, $0, $1) }) == 0, !listening || listen(descriptor, 8) == 0 {
            return descriptor
        }
        close(descriptor)
        return -1
    }

    /// One that nobody has, and that no client gets by chance.
    static func freePort() -> UInt16 {
        while true {
            let port = next.withLock { number -> UInt16 in
                number = number < 29_999 ? number + 1 : 20_000
                return number
            }
            let descriptors = [AF_INET, AF_INET6].map { take(port, $0) }
            for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
            if descriptors.allSatisfy({ $0 >= 0 }) { return port }
        }
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var number = UInt16(20_000 + getpid() % 9_000)

        func withLock<Value>(_ body: (inout UInt16) -> Value) -> Value { lock.withLock { body(&number) } }
    }

    private static let next = Counter()

    private static func with(_ family: Int32, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
        -> Int32
    {
        if family == AF_INET {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}
