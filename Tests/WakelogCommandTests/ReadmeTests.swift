import Foundation
import Testing

@testable import WakelogCommand

/// What the README says of the tool is what the tool does.
struct ReadmeTests {
  private static let readme = Result {
    try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "README.md"), encoding: .utf8)
  }

  /// The blocks between fences of a language.
  private static func blocks(_ language: String) throws -> [String] {
    try readme.get().components(separatedBy: "```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "```").first ?? ""
    }
  }

  @Test("every command line of the README is one that the tool takes")
  func commands() throws {
    let lines = try Self.blocks("sh").flatMap { $0.split(separator: "\n") }
      .map { $0.split(separator: "#").first ?? "" }
      .filter { $0.hasPrefix("wakelog ") }
    #expect(lines.count >= 2)
    for line in lines {
      let words = line.replacing("\"", with: "").split(separator: " ").map(String.init)
      let command = try #require(
        CommandTable.commands.first { $0.name == words[1] }, "\(line)")
      #expect(throws: Never.self, "\(line)") { _ = try command.parse(Array(words.dropFirst(2))) }
    }
  }

  @Test("what the README shows of the demo is what it prints")
  func demo() throws {
    let directory = NSTemporaryDirectory() + "wakelog-readme-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var printed = ""
    _ = Demo.run(.init(directory: directory)) { printed += $0 }
    let shown = try #require(try Self.blocks("text").first)
    #expect(printed.contains(shown))
  }
}
