// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth

/// libsecret's encrypted file as it is now.
///
/// A new one for each look and each change: libsecret reads the file once for each object, and the one that the process
/// shares knows nothing of what others wrote since.
final class FileBackend {
    private let object: OpaquePointer
    private let interface: SecretBackendInterface
    private let context: KeyringContext
    private let file: KeyringFile
    private let isFileNew: Bool

    /// What GLib may want for it at once. Where it cannot have a thread it ends the process, or waits for ever.
    private static let threadsNeeded: Int32 = 5

    /// Gets the key and reads the file, which must not be damaged: see `KeyringFile`. Waits for the Secret portal,
    /// where it is that which has the key.
    static func open(_ file: KeyringFile, _ context: KeyringContext) throws(BusFailure) -> FileBackend {
        guard cognitoauth_has_threads(threadsNeeded) != 0 else {
            throw BusFailure(AuthFailure(.outOfResources), .unsent)
        }
        let type = cognitoauth_file_backend_type()
        guard type != 0, let object = g_object_new_with_properties(type, 0, nil, nil),
            let interface = SECRET_BACKEND_GET_IFACE(object)
        else {
            throw BusFailure(AuthFailure(.keyringUnavailable, detail: "libsecret has no encrypted file here"), .unsent)
        }
        let this = FileBackend(OpaquePointer(object), interface.pointee, file, context)
        try this.call(
            otherwise: .keyringUnavailable,
            start: { g_async_initable_init_async(this.object, G_PRIORITY_DEFAULT, $0, $1, $2) },
            finish: { _ = g_async_initable_init_finish(this.object, $0, $1) })
        return this
    }

    private init(
        _ object: OpaquePointer, _ interface: SecretBackendInterface, _ file: KeyringFile, _ context: KeyringContext
    ) {
        self.object = object
        self.interface = interface
        self.file = file
        self.context = context
        isFileNew = !file.exists
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(object)) }

    /// The items that have at least these attributes, in the order in which they were written. Fails if one of them
    /// cannot be decrypted.
    func items(_ attributes: AttributeTable) throws(BusFailure) -> [FileItem] {
        let list = try call(
            otherwise: .keyringFailed,
            start: { [self] in
                interface.search(object, nil, attributes.pointer, SECRET_SEARCH_ALL, $0, $1, $2)
            },
            finish: { interface.search_finish(object, $0, $1) })
        defer { g_list_free_full(list) { data in g_object_unref(data) } }
        var items: [FileItem] = []
        var link = list
        while let element = link {
            if let data = element.pointee.data { items.append(try read(OpaquePointer(data))) }
            link = element.pointee.next
        }
        return items
    }

    private func read(_ item: OpaquePointer) throws(BusFailure) -> FileItem {
        let value = try call(
            otherwise: .keyringFailed,
            start: { secret_retrievable_retrieve_secret(item, $0, $1, $2) },
            finish: { SecretValuePointer.taking(secret_retrievable_retrieve_secret_finish(item, $0, $1)) })
        let label = secret_retrievable_get_label(item)
        defer { g_free(label) }
        guard let value, let attributes = secret_retrievable_get_attributes(item) else { throw .nonsense }
        return FileItem(
            attributes: AttributeTable(attributes), label: label.map { String(cString: $0) } ?? "", value: value)
    }

    /// When a change is written.
    enum Writing {
        case now
        /// With the next change that is written now, in one step: whoever is killed in between has changed nothing.
        case later
    }

    /// Puts an item into the file, in place of the one that has exactly its attributes.
    func store(_ item: FileItem, _ writing: Writing = .now) throws(BusFailure) {
        // libsecret looks only whether a file that it has read was changed.
        guard !isFileNew || !file.exists else { throw BusFailure(AuthFailure(.keyringFailed), .outdated) }
        _ = try change(
            writing,
            start: { [self] in
                interface.store(
                    object, nil, item.attributes.pointer, SECRET_COLLECTION_DEFAULT, item.label, item.value.pointer, $0,
                    $1, $2)
            },
            finish: { interface.store_finish(object, $0, $1) })
    }

    /// Takes the items out of the file that have at least these attributes. Returns false if there are none; that is
    /// not known of what is written later.
    func clear(_ attributes: AttributeTable, _ writing: Writing = .now) throws(BusFailure) -> Bool {
        try change(
            writing,
            start: { [self] in interface.clear(object, nil, attributes.pointer, $0, $1, $2) },
            finish: { interface.clear_finish(object, $0, $1) })
    }

    /// libsecret changes the items in memory, and then writes all of them: a call that is cancelled before it begins
    /// does only the former.
    private func change(
        _ writing: Writing, start: @escaping KeyringContext.Start,
        finish: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> gboolean
    ) throws(BusFailure) -> Bool {
        guard writing == .later else { return try call(otherwise: .keyringFailed, start: start, finish: finish) != 0 }
        let cancelled = g_cancellable_new()
        defer { g_object_unref(cancelled) }
        g_cancellable_cancel(cancelled)
        var error: UnsafeMutablePointer<GError>?
        let isDone = try context.perform([{ start(cancelled, $1, $2) }])[0].end { finish($0, &error) }
        guard let error else { return isDone != 0 }
        guard cognitoauth_is_cancelled(error) != 0 else {
            throw BusFailure(consuming: error, otherwise: .keyringFailed)
        }
        g_error_free(error)
        return true
    }

    /// Makes one call; `status` is what an error of input or output means in it.
    private func call<Value>(
        otherwise status: Status, start: @escaping KeyringContext.Start,
        finish: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> Value
    ) throws(BusFailure) -> Value {
        var error: UnsafeMutablePointer<GError>?
        let value = try context.perform([start])[0].end { finish($0, &error) }
        if let error { throw BusFailure(consuming: error, otherwise: status) }
        return value
    }
}

/// An item of the encrypted file, decrypted.
struct FileItem {
    let attributes: AttributeTable
    let label: String
    let value: SecretValuePointer
}

extension BusFailure {
    /// What an error of libsecret's encrypted file means. Frees it.
    fileprivate init(consuming error: UnsafeMutablePointer<GError>, otherwise status: Status) {
        guard cognitoauth_is_io_error(error) != 0 else {
            self.init(BusFailure(consuming: error).failure, .refused)
            return
        }
        defer { g_error_free(error) }
        let code = UInt32(bitPattern: error.pointee.code)
        let detail = error.pointee.message.map { String(cString: $0) } ?? ""
        let meaning: Status =
            switch code {
            // Nobody here cancels: the portal asked the user for the key.
            case G_IO_ERROR_CANCELLED.rawValue: .keyringPromptDismissed
            case G_IO_ERROR_PERMISSION_DENIED.rawValue: .keyringAccessDenied
            default: status
            }
        self.init(AuthFailure(meaning, detail: detail), code == G_IO_ERROR_WRONG_ETAG.rawValue ? .outdated : .refused)
    }
}
