// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CPlatform
internal import Linux

/// Where the certificates to trust are, for the server and for an https proxy.
///
/// The system has them twice, and both count: in a directory of files named by hash, of which only the few that are needed
/// are read, and in a bundle, which is parsed whole: that takes three times as long as all the rest of a first request. So
/// the bundle waits until a certificate is not found in the directory. Companies append to the bundle only.
final class CertificateSource {
    private enum Place {
        /// A PEM file: that which the program names, or the bundle.
        case file(String)
        case directory(UnsafePointer<CChar>, bundle: UnsafePointer<CChar>?)
        /// Whatever libcurl was built with.
        case standard
    }

    private let place: Place
    private let mutex = ThreadMutex()
    private var isDirectoryEnough = true

    init(file: String?) {
        let version = curl_version_info(cognitoauth_curl_version_now)
        place =
            if let file {
                .file(file)
            } else if let path = version?.pointee.capath, Self.leadsToCertificates(path) {
                .directory(path, bundle: version?.pointee.cainfo)
            } else if let bundle = version?.pointee.cainfo {
                .file(String(cString: bundle))
            } else {
                .standard
            }
    }

    /// Whether the file that the program names, where there is one, is a regular file: another one would be waited for,
    /// which nothing bounds.
    var isRegular: Bool {
        guard case .file(let path) = place else { return true }
        var status = stat()
        return stat(path, &status) != 0 || Int32(truncatingIfNeeded: status.st_mode) & S_IFMT == S_IFREG
    }

    /// Whether the bundle is to be read at once, as it was needed before.
    var readsBundle: Bool { mutex.withLock { !isDirectoryEnough } }

    func apply(to handle: UnsafeMutableRawPointer, readsBundle: Bool) {
        switch place {
        case .file(let path): path.withCString { Self.set(handle, file: $0, directory: nil) }
        case .directory(let path, let bundle): Self.set(handle, file: readsBundle ? bundle : nil, directory: path)
        case .standard: break
        }
    }

    /// After a certificate was not believed: lets the bundle count too if that may change it, and says whether it does.
    func addBundle(to handle: UnsafeMutableRawPointer) -> Bool {
        guard case .directory(let path, let bundle?) = place, access(bundle, R_OK) == 0,
            [CURLINFO_SSL_VERIFYRESULT, CURLINFO_PROXY_SSL_VERIFYRESULT].contains(where: {
                Self.meansUnknownIssuer(cognitoauth_curl_get_number(handle, $0))
            })
        else { return false }
        Self.set(handle, file: bundle, directory: path)
        return true
    }

    /// The bundle was needed.
    func rememberBundle() { mutex.withLock { isDirectoryEnough = false } }

    private static func set(
        _ handle: UnsafeMutableRawPointer, file: UnsafePointer<CChar>?, directory: UnsafePointer<CChar>?
    ) {
        for option in [CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO] { _ = cognitoauth_curl_set_text(handle, option, file) }
        for option in [CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH] {
            _ = cognitoauth_curl_set_text(handle, option, directory)
        }
    }

    /// OpenSSL's X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, _DEPTH_ZERO_SELF_SIGNED_CERT, _SELF_SIGNED_CERT_IN_CHAIN,
    /// _UNABLE_TO_GET_ISSUER_CERT_LOCALLY and _UNABLE_TO_VERIFY_LEAF_SIGNATURE.
    private static func meansUnknownIssuer(_ verifyResult: Int) -> Bool {
        [2, 18, 19, 20, 21].contains(verifyResult)
    }

    /// Whether a file is there that is named like OpenSSL names them, by eight hexadecimal digits, a dot and a number.
    /// They are links, as a rule, and may lead nowhere.
    private static func leadsToCertificates(_ path: UnsafePointer<CChar>) -> Bool {
        guard let directory = opendir(path) else { return false }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let isThere = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                name[..<8].allSatisfy(isHexadecimalDigit) && name[8] == UInt8(ascii: ".")
                    && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(name[9])
                    && name.baseAddress.map {
                        faccessat(dirfd(directory), $0.assumingMemoryBound(to: CChar.self), R_OK, 0) == 0
                    } ?? false
            }
            if isThere { return true }
        }
        return false
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
