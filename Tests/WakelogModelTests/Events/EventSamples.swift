import WakelogTesting

@testable import WakelogModel

/// Strings and numbers in memory.
struct SampleSymbols: SymbolTexts, SymbolNumbers {
  struct Refused: Error {}

  private(set) var texts: [Namespace: [[UInt8]]] = [:]
  /// The namespace in which no string gets a number.
  var refused: Namespace?

  func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    let known = texts[namespace] ?? []
    return (1...UInt32(max(known.count, 1))).contains(number) && !known.isEmpty
      ? known[Int(number) - 1] : nil
  }

  mutating func number(_ namespace: Namespace, _ bytes: [UInt8]) throws -> UInt32 {
    if namespace == refused { throw Refused() }
    if let index = texts[namespace]?.firstIndex(of: bytes) { return UInt32(index) + 1 }
    texts[namespace, default: []].append(bytes)
    return UInt32(texts[namespace]!.count)
  }

  /// Nine strings of every namespace, as the log keeps them.
  static let nine: SampleSymbols = {
    var symbols = SampleSymbols()
    for namespace in Namespace.allCases {
      for number in 1...9 {
        let bytes =
          switch namespace {
          case .identity: ProviderSession(id: "id-\(number)", provider: "claude").bytes
          case .fingerprint, .params, .policy: Array("{\"\(namespace)\":\(number)}".utf8)
          default: Array("\(namespace)-\(number)".utf8)
          }
        _ = try! symbols.number(namespace, bytes)
      }
    }
    return symbols
  }()
}

/// Fills every field with something that is not zero, each with another value.
struct FieldFiller: FieldVisitor {
  private var count: UInt32 = 0

  private mutating func next() -> UInt32 {
    count += 1
    return count
  }

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    value = Symbol(next() % 9 + 1)
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    let all = Array(Code.allCases)
    value = all[Int(next()) % all.count]
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    for (_, flag) in Flags.names { value.formUnion(flag) }
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) { value = next() }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    value = SequenceNumber(UInt64(next()))
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) { value = UInt64(next()) }
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    value = Int64(next()) * 1_000_000_000
  }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) { value = -Int32(next()) }
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    value = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!
  }
  mutating func secret(_ value: inout FenceDigest) { value = FenceDigest(low: 5, high: 6) }
}

/// Fills fields at random, at times with zero and with what is largest.
struct RandomFiller: FieldVisitor {
  var random: SeededGenerator

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    value = Symbol(UInt32.random(in: 0...9, using: &random))
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    value = Bool.random(using: &random) ? nil : Code.allCases.randomElement(using: &random)
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    value = []
    for (_, flag) in Flags.names where Bool.random(using: &random) { value.formUnion(flag) }
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) {
    value = [0, 1, .max, UInt32(truncatingIfNeeded: random.next())].randomElement(using: &random)!
  }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    wide(name, &value.value)
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {
    value = [0, 1, .max, 1 << 63, random.next()].randomElement(using: &random)!
  }
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    value = Int64.random(in: Instant.moments, using: &random)
  }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    let any = Int32.random(in: -Int32.max...Int32.max, using: &random)
    value = [nil, 0, -1, .max, -.max, any].randomElement(using: &random)!
  }
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    guard Bool.random(using: &random) else { return value = .none }
    let flags = UInt8.random(in: 0...255, using: &random)
    value = TraceParent(
      high: random.next(), low: random.next() | 1, parent: random.next() | 1, version: 0,
      flags: flags)
  }
  mutating func secret(_ value: inout FenceDigest) {
    value = FenceDigest(low: random.next(), high: random.next())
  }
}

/// Takes away what no export shows.
struct SecretEraser: PartialVisitor {
  mutating func secret(_ value: inout FenceDigest) { value = .none }
}

extension Event {
  /// An event of a kind with every field filled.
  static func sample(_ kind: EventKind) -> Event {
    var event = Event(
      sequence: SequenceNumber(41), at: Instant("2026-01-18T05:00:00+01:00")!,
      session: SessionSymbol(1), run: SequenceNumber(40), generation: Generation(2),
      previous: SequenceNumber(39), flags: .imported, body: EventBody(empty: kind))
    var filler = FieldFiller()
    event.body.visit(&filler)
    return event
  }

  /// The same with what was added to its kind since the first version taken away.
  var asFirstWritten: Event {
    var event = self
    switch body {
    case .wakeRequested(var wake):
      wake.flags.remove(.hasPayload)
      wake.trace = .none
      event.body = .wakeRequested(wake)
    case .attemptStarted(var start):
      start.flags.remove(.beside)
      event.body = .attemptStarted(start)
    case .attemptProgressed(var progress):
      progress.process = ProcessMark(pid: progress.process.pid)
      event.body = .attemptProgressed(progress)
    case .attemptFinished(var finish):
      finish.cachedTokens = 0
      finish.totals = []
      event.body = .attemptFinished(finish)
    case .sessionBound(var bound):
      bound.by = .none
      event.body = .sessionBound(bound)
    case .hostStarted(var started):
      started.process = .none
      event.body = .hostStarted(started)
    default: break
    }
    return event
  }

  var withoutSecrets: Event {
    var event = self
    var eraser = SecretEraser()
    event.body.visit(&eraser)
    return event
  }

  var recordBytes: [UInt8] { withRecord { span in span.withUnsafeBytes { Array($0) } } }
}

/// Reads `{"name":number}`: all that samples hold.
func parseSample(_ text: String) -> JSONValue? {
  let parts = text.split(whereSeparator: { "{}:\"".contains($0) })
  guard parts.count == 2, let number = Int64(parts[1]) else { return nil }
  return .object(JSONObject([.init(name: String(parts[0]), value: .integer(number))]))
}

extension EventBody {
  /// A body of a kind whose fields are all zero.
  init(empty kind: EventKind) {
    var eraser = SecretEraser()
    self.init(kind, &eraser)
  }
}
