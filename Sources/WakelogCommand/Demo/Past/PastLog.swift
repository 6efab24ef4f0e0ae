internal import Wakelog
internal import WakelogModel
internal import WakelogTesting

extension Demo {
  /// The events that hosts would have left, had they kept a log: lines of event JSON, marked as
  /// imported.
  struct PastLog {
    private(set) var lines: [JSONValue] = []

    /// The number of the last event.
    var last: UInt64 { UInt64(lines.count) }

    /// Appends what a host did.
    mutating func append(_ world: WakelogTesting.World) {
      let offset = last
      for event in world.events {
        var event = event.mappingPositions { SequenceNumber($0.value + offset) }
        event.flags.insert(.imported)
        let agent = world.state.sessions[event.session.number].agent
        let name = world.texts.bytes(.agent, agent.number).map {
          String(decoding: $0, as: UTF8.self)
        }
        lines.append(
          event.json(world.texts, agent: name, parse: { try? JSONParser.parse($0) }))
      }
    }
  }
}
