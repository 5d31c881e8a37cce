// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth
@testable import LoopbackBrowser

/// A request that comes in at our listener, beside another reading of the same rules: the first line is the method, the
/// target and the version, and the others are header fields, as libmicrohttpd hands them over.
enum RequestFuzzer {
    nonisolated(unsafe) private static let redirect: LoopbackRedirect = {
        guard let redirect = LoopbackRedirect.read("http://localhost:3000/signed-in", FuzzConfiguration.urls) else {
            fatalError("there is no redirect")
        }
        return redirect
    }()
    private static let hosts = ["localhost:3000"]

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.contains(0) else { return }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        let words = lines[0].split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3 else { return }
        let fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            return (name: Array(line[..<colon]), value: Array(line[colon...].dropFirst()))
        }
        let rules = RequestRules(redirect)
        for field in fields { withText(field.name) { name in withText(field.value) { rules.read(name, $0) } } }
        let query = withText(Array(words[1])) { RequestTarget.query($0, at: redirect) }
        let refusal = withText(Array(words[0])) { method in
            withText(Array(words[2])) { rules.refusal(method, $0, isOurPath: query != nil) }
        }
        checkPath(Array(words[1]), query)
        guard refusal == nil else { return }
        require(Array("GET".utf8) == Array(words[0]) && query != nil, "another request is taken for the browser's")
        let named = fields.filter { lowercased($0.name) == "host" }.map { lowercased($0.value) }
        require(named == hosts, "a request to another host is taken")
        for field in fields {
            switch lowercased(field.name) {
            case "origin": fatalError("a script's request is taken")
            case "sec-fetch-dest": require(lowercased(field.value) == "document", "what nobody looks at is taken")
            case "purpose", "sec-purpose", "x-moz": require(field.value.isEmpty, "what is loaded ahead is taken")
            case "content-length", "transfer-encoding": require(field.value == [UInt8(ascii: "0")], "a body is taken")
            default: break
            }
        }
    }

    /// The query is what stands behind the first question mark, whatever it is.
    private static func checkPath(_ target: [UInt8], _ query: SecretBytes?) {
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let paths = ["/signed-in", "/signed-in/"].map { Array($0.utf8) }
        require(paths.contains(Array(target[..<end])) == (query != nil), "another path is taken for ours")
        let rest = Array(target[end...].dropFirst())
        require(query.map { $0.withBytes { $0.elementsEqual(rest) } } ?? true, "a query is another")
    }

    private static func lowercased(_ text: [UInt8]) -> String {
        String(decoding: text.map { $0.isASCIIUppercase ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private static func withText<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (bytes + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { fatalError("a text has no place") }
                return body(start)
            }
        }
    }
}

@_cdecl("fuzz_request")
public func fuzzRequest(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    RequestFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
