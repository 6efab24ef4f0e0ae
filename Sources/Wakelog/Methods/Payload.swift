import WakelogModel
import WakelogStore

/// What a wake asks for, as it was given.
///
/// It lies beside the event of its wake, in the table of evidence: sealed, checksummed, redacted,
/// expired, archived and forgotten as what programs print is, and no part of any state.
struct Payload {
  var wake: UInt64
  var text: String

  /// The bytes that lie beside the event.
  static func evidence(_ text: String) -> [UInt8] {
    JSONValue.object(JSONObject([.init(name: "payload", value: .string(text))])).bytes
  }

  /// Reads them; nil for what is no payload.
  init?(wake: UInt64, evidence: [UInt8]) {
    let text = String(decoding: evidence, as: UTF8.self)
    guard let payload = (try? JSONParser.parse(text))?["payload"]?.string else { return nil }
    self.wake = wake
    self.text = payload
  }

  var json: JSONValue { ["wake": .count(wake), "payload": .string(text)] }
}

extension Core {
  /// The payloads of some wakes in their order; those that were removed are left out.
  func payloads(of wakes: [UInt64]) throws(WakelogError) -> [Payload] {
    var found: [Payload] = []
    for wake in wakes {
      guard case .bytes(let bytes) = try evidence(of: SequenceNumber(wake)),
        let payload = Payload(wake: wake, evidence: bytes)
      else { continue }
      found.append(payload)
    }
    return found
  }

  /// The first wake of the runs that are open, or wait, and carry a payload.
  func firstPayload() -> SequenceNumber? {
    var first: SequenceNumber?
    func take(_ run: SequenceNumber, _ flags: WakeFlags) {
      guard flags.contains(.hasPayload), run.exists, run < first ?? SequenceNumber(.max) else {
        return
      }
      first = run
    }
    state.runs.forEach { take($1.run, $1.flags) }
    state.pendings.forEach { take($1.run, $1.flags) }
    return first
  }

  /// The payloads of a run's wakes, which are among its events.
  func payloads(of events: [Event]) throws(WakelogError) -> [Payload] {
    let wakes = events.compactMap { event -> UInt64? in
      guard case .wakeRequested(let wake) = event.body, wake.flags.contains(.hasPayload) else {
        return nil
      }
      return event.sequence.value
    }
    return try payloads(of: wakes)
  }
}

extension Members {
  /// Adds the payloads of a run.
  mutating func add(_ name: String, _ payloads: [Payload]) {
    add(name, objects: payloads) { payload, item in
      item.add("wake", payload.wake)
      item.add("payload", payload.text)
    }
  }
}
