// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The key of a device that Cognito remembers for a user. An item of its own, as it outlives the session.
struct StoredDevice {
    let username: String
    let key: SecretBytes

    /// The longest key that is taken; Cognito's own are "{region}_{uuid}", about 50.
    static let maximumLength = 256

    init(username: String, key: SecretBytes) {
        self.username = username
        self.key = key
    }

    init?(_ item: StoredItem) {
        guard let object = item.secret?.withBytes({ JSONObject(parsing: $0) }),
            let username = object.string("username"), let key = object.secret("device_key")
        else { return nil }
        self.username = username
        self.key = key
    }

    func encode() -> SecretBytes? {
        let object = JSONObjectBuilder()
        object.set("version", 1)
        object.set("username", username)
        object.set("device_key", key)
        return object.encoded()
    }

    /// Source: the pattern of DeviceKeyType in the Cognito API reference, `[\w-]+_[0-9a-f-]+`.
    static func accept(_ key: SecretBytes) -> Bool {
        (1...maximumLength).contains(key.count) && key.withBytes { $0.allSatisfy { (0x21...0x7E).contains($0) } }
    }
}
