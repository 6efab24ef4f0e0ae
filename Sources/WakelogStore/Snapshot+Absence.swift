// What is not there is as much of an answer as what is: a name without a number becomes a new one, a
// call without a reply is carried out. A row whose key was damaged is not found under the key that
// it had, but it still stands in the same place; so whoever finds nothing looks at both rows beside
// the place where it would stand.

extension Snapshot {
  /// Checks that a key is absent from a table whose rows say what their key is.
  func checkAbsence(_ table: Table, _ key: [UInt8]) throws(StoreError) {
    guard identity.format != .first else { return }
    try unsafe key.withBytes { (key) throws(StoreError) in
      var cursor = try cursor(table)
      let isThere = try unsafe cursor.seek(key)
      if isThere {
        try checkRow(table, cursor)
        guard unsafe isBelow(key, cursor.key, integers: false) else { throw .disorder(table) }
      }
      guard try isThere ? cursor.previous() : cursor.last() else { return }
      try checkRow(table, cursor)
      guard unsafe isBelow(cursor.key, key, integers: false) else { throw .disorder(table) }
    }
  }

  /// Checks that the row under a cursor belongs to its key.
  func checkRow(_ table: Table, _ cursor: borrowing Cursor) throws(StoreError) {
    let key = unsafe cursor.key
    switch table {
    case .names: _ = unsafe try nameRow(key, cursor.value)
    case .replies: _ = unsafe try reply(key, cursor.value)
    case .symbols:
      guard key.count == 5,
        unsafe SymbolRow(
          cursor.value, key[0], key.bigEndian(UInt32.self, at: 1), identity.format) != nil
      else { throw .corrupt("A symbol's row is damaged. Run verify.", .symbols) }
    case .meta, .events, .evidence, .seals, .replyAges, .checkpoint:
      preconditionFailure("the rows of \(table.name) do not tell their key")
    }
  }
}

extension StoreError {
  fileprivate static func disorder(_ table: Table) -> StoreError {
    .corrupt("A row is out of order. Run verify.", table)
  }
}
