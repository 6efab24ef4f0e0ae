import Wakelog
import WakelogModel

/// Facts and rows of a store on their way into the log, put into the order of time.
///
/// Readers hand them over as they find them, and a store may be larger than memory: a scratch
/// database keeps them and sorts them on disk.
final class Stage {
  private let database: SQLite
  private let adding: SQLite.Statement
  private let claiming: SQLite.Statement
  private(set) var facts = 0
  private(set) var claims = 0

  init() throws(ImportError) {
    database = try SQLite.scratch()
    try database.execute(
      """
      CREATE TABLE facts (
        at INTEGER, phase INTEGER, place INTEGER PRIMARY KEY, offset INTEGER, kind TEXT, name TEXT,
        row TEXT, session TEXT, agent TEXT, provider TEXT, rest TEXT);
      CREATE TABLE claims (place INTEGER PRIMARY KEY, document TEXT);
      BEGIN
      """)
    adding = try database.prepare(
      """
      INSERT INTO facts (at, phase, offset, kind, name, row, session, agent, provider, rest)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      """)
    claiming = try database.prepare("INSERT INTO claims (document) VALUES (?1)")
  }

  /// Takes a fact.
  ///
  /// - Parameter phase: Its place among those of the same moment, where its kind's is wrong.
  func add(_ fact: Fact, phase: Int64? = nil) throws(ImportError) {
    facts += 1
    try adding.bind([
      .integer(fact.at.nanoseconds), .integer(phase ?? fact.phase),
      .integer(Int64(fact.at.offsetMinutes)), .text(fact.kind.rawValue), .text(fact.name),
      .text(fact.row), .text(fact.session), .text(fact.agent), .text(fact.provider),
      .text(fact.rest.text),
    ])
    _ = try adding.step()
  }

  /// Takes what a row of the store says that the state must be in the end.
  func add(_ claim: Claim) throws(ImportError) {
    claims += 1
    try claiming.bind([.text(claim.json.text)])
    _ = try claiming.step()
  }

  /// Hands over all facts in the order of time, in batches.
  func forEachBatch(
    of count: Int, _ body: ([Fact]) throws -> Void
  ) throws {
    let statement = try database.prepare(
      """
      SELECT at, offset, kind, name, row, session, agent, provider, rest FROM facts
      ORDER BY at, phase, place
      """)
    try statement.bind([])
    var batch: [Fact] = []
    while try statement.step() {
      batch.append(try fact(statement))
      if batch.count == count {
        try body(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    if !batch.isEmpty { try body(batch) }
  }

  private func fact(_ statement: SQLite.Statement) throws -> Fact {
    guard let kind = statement.text(2).flatMap({ Fact.Kind(rawValue: $0) }) else {
      throw ImportError("the scratch database is damaged; try again")
    }
    var fact = Fact(
      kind, name: statement.text(3) ?? "", row: statement.text(4) ?? "",
      at: Instant(
        nanoseconds: statement.integer(0) ?? 0,
        offsetMinutes: Int16(clamping: statement.integer(1) ?? 0)),
      session: statement.text(5) ?? "", agent: statement.text(6) ?? "",
      provider: statement.text(7) ?? "")
    fact.rest = try JSONParser.parse(statement.text(8) ?? "{}")
    return fact
  }

  /// Hands over all claims in batches, in the order in which they came.
  func forEachClaimBatch(of count: Int, _ body: ([Claim]) throws -> Void) throws {
    let statement = try database.prepare("SELECT document FROM claims ORDER BY place")
    try statement.bind([])
    var batch: [Claim] = []
    while try statement.step() {
      guard let claim = Claim(json: try JSONParser.parse(statement.text(0) ?? "{}")) else {
        throw ImportError("the scratch database is damaged; try again")
      }
      batch.append(claim)
      if batch.count == count {
        try body(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    if !batch.isEmpty { try body(batch) }
  }
}

/// What a row of the store says of the state in the end, for the list of differences.
struct Claim {
  /// What it is about: `binding` `lastOutcome` `status` `agentLastOutcome`, or a field that events
  /// cannot show.
  enum Field: String {
    case binding, lastOutcome, status, agentLastOutcome, unsupported
  }

  var row: String
  var field: Field
  /// The session key, or the agent.
  var subject: String
  /// What the row says; nil for nothing.
  var value: String?
  /// Why events cannot show it, where they never can.
  var because: String?

  var json: JSONValue {
    [
      "row": .string(row), "field": .string(field.rawValue), "subject": .string(subject),
      "value": value.map { .string($0) } ?? .null,
      "because": because.map { .string($0) } ?? .null,
    ]
  }
}

extension Claim {
  init?(json: JSONValue) {
    guard let row = json["row"]?.string, let subject = json["subject"]?.string,
      let field = json["field"]?.string.flatMap({ Field(rawValue: $0) })
    else { return nil }
    self.init(
      row: row, field: field, subject: subject, value: json["value"]?.string,
      because: json["because"]?.string)
  }
}
