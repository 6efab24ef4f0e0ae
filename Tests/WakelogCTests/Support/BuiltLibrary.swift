import Foundation
import TestSupport
import Testing

/// `libwakelog.so` of the archive that was built with these tests.
struct BuiltLibrary {
  private static let place = NSTemporaryDirectory() + "wakelog-library-\(UUID().uuidString)"

  /// Linked once for all tests, into a folder that goes away with this process.
  private static let linked = Result {
    let folder = place
    atexit { try? FileManager.default.removeItem(atPath: BuiltLibrary.place) }
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let archive = bundle.deletingLastPathComponent().appendingPathComponent("libWakelogC.a").path
    let script = Repository.path("Sources/Bindings/build-library")
    let outcome = try Shell.run(["bash", script, folder, archive])
    try #require(outcome.status == 0, "\(outcome.output)")
    return folder
  }

  /// Where the library and its header are.
  let folder: String
  /// A folder for logs and programs that goes away with the test.
  let scratch: TemporaryFolder

  init() throws {
    folder = try Self.linked.get()
    scratch = try TemporaryFolder()
  }

  /// The library itself.
  var path: String { folder + "/libwakelog.so" }

  /// Compiles a program of these tests.
  func compile(
    _ name: String, _ words: [String] = ["cc", "-std=c99"], linked: Bool = true
  ) throws -> String {
    let program = scratch.path + "/" + name
    let source = Repository.path("Tests/WakelogCTests/Programs/\(name).c")
    let warnings = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-D_GNU_SOURCE", "-pthread"]
    let library = ["-L", folder, "-lwakelog", "-Wl,-rpath,\(folder)"]
    let outcome = try Shell.run(
      words + warnings + ["-I", folder, source, "-o", program] + (linked ? library : ["-ldl"]))
    try #require(outcome.status == 0, "\(outcome.output)")
    return program
  }
}
