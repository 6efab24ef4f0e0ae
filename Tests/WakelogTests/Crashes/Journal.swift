import CRecorder
import Foundation

/// What was done to the files below a folder, in order, as the recorder wrote it down.
struct Journal {
  enum Kind: UInt32 {
    case write = 1
    case settled, flushBegun, flushed, truncated
    case created, linked, renamed, unlinked, folderMade, folderRemoved

    /// Whether it changes what a file holds.
    var changesContent: Bool { self == .write || self == .truncated }
    /// Whether it changes which files there are.
    var changesNames: Bool { rawValue >= Kind.created.rawValue }
  }

  struct Record {
    var kind: Kind
    var thread: UInt32
    var file: UInt64
    /// Where in the file, or how long it is from here on; nil at its end.
    var offset: Int?
    /// Paths below the folder; the second is where a file is linked or moved to.
    var first: String
    var second: String
    /// Where the bytes that were written lie in the journal.
    var data: Range<Int>

    /// The folders whose flush makes a change of names certain.
    var folders: Set<String> {
      var paths = [second.isEmpty ? first : second]
      if kind == .renamed { paths.append(first) }
      return Set(paths.map { String($0.split(separator: "/").dropLast().joined(separator: "/")) })
    }
  }

  let bytes: Data
  var records: [Record] = []
  /// What was there before.
  let start: DiskImage

  /// Reads what the recorder wrote in a folder, and what `keep` put there before.
  init(_ folder: String) throws {
    bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/journal"))
    start = try DiskImage(
      folder + "/start", inodes: try String(contentsOfFile: folder + "/inodes", encoding: .utf8))
    let size = MemoryLayout<recorder_head>.size
    var at = 0
    while at < bytes.count {
      let head = bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: at, as: recorder_head.self)
      }
      guard let kind = Kind(rawValue: head.kind) else { throw CocoaError(.fileReadCorruptFile) }
      at += size
      let first = text(&at, head.first)
      let second = text(&at, head.second)
      let length = kind == .write ? Int(head.length) : 0
      records.append(
        Record(
          kind: kind, thread: head.thread, file: head.file,
          offset: head.offset == UInt64.max ? nil : Int(head.offset), first: first,
          second: second, data: at..<at + length))
      at += length
    }
  }

  private func text(_ at: inout Int, _ count: UInt32) -> String {
    defer { at += Int(count) }
    return String(decoding: bytes[at..<at + Int(count)], as: UTF8.self)
  }

  /// Keeps what a disk holds before it is recorded, in a folder beside it.
  static func keep(_ disk: String, beside folder: String) throws {
    try FileManager.default.copyItem(atPath: disk, toPath: folder + "/start")
    let lines = try FileManager.default.subpathsOfDirectory(atPath: disk).sorted().map { path in
      var status = stat()
      guard stat(disk + "/" + path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
      return "\(status.st_mode & S_IFMT == S_IFDIR ? 0 : UInt64(status.st_ino)) \(path)"
    }
    try lines.joined(separator: "\n").write(
      toFile: folder + "/inodes", atomically: true, encoding: .utf8)
  }

  /// The file in which those who call write down what they were answered. It stands for what they
  /// remember, and so no loss of power touches it.
  static let answers = "answers"

  /// How many records each change needs before what it did is certain to be on the disk.
  ///
  /// A write is certain once a flush of its file that began after it has ended, or at once where the
  /// descriptor says so; a change of names once its folders were flushed. Nothing else is certain:
  /// not that a flushed file has its name, nor that changes arrive in their order.
  func certainty() -> [Int] {
    var certainty = [Int](repeating: .max, count: records.count)
    var waits: [Int: Set<String>] = [:]
    var begun: [Flush: Int] = [:]
    var contents: [UInt64: [Int]] = [:]
    for (index, record) in records.enumerated() {
      let flush = Flush(thread: record.thread, file: record.file)
      switch record.kind {
      case .flushBegun: begun[flush] = index
      case .settled:
        let write = contents[record.file]?.lastIndex {
          records[$0].thread == record.thread && records[$0].offset == record.offset
        }
        if let write { certainty[contents[record.file]!.remove(at: write)] = index + 1 }
      case .flushed:
        guard let start = begun.removeValue(forKey: flush) else { continue }
        for change in contents[record.file] ?? [] where change < start {
          certainty[change] = index + 1
        }
        contents[record.file]?.removeAll { $0 < start }
        for (change, folders) in waits where change < start && folders.contains(record.first) {
          waits[change] = folders.count == 1 ? nil : folders.subtracting([record.first])
          if folders.count == 1 { certainty[change] = index + 1 }
        }
      default:
        if record.first == Self.answers {
          certainty[index] = index + 1
        } else if record.kind.changesContent {
          contents[record.file, default: []].append(index)
        } else {
          waits[index] = record.folders
        }
      }
    }
    return certainty
  }

  private struct Flush: Hashable {
    var thread: UInt32
    var file: UInt64
  }

  /// The same without the records of which a body says so: what a store would have left that never
  /// made them.
  func without(_ isLeftOut: (Record) -> Bool) -> Journal {
    var journal = self
    journal.records.removeAll(where: isLeftOut)
    return journal
  }
}
