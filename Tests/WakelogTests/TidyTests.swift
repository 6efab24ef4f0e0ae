import Foundation
import TestSupport
import Testing

/// What no compiler checks: which module may import what, and that the README tells the truth.
struct TidyTests {
  static let root = URL(filePath: Repository.root)

  private static func sources(_ folder: String) throws -> [(name: String, text: String)] {
    let base = root.appendingPathComponent(folder)
    let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    var found: [(name: String, text: String)] = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      found.append((file.path, try String(contentsOf: file, encoding: .utf8)))
    }
    return found
  }

  private static func imports(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").drop { $0.hasPrefix("@") }
      let access = ["public", "package", "internal", "private", "fileprivate"]
      let rest = words.drop { access.contains(String($0)) }
      return rest.first == "import" ? rest.dropFirst().first.map(String.init) : nil
    }
  }

  /// Modules and all that they may import: purity, and one place for every C library.
  static let allowed: [(module: String, imports: Set<String>)] = [
    ("Sources/WakelogModel", []),
    (
      "Sources/WakelogStore",
      ["CLMDB", "CSodium", "CXXHash", "CZstandard", "CWakelogSystem", "Glibc", "Synchronization"]
    ),
    ("Sources/Wakelog", ["WakelogModel", "WakelogStore", "CJansson", "Glibc", "Synchronization"]),
    ("Sources/WakelogProviders", ["WakelogModel", "Wakelog", "Glibc"]),
    (
      "Sources/WakelogHost",
      [
        "WakelogModel", "WakelogStore", "Wakelog", "WakelogProviders", "CWakelogSystem", "Glibc",
        "Synchronization",
      ]
    ),
    (
      "Sources/WakelogImport",
      [
        "WakelogModel", "Wakelog", "CSQLite", "CPostgreSQL", "CZstandard", "Glibc",
        "Synchronization",
      ]
    ),
    (
      "Sources/WakelogC",
      ["CWakelog", "WakelogStore", "Wakelog", "WakelogProviders", "WakelogHost", "Glibc"]
    ),
    ("Sources/WakelogTesting", ["WakelogModel", "Wakelog", "Synchronization"]),
  ]

  @Test(arguments: allowed)
  func `a module imports only what stands above it`(
    _ module: String, _ allowed: Set<String>
  ) throws {
    let files = try Self.sources(module)
    #expect(!files.isEmpty)
    for file in files {
      let strays = Self.imports(file.text).filter { !allowed.contains($0) }
      #expect(strays.isEmpty, "\(file.name) imports \(strays)")
    }
  }

  @Test func `no source of the engine stops the host on purpose or leaves work open`() throws {
    for file in try Self.sources("Sources") {
      for word in ["fatalError(", "TODO", "FIXME", "try!"] {
        #expect(!file.text.contains(word), "\(file.name) has \(word)")
      }
    }
  }

  @Test func `the README's Swift is the example that is compiled here`() throws {
    let readme = try String(
      contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    let example = try String(
      contentsOf: Self.root.appendingPathComponent("Tests/WakelogHostTests/ReadmeExample.swift"),
      encoding: .utf8)
    let compiled = try #require(
      example.components(separatedBy: "// README\n").dropFirst().first?
        .components(separatedBy: "// README ends\n").first)
    #expect(readme.contains("```swift\n\(compiled)```\n"))
  }

  /// Lines without what stands before them: an example may be deeper in than the guide has it.
  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: true)
      .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
  }

  @Test func `the guide's Swift is compiled here`() throws {
    let tests = Self.root.appendingPathComponent("Tests/WakelogTests")
    let compiled = try ["GuideExamples.swift", "GuideRun.swift"].map {
      Self.lines(try String(contentsOf: tests.appendingPathComponent($0), encoding: .utf8))
    }
    let guide = Self.root.appendingPathComponent("Sources/Wakelog/Wakelog.docc")
    var examples = 0
    for page in try FileManager.default.contentsOfDirectory(
      at: guide, includingPropertiesForKeys: nil)
    {
      let text = try String(contentsOf: page, encoding: .utf8)
      for rest in text.components(separatedBy: "```swift\n").dropFirst() {
        let example = Self.lines(rest.components(separatedBy: "```")[0])
        #expect(compiled.contains { $0.contains(example) }, "\(page.lastPathComponent): \(example)")
        examples += 1
      }
    }
    #expect(examples >= 10)
  }

  /// A wait by the time of day lasted as long as the clock was set back.
  @Test func `the time of day is asked for what the time is, and for no wait`() throws {
    let asked = try Self.sources("Sources").filter {
      $0.text.contains("CLOCK_REALTIME") || $0.text.contains("Date()")
    }
    #expect(
      asked.map { $0.name.split(separator: "/").suffix(2).joined(separator: "/") }.sorted()
        == ["Methods/Call.swift", "Terminal/Clock.swift"])
    for source in try Self.sources("Sources") where source.text.contains("pthread_cond_init") {
      #expect(source.text.contains("pthread_condattr_setclock"), "\(source.name)")
    }
  }
}
