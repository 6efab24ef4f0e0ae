// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order of the flow: each imports only what stands above it.
let package = Package(
  name: "wakelog",
  products: [
    .library(name: "Wakelog", targets: ["Wakelog"]),
    .library(name: "WakelogProviders", targets: ["WakelogProviders"]),
    .library(name: "WakelogHost", targets: ["WakelogHost"]),
    .library(name: "WakelogTesting", targets: ["WakelogTesting"]),
    .library(name: "WakelogForensics", targets: ["WakelogForensics"]),
    .library(name: "WakelogImport", targets: ["WakelogImport"]),
    .executable(name: "wakelog", targets: ["WakelogCommand"]),
    .executable(name: "wakelog-bench", targets: ["WakelogBench"]),
    // Sources/Bindings/build-library makes libwakelog.so of it.
    .library(name: "WakelogC", type: .static, targets: ["WakelogC"]),
  ],
  targets: [
    .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZstandard", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

    .target(name: "WakelogModel"),
    .target(name: "CWakelogSystem"),
    .target(
      name: "WakelogStore",
      dependencies: ["CLMDB", "CSodium", "CXXHash", "CZstandard", "CWakelogSystem"]),
    .target(name: "Wakelog", dependencies: ["WakelogModel", "WakelogStore", "CJansson"]),
    .target(name: "WakelogProviders", dependencies: ["WakelogModel", "Wakelog"]),
    .target(
      name: "WakelogHost",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogProviders", "CWakelogSystem",
      ]),
    .target(name: "WakelogTesting", dependencies: ["WakelogModel", "Wakelog"]),
    .target(
      name: "WakelogForensics",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogProviders", "WakelogTesting",
      ],
      resources: [
        .embedInCode("Report/Page/report.css"), .embedInCode("Report/Page/report.js"),
      ]),
    .target(
      name: "WakelogImport",
      dependencies: ["WakelogModel", "Wakelog", "CSQLite", "CPostgreSQL", "CZstandard"]),
    .target(name: "CWakelog"),
    .target(
      name: "WakelogC",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogProviders", "WakelogHost", "CWakelog",
      ],
      exclude: ["exports.map"]),
    .executableTarget(
      name: "WakelogCommand",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogProviders", "WakelogHost",
        "WakelogTesting", "WakelogForensics", "WakelogImport", "CWakelogSystem",
      ],
      resources: [
        .embedInCode("Demo/Incidents/archon-1280.ndjson"),
        .embedInCode("Demo/Incidents/hermes-3210.ndjson"),
        .embedInCode("Demo/Incidents/openclaw-77011.ndjson"),
        .embedInCode("Demo/Incidents/paperclip-1907.ndjson"),
        .embedInCode("Demo/Incidents/paperclip-6608.ndjson"),
      ]),
    .executableTarget(
      name: "EmbeddingExample",
      dependencies: ["WakelogModel", "Wakelog", "WakelogProviders", "WakelogHost"]),
    .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
    .target(name: "CSQLitePeer", dependencies: ["CSQLite"], path: "Benchmarks/CSQLitePeer"),
    .executableTarget(
      name: "WakelogBench",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogTesting", "CLMDB", "CAllocations",
        "CSQLitePeer",
      ],
      path: "Benchmarks/WakelogBench"),

    .target(name: "TestSupport", path: "Tests/Support"),
    .target(name: "CRecorder", path: "Tests/Recorder"),
    .testTarget(
      name: "WakelogModelTests", dependencies: ["WakelogModel", "WakelogTesting", "CAllocations"]),
    .testTarget(name: "WakelogStoreTests", dependencies: ["WakelogStore"]),
    .testTarget(
      name: "WakelogTests",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogTesting", "CAllocations", "CRecorder",
        "TestSupport",
      ]),
    .testTarget(
      name: "WakelogProvidersTests", dependencies: ["WakelogModel", "WakelogProviders"]),
    .testTarget(
      name: "WakelogHostTests",
      dependencies: ["WakelogModel", "Wakelog", "WakelogProviders", "WakelogHost", "TestSupport"]),
    .testTarget(
      name: "WakelogForensicsTests",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogTesting", "WakelogForensics",
        "TestSupport",
      ]),
    .testTarget(
      name: "WakelogImportTests",
      dependencies: [
        "WakelogModel", "Wakelog", "WakelogTesting", "WakelogImport", "CSQLite", "TestSupport",
      ]),
    .testTarget(name: "WakelogCTests", dependencies: ["TestSupport"], exclude: ["Programs"]),
    .testTarget(
      name: "WakelogCommandTests",
      dependencies: [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogProviders", "WakelogTesting",
        "WakelogForensics", "WakelogCommand", "TestSupport",
      ],
      exclude: ["Golden"]),
  ]
)

// One set of rules for every target.
// SE-0335 existential any, SE-0409 import access, SE-0444 member import visibility,
// SE-0458 strict memory safety, SE-0443 warning control.
for target in package.targets where target.type != .system {
  var settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
  if target.type != .test { settings.append(.strictMemorySafety()) }
  target.swiftSettings = settings
}
