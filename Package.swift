// swift-tools-version: 6.2
import PackageDescription

// Levels, from bottom to top; an import only ever points to a lower level:
//   0  CLua, CLuaBridge, CSimdjson, CJSON, VastJSON, FleetClock, FleetCalendar, CSignals, CSQLite, SQLite,
//      CLibEdit, CEditLine
//   1  VastModels
//   2  VastAPI, FleetRules, FleetStore, LuaEngine, VastSimulator
//   3  FleetSafety, FleetRecording
//   4  VastLua
//   5  LuaCheck, ScriptSandbox, FleetBacktest
//   6  vast-lua

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny")
]

let package = Package(
    name: "vast-lua",
    // Nobody builds or tests this on macOS. The libraries could not even be tried there without this line.
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "VastAPI", targets: ["VastAPI"]),
        .library(name: "LuaEngine", targets: ["LuaEngine"]),
        .executable(name: "vast-lua", targets: ["vast-lua"])
    ],
    dependencies: [
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: [])
    ],
    targets: [
        // Level 0: C libraries behind one door each, and values without I/O.
        .systemLibrary(
            name: "CLua", pkgConfig: "lua5.4",
            providers: [.apt(["liblua5.4-dev"])]),
        .target(name: "CLuaBridge", dependencies: ["CLua"]),
        .systemLibrary(
            // Without pkgConfig: its flag -DSIMDJSON_THREADS_ENABLED=1 is one that SwiftPM does not pass on, and warns of.
            name: "CSimdjson",
            providers: [.apt(["libsimdjson-dev"])]),
        .target(name: "CJSON", dependencies: ["CSimdjson"], linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "VastJSON", dependencies: ["CJSON"], swiftSettings: settings),
        .target(
            name: "FleetClock", dependencies: [.product(name: "HeapModule", package: "swift-collections")], swiftSettings: settings),
        .target(name: "FleetCalendar", swiftSettings: settings),
        .target(name: "CSignals"),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CLibEdit", pkgConfig: "libedit",
            providers: [.apt(["libedit-dev"])]),
        .target(name: "CEditLine", dependencies: ["CLibEdit"]),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: settings),

        // Level 1
        .target(name: "VastModels", dependencies: ["VastJSON", "FleetClock"], swiftSettings: settings),

        // Level 2
        .target(
            name: "VastAPI",
            dependencies: [
                "VastModels", "VastJSON", "FleetClock", "FleetCalendar",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log")
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
                .product(name: "Crypto", package: "swift-crypto")
            ],
            swiftSettings: settings),
        .target(
            name: "VastSimulator",
            dependencies: [
                "VastJSON", "FleetClock", "FleetCalendar",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),

        // Level 3
        .target(
            name: "FleetSafety",
            dependencies: ["FleetStore", "FleetRules", "VastAPI", "VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
            swiftSettings: settings),

        .target(
            name: "FleetRecording",
            dependencies: [
                "FleetRules", "VastModels", "VastJSON", "FleetClock", "FleetCalendar",
                .product(name: "HeapModule", package: "swift-collections")
            ],
            swiftSettings: settings),

        // Level 4
        .target(
            name: "VastLua",
            dependencies: [
                "LuaEngine", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastJSON", "FleetClock", "FleetCalendar",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess")
            ],
            swiftSettings: settings),

        // Level 5
        .target(
            name: "ScriptSandbox",
            dependencies: [
                "VastLua", "LuaEngine", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastModels", "VastJSON", "FleetClock",
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),
        .target(name: "LuaCheck", dependencies: ["VastLua", "LuaEngine", "VastJSON"], swiftSettings: settings),

        // Level 6
        .target(
            name: "FleetBacktest",
            dependencies: [
                "FleetRecording", "VastLua", "FleetSafety", "LuaEngine", "VastAPI", "VastModels", "VastJSON", "FleetClock",
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "vast-lua",
            dependencies: [
                "LuaCheck", "ScriptSandbox", "FleetBacktest", "VastLua", "VastSimulator", "VastAPI", "LuaEngine", "FleetSafety",
                "FleetRecording",
                "FleetStore", "FleetRules", "FleetClock", "FleetCalendar", "VastJSON",
                "CSignals", "CEditLine",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),

        // What several tests need.
        .target(
            name: "LoopbackServer",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl")
            ],
            path: "Tests/LoopbackServer", swiftSettings: settings),
        .target(name: "ChildPrograms", dependencies: ["CSignals"], path: "Tests/ChildPrograms"),
        .target(name: "CFaultyFiles", dependencies: ["CSQLite"], path: "Tests/CFaultyFiles"),
        .target(
            name: "FleetWorld",
            dependencies: [
                "VastLua", "LuaEngine", "FleetSafety", "FleetStore", "FleetRules", "VastSimulator", "VastAPI", "VastJSON", "FleetClock",
                "CFaultyFiles",
                .product(name: "Logging", package: "swift-log")
            ],
            path: "Tests/FleetWorld", swiftSettings: settings),

        .target(
            name: "FleetFixtures", dependencies: ["FleetRules", "VastModels", "VastJSON"], path: "Tests/FleetFixtures",
            swiftSettings: settings),

        .testTarget(name: "ArchitectureTests", path: "Tests/Architecture", swiftSettings: settings),
        .testTarget(name: "LuaEngineTests", dependencies: ["LuaEngine", "FleetClock"], swiftSettings: settings),
        .testTarget(name: "VastJSONTests", dependencies: ["VastJSON"], swiftSettings: settings),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite"], swiftSettings: settings),
        .testTarget(name: "FleetClockTests", dependencies: ["FleetClock"], swiftSettings: settings),
        .testTarget(
            name: "VastAPITests",
            dependencies: ["VastAPI", "VastJSON", "FleetClock", "LoopbackServer", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .testTarget(
            name: "FleetCalendarTests", dependencies: ["FleetCalendar"], resources: [.copy("Conformance")], swiftSettings: settings),
        .testTarget(
            name: "FleetRulesTests",
            dependencies: ["FleetFixtures", "FleetRules", "FleetCalendar", "FleetWorld", "VastModels", "VastJSON", "FleetClock"],
            resources: [.copy("Idle/Traces")],
            swiftSettings: settings),
        .testTarget(
            name: "FleetStoreTests",
            dependencies: [
                "FleetFixtures", "FleetStore", "FleetRules", "FleetWorld", "VastModels", "VastAPI", "VastJSON", "FleetClock", "SQLite"
            ],
            exclude: ["State/make-fixture.py"],
            resources: [.copy("State/Fixture-0.1")],
            swiftSettings: settings),
        .testTarget(
            name: "FleetSafetyTests",
            dependencies: [
                "FleetFixtures", "FleetSafety", "FleetStore", "FleetRules", "FleetWorld", "VastAPI", "VastJSON", "FleetClock", "SQLite",
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FleetBacktestTests",
            dependencies: [
                "FleetBacktest", "FleetRecording", "FleetWorld", "VastLua", "FleetSafety", "LuaEngine", "VastAPI", "VastModels", "VastJSON",
                "FleetClock", "VastSimulator", .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),
        .testTarget(
            name: "FleetRecordingTests",
            dependencies: ["FleetRecording", "FleetRules", "VastModels", "VastJSON", "FleetClock", "FleetCalendar"],
            swiftSettings: settings),
        .testTarget(
            name: "VastSimulatorTests", dependencies: ["VastSimulator", "VastAPI", "VastJSON", "FleetClock"],
            swiftSettings: settings),
        .testTarget(
            name: "VastLuaTests",
            dependencies: [
                "ScriptSandbox", "VastLua", "LuaEngine", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastJSON", "FleetClock",
                "FleetCalendar",
                "LoopbackServer", "FleetWorld", "VastSimulator",
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LuaCheckTests", dependencies: ["LuaCheck", "VastLua", "LuaEngine", "FleetClock"], swiftSettings: settings),
        .testTarget(
            name: "FleetWorldTests",
            dependencies: [
                "FleetWorld", "FleetSafety", "FleetStore", "FleetRules", "VastSimulator", "VastAPI", "VastJSON", "FleetClock", "SQLite"
            ],
            resources: [.copy("Seeds")],
            swiftSettings: settings),
        .testTarget(
            name: "AdversarialTests",
            dependencies: [
                "vast-lua", "ScriptSandbox", "VastLua", "VastSimulator", "FleetSafety", "FleetStore", "FleetRules", "VastAPI", "VastModels",
                "LuaEngine", "FleetCalendar", "VastJSON", "FleetClock", "FleetWorld", "LoopbackServer",
                .product(name: "Logging", package: "swift-log")
            ],
            path: "Tests/Adversarial", resources: [.copy("Corpus")], swiftSettings: settings),
        .testTarget(
            name: "EmbeddingTests", dependencies: ["VastAPI", "LuaEngine", "FleetClock", "VastSimulator", "LoopbackServer"],
            swiftSettings: settings),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "LoopbackServer", "ChildPrograms", "CSignals", "LuaCheck", "VastSimulator", "FleetSafety", "FleetRecording", "FleetStore",
                "FleetRules",
                "SQLite", "VastLua",
                "VastAPI", "VastJSON", "FleetClock", "vast-lua"
            ],
            swiftSettings: settings)
    ],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17
)
