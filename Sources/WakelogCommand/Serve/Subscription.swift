internal import Wakelog
internal import WakelogHost
internal import WakelogModel

/// Sends every durable event from a position on, in order and without gaps, as notifications.
///
/// Nothing is kept for a slow reader: events are read from the log at the pace at which they are
/// written out.
final class Subscription: Sendable {
  private enum Phase {
    case running
    /// The client sends no more: what is durable by now is still sent.
    case ending(last: UInt64)
    case stopped
  }

  private let service: Service
  private let output: Output
  private let from: UInt64
  private let phase = Monitor(Phase.running)

  /// Events asked for at a time; their bytes are bounded too.
  private static let page: Int64 = 256
  /// How long a wait for events may keep the thread from seeing that it is to stop.
  private static let waitMilliseconds = 200

  init(_ service: Service, _ output: Output, from: UInt64) {
    self.service = service
    self.output = output
    self.from = from
  }

  /// Sends events until told to stop or the client is gone.
  func run() {
    var next = from
    while !isDone(next) {
      guard let page = read(from: next) else { return }
      guard !page.items.isEmpty else {
        _ = service.engine.waitForEvents(
          after: next - 1, timeoutMilliseconds: Self.waitMilliseconds)
        continue
      }
      guard send(page.items) else { return }
      next = page.next
    }
  }

  /// Sends what is durable by now, and no more.
  func end() {
    let last = service.engine.waitForEvents(after: 0, timeoutMilliseconds: 0)
    phase.change { if case .running = $0 { $0 = .ending(last: last) } }
  }

  /// Sends nothing more.
  func stop() {
    phase.change { $0 = .stopped }
  }

  private func isDone(_ next: UInt64) -> Bool {
    phase.look { phase in
      switch phase {
      case .running: false
      case .ending(let last): next > last
      case .stopped: true
      }
    }
  }

  private func read(from: UInt64) -> (items: [JSONValue], next: UInt64)? {
    let params = JSONObject([
      .init(name: "from", value: .integer(Int64(clamping: from))),
      .init(name: "limit", value: .integer(Self.page)),
    ])
    let turn = service.claim("events", lineBytes: 0).turnstile
    turn?.enter()
    defer { turn?.leave() }
    guard let result = try? service.engine.call("events", params),
      let items = result["items"]?.array
    else { return nil }
    let last = items.last?["seq"]?.integer.flatMap { UInt64(exactly: $0) }
    return (items, last.map { $0 + 1 } ?? from)
  }

  private func send(_ events: [JSONValue]) -> Bool {
    var lines = TextBuffer(capacity: 1 << 12)
    for event in events {
      lines.append(literal: #"{"jsonrpc":"2.0","method":"event","params":"#)
      JSONWriter.write(event, to: &lines)
      lines.append(literal: "}\n")
      if lines.count >= 1 << 18 {
        guard output.write(lines.bytes()) else { return false }
        lines = TextBuffer(capacity: 1 << 12)
      }
    }
    return output.write(lines.bytes())
  }
}
