import Foundation
import Testing
import Wakelog

/// A server that is killed loses nothing that it answered.
///
/// `WAKELOG_KILLS` says how often; a share of it is done in every run.
struct KillTests {
  static let rounds =
    ProcessInfo.processInfo.environment["WAKELOG_KILLS"].flatMap { Int($0) } ?? 25

  /// What one connection was told before the server died.
  private struct Told: Sendable {
    var started: [Int64] = []
    var settled: [Int64] = []
  }

  @Test func `killed at any moment under eight connections, every answered call is there`() throws {
    let scratch = try Scratch()
    var random = SystemRandomNumberGenerator()
    for round in 0..<Self.rounds {
      let log =
        round % 5 == 0 ? scratch.path + "/log\(round)" : scratch.path + "/log\(round / 5 * 5)"
      let host = try SocketHost(log, socket: scratch.path + "/s")
      let path = host.socket
      let clients = (0..<8).map { number in
        Later { Self.load(path, "r\(round)-c\(number)") }
      }
      let pause = UInt32.random(in: 500...30_000, using: &random)
      usleep(pause)
      _ = host.stop(SIGKILL)
      let told = clients.map { $0.value() }
      try Self.check(log, told, "round \(round), killed after \(pause) µs")
    }
  }

  /// Wakes and finishes until the server is gone.
  private static func load(_ path: String, _ name: String) -> Told {
    var told = Told()
    guard let client = SocketClient(path) else { return told }
    for step in 0... {
      let wake = client.call("wake", wakeParams("\(name)-\(step % 3)"))["result"]
      guard let wake, let run = wake["run"]?.integer else { return told }
      told.started.append(run)
      guard let attempt = wake["attempt"], let fence = wake["fence"] else { continue }
      let end = client.call(
        "finish", ["attempt": attempt, "fence": fence, "exitCode": 0, "sessionId": "x", "turns": 1])
      guard end["result"]?["settled"]?.bool == true else { return told }
      told.settled.append(run)
    }
    return told
  }

  private static func check(_ log: String, _ told: [Told], _ note: String) throws {
    // A server killed before it made the log leaves none: opening makes it.
    let engine = try Engine.open(log)
    defer { engine.close() }
    let verified = try Tool.run(["verify", "--log", log, "--json"])
    #expect(verified.status == 0, "\(note): \(verified.output) \(verified.errors)")
    for run in told.flatMap(\.settled) {
      let view = try engine.run(RunRequest(run: UInt64(run))).json
      #expect(view["outcome"]?.string == "succeeded", "\(note): run \(run)")
    }
    for run in told.flatMap(\.started) {
      let view = try engine.run(RunRequest(run: UInt64(run))).json
      #expect(view["attempts"]?.array?.count == 1, "\(note): run \(run)")
    }
    // No half-written call: each wake has its disposition, each end of an attempt its run's.
    var laws = LawChecker()
    try engine.forEachEvent {
      laws.observe($0)
      return true
    }
    laws.finish()
    #expect(laws.violations.isEmpty, "\(note): \(laws.violations)")
  }
}
