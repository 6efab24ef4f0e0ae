import Foundation
import TestSupport
import Testing
import WakelogProviders

@testable import WakelogCommand

/// What the README says of the tool is what the tool does.
struct ReadmeTests {
  private static let readme = Result {
    try String(contentsOfFile: Repository.path("README.md"), encoding: .utf8)
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

  @Test("the CLI of one's own that the README shows is one that is taken")
  func provider() throws {
    let document = try #require(try Self.blocks("json").first)
    let provider = try Provider(text: document)
    #expect(provider.printsId(["mine", "--json", "tidy up"]))
  }

  @Test("what the README shows of the demo is what it prints")
  func demo() throws {
    let scratch = try Scratch()
    var printed = ""
    _ = Demo.run(.init(directory: scratch.path + "/demo")) { printed += $0 }
    let shown = try #require(try Self.blocks("text").first)
    #expect(printed.contains(shown))
  }

  @Test("what the README shows of an incident is what the commands print, line for line")
  func incident() throws {
    let scratch = try Scratch()
    let log = scratch.log
    let walk = try #require(try Self.blocks("console").first)
    let steps = walk.components(separatedBy: "$ wakelog ").dropFirst()
    #expect(steps.count == 5)
    for step in steps {
      let lines = step.split(separator: "\n").map(Self.plain)
      let words = lines[0].replacing("/tmp/incident", with: log).split(separator: " ")
      let printed = try Tool.run(words.map(String.init), folder: Repository.root).output
        .replacing(log, with: "/tmp/incident").split(separator: "\n").map(Self.plain)
      for line in lines.dropFirst() { #expect(printed.contains(line), "\(words[0])") }
    }
  }

  /// A line without what depends on the day and on the width of the terminal.
  private static func plain(_ line: Substring) -> String {
    line.replacing(/[0-9]+ d ago/, with: "some days ago").split(separator: " ")
      .joined(separator: " ")
  }
}
