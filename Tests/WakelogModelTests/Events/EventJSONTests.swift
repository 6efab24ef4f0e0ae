import Testing
import WakelogTesting

@testable import WakelogModel

struct EventJSONTests {
  static func random(_ kind: EventKind, _ random: inout SeededGenerator) -> Event {
    var filler = RandomFiller(random: random)
    var event = Event.sample(kind)
    event.body = EventBody(empty: kind)
    event.body.visit(&filler)
    filler.symbol("session", &event.session)
    filler.wide("run", &event.run.value)
    filler.number("generation", &event.generation.value)
    filler.flags(&event.flags)
    filler.time("at", &event.at.nanoseconds)
    event.at.offsetMinutes = Instant.offsets.randomElement(using: &filler.random)!
    event.sequence = SequenceNumber(UInt64.random(in: 1...UInt64.max, using: &filler.random))
    random = filler.random
    return event
  }

  @Test("Any event of any kind reads back, objects parsed or not", arguments: EventKind.allCases)
  func roundTrip(kind: EventKind) throws {
    var random = SeededGenerator(seed: 0xE0 + UInt64(kind.rawValue))
    for round in 0..<200 {
      let event = Self.random(kind, &random)
      for parse in [parseSample, { _ in nil }] {
        let json = event.json(SampleSymbols.nine, agent: "ada", parse: parse)
        var symbols = SampleSymbols.nine
        let imported = try ImportedEvent(json: json, numbers: &symbols) { _ in event.previous }
        #expect(imported.event == event.withoutSecrets, "round \(round): \(json.text)")
        #expect(imported.withRecord { $0.byteCount } == event.withoutSecrets.recordBytes.count)
      }
    }
  }

  @Test("Names of members differ within a kind", arguments: EventKind.allCases)
  func names(kind: EventKind) {
    let json = Event.sample(kind).json(SampleSymbols.nine, agent: nil)
    let names = json.object!.members.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Array(names.prefix(7)) == Event.headerNames)
  }

  @Test("What was stored plus one is stored so still")
  func stored() {
    var wake = WakeRequested()
    wake.leasePlusOne = 0x0403_0201
    var event = Event.sample(.wakeRequested)
    event.body = .wakeRequested(wake)
    #expect(Array(event.recordBytes.suffix(4)) == [1, 2, 3, 4])
  }

  @Test("Strings get their numbers in stored order, the session first")
  func order() throws {
    struct Recorder: SymbolNumbers {
      var asked: [Namespace] = []
      mutating func number(_ namespace: Namespace, _ bytes: [UInt8]) throws -> UInt32 {
        asked.append(namespace)
        return 7
      }
    }
    let json = Event.sample(.wakeRequested).json(SampleSymbols.nine, agent: nil)
    var members = json.object!.members
    members.reverse()
    var recorder = Recorder()
    let imported = try ImportedEvent(json: .object(JSONObject(members)), numbers: &recorder) {
      $0 == SessionSymbol(7) ? SequenceNumber(3) : .none
    }
    #expect(
      recorder.asked == [
        .session, .agent, .provider, .reason, .scope, .workspace, .fingerprint, .host, .identity,
      ])
    #expect(imported.event.previous == SequenceNumber(3))
  }

  /// The sample of a wake with a member replaced; the fault it is refused for.
  func refusal(_ name: String, _ value: JSONValue?) -> EventJSONError? {
    var json = Event.sample(.wakeRequested).json(SampleSymbols.nine, agent: nil).object!
    json[name] = value
    var symbols = SampleSymbols()
    do throws(EventJSONError) {
      _ = try ImportedEvent(json: .object(json), numbers: &symbols) { _ in .none }
      return nil
    } catch {
      #expect(symbols.texts.isEmpty, "a line that is refused gives no numbers")
      return error
    }
  }

  @Test(
    "What is wrong is named by its path, and no string gets a number",
    arguments: [
      ("seq", nil, "seq"), ("seq", 0, "seq"), ("seq", "41", "seq"), ("seq", .number(1), "seq"),
      ("at", nil, "at"), ("at", 5, "at"), ("at", "2026-01-18", "at"), ("kind", nil, "kind"),
      ("kind", "wake.request", "kind"), ("kind", 1, "kind"), ("session", 1, "session"),
      ("agent", 1, "agent"), ("run", -1, "run"), ("run", "1", "run"),
      ("generation", 4_294_967_296, "generation"), ("imported", 1, "imported"),
      ("colour", 1, "colour"), ("", 1, "\"\""), ("record", "00", "record"),
      ("source", "webhook", "source"), ("forceFresh", "yes", "forceFresh"),
      ("epoch", .number(1), "epoch"), ("lease", 4_294_967_295, "lease"),
      ("fingerprint", 1, "fingerprint"), ("resume", "abc", "resume"),
      ("resume", [:], "resume.sessionId"), ("resume", ["sessionId": "x"], "resume.provider"),
      ("resume", ["sessionId": "x", "provider": 1], "resume.provider"),
      ("resume", ["sessionId": "x", "provider": "p", "id": "x"], "resume.id"),
      ("session", ["missing": 5], "session"), ("attempt", 1, "attempt"),
    ] as [(String, JSONValue?, String)])
  func refusals(name: String, value: JSONValue?, field: String) {
    let error = refusal(name, value)
    #expect(error?.field == field)
    #expect(error?.message.isEmpty == false)
  }

  @Test("A member that is null or left out is none", arguments: ["session", "agent", "resume"])
  func none(name: String) {
    #expect(refusal(name, .none) == nil)
    #expect(refusal(name, .some(.null)) == nil)
  }

  @Test("A member given twice, and a line that is no object, are refused")
  func shape() {
    var json = Event.sample(.wakeRequested).json(SampleSymbols.nine, agent: nil).object!
    json.members.append(json.members[8])
    for (value, field) in [(.object(json), json.members[8].name), (1, "event")] as [(JSONValue, _)]
    {
      var symbols = SampleSymbols()
      let error = #expect(throws: EventJSONError.self) {
        try ImportedEvent(json: value, numbers: &symbols) { _ in .none }
      }
      #expect(error?.field == field)
    }
  }

  @Test("A string that gets no number is named with the cause")
  func refusedNumber() {
    let json = Event.sample(.wakeRequested).json(SampleSymbols.nine, agent: nil)
    var symbols = SampleSymbols()
    symbols.refused = .scope
    let error = #expect(throws: EventJSONError.self) {
      try ImportedEvent(json: json, numbers: &symbols) { _ in .none }
    }
    #expect(error?.field == "scope")
    #expect(error?.cause is SampleSymbols.Refused)
  }

  @Test("Text that is not canonical is shown as the text it is")
  func notCanonical() throws {
    var symbols = SampleSymbols()
    let number = try symbols.number(.policy, Array("{\"a\": 1}".utf8))
    var event = Event.sample(.policyAdopted)
    event.session = .none
    event.body = .policyAdopted(PolicyAdopted())
    if case .policyAdopted(var adopted) = event.body {
      adopted.policy = Symbol(number)
      event.body = .policyAdopted(adopted)
    }
    let json = event.json(symbols, agent: nil) { _ in ["a": 1] }
    #expect(json["policy"] == "{\"a\": 1}")
    let missing = event.json(SampleSymbols(), agent: nil)
    #expect(missing["policy"] == ["missing": 1])
  }
}
