import Foundation
import Testing

/// A place to compile files of Swift Testing in, against the modules that the build has made, and
/// to run them as somebody would who was given them.
final class Workbench {
  private let folder: URL
  private let products: URL
  private let sources: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "wakelog-workbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
    // The test's own bundle lies beside the products.
    let bundle = try #require(
      CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments.first)
    products = URL(filePath: bundle).deletingLastPathComponent()
    let entry = """
      import Testing
      @main struct Entry {
        static func main() async { await Testing.__swiftPMEntryPoint() as Never }
      }
      """
    try write(entry, "entry")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Runs the tool that was built beside the tests.
  func tool(_ arguments: [String]) throws -> (status: Int32, output: String) {
    try Self.execute([products.appending(path: "wakelog").path] + arguments)
  }

  /// Puts a file on the bench.
  func write(_ text: String, _ name: String) throws {
    try text.write(
      to: folder.appending(path: "\(name).swift"), atomically: true, encoding: .utf8)
  }

  /// Compiles the files together and runs their tests.
  func run() throws -> (status: Int32, output: String) {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { folder.appending(path: $0).path }
    let program = folder.appending(path: "tests").path
    let includes = ["CLMDB", "CSodium", "CXXHash", "CJansson"].flatMap {
      ["-I", sources.appending(path: $0).path]
    }
    let compiled = try Self.execute(
      ["swiftc", "-parse-as-library", "-o", program, "-I", products.path + "/Modules"] + includes
        + files + objects() + ["-llmdb", "-lsodium", "-lxxhash", "-ljansson"])
    guard compiled.status == 0 else { return compiled }
    return try Self.execute([program, "--testing-library", "swift-testing"])
  }

  /// What the tests were linked of; the folders may hold objects of files that are gone.
  private func objects() throws -> [String] {
    let list = products.appending(path: "wakelogPackageTests.product/Objects.LinkFileList")
    let modules = ["WakelogModel", "WakelogStore", "Wakelog", "WakelogTesting"]
    return try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { line in modules.contains { line.contains("/\($0).build/") } }
  }

  private static func execute(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
