import Foundation
import TestSupport
import Testing

/// A place to compile files of Swift Testing in, against the modules that the build has made, and
/// to run them as somebody would who was given them.
final class Workbench {
  private let folder: TemporaryFolder
  private let products: URL

  init() throws {
    folder = try TemporaryFolder()
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

  /// Runs the tool that was built beside the tests.
  func tool(_ arguments: [String]) throws -> Shell.Outcome {
    try Shell.run([products.appending(path: "wakelog").path] + arguments)
  }

  /// Puts a file on the bench.
  func write(_ text: String, _ name: String) throws {
    try text.write(toFile: folder.path + "/\(name).swift", atomically: true, encoding: .utf8)
  }

  /// Compiles the files together and runs their tests.
  func run() throws -> Shell.Outcome {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.map { folder.path + "/" + $0 }
    let program = folder.path + "/tests"
    let includes = ["CLMDB", "CSodium", "CXXHash", "CZstandard", "CJansson"].flatMap {
      ["-I", Repository.path("Sources/" + $0)]
    }
    let compiled = try Shell.run(
      ["swiftc", "-parse-as-library", "-o", program, "-I", products.path + "/Modules"] + includes
        + files + objects() + ["-llmdb", "-lsodium", "-lxxhash", "-lzstd", "-ljansson"])
    guard compiled.status == 0 else { return compiled }
    return try Shell.run([program, "--testing-library", "swift-testing"])
  }

  /// What the tests were linked of; the folders may hold objects of files that are gone.
  private func objects() throws -> [String] {
    let list = products.appending(path: "wakelogPackageTests.product/Objects.LinkFileList")
    let modules = ["WakelogModel", "WakelogStore", "Wakelog", "WakelogTesting"]
    return try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { line in modules.contains { line.contains("/\($0).build/") } }
  }
}
