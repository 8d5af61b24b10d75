// swift-tools-version: 6.2
import PackageDescription

// The parts of the benchmarks that are written in Swift and C; `run` builds and calls them.
//
// The targets of vast-lua are linked in by their source (symbolic links in Sources), with the same settings: what is
// measured has package access, as the program itself has, and the program's own manifest stays free of benchmarks.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "vast-lua-benchmarks",
    // As in the program's manifest: Linux is what is tested.
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "CLua", pkgConfig: "lua5.4",
            providers: [.apt(["liblua5.4-dev"])]),
        .target(name: "CLuaBridge", dependencies: ["CLua"]),
        .systemLibrary(
            name: "CSimdjson", pkgConfig: "simdjson",
            providers: [.apt(["libsimdjson-dev"])]),
        .target(name: "CJSON", dependencies: ["CSimdjson"]),
        .target(name: "VastJSON", dependencies: ["CJSON"], swiftSettings: settings),
        .target(
            name: "FleetClock", dependencies: [.product(name: "HeapModule", package: "swift-collections")], swiftSettings: settings),
        .target(name: "FleetCalendar", swiftSettings: settings),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: settings),
        .target(name: "VastModels", dependencies: ["VastJSON", "FleetClock"], swiftSettings: settings),
        .target(
            name: "VastAPI",
            dependencies: [
                "VastModels", "VastJSON", "FleetClock", "FleetCalendar",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "LuaEngine",
            dependencies: ["CLuaBridge", "FleetClock", .product(name: "HeapModule", package: "swift-collections")],
            swiftSettings: settings),
        .target(
            name: "FleetRules", dependencies: ["VastModels", "VastJSON", "FleetClock", "FleetCalendar"], swiftSettings: settings),
        .target(
            name: "FleetStore",
            dependencies: [
                "FleetRules", "VastModels", "VastJSON", "FleetClock", "FleetCalendar", "SQLite",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "FleetSafety",
            dependencies: ["FleetStore", "FleetRules", "VastAPI", "VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
            swiftSettings: settings),
        .target(
            name: "VastLua",
            dependencies: [
                "LuaEngine", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastJSON", "FleetClock", "FleetCalendar",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),

        .target(name: "CReference", dependencies: ["CLua"]),
        .executableTarget(
            name: "EngineBenchmark", dependencies: ["CReference", "LuaEngine", "FleetClock"], swiftSettings: settings),
        .executableTarget(
            name: "ScheduleBenchmark",
            dependencies: [
                "VastLua", "VastAPI", "LuaEngine", "FleetClock", "FleetCalendar",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "TrustBenchmark", dependencies: ["FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastJSON", "FleetClock"], swiftSettings: settings),
        .executableTarget(
            name: "PolicyBenchmark",
            dependencies: [
                "VastLua", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastJSON", "LuaEngine", "FleetClock",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "ListingBenchmark",
            dependencies: [
                "VastLua", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "LuaEngine", "FleetClock",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
    ],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
