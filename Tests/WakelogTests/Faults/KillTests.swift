import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Processes that are killed in the middle of their work, at any moment.
///
/// `WAKELOG_KILLS` says how often, for thousands of rounds.
@Suite struct KillTests {
  let place = Place()

  static var rounds: Int {
    ProcessInfo.processInfo.environment["WAKELOG_KILLS"].flatMap { Int($0) } ?? 60
  }

  @Test func `what was answered is there after any kill`() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    await #expect(processExitsWith: .success, "seed \(seed)") {
      [path = place.path as String, seed = seed as UInt64, rounds = Self.rounds as Int] in
      var killer = Killer(path: path, seed: seed)
      for round in 0..<rounds { try killer.kill(round) }
    }
  }
}

/// Forks workers on a log, kills each, and looks at what it left.
struct Killer {
  let path: String
  var random: SplitMix
  var runs = 0

  /// A generator of its own: the children of a fork start from the same numbers.
  struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }

  init(path: String, seed: UInt64) {
    self.path = path
    random = SplitMix(state: seed)
  }

  private var options: Engine.Options {
    .forTests {
      $0.mapSizeBytes = 1 << 20
      $0.checkpointEvents = 70
    }
  }

  mutating func kill(_ round: Int) throws {
    // Swift hides fork, as it should.
    typealias Fork = @convention(c) () -> pid_t
    let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
    let child = fork()
    if child == 0 {
      alarm(20)
      work(round)
    }
    // To kill process -1 is to kill them all.
    guard child > 0 else { return }
    usleep(UInt32.random(in: 0..<40_000, using: &random))
    Glibc.kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
    demand(status & 0x7F == SIGKILL, "round \(round): the worker ended with \(status)")
    try look(round)
  }

  /// Three threads that wake and finish until they are killed, and write down each answer.
  private func work(_ round: Int) -> Never {
    guard let engine = try? Engine.open(path + "/log", options: options) else { _exit(3) }
    let file = open(path + "/answers", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    for caller in 0..<3 {
      Foundation.Thread.detachNewThread {
        var number = 0
        while true {
          number += 1
          Killer.call(engine, "\(round) \(caller) \(number)", file)
        }
      }
    }
    while true { pause() }
  }

  private static func call(_ engine: Engine, _ key: String, _ file: Int32) {
    func note(_ text: String) {
      let line = Array((text + "\n").utf8)
      _ = Glibc.write(file, line, line.count)
    }
    // Every other key is used again by the next round.
    let session = "s \(key.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 15)"
    guard
      let wake = try? engine.ask(
        "wake", CallerTests.wake(session).with(["forceFresh": true, "key": .string(key)]))
    else { return }
    note("wake\t\(key)\t\(session)\t\(wake["run"].count)")
    guard let fence = wake["fence"]?.string else { return }
    let finish: JSONValue = [
      "attempt": wake["attempt"]!, "fence": .string(fence), "turns": 1, "exitCode": 0,
      "sessionId": .string("id \(key)"), "stdout": .string(String(repeating: "x", count: 900)),
    ]
    guard let end = try? engine.ask("finish", finish) else { return }
    note("finish\t\(key)\t\(session)\t\(end["run"].count)")
  }

  /// Opens what a kill left, and looks for everything that was answered.
  private mutating func look(_ round: Int) throws {
    guard FileManager.default.fileExists(atPath: path + "/log/data.mdb") else { return }
    let log = try Log.open(path + "/log")
    let check = try log.verify()
    demand(check.ok, "round \(round): \(check)")
    let broken = try violations(log)
    demand(broken.isEmpty, "round \(round): \(broken)")
    let replayed = try replay(log).last
    log.close()
    let engine = try Engine.open(path + "/log", options: options)
    defer { engine.close() }
    demand(try engine.stateHash() == replayed, "round \(round): the state is another")
    let answers = (try? String(contentsOfFile: path + "/answers", encoding: .utf8)) ?? ""
    unlink(path + "/answers")
    for line in answers.split(separator: "\n", omittingEmptySubsequences: true) {
      let parts = line.split(separator: "\t").map(String.init)
      guard parts.count == 4, let run = Int64(parts[3]) else { continue }
      try look(parts, run, engine)
    }
    // Nobody holds these runs any more.
    for session in try engine.ask("sessions", ["status": "running"])["items"]?.array ?? [] {
      try engine.ask("abandon", ["run": session["openRun"]!, "by": "eve", "why": "killed"])
    }
  }

  private func look(_ parts: [String], _ run: Int64, _ engine: Engine) throws {
    if parts[0] == "finish" {
      let found = try engine.ask("run", ["run": .integer(run)])
      demand(found["session"] == .string(parts[2]), "\(parts): \(found.text)")
      demand(found["outcome"] == "succeeded", "\(parts): \(found.text)")
    } else {
      let wake = CallerTests.wake(parts[2]).with(["forceFresh": true, "key": .string(parts[1])])
      let again = try engine.ask("wake", wake)
      demand(again["duplicate"] == true && again["run"] == .integer(run), "\(parts)")
    }
  }
}

/// Ends a child process with words unless a condition holds; a value, so that finding it may throw.
func demand(_ holds: Bool, _ words: @autoclosure () -> String) {
  precondition(holds, words())
}
