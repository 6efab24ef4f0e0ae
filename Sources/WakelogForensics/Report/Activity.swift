import WakelogModel

/// How many runs ended well and badly in each part of a span of time.
struct Activity {
  struct Part {
    var succeeded = 0
    var failed = 0
  }

  private(set) var parts: [Part] = []
  private var start: Int64 = 0
  private var length: Int64 = 1

  init() {}

  init(_ events: [Event], from first: Instant?, to last: Instant?, parts count: Int64 = 72) {
    guard let first, let last else { return }
    start = first.nanoseconds
    length = last.nanoseconds.subtractingReportingOverflow(start).partialValue / count + 1
    guard length > 0 else { return }
    parts = [Part](repeating: Part(), count: Int(count))
    for event in events {
      guard case .runFinished(let finish) = event.body else { continue }
      let part = place(of: event.at)
      switch finish.outcome {
      case .succeeded: parts[part].succeeded += 1
      case .failed, .timedOut, .interrupted: parts[part].failed += 1
      default: break
      }
    }
  }

  /// The part in which a moment lies.
  func place(of moment: Instant) -> Int {
    let distance = moment.nanoseconds.subtractingReportingOverflow(start).partialValue
    return min(max(0, Int(distance / length)), max(0, parts.count - 1))
  }

  /// Where a part begins.
  func start(of part: Int, like instant: Instant) -> Instant {
    Instant(
      nanoseconds: start + Int64(part) * length, offsetMinutes: instant.offsetMinutes)
  }

  var most: Int { parts.map { $0.succeeded + $0.failed }.max() ?? 0 }
}
