import WakelogModel
import WakelogStore

// Where a log begins: with nothing, or with the state of events that went to the archive.

extension LogView {
  /// The state that the log begins with.
  func origin() throws -> State {
    guard let base = try base else { return State() }
    return try BaseState.read(digest: base.state) { body in
      try forEachBasePiece(at: base.position, body)
    }
  }

  /// The last state kept that is not after a position: a checkpoint's, or the log's origin.
  ///
  /// Throws `notFound` for a position before the log begins.
  func nearestState(notAfter position: SequenceNumber) throws -> State {
    let start = try base?.position ?? 0
    guard position.value >= start else { throw WakelogError.archived(before: start + 1) }
    let kept = try Checkpoint.nearest(self) {
      $0.position <= position && $0.position.value >= start
    }
    return try kept ?? origin()
  }
}

extension WakelogError {
  /// The error of whoever asks for what went to the archive.
  package static func archived(before first: UInt64) -> WakelogError {
    WakelogError(.notFound, "archived before event \(first): give --archive DIR", field: "seq")
  }
}
