// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CPlatform

/// Where the certificates to trust are.
enum CertificateSource {
    /// A PEM file that the program names.
    case file(String)
    /// A directory of files named by hash. Only the few that are needed are read; the bundle is parsed
    /// whole, which takes three times as long as all the rest of a first request.
    case hashedDirectory(UnsafePointer<CChar>)
    /// Whatever libcurl was built with.
    case standard

    init(file: String?) {
        if let file {
            self = .file(file)
        } else if let path = curl_version_info(cognitoauth_curl_version_now)?.pointee.capath,
            Self.holdsHashedFiles(path)
        {
            self = .hashedDirectory(path)
        } else {
            self = .standard
        }
    }

    func apply(to handle: UnsafeMutableRawPointer) {
        switch self {
        case .file(let path):
            path.withCString { _ = cognitoauth_curl_set_text(handle, CURLOPT_CAINFO, $0) }
            _ = cognitoauth_curl_set_text(handle, CURLOPT_CAPATH, nil)
        case .hashedDirectory(let path):
            _ = cognitoauth_curl_set_text(handle, CURLOPT_CAINFO, nil)
            _ = cognitoauth_curl_set_text(handle, CURLOPT_CAPATH, path)
        case .standard: break
        }
    }

    /// Whether one entry is named like OpenSSL names them: eight hexadecimal digits, a dot and a number.
    private static func holdsHashedFiles(_ path: UnsafePointer<CChar>) -> Bool {
        guard let directory = opendir(path) else { return false }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let isHashed = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                name[..<8].allSatisfy(isHexadecimalDigit) && name[8] == UInt8(ascii: ".")
                    && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(name[9])
            }
            if isHashed { return true }
        }
        return false
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
