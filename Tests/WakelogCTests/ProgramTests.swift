import Foundation
import TestSupport
import Testing

/// C programs drive the library; what each of them checks is said at its top.
@Suite struct ProgramTests {
  let library: BuiltLibrary

  init() throws { library = try BuiltLibrary() }

  @Test(
    "a C program finds all as the header says",
    arguments: ["calls", "errors", "texts", "threads", "fork", "disk", "children"])
  func runs(_ name: String) throws {
    let program = try library.compile(name)
    let outcome = try Shell.run(["timeout", "120", program, library.scratch.path + "/log"])
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.hasSuffix("done\n"))
    for line in outcome.output.split(separator: "\n") where line.hasPrefix("SKIPPED") {
      print(line)
    }
  }

  @Test(
    .enabled(if: RealClaude.path != nil, Comment(rawValue: RealClaude.absence)),
    arguments: ["text", "stream-json"])
  func `a host in C runs the real claude`(_ format: String) throws {
    let claude = try #require(RealClaude.path)
    let (program, place) = (try library.compile("claude"), library.scratch.path)
    let outcome = try Shell.run(
      [program, place + "/log", claude, format], in: place,
      environment: ["HOME": place, "CLAUDE_CONFIG_DIR": place + "/.claude"])
    #expect(outcome.status == 0 && outcome.output.hasSuffix("done\n"), "\(outcome.output)")
  }

  @Test func `an interpreter loads it, lets go of it, and loads it again`() throws {
    let program = try library.compile("load", linked: false)
    let outcome = try Shell.run([program, library.scratch.path + "/log", library.path])
    #expect(outcome.status == 0 && outcome.output == "done\n", "\(outcome.output)")
  }

  /// A million rounds: `WAKELOG_ROUNDS=1000000 swift test --filter 'over and over'`, a quarter of an
  /// hour of processor time, and half a gigabyte of memory for the log. Under valgrind they would
  /// take ten hours.
  @Test func `the same calls over and over take no more memory`() throws {
    let asked = ProcessInfo.processInfo.environment["WAKELOG_ROUNDS"].flatMap { Int($0) }
    let (program, memory) = (try library.compile("repeat"), try TemporaryFolder(inMemory: true))
    let outcome = try Shell.run([program, memory.path + "/log", "\(asked ?? 4_000)"])
    #expect(outcome.status == 0, "\(outcome.output)")
    let numbers = outcome.output.split(separator: " ").compactMap { Int($0) }
    let (early, late) = (try #require(numbers.dropFirst(2).first), try #require(numbers.last))
    #expect(late - early < 256, "\(outcome.output)")
    if asked != nil { print(outcome.output) }
  }

  @Test func `valgrind finds nothing lost and nothing misused`() throws {
    guard Shell.has("valgrind") else {
      print("SKIPPED: a leak check of the library for C; no valgrind")
      return
    }
    let (program, memory) = (try library.compile("repeat"), try TemporaryFolder(inMemory: true))
    let outcome = try Shell.run([
      "valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite,indirect",
      "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=9", program,
      memory.path + "/log", "400",
    ])
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.hasSuffix("done\n"))
  }
}
