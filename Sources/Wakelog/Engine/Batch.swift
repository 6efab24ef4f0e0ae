import WakelogModel
import WakelogStore

/// What calls decided and one commit is to make durable, with the calls that wait for it.
///
/// Whoever decides fills it. Once it is closed nobody changes it, so that one thread may commit it
/// while another looks up in it what is not in the log yet.
final class Batch {
  /// The calls, those that only read included: they saw what is not durable yet.
  var jobs: [Job] = []
  /// The last event before its own.
  var base = SequenceNumber.none
  /// Events in order, each with its evidence.
  var events: [Outgoing] = []
  /// Numbers that its events use and the log does not have.
  var names: [(name: Name, number: UInt32)] = []
  /// Replies to be kept under idempotency keys.
  var replies: [(digest: [UInt8], age: UInt64, bytes: [UInt8])] = []
  /// Events whose evidence is to be removed.
  var redactions: [SequenceNumber] = []
  /// Replies of before this age are dropped, in seconds.
  var oldestReply: UInt64 = 0
  /// Replies of after this age are from a clock ahead, and get it.
  var replyAge = UInt64.max
  /// A row that a call found damaged: what was decided without it must not become durable.
  var damage: StoreError?
  /// Whether the state's journal has a mark for it.
  var isMarked = false
  /// Whether something was looked up in a log that others had changed already.
  var isStale = false

  /// Whether there is anything to make durable.
  var hasContent: Bool { !events.isEmpty || !replies.isEmpty || !redactions.isEmpty }

  /// The last event, its own included.
  var end: SequenceNumber { SequenceNumber(base.value + UInt64(events.count)) }

  /// One of its events.
  func event(_ sequence: SequenceNumber) -> Outgoing? {
    guard sequence > base, sequence <= end else { return nil }
    return events[Int(sequence.value - base.value) - 1]
  }

  /// Writes everything into a transaction; `Conflict` when the log is not as it was decided upon.
  func write(into transaction: borrowing WriteTransaction) throws {
    if let damage { throw damage }
    guard try transaction.lastSequence == base.value else { throw Conflict() }
    var counted: Set<Namespace> = []
    for entry in names {
      let namespace = entry.name.namespace
      if counted.insert(namespace).inserted {
        guard try transaction.symbolCount(namespace.rawValue) + 1 == entry.number else {
          throw Conflict()
        }
      }
      try transaction.define(
        namespace.rawValue, entry.number, unsafe entry.name.bytes.span.bytes)
    }
    for index in events.indices {
      _ = try events[index].withRecord { record in
        guard let evidence = events[index].evidence else { return try transaction.append(record) }
        return try transaction.append(record, evidence: unsafe evidence.span.bytes)
      }
    }
    for event in redactions { _ = try transaction.redact(event.value) }
    guard !replies.isEmpty else { return }
    for reply in replies { try transaction.putReply(reply.digest, age: reply.age, reply.bytes) }
    try transaction.dropReplies(
      olderThan: oldestReply, atMost: Core.dropsAtOnce * replies.count)
    // They would be kept until the log is as old.
    try transaction.ageReplies(to: replyAge, atMost: Core.dropsAtOnce * replies.count)
  }

  /// Another process wrote in between.
  struct Conflict: Error {}

  /// Becomes an empty batch again, with the room that it has.
  func clear() {
    jobs.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    replies.removeAll(keepingCapacity: true)
    redactions.removeAll(keepingCapacity: true)
    isMarked = false
    isStale = false
    damage = nil
  }
}

/// An event on its way into the log.
struct Outgoing {
  var event: Event
  /// The record of an event whose kind this version does not know.
  var record: [UInt8]?
  /// Text to be kept beside it.
  var evidence: [UInt8]?

  func withRecord<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    guard let record else { return try event.withRecord(body) }
    return try body(unsafe record.span.bytes)
  }
}
