// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Parameters in a URL or a form")
struct URLEncodedFormTests {
    private func encoded(_ value: SecretBytes) -> String {
        let form = URLEncodedForm()
        form.set("a", value)
        return form.text.text
    }

    @Test("Every byte is itself where it is unreserved, and else two capital digits")
    func everyByte() {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        for byte in 0...255 as ClosedRange<UInt8> {
            let value = SecretBytes()
            value.append(byte)
            let expected =
                unreserved.contains(byte)
                ? String(decoding: [byte], as: UTF8.self) : String(format: "%%%02X", Int(byte))
            #expect(encoded(value) == "a=\(expected)")
        }
    }

    @Test("Parameters follow each other in their order, empty ones too")
    func several() {
        let form = URLEncodedForm()
        #expect(form.text.isEmpty)
        form.set("one", "1 2")
        form.set("two", "")
        form.set("three", "ä&=")
        #expect(form.text.text == "one=1%202&two=&three=%C3%A4%26%3D")
    }
}
