import Wakelog
import WakelogModel

/// What a reader has of the outside: where facts go, how times are read, and what it finds wrong.
final class Gathering {
  let stage: Stage
  let time: SourceTime
  private(set) var report: ImportReport
  private let progress: (String) -> Void
  private var rows = 0
  private var databases: [StoreDatabase] = []

  init(
    _ stage: Stage, zone: TimeZoneRule, report: ImportReport, progress: @escaping (String) -> Void
  ) {
    self.stage = stage
    self.report = report
    self.progress = progress
    time = SourceTime(zone: zone)
  }

  /// Takes a fact.
  func add(_ fact: Fact, phase: Int64? = nil) throws(ImportError) {
    try stage.add(fact, phase: phase)
  }

  /// Opens a database of the store.
  func database(_ name: String, in folder: Folder) throws(ImportError) -> SQLite {
    let opened = try StoreDatabase.open(name, in: folder)
    databases.append(opened)
    return opened.database
  }

  /// Reads a store; nothing of it may have been written to meanwhile.
  func gather(_ source: any HostStore) throws {
    // What was torn may read as damaged: then that is not what to say of it.
    defer { databases = [] }
    let outcome = Result { try source.gather(into: self) }
    for database in databases { try database.checkUnchanged() }
    try outcome.get()
  }

  /// Takes what a row says of the end.
  func claim(
    _ field: Claim.Field, _ subject: String, _ value: String?, row: String,
    because: String? = nil
  ) throws(ImportError) {
    try stage.add(
      Claim(row: row, field: field, subject: subject, value: value, because: because))
  }

  /// Says that a row is left out.
  func skip(_ row: String, _ because: String, field: String? = nil) {
    report.add(.init(.skipped, row: row, field: field, because: because))
  }

  /// Says that two copies of a thing disagree.
  func conflict(
    _ row: String, field: String, taken: String?, other: String?, because: String
  ) {
    report.add(
      .init(.conflict, row: row, field: field, store: other, log: taken, because: because))
  }

  /// Counts a row for the progress line.
  func count() {
    rows += 1
    if rows & 1_023 == 0 { progress("\(rows) rows read") }
  }

  /// The next line of a file that is JSON, and where it stands; nil at the end. What is none is left
  /// out, and said so.
  func nextRecord(of file: Lines, row: String) -> (json: JSONValue, place: String, offset: Int64)? {
    while let line = file.next() {
      count()
      guard case .bytes(let bytes, let offset) = line else {
        skip(row, "a line is longer than 16 MiB")
        continue
      }
      let place = "\(row)@\(offset)"
      let text = String(decoding: bytes, as: UTF8.self)
      if let json = json(text, row: place, field: "line") { return (json, place, offset) }
    }
    return nil
  }

  /// JSON of a column or a file; nil, and said so, for text that is none.
  func json(_ text: String?, row: String, field: String) -> JSONValue? {
    guard let text, !text.isEmpty else { return nil }
    guard let value = try? JSONParser.parse(text) else {
      skip(row, "is no JSON", field: field)
      return nil
    }
    return value
  }
}

/// A store of a host, which tells its facts.
protocol HostStore {
  func gather(into gathering: Gathering) throws
}
