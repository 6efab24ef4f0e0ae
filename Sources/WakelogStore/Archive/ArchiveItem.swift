/// What a segment, or a log, hands over of its commits, in order: the events of a commit, then its
/// new symbols, then its seal.
package enum ArchiveItem: Sendable, Equatable {
  /// An event.
  case event(ArchivedEvent)
  /// New symbols of one namespace, which follow one by one.
  case symbols([SymbolRange])
  /// One of them.
  case symbol(ArchivedSymbol)
  /// The end of the commit.
  case seal(hash: [UInt8], events: UInt64)
}

/// A run of new symbols in one namespace.
package struct SymbolRange: Sendable, Equatable {
  package var namespace: UInt8
  package var first: UInt32
  package var count: UInt32
}

/// An event as it lies in the log.
package struct ArchivedEvent: Sendable, Equatable {
  /// Its number.
  package var sequence: UInt64
  /// Its frame, record and all.
  package var frame: [UInt8]
  /// What belongs to it.
  package var evidence: ArchivedEvidence
}

/// The evidence of an event as it lies in the log.
package enum ArchivedEvidence: Sendable, Equatable {
  /// It has none.
  case none
  /// The text.
  case bytes([UInt8])
  /// It was removed; how, is the flag of its row.
  case removed(UInt8)
}

/// A new symbol.
package struct ArchivedSymbol: Sendable, Equatable {
  package var namespace: UInt8
  package var number: UInt32
  /// Its bytes; nil when they were forgotten.
  package var name: [UInt8]?
  /// What was sealed of it.
  package var digest: [UInt8]
}

/// What a segment says before its commits.
package struct SegmentHeader: Sendable, Equatable {
  /// The log's identifier.
  package var identifier: [UInt8]
  /// The log's secret.
  package var secret: [UInt8]
  /// What the log says of its origin; empty for none.
  package var origin: [UInt8]
  /// The first event.
  package var first: UInt64
  /// The last event.
  package var last: UInt64
  /// The seal before the first event.
  package var previous: [UInt8]
}
