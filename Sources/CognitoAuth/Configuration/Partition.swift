// SPDX-License-Identifier: Apache-2.0

/// A group of regions that share their domain names.
///
/// Source: the partitions that AWS publishes with its SDKs; a test compares all regions.
struct Partition {
    let suffix: String
    let dualStackSuffix: String
    private let isCommercial: Bool

    init(region: String) {
        for (prefix, suffix, dualStackSuffix) in Self.others where region.startsExactly(with: prefix) {
            self.suffix = suffix
            self.dualStackSuffix = dualStackSuffix
            isCommercial = false
            return
        }
        suffix = "amazonaws.com"
        dualStackSuffix = "api.aws"
        isCommercial = true
    }

    /// Whether the ordinary name answers on IPv6 too.
    func isDualStack(region: String, useFIPS: Bool) -> Bool {
        guard isCommercial else { return false }
        return !useFIPS
            || ["us-east-1", "us-east-2", "us-west-1", "us-west-2"].contains { $0.isExactly(region) }
    }

    private static var others: [(prefix: String, suffix: String, dualStackSuffix: String)] {
        [
            ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
            ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
            ("us-gov-", "amazonaws.com", "api.aws"),
            ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
            ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
            ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
            ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
        ]
    }
}
