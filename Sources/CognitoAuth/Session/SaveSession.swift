// SPDX-License-Identifier: Apache-2.0

/// Storing the session of the user who has just signed in.
struct SaveSession {
    let client: AuthClient
    let call: Call

    func run(_ loaded: LoadedSession) throws(AuthFailure) {
        do throws(AuthFailure) {
            try loaded.session.validate(for: client.configuration)
            if let key = loaded.deviceKey, !StoredDevice.accept(key) {
                throw .invalid("device_key", "must be 1 to 256 printable ASCII characters without spaces")
            }
            try store(loaded)
        } catch {
            call.write(.error, .joining("Save: ", error.status.name))
            throw error
        }
    }

    private func store(_ loaded: LoadedSession) throws(AuthFailure) {
        var storage: SessionStorage?
        do {
            let active = try ActiveCall.begin(client, call)
            storage = SessionStorage(active: active, place: .ofSave)
            try storage?.store(loaded)
            if storage?.hasUnfinished == true { _ = PassingRevocation(active: active).run() }
        } catch {
            throw SessionStorage.told(error, isStored: storage.map { $0.isStored } ?? false)
        }
    }
}
