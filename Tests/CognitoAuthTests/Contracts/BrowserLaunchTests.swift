// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import LoopbackBrowser
import Testing

@testable import CognitoAuth

/// The default browser is a script that writes down how it was started, and goes on.
@Suite(
    "BrowserLaunchTests: how the default browser is started", .serialized,
    .enabled(if: Surroundings.browserFolder != nil))
struct BrowserLaunchTests {
    private let folder: URL
    private let url = "https://id.example/oauth2/authorize?a=b%20c&d='$(false)`false`;\"x\"|y%u%%"

    init() throws {
        folder = URL(fileURLWithPath: try #require(Surroundings.browserFolder))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let applications = folder.appendingPathComponent("applications")
        try FileManager.default.createDirectory(at: applications, withIntermediateDirectories: true)
        let script = folder.appendingPathComponent("browser.sh")
        try """
        #!/bin/bash
        cd '\(folder.path)'
        printf '%s\\n' "$#" "$1" "$PPID" "$(sed -n 's/^SigBlk:\\t//p' /proc/$$/status)" \\
          "$(readlink /proc/$$/fd/1)" "$(readlink /proc/$$/fd/* | grep -c -e socket: -e anon_inode:)" >started.new
        mv started.new started
        echo $$ >pid
        exec sleep 60
        """.write(to: script, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        try """
        [Desktop Entry]
        Type=Application
        Name=Test
        Exec=\(folder.path)/browser.sh %u
        MimeType=x-scheme-handler/https;x-scheme-handler/http;
        """.write(
            to: applications.appendingPathComponent("test-browser.desktop"), atomically: true, encoding: .utf8)
        try """
        [Default Applications]
        x-scheme-handler/https=test-browser.desktop
        """.write(to: folder.appendingPathComponent("mimeapps.list"), atomically: true, encoding: .utf8)
    }

    private func limit(_ milliseconds: Int64 = 20_000) -> WaitLimit {
        WaitLimit(deadline: SystemClock().monotonicMilliseconds + milliseconds, cancellation: nil)
    }

    @Test("It gets the URL as one argument, its signals, nothing open of ours, and nobody waits for it")
    func started() throws {
        let started = folder.appendingPathComponent("started")
        try? FileManager.default.removeItem(at: started)
        try LoopbackBrowser().open(url, limit())
        for _ in 0..<400 where !FileManager.default.fileExists(atPath: started.path) { usleep(50_000) }
        let lines = try String(contentsOf: started, encoding: .utf8).components(separatedBy: "\n")
        #expect(lines[0] == "1")
        #expect(lines[1] == url)
        #expect(lines[2] != "\(getpid())")
        // A shell keeps others for itself while it forks.
        #expect(try #require(UInt64(lines[3], radix: 16)) & 1 << UInt64(SIGUSR1 - 1) == 0)
        #expect(lines[4] == "/dev/null")
        #expect(lines[5] == "0")
        // A zombie, or a child that goes on, would be a child.
        #expect(try children() == [])
        let browser = try String(contentsOf: folder.appendingPathComponent("pid"), encoding: .utf8)
        kill(try #require(pid_t(browser.trimmingCharacters(in: .newlines))), SIGTERM)
    }

    @Test("The program's bus connection and main context are left as they were")
    func quiet() throws {
        try LoopbackBrowser().open(url, limit())
        usleep(300_000)
        let before = try sockets()
        for _ in 0..<5 { try LoopbackBrowser().open(url, limit()) }
        for _ in 0..<40 where try sockets() > before { usleep(50_000) }
        #expect(try sockets() <= before)
        try Surroundings.run("/bin/sh", ["-c", "kill $(cat '\(folder.path)/pid') || true"])
    }

    @Test("Without a screen there is no browser, at once")
    func noScreen() throws {
        unsetenv("DISPLAY")
        let failure = try #require(throws: AuthFailure.self) { try LoopbackBrowser().open(url, limit()) }
        #expect(failure.status == .browserUnavailable)
        setenv("DISPLAY", ":99", 1)
    }

    @Test("A start that was cancelled before does not begin")
    func cancelled() throws {
        let cancellation = EventDescriptor()
        cancellation.raise()
        let failure = try #require(throws: AuthFailure.self) {
            try LoopbackBrowser().open(
                url, WaitLimit(deadline: SystemClock().monotonicMilliseconds + 20_000, cancellation: cancellation))
        }
        #expect(failure.status == .cancelled)
    }

    /// Those of this process, living or dead, which tests beside this one may have too.
    private func children() throws -> [String] {
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
        return processes.filter { process in
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[end...].split(separator: " ")
            return fields.count > 2 && fields[2] == "\(getpid())"
        }
    }

    private func sockets() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.hasPrefix("socket:")
                ?? false
        }
    }
}
