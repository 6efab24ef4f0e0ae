import Foundation
import TestSupport
import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogForensics

@Suite struct ReportTests {
  let place = Place()
  let dead = "0b5f2f54-8c1e-4a77-9b02-6c1d1f0e7a11"

  /// Paperclip #6608 on one key, and a key on which everything works.
  private func incident() -> Lines {
    var lines = Lines()
    for session in ["quiet", "loud"] { lines.open(session) }
    lines.works("quiet", "7c41d2e0-5b1f-4f0a-9a55-0d6b3c1e8f21", resuming: false)
    lines.works("loud", dead, resuming: false)
    for round in 1...3 {
      lines.fallsBackAndForgets(
        "loud", dead: dead, new: "c3d8e0b2-7e55-4c1c-8f0e-00000000000\(round)")
    }
    lines.works("quiet", "7c41d2e0-5b1f-4f0a-9a55-0d6b3c1e8f21")
    return lines
  }

  private func page(
    _ lines: Lines, _ options: Report.Options = .init(), policy: String? = nil
  ) throws -> (report: Report, text: String) {
    if !FileManager.default.fileExists(atPath: place.log) { try place.log(of: lines.all) }
    let log = try place.look()
    defer { log.close() }
    let comparison = try policy.map {
      Comparison(try log.events(), log, policy: Policy.builtIn(named: $0))
    }
    let report = try log.report(options, beside: comparison)
    return (report, String(decoding: try report.page(log), as: UTF8.self))
  }

  @Test func `the session with findings comes first, each finding with its why`() throws {
    let (report, text) = try page(incident())
    #expect(report.sessions == 2 && report.violations == 3)
    #expect(report.rows.map(\.findings.count) == [3, 0])
    let findings = text.components(separatedBy: "<details class=\"finding\"").dropFirst()
    #expect(findings.count == 3)
    #expect(findings.allSatisfy { $0.contains("<ol class=\"steps\">") && $0.contains("Checked") })
    let order = try [
      #require(text.range(of: ">loud</h3>")), #require(text.range(of: ">quiet</h3>")),
    ]
    #expect(order[0].lowerBound < order[1].lowerBound)
    #expect(text.contains("3 of 10 laws broken, on 1 of 2 sessions"))
  }

  @Test func `the lane shows the dead id, the fallback and the run that says otherwise`() throws {
    let (report, _) = try page(incident())
    let lane = try #require(report.lanes[report.rows[0].session])
    let attempts = lane.slots.compactMap { slot -> Lane.Attempt? in
      if case .attempt(let attempt) = slot.kind { attempt } else { nil }
    }
    #expect(attempts.map(\.isFallback) == [false, false, true, false, true, false, true])
    #expect(attempts.map(\.asked.isDead) == [false, false, false, true, false, true, false])
    #expect(attempts.map(\.runOutcome) == [nil, nil, .failed, nil, .failed, nil, .failed])
    #expect(lane.binding.isDead && lane.binding.identity.exists)
    #expect(lane.slots.flatMap(\.findings).sorted() == [0, 1, 2])
  }

  @Test func `a reset is a wall, and what the key pointed to ends there`() throws {
    var lines = Lines()
    lines.open("chat")
    lines.works("chat", "first-session", resuming: false)
    lines.reset("chat")
    lines.works("chat", "second-session", resuming: false)
    let (report, text) = try page(lines)
    let lane = try #require(report.lanes[report.rows[0].session])
    guard case .wall(.asked, Generation(2)) = lane.slots[1].kind else {
      Issue.record("no wall: \(lane.slots[1].kind)")
      return
    }
    #expect(lane.slots[1].binding.identity.exists && !lane.slots[2].binding.identity.exists)
    #expect(text.contains("class=\"wall\"") && text.contains("Reset (asked), generation 2 begins"))
  }

  @Test func `what the log holds stays text`() throws {
    let evil = "</title></script><img src=x onerror=alert(1)>\"'&\u{202E}\u{0}\u{1B}[31m"
    var lines = Lines(agent: evil + "agent")
    lines.open(evil)
    let run = lines.add(
      "wake.requested", evil, run: lines.last + 1,
      [
        "agent": .string(evil + "agent"), "provider": "gemini", "source": "message",
        "reason": .string(evil),
      ])
    lines.add("run.started", evil, run: run, ["wake": .integer(run)])
    lines.attempt(evil, run, resuming: evil + "identity")
    lines.end(evil, run, "failed", ["turns": 0, "failure": "unknownSession"])
    lines.finish(evil, run, "failed", ["via": "resume", "failure": "unknownSession"])
    lines.add("note.added", nil, ["by": .string(evil), "text": .string(evil)])
    for isFull in [false, true] {
      var options = Report.Options()
      options.keepsFullIDs = isFull
      let (_, text) = try page(lines, options)
      #expect(text.components(separatedBy: "<script").count == 2)
      #expect(!text.contains("<img") && text.contains("&lt;img src=x onerror=alert(1)&gt;"))
      #expect(text.components(separatedBy: "</title>").first?.contains("&lt;") == false)
      #expect(!text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{0}" || $0 == "\u{1B}" })
      // No attribute can be left: every quote of the log is a reference.
      #expect(!text.contains("alert(1)>"))
    }
  }

  @Test func `ids of provider sessions are shortened everywhere, unless asked for`() throws {
    var lines = incident()
    lines.add("note.added", nil, ["by": "ops", "text": .string("look at \(dead), it is gone")])
    let (_, text) = try page(lines, policy: "standard")
    for id in [dead, "7c41d2e0-5b1f", "c3d8e0b2-7e55"] { #expect(!text.contains(id)) }
    #expect(text.contains("look at 0b5f2f54…, it is gone"))
    // Two that begin alike are told apart.
    #expect(text.contains("c3d8e0b2…2") && text.contains("c3d8e0b2…3"))
    var options = Report.Options()
    options.keepsFullIDs = true
    #expect(try page(lines, options).text.contains("look at \(dead), it is gone"))
  }

  @Test func `only the sessions and times that were asked for`() throws {
    let lines = incident()
    var options = Report.Options()
    options.sessions = ["quiet"]
    let (quiet, text) = try page(lines, options)
    #expect(quiet.sessions == 1 && quiet.violations == 0 && !text.contains("loud"))
    #expect(text.contains("No law was broken"))
    options.sessions = []
    options.since = Instant(milliseconds: lines.milliseconds - 5 * 60_000)
    let (late, part) = try page(lines, options)
    #expect(late.events == 6 && late.violations == 0)
    #expect(part.contains("3 more began before this part of the log"))
    // What is known from before the first event shown: the binding.
    let lane = try #require(late.lanes.values.first { !$0.slots.isEmpty })
    #expect(lane.slots[0].binding.identity.exists)
    options.sessions = ["nobody"]
    #expect(throws: WakelogError.self) { try page(lines, options) }
  }

  @Test func `what is beyond the limit is folded, with its count`() throws {
    var options = Report.Options()
    options.drawnEvents = 10
    let (report, text) = try page(incident(), options)
    #expect(report.lanes.count == 1)
    #expect(text.contains("1 more session with 12 events, not drawn"))
    #expect(text.components(separatedBy: "<article").count == 2)
    // What is listed is about the first finding, and only what is listed is linked to.
    #expect(text.components(separatedBy: "<tr id=\"e").count == 11)
    let links = text.components(separatedBy: "class=\"seq\" href=\"#").dropFirst()
    #expect(!links.isEmpty)
    for link in links {
      let target = try #require(link.split(separator: "\"").first)
      #expect(text.contains("<tr id=\"\(target)\""))
    }
  }

  @Test func `a law broken on no session is found as well`() throws {
    let engine = try place.engine { $0.checkpointEventsAtClosing = 1 }
    var host = Host(seed: 3)
    try host.work(engine, calls: 50)
    engine.close()
    try place.damageCheckpoint()
    let (report, text) = try page(Lines())
    #expect(report.findings.map(\.diagnosis.law) == [.replayEqualsLive])
    #expect(text.contains("the log itself") && text.contains("Replay equals live"))
  }

  @Test func `a long stretch of runs that worked is drawn together`() throws {
    var lines = Lines()
    lines.open("steady")
    lines.works("steady", "the-session", resuming: false)
    for _ in 1...50 { lines.works("steady", "the-session") }
    let (report, text) = try page(lines)
    let lane = try #require(report.lanes[report.rows[0].session])
    #expect(lane.slots.count < 4 && text.contains("50 runs worked"))
    #expect(text.components(separatedBy: "<tr id=\"e").count - 1 == Int(lines.last))
  }

  @Test func `an empty log is a page as well`() throws {
    try place.engine().close()
    let (report, text) = try page(Lines())
    #expect(report.events == 0 && text.contains("There are no events"))
  }
}

extension ReportTests {
  @Test func `the other rules stand beside each finding`() throws {
    let (report, text) = try page(incident(), policy: "standard")
    let comparison = try #require(report.comparison)
    #expect(comparison.replayed.deadResumes < comparison.recorded.deadResumes)
    #expect(text.components(separatedBy: "<div class=\"otherwise\">").count == 4)
    #expect(text.contains("dead resumes 3 → 1") && text.contains("▼ fewer, better"))
  }

  @Test func `the page may load nothing, and run only the script it has`() throws {
    let (_, text) = try page(incident())
    let policy = try #require(
      text.range(of: #"content="default-src &#39;none&#39;[^"]*""#, options: .regularExpression))
    func inside(_ tag: String) throws -> String {
      let start = try #require(text.range(of: "<\(tag)>"))
      let end = try #require(text.range(of: "</\(tag)>"))
      return String(text[start.upperBound..<end.lowerBound])
    }
    for tag in ["script", "style"] {
      let digest = try sha256(try inside(tag))
      #expect(text[policy].contains("\(tag)-src &#39;sha256-\(digest)&#39;"))
    }
    for word in ["unsafe", "http:", "url(h", "@import", "src=\"", " style=\"", " onclick"] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  /// By another program than the one under test.
  private func sha256(_ text: String) throws -> String {
    let file = place.path + "/inside"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let digits = try Shell.run(["sha256sum", file]).output.prefix(64)
    let pairs = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(digits.dropFirst($0).prefix(2), radix: 16) ?? 0
    }
    return Data(pairs).base64EncodedString()
  }

  @Test func `the file is the old one or the whole new one`() throws {
    let file = place.path + "/report.html"
    try Report.write(Array("old".utf8), to: file)
    try Report.write(Array("new and longer".utf8), to: file)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "new and longer")
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["report.html"])
    let missing = #expect(throws: WakelogError.self) {
      try Report.write([], to: place.path + "/missing/report.html")
    }
    #expect(missing?.code == .notFound && missing?.field == "output")
    #expect(throws: WakelogError.self) { try Report.write([], to: place.path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["report.html"])
  }
}
