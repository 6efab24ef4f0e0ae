import Foundation
import Testing
import WakelogModel

@Suite struct ReportCommandTests {
  @Test func `the five incidents become one file, and a broken law is a finding`() throws {
    let scratch = try Scratch()
    #expect(try Tool.run(["demo", "--log", scratch.path + "/demo"]).status == 0)
    let file = scratch.path + "/report.html"
    let past = scratch.path + "/demo/as-it-was"
    let report = try Tool.run(
      ["report", "--log", past, "-o", file, "--policy", "standard", "--json"])
    #expect(report.status == 1, "\(report.errors)")
    #expect(report.json["sessions"] == 8 && report.json["file"] == .string(file))
    #expect(report.json["violations"]?.integer ?? 0 >= 10)
    let text = scratch.text("report.html")
    for name in ["paperclip#6608", "archon#1280", "hermes#3210", "openclaw#77011"] {
      #expect(text.contains(name))
    }
    #expect(!text.contains("7c41d2e0-5b1f-4f0a-9a55-0d6b3c1e8f21"))
    let clean = try Tool.run(["report", "--log", scratch.path + "/demo/here", "-o", file])
    #expect(clean.status == 0 && clean.output.hasPrefix("no law was broken\n"))
    #expect(scratch.text("report.html").contains("No law was broken"))
  }

  @Test func `what cannot be written is said before anything is lost`() throws {
    let scratch = try Scratch()
    #expect(try Tool.run(["demo", "--log", scratch.path + "/demo"]).status == 0)
    let log = scratch.path + "/demo/here"
    let lost = try Tool.run(["report", "--log", log, "-o", scratch.path + "/none/report.html"])
    #expect(lost.status == 4 && lost.errors.contains("its directory is missing"))
    #expect(try Tool.run(["report", "--log", log]).status == 2)
    let file = scratch.path + "/report.html"
    let nobody = try Tool.run(["report", "--log", log, "-o", file, "--session", "nobody"])
    #expect(nobody.status == 4 && nobody.errors.contains("no session with this key"))
    let policy = try Tool.run(["report", "--log", log, "-o", file, "--policy", "archon@nowhen"])
    #expect(policy.status == 2 && !FileManager.default.fileExists(atPath: file))
  }
}
