import Foundation
import TestSupport
import Testing
import Wakelog

/// The way of somebody on call, with the tool, from what a host left behind to a test case.
struct WalkTests {
  private struct Incident {
    var host: String
    var store: String
    var law: String
    var incident: String
    /// The host as it was, whose rules made the record.
    var behaviour: String
    /// What the engine's rules would have made less of.
    var better: String
  }

  private static let incidents = [
    // Made by the gateway's own session store: a cached agent writes on after a reset.
    Incident(
      host: "hermes", store: "hermes/incident-3210", law: "resetIsAWall",
      incident: "hermes#3210", behaviour: "hermes@before-3220",
      better: "staleWrites"),
    Incident(
      host: "archon", store: "archon/incident-1280.db", law: "proofBeforeResume",
      incident: "archon#1280", behaviour: "archon@before-1294",
      better: "deadResumes"),
    Incident(
      host: "paperclip", store: "paperclip/incident-6608", law: "deadStaysDead",
      incident: "paperclip#6608", behaviour: "paperclip@2026.517",
      better: "failedRuns"),
    Incident(
      host: "openclaw", store: "openclaw/incident-77011", law: "everyWakeSettles",
      incident: "openclaw#77011", behaviour: "openclaw@2026.5.2",
      better: "failedRuns"),
  ]

  @Test func `each host's store goes from import to a test that compiles`() throws {
    let place = Place()
    let bench = try Workbench()
    for incident in Self.incidents {
      let log = place.path + "/" + incident.host
      let store = Repository.path("Tests/Fixtures/import/\(incident.store)")
      func tool(_ words: String..., status: Int32 = 0) throws -> String {
        let done = try bench.tool(words + ["--log", log])
        #expect(done.status == status, "\(words): \(done.output)")
        return done.output
      }
      _ = try tool("import", incident.host, store)
      let events = try JSONParser.parse(try tool("stats", "--json"))["events"]
      _ = try tool("import", incident.host, store)
      #expect(try JSONParser.parse(try tool("stats", "--json"))["events"] == events)

      let found = try JSONParser.parse(try tool("diagnose", "--json", status: 1))
      let violation = try #require(
        found["violations"]?.array?.first { $0["law"]?.string == incident.law },
        "\(incident.incident)")
      #expect(violation["incident"]?.string == incident.incident)
      let session = try #require(violation["session"]?.string)
      let sequence = try #require(violation["seq"]?.integer)

      let why = try JSONParser.parse(try tool("why", "\(sequence)", "--json"))
      #expect(why["checked"] == ["sufficient": true, "minimal": true], "\(incident.incident)")
      #expect(why["events"]?.array?.contains { $0["seq"]?.integer == sequence } == true)

      let replay = try JSONParser.parse(try tool("replay", "--policy", "standard", "--json"))
      let recorded = try #require(replay["recorded"]?[incident.better]?.integer)
      #expect(try #require(replay["replayed"]?[incident.better]?.integer) < recorded)
      #expect(replay["divergences"]?.array?.isEmpty == false)

      // The host's own rules make of the same facts what its store shows.
      let past = try JSONParser.parse(
        try tool("replay", "--policy", incident.behaviour, "--json"))
      #expect(past["divergences"] == [], "\(incident.behaviour): \(past)")
      #expect(past["recorded"] == past["replayed"], "\(incident.behaviour)")
      #expect(past["decisions"]?.integer ?? 0 > 10)
      #expect(past["better"] == [] && past["worse"] == [])

      let test = try tool(
        "minimise", "--law", incident.law, "--session", session, "--emit", "swift")
      #expect(test.contains("// \(incident.law), like \(incident.incident): "))
      try bench.write(test, incident.host)
    }
    // Each has two cases: what the engine does, and what the host did, which is a known issue.
    let run = try bench.run()
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("with 8 tests"), "\(run.output)")
    #expect(run.output.contains("4 known issues"), "\(run.output)")
  }
}
