// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// The shipped library is built in Embedded Swift mode (`make`): no Swift runtime in it, no signal
// handlers. Without the trait the same sources are ordinary Swift, for unit tests and sanitizers.
let embedded: BuildSettingCondition = .when(traits: ["Embedded"])

let language: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Part of the language from Swift 6.3 on.
    .enableExperimentalFeature("CImplementation"),
]

let swiftSettings: [SwiftSetting] =
    language + [
        .enableExperimentalFeature("Embedded", embedded),
        .unsafeFlags(
            [
                "-wmo", "-Osize", "-Xfrontend", "-function-sections", "-enforce-exclusivity=unchecked",
                // It makes a copy of a function for each closure that it is called with.
                "-Xllvm", "-sil-disable-pass=closure-specialize",
            ], embedded),
    ]

// What a Linux C library is linked with; the list of exports is a file that is reviewed.
let linkerSettings: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "--icf=all",
            "-Xlinker", "-soname=libcognitoauth.so.0",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/Packaging/cognitoauth.map",
            "-Xlinker", "-z", "-Xlinker", "defs", "-Xlinker", "-z", "-Xlinker", "nodelete",
            "-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now",
            "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
            "-Xlinker", "--gc-sections", "-Xlinker", "--as-needed",
        ], embedded)
]

let package = Package(
    name: "cognitoauth",
    products: [.library(name: "cognitoauth", type: .dynamic, targets: ["CognitoAuthABI"])],
    traits: [.trait(name: "Embedded", description: "Build as Embedded Swift, as the library is shipped.")],
    targets: [
        .systemLibrary(name: "CCognitoAuth", path: "Include/cognitoauth"),
        .systemLibrary(name: "CPlatform", path: "Sources/CPlatform"),
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CGLib", path: "Sources/CGLib", pkgConfig: "glib-2.0", providers: [.apt(["libglib2.0-dev"])]),
        .systemLibrary(
            name: "CSecret", path: "Sources/CSecret", pkgConfig: "libsecret-1",
            providers: [.apt(["libsecret-1-dev"])]),
        .systemLibrary(
            name: "CJansson", path: "Sources/CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(
            name: "CGIO", path: "Sources/CGIO", pkgConfig: "gio-unix-2.0", providers: [.apt(["libglib2.0-dev"])]),
        .systemLibrary(
            name: "CMicroHTTPD", path: "Sources/CMicroHTTPD", pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]),

        .target(
            name: "CBridgeObject", path: "Sources/CBridgeObject",
            cSettings: [
                .define("EMBEDDED", embedded),
                .unsafeFlags(
                    ["-Os", "-ffunction-sections", "-ffile-prefix-map=\(Context.packageDirectory)=."], embedded),
            ]),

        .target(name: "SecretMemory", dependencies: ["CPlatform"], swiftSettings: swiftSettings),
        .target(name: "JSON", dependencies: ["CJansson", "SecretMemory"], swiftSettings: swiftSettings),
        .target(name: "CognitoAuth", dependencies: ["JSON", "SecretMemory"], swiftSettings: swiftSettings),
        .target(
            name: "CurlTransport", dependencies: ["CCurl", "CPlatform", "CognitoAuth", "Linux", "SecretMemory"],
            swiftSettings: swiftSettings),
        .target(
            name: "SecretServiceStore", dependencies: ["CPlatform", "CSecret", "CognitoAuth", "Linux", "SecretMemory"],
            swiftSettings: swiftSettings),
        .target(
            name: "LoopbackBrowser",
            dependencies: ["CGIO", "CGLib", "CMicroHTTPD", "CPlatform", "CognitoAuth", "Linux", "SecretMemory"],
            swiftSettings: swiftSettings),
        .target(
            name: "Linux", dependencies: ["CGLib", "CPlatform", "CognitoAuth", "SecretMemory"],
            swiftSettings: swiftSettings),
        .target(
            name: "SessionLockFile", dependencies: ["CGLib", "CPlatform", "CognitoAuth", "Linux"],
            swiftSettings: swiftSettings),
        .target(
            name: "CognitoAuthABI",
            dependencies: [
                "CBridgeObject", "CCognitoAuth", "CPlatform", "CognitoAuth", "CurlTransport", "Linux",
                "LoopbackBrowser", "SecretMemory", "SecretServiceStore", "SessionLockFile",
            ],
            swiftSettings: swiftSettings, linkerSettings: linkerSettings),

        .testTarget(
            name: "CognitoAuthTests",
            dependencies: [
                "CCognitoAuth", "CognitoAuth", "CognitoAuthABI", "CurlTransport", "JSON", "Linux", "LoopbackBrowser",
                "SecretMemory",
                "SecretServiceStore", "SessionLockFile",
            ],
            exclude: ["Contracts/run.sh", "botocore_endpoints.py", "botocore_names.py"]),
    ],
    swiftLanguageModes: [.v6]
)

// A library that libFuzzer's main function calls: built by Tests/Fuzz/run.sh alone.
if Context.environment["COGNITOAUTH_FUZZ"] != nil {
    package.products.append(.library(name: "Fuzz", type: .dynamic, targets: ["Fuzz"]))
    package.targets.append(
        .target(
            name: "Fuzz",
            dependencies: ["CCurl", "CognitoAuth", "CurlTransport", "JSON", "LoopbackBrowser", "SecretMemory"],
            path: "Tests/Fuzz",
            exclude: ["corpus", "run.sh", "target.c"], swiftSettings: swiftSettings))
}

// A program that runs the core in a simulated world: built by Tests/Simulator/run.sh alone.
if Context.environment["COGNITOAUTH_SIMULATOR"] != nil {
    package.products.append(.executable(name: "Simulator", targets: ["Simulator"]))
    package.targets += [
        .target(name: "PlainJSON", path: "Tests/Simulator/PlainJSON"),
        .executableTarget(
            name: "Simulator", dependencies: ["CognitoAuth", "PlainJSON", "SecretMemory"], path: "Tests/Simulator",
            // Without the others: a program for which they could be switched on is linked as if they were.
            exclude: ["PlainJSON", "mutants", "run.sh"], swiftSettings: language),
    ]
}
