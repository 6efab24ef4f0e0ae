import Testing

@testable import WakelogModel

/// A newer version wrote kinds that this one does not know. They must survive an export and an
/// import by this one, so that the newer version finds them again.
struct UnrecognisedEventTests {
  /// A record of kind 200 with three bytes that nobody here knows.
  static let record =
    Event(
      sequence: SequenceNumber(41), at: Instant("2026-01-18T05:00:00+01:00")!,
      session: SessionSymbol(2), run: SequenceNumber(40), generation: Generation(1),
      previous: SequenceNumber(39), body: .unrecognised(200)
    ).recordBytes + [1, 0, 255]

  static var event: Event {
    record.withUnsafeBytes { Event(record: $0.bytes, sequence: SequenceNumber(41)) }
  }

  static var json: JSONValue {
    event.json(SampleSymbols.nine, agent: "ada", record: record)
  }

  func refusal(_ name: String, _ value: JSONValue?) -> EventJSONError? {
    var json = Self.json.object!
    json[name] = value
    var symbols = SampleSymbols.nine
    do throws(EventJSONError) {
      _ = try ImportedEvent(json: .object(json), numbers: &symbols) { _ in .none }
      return nil
    } catch {
      return error
    }
  }

  @Test("Its record is shown, and comes back byte for byte")
  func roundTrip() throws {
    #expect(
      Self.json.text == """
        {"seq":41,"at":"2026-01-18T05:00:00+01:00","kind":"unrecognised.200",\
        "session":"session-2","agent":"ada","run":40,"generation":1,"record":"\
        c8010000020000000100000000801b5748b78b1827000000000000002800000000000000\
        3c000100ff"}
        """)
    var symbols = SampleSymbols.nine
    let imported = try ImportedEvent(json: Self.json, numbers: &symbols) { _ in
      SequenceNumber(39)
    }
    #expect(imported.record == Self.record)
    #expect(imported.event == Self.event)
    #expect(imported.withRecord { span in span.withUnsafeBytes { Array($0) } } == Self.record)
  }

  @Test("Its session has the number it has here")
  func renumbered() throws {
    var symbols = SampleSymbols()
    let imported = try ImportedEvent(json: Self.json, numbers: &symbols) { _ in
      SequenceNumber(0x0102)
    }
    var expected = Self.record
    expected[4] = 1
    expected[20] = 2
    expected[21] = 1
    #expect(imported.record == expected)
    #expect(imported.event.session == SessionSymbol(1))
    #expect(imported.event.previous == SequenceNumber(0x0102))
  }

  @Test("A kind that has become known reads as what it is")
  func known() throws {
    let event = Event.sample(.noteAdded)
    var json = try #require(event.json(SampleSymbols.nine, agent: nil).object)
    json["kind"] = "unrecognised.29"
    for name in ["by", "text", "imported"] { json[name] = nil }
    json["record"] = .hexadecimal(event.recordBytes)
    var symbols = SampleSymbols.nine
    let imported = try ImportedEvent(json: .object(json), numbers: &symbols) { _ in
      event.previous
    }
    #expect(imported.event == event)
  }

  @Test(
    "What does not go with its record is refused",
    arguments: [
      ("record", nil), ("record", "c8"), ("record", "c80"), ("record", "zz"), ("record", 1),
      ("record", .string(String(repeating: "0", count: 322))),
      ("record", .string(String(repeating: "0", count: 76))), ("run", 41), ("generation", 2),
      ("at", "2026-01-18T05:00:00+02:00"), ("session", .null), ("kind", "unrecognised.201"),
    ] as [(String, JSONValue?)])
  func refusals(name: String, value: JSONValue?) {
    #expect(refusal(name, value)?.field == "record")
  }

  @Test("No other kind goes by such a name", arguments: ["256", "+1", "01", "", "x", "-1"])
  func numbers(number: String) {
    #expect(refusal("kind", .string("unrecognised.\(number)"))?.field == "kind")
  }
}
