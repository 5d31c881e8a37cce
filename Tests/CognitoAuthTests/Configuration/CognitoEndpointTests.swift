// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

/// The rule set that AWS publishes comes with Python's botocore, which the moto of `make check` needs.
@Suite("Cognito's own endpoints")
struct CognitoEndpointTests {
    private struct Row {
        let region: String
        let useFIPS: Bool
        let useDualStack: Bool
        let url: String
    }

    @Test("The endpoint of every region, with and without FIPS and dual-stack, is the one that botocore finds")
    func everyRegion() throws {
        let rows = try Self.rows()
        #expect(Set(rows.map(\.region)).count >= 40)
        #expect(rows.count == Set(rows.map(\.region)).count * 4)
        for row in rows {
            var options = ConfigurationOptions()
            options.appID = "org.example.Mail"
            options.userPoolID = "\(row.region)_AbCdEfGhI"
            options.clientID = "client1example"
            options.useFIPS = row.useFIPS
            options.useDualStack = row.useDualStack
            #expect(try Configuration.checked(options).endpoint.url == row.url + "/", "\(row)")
        }
    }

    @Test(
        "A region that is newer than this library gets the endpoint of its partition",
        arguments: [
            ("eu-west-99", false, false, "https://cognito-idp.eu-west-99.amazonaws.com/"),
            ("eu-west-99", true, false, "https://cognito-idp-fips.eu-west-99.amazonaws.com/"),
            ("eu-west-99", false, true, "https://cognito-idp.eu-west-99.amazonaws.com/"),
            ("cn-south-9", false, false, "https://cognito-idp.cn-south-9.amazonaws.com.cn/"),
            ("us-isob-south-9", false, false, "https://cognito-idp.us-isob-south-9.sc2s.sgov.gov/"),
        ])
    func newRegion(region: String, useFIPS: Bool, useDualStack: Bool, url: String) {
        #expect(Endpoint(region: region, useFIPS: useFIPS, useDualStack: useDualStack).url == url)
    }

    /// What `botocore_endpoints.py` prints.
    private static func rows() throws -> [Row] {
        try Botocore.lines(of: "botocore_endpoints.py").map { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 4 else { throw Botocore.Failure(description: "not a line of the table: \(line)") }
            return Row(region: words[0], useFIPS: words[1] == "1", useDualStack: words[2] == "1", url: words[3])
        }
    }
}
