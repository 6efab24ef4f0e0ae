import Glibc
import Synchronization
import Testing

@testable import WakelogStore

/// Every call of the store that a test can make fail does so once, at every place of a small load.
struct FaultFleetTests {
  /// Those of a conversion have tests of their own.
  static let calls = SystemCall.allCases.filter { !$0.rawValue.hasPrefix("convert") }

  @Test(arguments: calls) func eachCallMayFailOnceAnywhere(_ call: SystemCall) throws {
    var number = 0
    while try Load(call, failing: number + 1).wasReached { number += 1 }
    #expect(number > 0, "\(call) is not a part of the load")
  }

  /// A load in which one call fails once. Each step that fails is done again, and must not have
  /// left anything the first time.
  private struct Load {
    private let place = Place()
    private let options: LogOptions
    private let count = Counter()
    private let number: Int
    private var texts: [String] = []

    var wasReached: Bool { count.value >= number }

    init(_ call: SystemCall, failing number: Int) throws {
      self.number = number
      // A map that has to grow at the first write.
      var options = LogOptions(mapSizeBytes: 1 << 16)
      options.fault = { [count] next in next == call && count.next() == number ? EIO : 0 }
      self.options = options
      mkdir(place.log, 0o700)
      try run()
      try look(call)
    }

    private mutating func run() throws {
      for round in 0..<2 {
        let log = try again { try Log.open(place.log, options: options) }
        try append(log, "plain \(round)")
        let redacted = try append(log, "redacted \(round)", evidence: "secret")
        try append(log, "kept \(round)", evidence: "public")
        try again { try log.write { try $0.redact(redacted) } }
        try again { try log.write { try $0.putCheckpointRow(table: 1, row: 1, bytes("row")) } }
        #expect(try again { try log.texts() } == texts)
        try again { try log.copy(to: "\(place.path)/copy \(round)", compact: round == 1) }
        #expect(try again { try log.verify().ok })
        log.close()
      }
      let reader = try again {
        try Log.open(place.log, options: Load.readOnly(options))
      }
      #expect(try again { try reader.texts() } == texts)
      reader.close()
    }

    private static func readOnly(_ options: LogOptions) -> LogOptions {
      var options = options
      options.readOnly = true
      return options
    }

    @discardableResult
    private mutating func append(_ log: Log, _ text: String, evidence: String? = nil) throws
      -> UInt64
    {
      texts.append(text)
      return try again {
        try log.write { transaction in
          try transaction.intern(1, bytes("name of \(text)").span.bytes)
          guard let evidence else { return try transaction.append(bytes(text).span.bytes) }
          return try transaction.append(
            bytes(text).span.bytes, evidence: bytes(evidence).span.bytes)
        }
      }
    }

    @discardableResult
    private func again<Value>(_ body: () throws -> Value) throws -> Value {
      do {
        return try body()
      } catch let error as StoreError {
        #expect(!error.message.isEmpty)
        return try body()
      }
    }

    private func look(_ call: SystemCall) throws {
      for (name, last) in [("log", 6), ("copy 0", 3), ("copy 1", 6)] {
        let log = try Log.open(place.path + "/" + name)
        #expect(try log.texts() == Array(texts.prefix(last)), "\(call) \(number): \(name)")
        let found = try log.verify()
        #expect(found.ok && found.redacted == UInt64(last / 3), "\(call) \(number): \(found)")
        log.close()
      }
      #expect(try FileSystem.entries(place.log) == ["data.mdb", "lock.mdb", "writer.lock"])
    }
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  }
}
