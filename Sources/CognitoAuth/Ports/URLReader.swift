// SPDX-License-Identifier: Apache-2.0

/// Takes a URL apart in the way in which the transport will, so that nothing is checked that is not used.
public protocol URLReader: AnyObject {
    /// The parts of a URL of any scheme; nil if it is not a URL. What a URL has besides is left out: a login, a query, a
    /// fragment.
    func parts(of text: String) -> URLParts?
}
