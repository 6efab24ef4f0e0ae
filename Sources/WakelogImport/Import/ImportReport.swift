public import WakelogModel

/// What came of an import.
public struct ImportReport: Sendable {
  /// Something that the log does not hold as the store has it.
  public struct Finding: Sendable, Hashable {
    /// What kind of thing.
    public enum Kind: String, Sendable {
      /// The row was not imported.
      case skipped
      /// Copies within the store disagree; one was taken.
      case conflict
      /// The state that the log gives is not what the row says.
      case difference
    }

    /// What kind of thing.
    public var kind: Kind
    /// The row or file of the store.
    public var row: String
    /// Which field of it; nil for the whole row.
    public var field: String?
    /// What the store says.
    public var store: String?
    /// What the log says.
    public var log: String?
    /// Why.
    public var because: String

    init(
      _ kind: Kind, row: String, field: String? = nil, store: String? = nil, log: String? = nil,
      because: String
    ) {
      self.kind = kind
      self.row = row
      self.field = field
      self.store = store
      self.log = log
      self.because = because
    }

    /// The finding as an object.
    public var json: JSONValue {
      func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
      return [
        "kind": .string(kind.rawValue), "row": .string(row), "field": text(field),
        "store": text(store), "log": text(log), "because": .string(because),
      ]
    }
  }

  /// The host whose store it is.
  public var host: HostKind
  /// Facts that the store tells.
  public var facts: UInt64 = 0
  /// Facts that an earlier import had brought.
  public var known: UInt64 = 0
  /// Events appended.
  public var events: UInt64 = 0
  /// Rows whose outcome in the state was compared with the store's own.
  public var compared: UInt64 = 0
  /// What was skipped, conflicts or differs, in the order in which it was found.
  public private(set) var findings: [Finding] = []
  /// Findings beyond `mostFindings`, which are only counted.
  public private(set) var findingsLeftOut: UInt64 = 0

  /// How many findings are kept: a damaged store of a gigabyte has one in every row.
  public static let mostFindings = 100_000

  init(host: HostKind) { self.host = host }

  mutating func add(_ finding: Finding) {
    if findings.count < Self.mostFindings {
      findings.append(finding)
    } else {
      findingsLeftOut += 1
    }
  }

  /// The report as an object.
  public var json: JSONValue {
    [
      "host": .string(host.rawValue), "facts": .integer(Int64(clamping: facts)),
      "known": .integer(Int64(clamping: known)), "events": .integer(Int64(clamping: events)),
      "compared": .integer(Int64(clamping: compared)),
      "findings": .array(findings.map(\.json)),
      "findingsLeftOut": .integer(Int64(clamping: findingsLeftOut)),
    ]
  }
}

/// A host whose store can be imported.
public enum HostKind: String, CaseIterable, Sendable {
  /// Hermes: `HERMES_HOME`.
  case hermes
  /// OpenClaw: its state directory.
  case openclaw
  /// Archon: its SQLite database, or a directory of exported rows.
  case archon
  /// Paperclip: a directory of exported rows, or its PostgreSQL database.
  case paperclip
}
