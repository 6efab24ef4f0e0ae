import WakelogModel
import WakelogStore

extension Engine {
  /// A hash of everything the log adds up to: 64 hexadecimal digits.
  ///
  /// Two logs with the same events have the same hash, in any process, whether the state came from
  /// a replay, a checkpoint or the calls themselves. Fences and evidence are no part of it. It
  /// takes in what other processes appended before the call, and time in proportion to the state.
  public func stateHash() throws(WakelogError) -> String {
    try perform(writes: false) { core throws(WakelogError) in StateHash.of(&core.state) }
  }
}

/// BLAKE2b-256 over the rows of a state.
///
/// For each table in order its number, then each row that says something with its number, then the
/// totals. A row of zeros is one never written, and what a free slot holds is nobody's concern.
struct StateHash: TableVisitor {
  private let stream = Digest.Stream()

  /// The hash of a state, which is not changed.
  static func of(_ state: inout State) -> String {
    var hash = StateHash()
    // No table throws here.
    do { try state.forEachTable(&hash) } catch { preconditionFailure("hash: \(error)") }
    hash.take(rowBytes(state.totals))
    return hexadecimal(hash.stream.finish())
  }

  mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
    take([number])
    table.forEach { take($0, $1) }
  }

  mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
    take([number])
    arena.forEach { number, row in
      guard var run = row as? RunRow else { return take(number, row) }
      run.fence = .none
      take(number, run)
    }
  }

  private func take<Row: StateRow>(_ number: UInt32, _ row: Row) {
    guard row != Row() else { return }
    take(rowBytes(number.littleEndian))
    take(rowBytes(row))
  }

  private func take(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe stream.update($0) }
  }
}
