// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

extension Base64URL {
    static func decode(text: String) -> SecretBytes? { SecretBytes(text).withBytes { decode($0) } }

    static func encode(_ bytes: [UInt8]) -> String {
        let text = SecretBytes()
        bytes.withUnsafeBytes { encode($0, to: text) }
        return text.text
    }
}
