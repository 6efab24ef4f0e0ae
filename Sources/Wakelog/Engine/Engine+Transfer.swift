import Glibc
public import WakelogModel
import WakelogStore

extension Engine {
  /// Hands over every event in order as the JSON object of PROTOCOL; what is appended meanwhile is
  /// left out. Without fences and evidence.
  public func export(_ body: (JSONValue) throws -> Void) throws {
    var request = EventsRequest()
    request.limit = 10_000
    let last = try hello(HelloRequest()).json["events"]?.integer ?? 0
    request.to = UInt64(clamping: last)
    request.from = try firstEvent()
    guard last > 0, request.from ?? 1 <= UInt64(last) else { return }
    while true {
      let page = try events(request).json
      for item in page["items"]?.array ?? [] { try body(item) }
      guard let next = page["next"]?.integer else { return }
      request.from = UInt64(clamping: next)
    }
  }

  /// Makes a log of exported events in a directory that does not exist or is empty.
  ///
  /// The log is built beside the directory and moved there when it is whole, so that a bad line
  /// leaves nothing behind. It has the state that the exported one had; runs that were open are
  /// then ended as interrupted, for their fences are not in the export. Gives the number of
  /// events read.
  ///
  /// - Parameter lines: Gives the next line, nil at the end.
  public static func importLog(
    to directory: String, lines: () throws -> JSONValue?
  ) throws -> UInt64 {
    // Beside the directory, also when its name ends in a slash.
    let end = directory.utf8.reversed().prefix { $0 == UInt8(ascii: "/") }.count
    let directory = String(directory.dropLast(end))
    let draft = directory + ".importing"
    guard unsafe rmdir(directory) == 0 || errno == ENOENT else {
      throw WakelogError(
        .conflict, "the directory is not empty; import into a new one", field: "log")
    }
    let engine = try Engine.open(draft)
    var count: UInt64 = 0
    do {
      count = try engine.takeIn(lines)
      engine.close()
    } catch {
      engine.close()
      for file in ["data.mdb", "lock.mdb"] { unsafe unlink(draft + "/" + file) }
      unsafe rmdir(draft)
      throw error
    }
    guard unsafe rename(draft, directory) == 0 else {
      throw WakelogError(
        .readOnly, "the log is whole but could not be moved; it lies in \(draft)", field: "log")
    }
    return count
  }

  private func takeIn(_ lines: () throws -> JSONValue?) throws -> UInt64 {
    guard try hello(HelloRequest()).json["events"]?.integer == 0 else {
      throw WakelogError(
        .conflict, "a log of an earlier import that was broken off lies beside; remove it",
        field: "log")
    }
    var count: UInt64 = 0
    while true {
      var batch: [JSONValue] = []
      while batch.count < 4_096, let line = try lines() { batch.append(line) }
      guard !batch.isEmpty else { break }
      let ready = batch
      let first = count
      try perform(writes: true) { core throws(WakelogError) in
        try core.takeIn(ready, after: first)
      }
      count += UInt64(batch.count)
    }
    let now = Clock.now()
    try perform(writes: true) { core throws(WakelogError) in
      _ = try core.execute(.endImportedRuns, at: now)
    }
    return count
  }
}

extension Core {
  /// Appends exported events as they are.
  fileprivate func takeIn(_ lines: [JSONValue], after count: UInt64) throws(WakelogError) {
    var numbers = names
    for (offset, line) in lines.enumerated() {
      let number = count + UInt64(offset) + 1
      do throws(EventJSONError) {
        let imported = try ImportedEvent(json: line, numbers: &numbers) { session in
          session.exists
            ? state.sessions[session.number].head : state.totals.systemHead
        }
        guard imported.event.sequence == state.position.next else {
          throw EventJSONError(
            field: "seq",
            message: "must be \(state.position.next.value): events have no gaps; of a trimmed log "
              + "export with --archive DIR")
        }
        append(imported.event, record: imported.record)
      } catch {
        throw WakelogError(
          .invalidParameter, "line \(number): \(error.message)", field: error.field)
      }
    }
  }
}
