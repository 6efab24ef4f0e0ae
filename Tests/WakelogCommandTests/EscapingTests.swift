import Foundation
import Testing
import Wakelog

@testable import WakelogCommand

/// A session key with U+009B coloured the terminal of whoever listed sessions, and one with a
/// bidirectional override showed a harmless name for another.
@Suite struct EscapingTests {
  @Test func `no command prints a character that is not just shown`() throws {
    let scratch = try Scratch()
    let log = try HostileLog(scratch.log)
    var calls = [
      "sessions", "agents", "runs", "events", "attention", "diagnose", "stats", "verify",
    ]
    .map { [$0] }
    calls += [["doctor"], ["replay"], ["at", "40"], ["at", "40", "--sessions"]]
    calls += [["at", "40", "--agents"], ["export"]]
    for text in HostileLog.texts {
      calls += ["timeline", "show", "why"].map { [$0, text] } + [["at", "50", "--session", text]]
    }
    calls += (1...30).flatMap { [["show", "\($0)"], ["why", "\($0)"]] }
    for call in calls {
      for json in [[], ["--json"]] {
        let said = try Tool.run(call + json + ["--log", log.folder])
        #expect(hidden(in: said.output + said.errors) == [], "\(call + json)")
        #expect(!said.output.contains("\u{1B}"), "nobody asked for colours")
        if !json.isEmpty, call != ["export"], call != ["events"] {
          #expect(throws: Never.self, "\(call)") { try JSONParser.parse(said.output) }
        }
      }
    }
  }

  @Test func `what is escaped is still the same JSON`() throws {
    let scratch = try Scratch()
    let log = try HostileLog(scratch.log)
    let keys = try Tool.run(["sessions", "--json", "--log", log.folder]).json.array?
      .compactMap { $0["key"]?.string }
    #expect(Set(keys ?? []) == Set(HostileLog.texts))
    let lines = try Tool.run(["export", "--log", log.folder]).output
    let copy = scratch.path + "/copy"
    #expect(try Tool.run(["import", "wakelog", "-", "--log", copy], input: lines).status == 0)
    let again = try Tool.run(["sessions", "--json", "--log", copy]).json.array?
      .compactMap { $0["key"]?.string }
    #expect(again == keys)
  }

  @Test func `errors escape the arguments that they repeat`() throws {
    let bad = "x\u{1B}[2J\u{202E}\u{200B}\ny"
    for call in [
      [bad], ["show", bad, "--log", "/nowhere/\(bad)"], ["policy", bad], ["events", bad],
      ["sessions", "--\(bad)"], ["runs", "--limit", bad, "--log", "x"], ["providers", bad],
      ["import", bad, "--log", "x"], ["at", bad, "--log", "x"],
      ["run", "--session", bad, "--agent", "a", "--provider", "p", "--log", "x", "--", bad],
      ["report", "-o", "/nowhere/\(bad)", "--log", "x"],
    ] {
      for json in [[], ["--json"]] {
        let said = try Tool.run(call + json)
        #expect(said.status != 0)
        #expect(hidden(in: said.errors) == [] && said.output.isEmpty, "\(call)")
        #expect(!said.errors.contains("\u{1B}") && !said.errors.contains("\ny"), "\(call)")
      }
    }
  }

  @Test func `own styles stay, and those of others do not`() {
    let own = "\u{1B}[31mred\u{1B}[0m \u{1B}[1mbold\u{1B}[0m\n"
    #expect(escaped(own, keepingStyles: true) == own)
    #expect(!escaped(own).contains("\u{1B}"))
    for foreign in ["\u{1B}[2J", "\u{1B}]0;title\u{7}", "\u{1B}[31", "\u{1B}", "\u{1B}[38;5;1m"] {
      #expect(escaped(foreign, keepingStyles: true).hasPrefix("\\u001b"))
    }
    #expect(
      escaped("\u{1B}[1m\u{202E}\u{E0041}", keepingStyles: true) == "\u{1B}[1m\\u202e\\udb40\\udc41"
    )
  }

  @Test func `letters of every script are shown as they are`() {
    for text in ["naïve", "日本語", "العربية", "עברית", "हिन्दी", "😀 🇫🇷", "½ € → ✓", "e\u{301}"] {
      #expect(escaped(text) == text && printable(text) == text)
    }
    #expect(printable("one\ntwo\tthree") == "one⏎two three")
  }

  @Test func `columns line up after escaping`() {
    var table = Table(["NAME", "NEXT"])
    table.add([.init("a\u{202E}b"), .init("x")])
    table.add([.init("日本"), .init("y")])
    let lines = table.text().split(separator: "\n").map(String.init)
    #expect(lines[1] == "a\\u202eb  x")
    #expect(lines[2] == "日本      y")
  }
}
