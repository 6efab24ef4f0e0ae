import Wakelog
import WakelogModel
import WakelogStore

/// A commit of a capsule while its parts are read.
struct CapsuleCommit {
  let first: UInt64
  let last: UInt64
  let seal: [UInt8]
  private let events: [UInt8]
  private let symbols: [UInt8]
  private var next: UInt64
  private var hash = CommitHasher()
  private var digests: [(namespace: UInt8, number: UInt32, digest: [UInt8])] = []
  private let holds: [JSONValue]

  init(_ value: JSONValue, _ names: [String]) throws {
    let first = value["commit"]?.integer.flatMap { UInt64(exactly: $0) }
    guard names == ["commit", "last", "events", "symbols", "seal", "holds"],
      let first, first > 0,
      let last = value["last"]?.integer.flatMap({ UInt64(exactly: $0) }), last >= first,
      let events = value["events"]?.hexadecimal, let symbols = value["symbols"]?.hexadecimal,
      let seal = value["seal"]?.hexadecimal, let holds = value["holds"]?.array
    else { throw CapsuleReader.Flaw(sequence: first, because: "The commit is malformed.") }
    self.first = first
    self.last = last
    self.events = events
    self.symbols = symbols
    self.seal = seal
    self.holds = holds
    next = first
  }

  /// Whether its seal is made of the one before and its two hashes.
  func follows(_ previous: [UInt8]) -> Bool {
    CommitHasher.seal(
      previous: previous, first: first, last: last, events: events, symbols: symbols) == seal
  }

  mutating func add(_ namespace: UInt8, _ number: UInt32, _ digest: [UInt8]) throws {
    guard holds.contains("symbols"), next == first else {
      throw flaw("A symbol stands where none is to be.")
    }
    digests.append((namespace, number, digest))
  }

  mutating func add(event sequence: UInt64, _ frame: [UInt8]) throws {
    guard holds.contains("events"), sequence == next, next <= last else {
      throw CapsuleReader.Flaw(
        sequence: next, because: next <= last ? "The event is missing." : "An event too many.")
    }
    hash.add(frame: frame, sequence)
    next += 1
  }

  /// Checks that it held all that it was to hold.
  mutating func close() throws {
    if holds.contains("events") {
      guard next > last else {
        throw CapsuleReader.Flaw(sequence: next, because: "The event is missing.")
      }
      guard hash.finish() == events else { throw flaw("The events are not those sealed.") }
    }
    guard holds.contains("symbols") else { return }
    var rest = digests[...]
    while let start = rest.first {
      var count: UInt32 = 0
      let run = rest.prefix {
        defer { count &+= 1 }
        return $0.namespace == start.namespace && $0.number == start.number &+ count
      }
      rest = rest.dropFirst(run.count)
      hash.add((start.namespace, start.number...(start.number + UInt32(run.count - 1))))
      for symbol in run { hash.add(digest: symbol.digest) }
    }
    guard hash.finish() == symbols else { throw flaw("The symbols are not those sealed.") }
  }

  private func flaw(_ because: String) -> CapsuleReader.Flaw {
    CapsuleReader.Flaw(sequence: first, because: because)
  }
}
