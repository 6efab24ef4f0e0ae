import Wakelog
import WakelogModel
import WakelogTesting

extension World {
  /// Ends an attempt as the mix says, and starts what waited for its end.
  func end(_ run: OpenRun, _ bulk: Bulk) throws(WakelogError) {
    let dice = Int.random(in: 0..<1_000, using: &random)
    let isResuming = run.asked.exists
    var traces = Traces(exitCode: 0, turns: Int64.random(in: 1...9, using: &random))
    var reported = run.asked
    var evidence: [UInt8]?
    if isResuming, dice < 18 {
      fail(&traces, "No conversation found with session ID: \(uuid())")
      reported = .none
    } else if dice < 43 {
      traces.turns = nil
      fail(&traces, Self.infrastructure[dice % Self.infrastructure.count])
      reported = .none
    } else if dice < 49 {
      traces.exitCode = 1
      reported = isResuming ? run.asked : .none
    } else if !isResuming {
      reported = bulk.identity(uuid(), provider(run.key))
    }
    if !traces.stderr.isEmpty { evidence = Array("{\"stderr\":\"\(traces.stderr)\"}".utf8) }
    var command = FinishCommand(
      session: keys[run.key].session, fence: run.claim, attempt: run.attempt,
      request: random.next(), traces: traces)
    command.reported = reported
    command.inputTokens = UInt64.random(in: 2_000...150_000, using: &random)
    command.outputTokens = UInt64.random(in: 100...9_000, using: &random)
    command.costMicros = UInt64.random(in: 5_000...900_000, using: &random)
    let done = try bulk.execute(.finish(command), at: tick(), evidence: evidence)
    guard case .finished(_, _, let isSettled) = done.answer else { return }
    if isSettled { return try runWhatWaits(run.key, bulk) }
    guard let next = done.events.last(where: { $0.body.kind == .attemptStarted }) else { return }
    var fallback = run
    fallback.attempt = next.sequence
    fallback.asked = asked(done.events, next.sequence)
    open.append(fallback)
  }

  private func fail(_ traces: inout Traces, _ text: String) {
    traces.exitCode = 1
    traces.turns = traces.turns == nil ? nil : 0
    traces.stderr = text
  }

  private static let infrastructure = [
    "API Error: 529 {\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}",
    "API Error: 429 rate_limit_error: Number of request tokens has exceeded your limit",
    "Error: read ECONNRESET",
  ]

  private func runWhatWaits(_ index: Int, _ bulk: Bulk) throws(WakelogError) {
    keys[index].isOpen = false
    let fence = FenceDigest(low: random.next(), high: random.next())
    let command = NextCommand(session: keys[index].session, fence: fence)
    begin(try bulk.execute(.next(command), at: tick()), index, fence)
  }

  /// Random letters in the form that providers give their ids.
  func uuid() -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    var bits: UInt64 = 0
    for index in 0..<36 {
      if index % 16 == 0 { bits = random.next() }
      if [8, 13, 18, 23].contains(index) {
        text.append(UInt8(ascii: "-"))
      } else {
        text.append(digits[Int(bits & 15)])
        bits >>= 4
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Lets the world go on until the log has that many events; gives the seconds it took.
  func fill(_ engine: Engine, events: Int, perCommit: Int = 16_384) throws -> Double {
    try Machine.time {
      var last = 0
      while last < events {
        try engine.bulk { bulk throws(WakelogError) in
          let first = bulk.position.value
          let end = min(first + UInt64(perCommit), UInt64(events))
          while bulk.position.value < end { try self.advance(bulk) }
          last = Int(bulk.position.value)
        }
      }
    }
  }
}
