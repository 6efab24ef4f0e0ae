import WakelogModel

/// Where the members of a result go: into a value, for hosts in Swift, or straight into text.
///
/// One description of a result serves both. Within an object every name is new, and plain: nothing
/// in it has to be escaped.
protocol Members {
  /// Adds null.
  mutating func addNull(_ name: String)
  /// Adds a truth value.
  mutating func add(_ name: String, _ flag: Bool)
  /// Adds an integer.
  mutating func add(_ name: String, _ number: Int64)
  /// Adds a string.
  mutating func add(_ name: String, _ text: String)
  /// Adds a time in RFC 3339.
  mutating func add(_ name: String, _ time: Instant)
  /// Adds a value that was made already.
  mutating func add(_ name: String, _ value: JSONValue)
  /// Adds an object.
  mutating func add<Failure: Error>(
    _ name: String, object: (inout Self) throws(Failure) -> Void) throws(Failure)
  /// Adds an array of objects, which ends early once it has so many bytes; returns how many objects
  /// it holds.
  mutating func add<Element>(
    _ name: String, objects: some Sequence<Element>, atMost bytes: Int,
    _ show: (Element, inout Self) -> Void
  ) -> Int
}

extension Members {
  /// Adds a string, or null.
  mutating func add(_ name: String, _ text: String?) {
    if let text { add(name, text) } else { addNull(name) }
  }

  /// Adds a word of a closed set, or null.
  mutating func add(_ name: String, _ word: (some FieldCode)?) { add(name, word?.name) }

  /// Adds a count.
  mutating func add(_ name: String, _ count: UInt64) { add(name, Int64(clamping: count)) }

  /// Adds a count.
  mutating func add(_ name: String, _ count: UInt32) { add(name, Int64(count)) }

  /// Adds a position, or null for none.
  mutating func add(_ name: String, _ position: SequenceNumber) {
    if position.exists { add(name, position.value) } else { addNull(name) }
  }

  /// Adds a time, or null for 0.
  mutating func add(_ name: String, time nanoseconds: Int64, _ offsetMinutes: Int16) {
    if nanoseconds == 0 { return addNull(name) }
    add(name, Instant(nanoseconds: nanoseconds, offsetMinutes: offsetMinutes))
  }

  /// Adds an array of objects.
  mutating func add<Element>(
    _ name: String, objects: some Sequence<Element>, _ show: (Element, inout Self) -> Void
  ) {
    _ = add(name, objects: objects, atMost: .max, show)
  }

  /// Adds an object that is described elsewhere, or null.
  mutating func add(_ name: String, _ view: (some ObjectResult)?) {
    if let view { add(name, object: view.show) } else { addNull(name) }
  }

  /// Adds a failure with what decided it, and when where that is given, or null.
  mutating func add(
    _ name: String, _ failure: FailureKind?, because: String?, time: Int64? = nil,
    _ offsetMinutes: Int16 = 0
  ) {
    guard let failure else { return addNull(name) }
    add(name) { members in
      members.add("kind", failure.name)
      members.add("family", failure.family.name)
      members.add("because", because)
      if let time { members.add("at", time: time, offsetMinutes) }
    }
  }

  /// Adds a directory with what it is, or null.
  mutating func add(_ name: String, _ path: String?, kind: WorkspaceKind?) {
    guard let kind else { return addNull(name) }
    add(name) { members in
      members.add("path", path)
      members.add("kind", kind.name)
    }
  }
}

/// A result that is an object, described once for whoever asks for it.
protocol ObjectResult: CallResult {
  /// Gives the members in PROTOCOL's order.
  func show<Sink: Members>(in members: inout Sink)
}

extension ObjectResult {
  var value: JSONValue {
    var members = MemberValues()
    show(in: &members)
    return .object(members.object)
  }

  func write(to text: inout TextBuffer) {
    var members = MemberText(consume text)  // not copied: it is held once
    show(in: &members)
    text = members.ended()
  }
}
