import CAllocations
import Wakelog
import WakelogModel
import WakelogStore

/// Every part in order, over one log that they share.
struct Suite {
  let options: Options
  var report = Report()
  /// What the log's records are like, once it is there.
  var recordBytes = 0
  var events = 0

  init(_ options: Options) { self.options = options }

  var log: String { "\(options.directory)/log" }
  func scratch(_ name: String) -> String { "\(options.directory)/\(name)" }
  /// How often a measurement is repeated.
  var turns: Int { options.isQuick ? 3 : 7 }

  mutating func run() async throws {
    Machine.makeDirectory(options.directory)
    if options.only == "bindings" || !options.bindings.isEmpty { bindings() }
    if options.only != "bindings" { try await shared() }
    report.print()
  }

  /// The parts over the log that they share.
  private mutating func shared() async throws {
    try fill()
    if options.wants("replay") { try replay() }
    if options.wants("bulk") { try bulk() }
    if options.wants("callers") { try await callers() }
    if options.wants("decision") { try decision() }
    if options.wants("opening") { try opening() }
    if options.wants("memory") { try memory() }
    if options.wants("retention") { try retention() }
    if !options.keepsLog { Machine.remove(log) }
  }

  /// Makes the log that the parts share, and says what it costs.
  private mutating func fill() throws {
    if !options.keepsLog { Machine.remove(log) }
    let world = World(keys: options.sessions, seed: 0x57A4E106)
    let engine = try Engine.open(log)
    let isThere = try engine.statistics().lastSequence >= options.events
    let seconds = isThere ? .infinity : try world.fill(engine, events: options.events)
    let size = try SizeOnDisk(engine)
    engine.close()
    recordBytes = size.recordBytes
    events = size.events
    report.add(
      Row(
        "log of \(grouped(events)) events, \(grouped(options.sessions)) sessions: "
          + "decided and appended, events/s",
        measured: shown(Double(events) / seconds)))
    report.add(size.row("bytes on disk per event, bulk", targets: true))
    for line in size.lines { print(line) }
  }
}

/// What a log takes on disk.
struct SizeOnDisk {
  let events: Int
  let bytes: Int
  let evidence: Int
  let recordBytes: Int
  let lines: [String]

  init(_ engine: Engine) throws {
    let statistics = try engine.statistics()
    events = Int(statistics.lastSequence)
    bytes = Machine.bytesOnDisk("\(engine.directory)/data.mdb")
    evidence = statistics.tables.first { $0.name == "evidence" }?.bytes ?? 0
    let table = statistics.tables.first { $0.name == "events" }
    // Of a node: 8 bytes of header, 8 of key, 2 of slot.
    recordBytes = (table?.bytes ?? 0) / max(events, 1) - 18
    lines = statistics.tables.map { "\($0.name): \($0.entries) rows, \($0.bytes) bytes" }
  }

  var perEvent: Double { Double(bytes - evidence) / Double(max(events, 1)) }

  func row(_ what: String, targets: Bool = false) -> Row {
    Row(
      "\(what) (evidence, \(shown(Double(evidence) / Double(events))) a event, aside)",
      target: targets ? "at most 105" : "", measured: shown(perEvent),
      isMet: targets ? perEvent <= 105 : nil)
  }
}
