/// Saves what can be saved of a damaged log into a new one.
///
/// Reads the damaged file page by page and never through LMDB, so no damage can stop the process.
/// The new log has the events up to the first that is lost, since events have no gaps, with the
/// symbols, the evidence and the replies that are sound; the seals are made anew, and a checkpoint
/// is not taken over. A log that was trimmed begins where it did, with the state there; what was
/// forgotten stays so. The damaged log is not changed.
public struct Salvage: Sendable {
  /// The event behind which the new log begins; 0 unless it was trimmed.
  public internal(set) var base: UInt64 = 0
  /// How many events the new log has.
  public internal(set) var events: UInt64 = 0
  /// The last event that the damaged log had, as far as can be seen.
  public internal(set) var lastSeen: UInt64 = 0
  /// What was lost, each in a sentence.
  public internal(set) var losses: [String] = []
  /// Sound events behind the first that is lost, which the new log cannot have: sequence and record.
  public internal(set) var strays: [(sequence: UInt64, record: [UInt8])] = []

  /// Saves the log in a directory into another, which must be empty or new.
  ///
  /// Throws `corrupt` or `notALog` if nothing can be saved, `notALog` if the other has content.
  public static func run(_ path: String, to destination: String) throws -> Salvage {
    Hashing.prepare()
    return try naming(path) {
      let descriptor = try FileSystem.open(LogFiles.data(path))
      defer { FileSystem.close(descriptor) }
      var salvage = Salvage()
      let rows = try SalvagedRows(descriptor, &salvage)
      let built = try SalvagedLog(rows, &salvage)
      try FileSystem.createDirectory(destination)
      guard try FileSystem.entries(destination).isEmpty else {
        throw StoreError(.notALog, "\(destination) has content. Choose an empty directory.")
      }
      do {
        try built.write(destination, &salvage)
      } catch {
        FileSystem.remove(LogFiles.data(destination))
        FileSystem.remove(LogFiles.lock(destination))
        throw error
      }
      return salvage
    }
  }
}

/// The rows of a damaged file's tables, as far as its pages can be followed.
struct SalvagedRows {
  typealias Row = (key: [UInt8], value: [UInt8])
  private(set) var tables: [String: [Row]] = [:]

  /// Follows the newest header from which the table of events can be found.
  init(_ descriptor: Int32, _ salvage: inout Salvage) throws(StoreError) {
    let headers = Self.headers(descriptor, &salvage)
    for header in headers {
      var walk = Walk(descriptor, header)
      var found: [String: [Row]] = [:]
      for (name, bytes) in walk.rows(header.main, "the main tree") {
        guard bytes.count == PageTree.size, let name = String(validating: name, as: UTF8.self),
          Table.allCases.contains(where: { $0.name == name }), name != "checkpoint",
          name != "replyAges"
        else { continue }
        let tree = unsafe bytes.withUnsafeBytes { unsafe PageTree($0, at: 0) }
        found[name] = walk.rows(tree, "table \(name)")
      }
      guard found["events"] != nil, found["meta"] != nil else {
        salvage.losses.append("commit \(header.transaction): its tables cannot be found")
        continue
      }
      salvage.losses += walk.losses
      tables = found
      return
    }
    throw StoreError(.corrupt, "No header of data.mdb leads to a log; nothing can be saved.")
  }

  /// The headers that can be read, newest first.
  private static func headers(_ descriptor: Int32, _ salvage: inout Salvage) -> [PageHeader] {
    var found: [PageHeader] = []
    for index in UInt64(0)...1 {
      for size in index == 0 ? [4_096] : [4_096, 16_384, 65_536] {
        guard
          let bytes = try? FileSystem.read(
            descriptor, count: PageHeader.size, at: Int(index) * size),
          let header = unsafe try? bytes.withBytes({ (bytes) throws(StoreError) in
            unsafe try PageHeader(bytes, index: index)
          })
        else { continue }
        found.append(header)
        break
      }
    }
    if found.count == 1 {
      salvage.losses.append(
        "header \(1 - found[0].page) of data.mdb: events after commit \(found[0].transaction), if "
          + "there were any")
    }
    return found.sorted { $0.transaction > $1.transaction }
  }

  /// One walk over a damaged file; each page is followed once.
  private struct Walk {
    let reader: PageReader
    let lastPage: UInt64
    var seen: Set<UInt64> = []
    var losses: [String] = []

    init(_ descriptor: Int32, _ header: PageHeader) {
      reader = PageReader(descriptor, pageSize: header.pageSize)
      let size = (try? FileSystem.size(descriptor)) ?? 0
      lastPage = UInt64(size / header.pageSize)
    }

    mutating func rows(_ tree: PageTree, _ name: String) -> [Row] {
      var rows: [Row] = []
      guard tree.root != PageTree.noRoot else { return rows }
      visit(tree.root, Int(min(tree.depth, 32)), name, &rows)
      return rows
    }

    private mutating func visit(_ number: UInt64, _ depth: Int, _ name: String, _ rows: inout [Row])
    {
      guard depth > 0, number <= lastPage, seen.insert(number).inserted else {
        losses.append("page \(number) of \(name): it cannot be followed")
        return
      }
      var children: [UInt64] = []
      var far: [(key: [UInt8], start: UInt64, size: Int)] = []
      do {
        let page = unsafe try reader.page(number, ahead: number)
        let nodes = unsafe try PageNodes(page, number: number, isLeaf: depth == 1)
        for index in 0..<nodes.count {
          if depth > 1 {
            children.append(nodes.child(index))
          } else if nodes.flags(index) == PageNodes.bigData {
            let start = unsafe nodes.data(index).littleEndian(UInt64.self, at: 0)
            far.append((unsafe Array(nodes.key(index)), start, nodes.dataSize(index)))
          } else {
            rows.append((unsafe Array(nodes.key(index)), unsafe Array(nodes.data(index))))
          }
        }
      } catch {
        losses.append("page \(number) of \(name): \(error.message)")
      }
      for child in children { visit(child, depth - 1, name, &rows) }
      for row in far {
        guard let value = overflow(row.start, row.size) else {
          losses.append("page \(row.start) of \(name): a long value cannot be read")
          continue
        }
        rows.append((row.key, value))
      }
    }

    private func overflow(_ start: UInt64, _ size: Int) -> [UInt8]? {
      guard start <= lastPage, size <= LogFormat.maximumRow + LogFormat.maximumKey,
        let head = unsafe try? reader.page(start, ahead: start),
        unsafe head.littleEndian(UInt16.self, at: 10) == PageNodes.overflow,
        start + UInt64(size / reader.pageSize) <= lastPage
      else { return nil }
      let offset = Int(start) * reader.pageSize + PageNodes.headerSize
      guard let bytes = try? FileSystem.read(reader.descriptor, count: size, at: offset),
        bytes.count == size
      else { return nil }
      return bytes
    }
  }
}
