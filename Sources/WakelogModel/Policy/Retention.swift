extension Policy {
  /// How long a log keeps what it holds. Built-in policies keep everything.
  public struct Retention: Hashable, Sendable {
    /// Days of the log's time after which events go to the archive; nil for never.
    public var eventDays: Int64?
    /// Days of the log's time after which evidence is removed; nil for never.
    public var evidenceDays: Int64?
    /// The directory that events go to; without one none ever goes.
    public var archive: String?

    /// Keeps everything.
    public init() {}
  }
}

extension Policy.Retention {
  /// Whether nothing ever goes.
  public var keepsEverything: Bool { self == Self() }

  /// Reads the section of a document.
  init(_ document: PolicyReader) throws(PolicyError) {
    self.init()
    let keys = ["eventDays", "evidenceDays", "archive"]
    guard let section = try document.object("retention", keys: keys) else { return }
    for key in ["eventDays", "evidenceDays"] where section.isNought(key) {
      throw PolicyError(
        field: section.path(of: key), message: "is 0; give 1 day or more, or null for never")
    }
    try section.read("eventDays", in: 1...Self.mostDays, into: &eventDays)
    try section.read("evidenceDays", in: 1...Self.mostDays, into: &evidenceDays)
    try section.read("archive", into: &archive)
    if eventDays != nil, archive == nil {
      throw PolicyError(
        field: section.path(of: "eventDays"),
        message: "needs retention.archive, a directory: without one no event is dropped")
    }
  }

  /// The section of the document.
  var json: JSONValue {
    [
      "eventDays": eventDays.map { .integer($0) } ?? .null,
      "evidenceDays": evidenceDays.map { .integer($0) } ?? .null,
      "archive": archive.map { .string($0) } ?? .null,
    ]
  }

  /// A hundred years.
  private static let mostDays: Int64 = 36_525
}

extension PolicyReader {
  /// Whether a key is there and 0.
  fileprivate func isNought(_ key: String) -> Bool { integer(key) == 0 }
}
