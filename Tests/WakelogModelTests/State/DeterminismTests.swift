import Testing
import WakelogTesting

@testable import WakelogModel

/// The same events give the same rows, byte for byte, in any process.
struct DeterminismTests {
  static let seeds: [UInt64] = [1, 2, 3, 4, 5]

  @Test(arguments: seeds)
  func `Two processes come to the same bytes`(seed: UInt64) async {
    let hash = Self.hash(seed)
    #expect(hash == Self.hash(seed), "seed \(seed)")
    // Another process has other hash seeds, other addresses and other memory before it.
    await #expect(processExitsWith: .success) { [seed, hash = hash as UInt64] in
      guard Self.hash(seed) == hash else { fatalError("seed \(seed)") }
    }
  }

  /// A hash over all rows after some hundred commands, and over every record on the way.
  static func hash(_ seed: UInt64) -> UInt64 {
    var history = History(seed: seed)
    for _ in 0..<300 { history.step() }
    var hash = RowHash()
    for event in history.events { event.recordBytes.forEach { hash.take($0) } }
    var state = history.state
    do { try state.forEachTable(&hash) } catch { fatalError("\(error)") }
    withUnsafeBytes(of: state.totals) { $0.forEach { hash.take($0) } }
    return hash.value
  }
}

/// FNV-1a over the bytes of rows.
struct RowHash: TableVisitor {
  var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func take(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
    take(number)
    var hash = self
    table.forEach { _, row in withUnsafeBytes(of: row) { $0.forEach { hash.take($0) } } }
    self = hash
  }

  mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
    try visit(number, &arena.slots)
    take(UInt8(truncatingIfNeeded: arena.firstFree))
  }
}
