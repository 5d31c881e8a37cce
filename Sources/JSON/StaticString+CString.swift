// SPDX-License-Identifier: Apache-2.0

extension StaticString {
    /// Lends the literal as a C string. Literals are stored with a NUL behind them.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        body(UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self))
    }
}
