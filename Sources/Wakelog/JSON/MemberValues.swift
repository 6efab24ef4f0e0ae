import WakelogModel

/// Members as values.
struct MemberValues: Members {
  private(set) var object = JSONObject()

  init() { object.members.reserveCapacity(16) }

  mutating func addNull(_ name: String) { object.add(name, .null) }
  mutating func add(_ name: String, _ flag: Bool) { object.add(name, .bool(flag)) }
  mutating func add(_ name: String, _ number: Int64) { object.add(name, .integer(number)) }
  mutating func add(_ name: String, _ text: String) { object.add(name, .string(text)) }
  mutating func add(_ name: String, _ time: Instant) {
    object.add(name, .string(time.description))
  }
  mutating func add(_ name: String, _ value: JSONValue) { object.add(name, value) }

  mutating func add<Failure: Error>(
    _ name: String, object body: (inout Self) throws(Failure) -> Void
  ) throws(Failure) {
    var inner = Self()
    try body(&inner)
    object.add(name, .object(inner.object))
  }

  mutating func add<Element>(
    _ name: String, objects: some Sequence<Element>, atMost bytes: Int,
    _ show: (Element, inout Self) -> Void
  ) -> Int {
    var values: [JSONValue] = []
    var size = 0
    for element in objects {
      var inner = Self()
      show(element, &inner)
      values.append(.object(inner.object))
      // Counted only where it matters: most arrays are not limited.
      if bytes < .max { size += values[values.count - 1].approximateBytes }
      if size >= bytes { break }
    }
    object.add(name, .array(values))
    return values.count
  }
}
