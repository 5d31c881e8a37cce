// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What Python's botocore knows of Cognito, which AWS publishes.
enum Botocore {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What a script of this folder prints.
    static func lines(of script: String) throws -> [Substring] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let package = tests.deletingLastPathComponent().deletingLastPathComponent()
        let interpreter =
            ProcessInfo.processInfo.environment["COGNITOAUTH_BOTOCORE_PYTHON"]
            ?? package.appendingPathComponent(".build/python/moto/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw Failure(description: "there is no Python with botocore at \(interpreter): run `make check`")
        }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: interpreter)
        process.arguments = ["-B", tests.appendingPathComponent(script).path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(interpreter) cannot use botocore: run `make check`")
        }
        return text.split(separator: "\n")
    }
}
