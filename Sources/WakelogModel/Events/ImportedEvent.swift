/// An event read from a line of an export.
///
/// It equals the event that was exported, given the same numbers for the same strings, save its
/// fence, which no export shows: a run that is open can only be ended from outside.
public struct ImportedEvent: Sendable {
  /// The event, of unrecognised kind if this version does not know it.
  public var event: Event
  /// The record of an event whose kind the exporting version did not know: its bytes as they
  /// were, but for the numbers of its session and of the previous event, which are those of here.
  public var record: [UInt8]?

  /// Reads a line.
  ///
  /// Strict, and all or nothing: no string is given a number unless the whole line is right. Then
  /// they are in stored order, the session first, so that events in order give strings the
  /// numbers they had. `agent` is not read for kinds without such a field: the session implies it.
  ///
  /// - Parameter previous: Gives the position of the last event of a session's stream, or of the
  ///   stream of events without session for `none`.
  public init(
    json: JSONValue, numbers: inout some SymbolNumbers,
    previous: (SessionSymbol) -> SequenceNumber
  ) throws(EventJSONError) {
    var reader = try EventFieldReader(json)
    var event = try Event(header: &reader)
    let name = reader.take("kind", "the name of a kind of event") { $0.string }
    if let name, let kind = EventKind(name: name) {
      event.body = EventBody(kind, &reader)
    } else if let name, let number = Self.unrecognisedNumber(name) {
      event.body = .unrecognised(number)
      record = reader.take("record", "a record in hexadecimal") { $0.hexadecimal }
      if record == nil { reader.refuse("record", "is missing; an unknown kind is its record") }
    } else {
      reader.refuse("kind", "must be the name of a kind of event")
    }
    // The member that every event has, where no field has taken its place.
    _ = reader.take("agent", "a string or null") { $0.string }
    if let record { try Self.check(record, event) }
    try reader.finish()
    let placer = try Self.placer(reader.strings, &numbers)
    placer.place(&event)
    event.previous = previous(event.session)
    if var record {
      Self.store(UInt64(event.session.number), 4, &record, at: 4)
      Self.store(event.previous.value, 8, &record, at: 20)
      event = unsafe Event(record: record.span.bytes, sequence: event.sequence)
      self.record = record
    }
    self.event = event
  }

  /// Calls a closure with the event's record.
  public func withRecord<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    guard let record else { return try event.withRecord(body) }
    return try body(unsafe record.span.bytes)
  }

  private static func unrecognisedNumber(_ name: String) -> UInt8? {
    let prefix = "unrecognised."
    guard name.utf8.starts(with: prefix.utf8) else { return nil }
    guard let number = UInt8(name.dropFirst(prefix.count)), name == "\(prefix)\(number)" else {
      return nil
    }
    return number
  }

  /// Throws unless a record is one, and says what its line says.
  private static func check(_ record: [UInt8], _ event: Event) throws(EventJSONError) {
    guard (Event.headerBytes...Event.maximumRecordBytes).contains(record.count) else {
      throw EventJSONError(
        field: "record",
        message: "must have \(Event.headerBytes) to \(Event.maximumRecordBytes) bytes")
    }
    let recorded = unsafe Event(record: record.span.bytes, sequence: event.sequence)
    guard record[0] == event.body.kindNumber, recorded.at == event.at,
      recorded.run == event.run, recorded.generation == event.generation,
      recorded.session.exists == event.session.exists
    else {
      throw EventJSONError(field: "record", message: "is not of this event; take its own")
    }
  }

  private static func placer(
    _ strings: [(field: String, namespace: Namespace, bytes: [UInt8])],
    _ numbers: inout some SymbolNumbers
  ) throws(EventJSONError) -> SymbolPlacer {
    var placed: [UInt32] = []
    for string in strings {
      do {
        placed.append(try numbers.number(string.namespace, string.bytes))
      } catch {
        throw EventJSONError(
          field: string.field, message: "could not be given a number: \(error)", cause: error)
      }
    }
    return SymbolPlacer(numbers: placed)
  }

  private static func store(_ value: UInt64, _ width: Int, _ bytes: inout [UInt8], at: Int) {
    for index in 0..<width {
      bytes[at + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
  }
}

extension Event {
  /// Reads what every event has, but for its kind and agent.
  fileprivate init(header reader: inout EventFieldReader) throws(EventJSONError) {
    let sequence = reader.take("seq", "an integer of 1 or more") {
      $0.unsigned.flatMap { $0 > 0 ? SequenceNumber($0) : nil }
    }
    if sequence == nil { reader.refuse("seq", "is missing; give the event's number") }
    let at = reader.take("at", "an RFC 3339 time with offset") { $0.string.flatMap { Instant($0) } }
    if at == nil { reader.refuse("at", "is missing; give the event's time") }
    if let fault = reader.fault { throw fault }
    self.init(
      sequence: sequence ?? .none, at: at ?? Instant(nanoseconds: 0), session: .none, run: .none,
      generation: Generation(0), previous: .none, body: .unrecognised(0))
    reader.symbol("session", &session)
    reader.sequence("run", &run)
    reader.number("generation", &generation.value)
    reader.flags(&flags)
  }
}

extension SymbolPlacer {
  fileprivate func place(_ event: inout Event) {
    var placer = self
    placer.symbol("session", &event.session)
    event.body.visit(&placer)
  }
}
