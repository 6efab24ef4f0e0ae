import Wakelog

// What a call costs through other languages, beside the same call in Swift.
//
// A binding is a command that is started as `COMMAND DIRECTORY COUNT`, with TMPDIR set to the
// directory's parent. It makes a log in the directory, makes every call COUNT times after a tenth of
// that to warm up, one caller waiting for each, and prints an object a line:
//
//     { "binding": "C, structs", "call": "run", "microseconds": 12.5 }
//
// - `run`: a wake of the session `s` of agent `a` with provider `claude` from `message`, and its
//   finish with exit code 0, one turn and the session id `id-1`. Two commits.
// - `session`: the session `s`, as the binding's users get it. Reads only.
// - `check`: the live fence of a session. Reads only.
// - `noop`: the language's own cost of a call into C, of `wakelog_version`. None in C and Swift.
//
// Other calls may be printed too, and are shown beside nothing. The log lies in memory where that
// can be had: there a commit costs next to nothing, so what a binding adds is seen. A run is also
// measured on the disk, where hosts have it. All take turns, Swift among them, so that what else
// the machine does falls on each alike.

/// One figure of one binding.
private struct Figure: Hashable {
  var binding: String
  var call: String
}

/// What a call may cost through a binding. Calls that a language awaits may cost what they do.
private struct Allowance {
  let text: String
  private let factor: Double
  private let microseconds: Double
  private let hasNoop: Bool

  /// Over pipes, from C, and from a language that is interpreted.
  init?(_ binding: String, calls: Int) {
    if binding.contains("awaited") { return nil }
    (text, factor, microseconds, hasNoop) =
      if binding.contains("stdio") {
        ("\(60 * calls) µs over Swift's", 1, Double(60 * calls), false)
      } else if binding.hasPrefix("C, ") {
        ("at most 1.3 of Swift's", 1.3, 0, false)
      } else {
        ("at most 3 of Swift's, and a no-op's", 3, 0, true)
      }
  }

  /// In each turn, which has a machine's moods in common.
  func of(_ swift: Samples, noop: Double) -> Samples {
    Samples(swift.values.map { $0 * factor + microseconds + (hasNoop ? noop : 0) })
  }
}

extension Suite {
  mutating func bindings() {
    var order: [Figure] = []
    var found: [Figure: Samples] = [:]
    for _ in 0..<turns {
      for command in [nil] + options.bindings.map(Optional.some) {
        for (figure, microseconds) in measure(command) + measureOnDisk(command) {
          if found[figure] == nil { order.append(figure) }
          found[figure, default: Samples()].add(microseconds)
        }
      }
    }
    for figure in order {
      let samples = found[figure] ?? Samples()
      let swift = found[Figure(binding: "Swift", call: figure.call)]
      let noop = found[Figure(binding: figure.binding, call: "noop")]
      report.add(row(figure, samples, swift, noop: noop))
    }
  }

  private func row(_ figure: Figure, _ samples: Samples, _ swift: Samples?, noop: Samples?) -> Row {
    let what = "\(figure.binding): \(figure.call), µs"
    guard let swift, figure.binding != "Swift" else {
      return Row(what, measured: shown(samples.median), spread: samples.spread())
    }
    let allowance = Allowance(figure.binding, calls: figure.call.hasPrefix("run") ? 2 : 1)
    let allowed = allowance?.of(swift, noop: noop?.median ?? 0)
    return Row(
      what, target: allowance?.text ?? "", measured: shown(samples.median),
      spread: samples.spread(), ratio: shown(samples.over(swift).median),
      isMet: allowed.map { samples.over($0).median <= 1 })
  }

  private func measure(_ command: String?) -> [(Figure, Double)] {
    measure(
      command, in: Machine.canWrite("/dev/shm") ? "/dev/shm" : options.directory,
      count: options.isQuick ? 1_000 : 10_000)
  }

  private func measureOnDisk(_ command: String?) -> [(Figure, Double)] {
    measure(command, in: options.directory, count: options.isQuick ? 100 : 1_000)
      .filter { $0.0.call == "run" }
      .map { (Figure(binding: $0.0.binding, call: "run on a disk"), $0.1) }
  }

  /// Runs a binding once; without a command Swift's own.
  private func measure(
    _ command: String?, in place: String, count: Int
  ) -> [(Figure, Double)] {
    let log = "\(place)/wakelog-bench-bindings"
    Machine.remove(log)
    defer { Machine.remove(log) }
    let lines =
      command.map { Machine.run("TMPDIR='\(place)' \($0) '\(log)' \(count)") }
      ?? Machine.runSelf(["--child", "bindings", "--dir", log, "--events", "\(count)"])
    let figures = lines.compactMap { line -> (Figure, Double)? in
      guard let json = try? JSONParser.parse(line), let binding = json["binding"]?.string,
        let call = json["call"]?.string
      else { return nil }
      switch json["microseconds"] {
      case .number(let value)?: return (Figure(binding: binding, call: call), value)
      case .integer(let value)?: return (Figure(binding: binding, call: call), Double(value))
      default: return nil
      }
    }
    precondition(!figures.isEmpty, "\(command ?? "Swift") printed no figure")
    return figures
  }
}

/// The same calls in Swift.
struct SwiftBinding {
  let engine: Engine
  let count: Int

  func run() throws {
    let wake = WakeRequest(session: "checked", agent: "a", provider: "claude", source: .message)
    guard let fence = try engine.wake(wake).fence else { return }
    try measure("run", runOnce)
    try measure("session") { _ = try engine.session(SessionRequest(session: "s")) }
    try measure("check") { try engine.check(CheckRequest(session: "checked", fence: fence)) }
  }

  private func runOnce() throws {
    let woken = try engine.wake(
      WakeRequest(session: "s", agent: "a", provider: "claude", source: .message))
    guard let attempt = woken.attempt, let fence = woken.fence else { return }
    _ = woken.plan?.sessionId
    var finish = FinishRequest(attempt: attempt, fence: fence)
    finish.exitCode = 0
    finish.turns = 1
    finish.sessionId = "id-1"
    _ = try engine.finish(finish).isSettled
  }

  private func measure(_ call: String, _ body: () throws -> Void) throws {
    for _ in 0...(count / 10) { try body() }
    let seconds = try Machine.time { for _ in 0..<count { try body() } }
    let figure: JSONValue = [
      "binding": "Swift", "call": .string(call),
      "microseconds": .number(seconds * 1e6 / Double(count)),
    ]
    print(figure.text)
  }
}
