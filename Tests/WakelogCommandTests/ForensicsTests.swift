import Foundation
import Testing
import Wakelog

/// The commands that look back, over a log in which a dead id was resumed and the fallback worked.
@Suite struct ForensicsTests {
  let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    let engine = try Engine.open(scratch.log, options: Self.options)
    defer { engine.close() }
    for (round, ends) in [["works"], ["works"], ["gone", "new"], ["new"], ["slow"]].enumerated() {
      try Self.run(engine, at: 1_768_000_000_000 + Int64(round) * 3_600_000, ends)
    }
    try Self.call(
      engine, "reset",
      ["session": "chat", "because": "over", "at": .integer(1_768_000_000_000 + 6 * 3_600_000)])
  }

  private static var options: Engine.Options {
    var options = Engine.Options()
    options.givenClock = true
    return options
  }

  @discardableResult
  private static func call(
    _ engine: Engine, _ method: String, _ params: JSONValue
  ) throws -> JSONValue {
    guard case .object(let object) = params else { return .null }
    return try engine.call(method, object)
  }

  private static let ends: [String: JSONValue] = [
    "works": ["exitCode": 0, "turns": 2, "sessionId": "id-old"],
    "gone": ["exitCode": 1, "turns": 0, "stderr": "No conversation found with session ID: x"],
    "new": ["exitCode": 0, "turns": 2, "sessionId": "id-new"],
    "third": ["exitCode": 0, "turns": 2, "sessionId": "id-third"],
    "slow": ["outcome": "timedOut", "turns": 1],
  ]

  private static func run(_ engine: Engine, at: Int64, _ words: [String]) throws {
    let wake = try call(
      engine, "wake",
      [
        "session": "chat", "agent": "ada", "provider": "claude", "source": "message",
        "at": .integer(at), "workspace": ["path": "/srv/app", "kind": "project"],
      ])
    var attempt = wake["attempt"] ?? .null
    for (index, word) in words.enumerated() {
      guard var end = ends[word]?.object else { continue }
      end["attempt"] = attempt
      end["fence"] = wake["fence"]
      end["at"] = .integer(at + Int64(index + 1) * 20_000)
      let result = try call(engine, "finish", .object(end))
      attempt = result["next"]?["attempt"] ?? .null
    }
  }

  private func tool(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(arguments + ["--log", scratch.log])
  }

  @Test func `the past is shown at an event and at a time`() throws {
    let events = try tool("events", "--json").lines
    let bound = try #require(events.first { $0["kind"] == "session.bound" })
    let number = "\(bound["seq"]!.integer!)"
    let then = try tool("at", number, "--session", "chat", "--json")
    #expect(then.status == 0)
    #expect(then.json["bound"]?["sessionId"] == "id-old")
    #expect(then.json["head"] == bound["seq"])
    let before = try tool("at", "\(bound["seq"]!.integer! - 1)", "--session", "chat", "--json")
    #expect(before.json["bound"] == .null)
    let time = try tool("at", "2026-01-10T02:30:00Z", "--json")
    #expect(time.json["runs"] == 4 && time.json["condemned"] == 1, "\(time.output)")
    #expect(try tool("at", "0", "--json").json["sessions"] == 0)
    #expect(try tool("at", "1990-01-01T00:00:00Z", "--json").json["seq"] == 0)
    #expect(try tool("at", number, "--sessions").output.contains("id-old"))
    #expect(try tool("at", number, "--agent", "ada", "--json").json["status"] == "running")
    let run = try tool("at", number, "--run", "2", "--json").json
    #expect(run["outcome"] == .null && run["attempts"]?.array?.count == 1)
    #expect(try tool("at", number, "--run", "9999").status == 4)
    #expect(try tool("at", "9999").status == 4)
    #expect(try tool("at", "yesterday").status == 2)
    #expect(try tool("at", "1", "--sessions", "--agents").status == 2)
  }

  @Test func `a clean log says nothing and a broken one says what and exits 1`() throws {
    let clean = try tool("diagnose")
    #expect(clean.status == 0 && clean.output.isEmpty && clean.errors.isEmpty)
    let empty = try tool("diagnose", "--json")
    #expect(empty.json["violations"] == [] && empty.json["sessions"] == 1)
    let demo = try Tool.run(["demo"])
    let folder = try #require(
      demo.output.split(whereSeparator: \.isWhitespace).first { $0.hasSuffix("/as-it-was") })
    defer {
      try? FileManager.default.removeItem(
        atPath: String(folder.dropLast("/as-it-was".count)))
    }
    let broken = try Tool.run(["diagnose", "--json", "--log", String(folder)])
    #expect(broken.status == 1)
    let found = broken.json["violations"]?.array ?? []
    let resembled = found.reduce(into: [String: Set<String>]()) { all, one in
      all[one["session"]?.string ?? "", default: []].insert(one["incident"]?.string ?? "")
    }
    // Each host's own incident, whichever of its laws broke.
    #expect(resembled["acme/ada/gemini_local/T-7"] == ["paperclip#6608"])
    #expect(resembled["acme/ada/opencode_local/I-31"] == ["paperclip#1907"])
    #expect(resembled["archon:web:conversation-8"] == ["archon#1280"])
    #expect(resembled["archon:github:issue-12"] == ["archon#1280"])
    #expect(resembled["agent:main:telegram:dm:12345"] == ["hermes#3210"])
    #expect(resembled["agent:main:telegram:direct:42"] == ["openclaw#77011"])
    #expect(resembled["agent:main:telegram:group:-1009"] == ["openclaw#77011"])
    #expect(resembled["agent:main:cron:backup"]?.contains("openclaw#77104") == true)
    let page = try Tool.run(["diagnose", "--log", String(folder)])
    #expect(page.status == 1 && page.output.contains("github.com/paperclipai/paperclip"))
    #expect(try Tool.run(["diagnose", "--log", scratch.path + "/none"]).status == 3)
  }

  @Test func `why names few events, and says that it checked them`() throws {
    let found = try tool("why", "chat", "--json")
    #expect(found.status == 0)
    #expect(found.json["checked"] == ["sufficient": true, "minimal": true])
    #expect(found.json["answer"]?.string?.contains("points to no provider session") == true)
    let events = found.json["events"]?.array ?? []
    #expect(events.contains { $0["kind"] == "session.reset" })
    #expect(events.count == found.json["sentences"]?.array?.count)
    let page = try tool("why", "chat").output
    #expect(page.contains("Checked:") && page.contains("The key was reset"))
    #expect(!page.contains("\u{1B}"))
    #expect(try tool("why", "nobody").status == 4)
    #expect(try tool("why", "99999").status == 4)
  }

  @Test func `a timeline keeps to the width and shortens ids no further than they differ`() throws {
    let page = try Tool.run(
      ["timeline", "chat", "--log", scratch.log], environment: ["COLUMNS": "60"])
    let lines = page.output.split(separator: "\n")
    let lanes = lines.filter { $0.hasPrefix("id-old") || $0.hasPrefix("id-new") }
    #expect(lanes.count >= 2)
    #expect(lines.dropLast().allSatisfy { $0.count <= 60 })
    #expect(page.output.contains("✗†") && page.output.contains("↳") && page.output.contains("┃"))
    #expect(!page.output.contains("\u{1B}"))
    let marks = try tool("timeline", "chat", "--json").json.array ?? []
    #expect(marks.filter { $0["what"] == "attempt" }.count == 5)
    #expect(marks.filter { $0["what"] == "fallback" }.count == 1)
    #expect(marks.filter { $0["what"] == "reset" }.count == 1)
    let late = try tool("timeline", "chat", "--json", "--since", "2026-01-10T03:00:00Z").json
    #expect(late.array?.filter { $0["what"] == "attempt" }.count == 1)
    let failed = try tool("timeline", "chat", "--json", "--outcome", "timedOut").json
    #expect(failed.array?.filter { $0["what"] == "ended" }.map { $0["outcome"] } == ["timedOut"])
    let session = try tool("timeline", "chat", "--json", "--family", "session").json
    #expect(Set(session.array?.map { $0["run"] } ?? []).count == 1)
  }

  @Test func `lists are narrowed by time, agent, outcome and family`() throws {
    func count(_ arguments: String...) throws -> Int {
      let outcome = try Tool.run(arguments + ["--json", "--log", scratch.log])
      #expect(outcome.status == 0, "\(outcome.errors)")
      return arguments[0] == "events" ? outcome.lines.count : outcome.json.array?.count ?? -1
    }
    #expect(try count("runs") == 5)
    #expect(try count("runs", "--outcome", "timedOut") == 1)
    #expect(try count("runs", "--family", "session") == 1)
    #expect(try count("runs", "--since", "2026-01-10T01:30:00Z") == 2)
    #expect(try count("runs", "--until", "2026-01-10T01:30:00Z", "--agent", "ada") == 3)
    #expect(try count("runs", "--agent", "bob") == 0)
    #expect(try count("events", "--family", "session", "--kind", "attempt.finished") == 1)
    #expect(try count("events", "--until", "2026-01-09T23:06:40Z") > 0)
    #expect(try count("sessions", "--outcome", "timedOut") == 1)
    #expect(try count("sessions", "--outcome", "failed") == 0)
    #expect(try count("sessions", "--since", "2026-01-10T05:00:00Z") == 1)
    #expect(try count("sessions", "--until", "2026-01-10T01:00:00Z") == 0)
    #expect(try count("agents", "--family", "infrastructure") == 1)
    #expect(try count("agents", "--family", "agent") == 0)
    #expect(try tool("runs", "--family", "sesion").errors.contains("did you mean session?"))
    #expect(try tool("runs", "--since", "soon").status == 2)
  }

  @Test func `bisect finds the first event, and refuses what it cannot read`() throws {
    let found = try tool("bisect", "--where", "fallbacks > 0", "--json")
    #expect(found.status == 1 && found.json["event"]?["kind"] == "fallback.taken")
    let never = try tool("bisect", "--where", "resets > 5")
    #expect(never.status == 0)
    #expect(never.output.hasPrefix("never in "))
    #expect(try tool("bisect", "--law", "deadStaysDead", "--json").output == "null\n")
    #expect(try tool("bisect", "--law", "deadStayDead").errors.contains("did you mean"))
    #expect(try tool("bisect", "--where", "fallback > 0").status == 2)
    #expect(try tool("bisect").status == 2)
  }

  @Test func `a doctor looks first, and settles what it found when told to`() throws {
    let engine = try Engine.open(scratch.log, options: Self.options)
    try Self.run(engine, at: 1_768_000_000_000 + 8 * 3_600_000, ["third"])
    engine.close()
    let home = scratch.path + "/home"
    let project = home + "/.claude/projects/-srv-app"
    try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
    let look = try tool("doctor", "--home", home, "--json")
    #expect(look.status == 1)
    #expect(look.json["findings"]?.array?.first?["kind"] == "transcriptGone")
    #expect(look.json["findings"]?.array?.first?["settled"] == false)
    let again = try tool("doctor", "--home", home)
    #expect(again.status == 1 && again.output.contains("nothing was changed"))
    let fix = try tool("doctor", "--fix", "--home", home, "--by", "eve", "--json")
    #expect(fix.status == 0 && fix.json["findings"]?.array?.first?["settled"] == true)
    #expect(try tool("doctor", "--home", home).status == 0)
    let session = try tool("show", "chat", "--json").json
    #expect(session["bound"] == .null)
    #expect(session["condemned"]?.array?.last?["because"] == "missingTranscript")
    #expect(again.output.contains("looked for 1 id of claude in "), "\(again.output)")
  }

  // Wakes that wait and that nobody comes for are dropped, not started: nobody would carry out
  // the run.
  @Test func `a doctor drops a queue that nobody empties, and starts nothing`() throws {
    let at: Int64 = 1_768_000_000_000
    let engine = try Engine.open(scratch.log, options: Self.options)
    func wake(_ reason: String, after seconds: Int64) throws -> JSONValue {
      try engine.call(
        "wake",
        JSONObject([
          .init(name: "session", value: "stuck"), .init(name: "agent", value: "ada"),
          .init(name: "provider", value: "claude"), .init(name: "source", value: "message"),
          .init(name: "reason", value: .string(reason)),
          .init(name: "at", value: .integer(at + seconds * 1_000)),
        ]))
    }
    let run = try #require(try wake("first", after: 0)["run"])
    _ = try wake("chat", after: 1)
    _ = try wake("again", after: 2)
    _ = try engine.call(
      "abandon",
      JSONObject([
        .init(name: "run", value: run), .init(name: "by", value: "eve"),
        .init(name: "why", value: "lost"), .init(name: "at", value: .integer(at + 3_000)),
      ]))
    engine.close()
    let home = scratch.path + "/empty"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    let look = try tool("doctor", "--home", home)
    #expect(look.status == 1)
    #expect(look.output.contains("the wake by message (again), merged of 2, waits"))
    #expect(look.output.contains("drop it, unless its host still comes for it"))
    #expect(try tool("show", "stuck", "--json").json["pending"] == true)
    let fix = try tool("doctor", "--fix", "--home", home, "--by", "eve")
    #expect(fix.status == 0, "\(fix.output)")
    #expect(fix.output.contains("cancel: dropped the wake by message (again), merged of 2"))
    let session = try tool("show", "stuck", "--json").json
    #expect(session["pending"] == false && session["openRun"] == .null)
    let last = try #require(try tool("events", "--session", "stuck", "--json").lines.last)
    #expect(last["kind"] == "wake.cancelled" && last["by"] == "doctor, for eve", "\(last)")
    #expect(try tool("doctor", "--home", home).status == 0)
    #expect(try tool("diagnose").status == 0)
  }
}
