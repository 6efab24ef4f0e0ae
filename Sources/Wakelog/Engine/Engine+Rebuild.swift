import Glibc
public import WakelogModel
import WakelogStore

extension Engine {
  /// Makes a log of an archive in a directory that does not exist or is empty; with a log that the
  /// archive is of, also of what that log has beyond it.
  ///
  /// The result has the same events, numbers, names and seals, and so the same state: it is the log
  /// as it would be had it never been trimmed. Everything is checked on the way. It is built beside
  /// the directory and moved there when it is whole. Returns the number of events.
  public static func rebuild(
    archive path: String, with log: String? = nil, to directory: String,
    progress: (_ done: UInt64) -> Void = { _ in }
  ) throws(WakelogError) -> UInt64 {
    do {
      return try build(try Archive(path), log, directory, progress)
    } catch {
      throw WakelogError(any: error)
    }
  }

  private static func build(
    _ archive: Archive, _ rest: String?, _ directory: String, _ progress: (UInt64) -> Void
  ) throws -> UInt64 {
    let end = directory.utf8.reversed().prefix { $0 == UInt8(ascii: "/") }.count
    let directory = String(directory.dropLast(end))
    let draft = directory + ".importing"
    guard archive.first == 1 else {
      throw WakelogError(
        .conflict, "the archive does not begin with event 1; bring its first segments back",
        field: "archive")
    }
    guard unsafe rmdir(directory) == 0 || errno == ENOENT else {
      throw WakelogError(
        .conflict, "the directory is not empty; import into a new one", field: "log")
    }
    let header = try SegmentReader(archive.segments[0].path).header
    let builder = try LogBuilder(draft, header)
    do {
      try builder.take(archive, progress)
      if let rest { try builder.take(log: rest, beyond: archive, progress) }
      try builder.finish()
    } catch {
      builder.abandon()
      remove(draft)
      throw error
    }
    guard unsafe rename(draft, directory) == 0 else {
      throw WakelogError(
        .readOnly, "the log is whole but could not be moved; it lies in \(draft)", field: "log")
    }
    return builder.position
  }

  private static func remove(_ draft: String) {
    for file in ["data.mdb", "lock.mdb"] { unsafe unlink(draft + "/" + file) }
    unsafe rmdir(draft)
  }

  /// The number of the first event that the log has, or would have: 1 unless it was trimmed.
  public func firstEvent() throws(WakelogError) -> UInt64 {
    do { return try log.read { try $0.firstSequence } } catch { throw WakelogError(any: error) }
  }

  /// Checks an archive: each segment alone, that each follows the one before, and that a log goes
  /// on where the last one ends.
  ///
  /// Returns `{ "ok", "segments", "events", "commits", "withheld", "first", "last", "firstBad" }`.
  public static func verify(
    archive path: String, with log: String? = nil,
    progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
  ) throws(WakelogError) -> JSONValue {
    do {
      let archive = try Archive(path)
      guard let log else { return try archive.verify(progress: progress).json }
      let opened = try Log.open(log, options: LogOptions(readOnly: true))
      defer { opened.close() }
      return try archive.verify(with: opened, progress: progress).json
    } catch let error as StoreError where error.code == .corrupt {
      return ArchiveCheck(error).json
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// Checks one segment of an archive; nil when the file is none, or cannot be opened.
  public static func verify(segment path: String) throws(WakelogError) -> JSONValue? {
    do {
      return try Archive.verify(segment: path).json
    } catch let error as StoreError where [.notALog, .notFound, .readOnly].contains(error.code) {
      return nil
    } catch {
      throw WakelogError(any: error)
    }
  }
}

extension LogBuilder {
  fileprivate func take(_ archive: Archive, _ progress: (UInt64) -> Void) throws {
    let check = ArchiveChain()
    for segment in archive.segments {
      let reader = try check.open(segment)
      while let item = try reader.next() { try add(item) }
      check.end(reader)
      progress(position)
    }
  }

  /// Goes on with what a log has beyond the archive.
  fileprivate func take(
    log path: String, beyond archive: Archive, _ progress: (UInt64) -> Void
  ) throws {
    let log = try Log.open(path, options: LogOptions(readOnly: true))
    defer { log.close() }
    try log.requireContinues(archive)
    let last = try log.read { try $0.lastSequence }
    guard last > archive.last else { return }
    try log.forEachItem(from: archive.last + 1, through: last) { item in
      try add(item)
      if case .seal = item { progress(position) }
      return true
    }
  }
}

extension ArchiveCheck {
  /// The check as JSON.
  fileprivate var json: JSONValue {
    let bad = firstBad.map { bad -> JSONValue in
      [
        "segment": .text(bad.path), "seq": bad.sequence.map { .count($0) } ?? .null,
        "because": .string(bad.because),
      ]
    }
    return [
      "ok": .bool(ok), "segments": .integer(Int64(segments)), "events": .count(events),
      "commits": .integer(Int64(commits)), "withheld": .integer(Int64(withheld)),
      "first": .count(first), "last": .count(last), "seal": .string(hexadecimal(seal)),
      "firstBad": bad ?? .null,
    ]
  }
}
