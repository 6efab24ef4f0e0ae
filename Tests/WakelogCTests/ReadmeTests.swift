import Foundation
import TestSupport
import Testing

/// The README's section on C, followed word for word.
@Suite struct ReadmeTests {
  private static func section() throws -> String {
    let readme = try String(contentsOfFile: Repository.path("README.md"), encoding: .utf8)
    let rest = try #require(readme.components(separatedBy: "\n### C\n").dropFirst().first)
    return try #require(rest.components(separatedBy: "\n##").first)
  }

  private static func block(_ language: String) throws -> String {
    let rest = try section().components(separatedBy: "```\(language)\n").dropFirst().first
    return try #require(rest?.components(separatedBy: "```").first)
  }

  @Test func `its program is built by its commands, and prints what it says`() throws {
    let library = try BuiltLibrary()
    try Self.block("c").write(
      toFile: library.scratch.path + "/host.c", atomically: true, encoding: .utf8)
    var lines = try Self.block("sh").split(separator: "\n").map(String.init)
    #expect(lines.removeFirst().hasPrefix("bash .ci/setup"))
    // The library is there, of an archive that was built with these tests.
    #expect(lines.removeFirst() == "Sources/Bindings/build-library /tmp/wakelog")
    let script = lines.joined(separator: "\n").replacing("/tmp/wakelog", with: library.folder)
      .replacing("cc host.c", with: "cc -Wall -Wextra -Werror host.c")
    let outcome = try Shell.run(["bash", "-ec", script], in: library.scratch.path)
    #expect(outcome.status == 0)
    #expect(outcome.output == (try Self.block("output")))
  }
}
