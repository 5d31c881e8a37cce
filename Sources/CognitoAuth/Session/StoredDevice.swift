// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The key of a device that Cognito remembers for a user. An item of its own, as it outlives the session.
struct StoredDevice {
    let username: String
    /// The user's `sub`, if the session's tokens told it.
    let subject: String?
    let key: SecretBytes

    /// The longest key that is taken; Cognito's own are "{region}_{uuid}", about 50.
    static let maximumLength = 256

    init(username: String, subject: String?, key: SecretBytes) {
        self.username = username
        self.subject = subject
        self.key = key
    }

    init?(_ item: StoredItem) {
        guard let object = item.secret?.withBytes({ JSONObject(parsing: $0) }),
            let username = object.string("username"), let key = object.secret("device_key")
        else { return nil }
        self.username = username
        subject = object.string("sub")
        self.key = key
    }

    func belongs(toUsername username: String?, subject: String?) -> Bool {
        if let subject, let mine = self.subject { return mine.isExactly(subject) }
        return username.map { $0.isExactly(self.username) } ?? false
    }

    func encode() -> SecretBytes? {
        let object = JSONObjectBuilder()
        object.set("version", 1)
        object.set("username", username)
        if let subject { object.set("sub", subject) }
        object.set("device_key", key)
        return object.encoded()
    }

    /// Source: the pattern of DeviceKeyType in the Cognito API reference, `[\w-]+_[0-9a-f-]+`.
    static func accept(_ key: SecretBytes) -> Bool {
        (1...maximumLength).contains(key.count) && key.withBytes { $0.allSatisfy({ $0.isASCIIGraphic }) }
    }
}
