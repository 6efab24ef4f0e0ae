import Foundation
import Testing
import WakelogStore
import WakelogTesting

@testable import Wakelog
@testable import WakelogModel

/// Tables whose pages leave memory and come back, beside tables whose rows stay where they are.
@Suite struct LeavingTests {
  /// Memory for every table, however small.
  final class Source: RowMemorySource {
    let file: ScratchFile
    init(_ file: ScratchFile) { self.file = file }
    func memory(byteCount: Int) -> (any RowMemory)? {
      PagedMemory(byteCount: byteCount, file: file)
    }
  }

  let place = Place()

  private func file(_ fault: (@Sendable (ScratchFile.Step) -> Int32)? = nil) -> ScratchFile {
    ScratchFile(folder: place.path, fault: fault)
  }

  private func table(_ file: ScratchFile, rows: Int = 0) -> Table<SessionRow> {
    var table = Table<SessionRow>()
    table.lie(in: Source(file))
    for number in 0..<rows { table.update(UInt32(number + 1)) { $0.cursor = UInt64(number) } }
    return table
  }

  /// Lets pages leave that `looks` looks find unchanged.
  private static func release(
    _ table: inout Table<SessionRow>, looks: UInt8 = 1, meanwhile: (inout Table<SessionRow>) -> Void
  ) {
    for _ in 0..<looks { table.look() }
    var blocks: [Int] = []
    var next = 0
    while case .written(_, let block) = table.writeCold(1, from: next, after: looks - 1) {
      blocks.append(block)
      next = block + 1
    }
    meanwhile(&table)
    for block in blocks { table.releaseWritten(block: block) }
  }

  private static func release(_ table: inout Table<SessionRow>, looks: UInt8 = 1) {
    release(&table, looks: looks) { _ in }
  }

  /// Every row, and those that a checkpoint would write.
  private static func contents(_ table: Table<SessionRow>) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for onlyDirty in [false, true] {
      table.forEachPiece(ofRows: 37, onlyDirty: onlyDirty) { piece, bytes in
        found.append([onlyDirty ? 1 : 0, UInt8(truncatingIfNeeded: piece)] + bytes)
      }
    }
    return found
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func `whatever is done to it, a table is as one that stays in memory`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var plain = Table<SessionRow>()
    var paged = table(file())
    // With what each held when it was made, or was last changed itself.
    var copies: [(plain: Table<SessionRow>, paged: Table<SessionRow>, holds: [[UInt8]])] = []
    var gone = 0
    func chance(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    func change(_ table: inout Table<SessionRow>, _ number: UInt32, _ value: UInt64) {
      table.update(number) { $0.cursor = value }
    }
    func changeSome(_ table: inout Table<SessionRow>, _ twin: inout Table<SessionRow>) {
      for _ in 0..<chance(20) {
        let (number, value) = (UInt32(1 + chance(table.count + 1)), random.next())
        change(&table, number, value)
        change(&twin, number, value)
      }
    }
    for step in 0..<150 {
      switch chance(16) {
      case 0:
        let number = UInt32(plain.count + 1 + chance(150))
        change(&plain, number, UInt64(step))
        change(&paged, number, UInt64(step))
      case 1, 2, 3: changeSome(&plain, &paged)
      case 4:
        plain.beginJournal()
        paged.beginJournal()
      case 5:
        plain.undoChanges()
        paged.undoChanges()
      case 6:
        plain.keepOldest()
        paged.keepOldest()
      case 7:
        plain.markClean()
        paged.markClean()
      case 8: copies.append((plain, paged, Self.contents(plain)))
      case 9:
        if !copies.isEmpty { copies.remove(at: chance(copies.count)) }
      case 10:
        guard !copies.isEmpty else { continue }
        var copy = copies.remove(at: chance(copies.count))
        changeSome(&copy.plain, &copy.paged)
        copy.holds = Self.contents(copy.plain)
        copies.append(copy)
      case 11:
        plain.reserve(plain.count * 2)
        paged.reserve(paged.count * 2)
      default:
        Self.release(&paged, looks: UInt8(1 + chance(3))) { changeSome(&plain, &$0) }
        gone = max(gone, paged.pagesGone)
      }
      guard Self.contents(plain) == Self.contents(paged) else {
        Issue.record("seed \(seed), step \(step)")
        return
      }
    }
    for copy in copies {
      #expect(Self.contents(copy.plain) == copy.holds, "seed \(seed)")
      #expect(Self.contents(copy.paged) == copy.holds, "seed \(seed)")
    }
    #expect(gone > 10, "seed \(seed)")
  }

  @Test func `a copy keeps its rows, whatever becomes of those it was made of`() {
    for isPaged in [false, true] {
      var table = isPaged ? table(file(), rows: 2_000) : Table<SessionRow>()
      if !isPaged {
        for number in 1...2_000 as ClosedRange<UInt32> { table.update(number) { _ in } }
      }
      Self.release(&table)
      #expect(table.pagesGone > 100 || !isPaged)
      table.beginJournal()
      table.update(5) { $0.cursor = 50 }
      let changed = table
      table.undoChanges()
      #expect(changed[5].cursor == 50 && table[5].cursor != 50)
      let before = table
      table.update(6) { $0.cursor = 60 }
      table.update(3_000) { $0.cursor = 70 }
      var row = table[7]
      row.cursor = 80
      table.restore(7, row)
      #expect(before[6].cursor != 60 && before.count == 2_000 && before[7].cursor != 80)
      // What others refer to stays where it is.
      let shared = table
      Self.release(&table)
      #expect(table.pagesGone == 0 && shared[6].cursor == 60)
    }
  }

  @Test func `pages that left take no memory until they are asked for`() throws {
    var table = table(file(), rows: 20_000)
    let bytes = 20_001 * MemoryLayout<SessionRow>.stride
    let pages = bytes / 4_096
    #expect(try Pages.present(table.rows, bytes) >= pages)
    Self.release(&table)
    #expect(table.pagesGone == pages)
    // What is left holds fewer rows than a page.
    #expect(try Pages.present(table.rows, bytes) <= 1)
    #expect(table[12_345].cursor == 12_344)
    // The system brings what lies beside it too, all of it clean.
    let beside = try Pages.present(table.rows, bytes)
    #expect((1...65).contains(beside), "\(beside)")
    #expect(try Pages.changed(table.rows, bytes) <= 1)
    table.update(12_345) { $0.cursor = 7 }
    #expect(try (1...3).contains(Pages.changed(table.rows, bytes)))
    Self.release(&table)
    #expect(table.pagesGone == pages)
    #expect(try Pages.changed(table.rows, bytes) <= 1)
    #expect(table[12_345].cursor == 7 && table[12_346].cursor == 12_345)
  }

  /// Lets the cold pages of the first block leave; there have to be some.
  private static func leave(_ table: inout Table<SessionRow>, after looks: UInt8) {
    guard case .written = table.writeCold(1, from: 0, after: looks) else {
      Issue.record("nothing was written")
      return
    }
    table.releaseWritten(block: 0)
  }

  @Test func `a page leaves when enough looks found it unchanged, and no earlier`() {
    var table = table(file(), rows: 2_000)
    for _ in 0..<4 { table.look() }
    #expect(table.writeCold(1, from: 0, after: 4) == .nothing)
    table.update(1) { $0.cursor = 9 }
    table.look()
    Self.leave(&table, after: 4)
    // All of its first 64 pages but the one that changed.
    #expect(table.pagesGone == 63)
    table.update(1_000) { $0.cursor = 9 }
    table.look()
    // Its row lies on one page or two.
    #expect((61...62).contains(table.pagesGone))
  }

  @Test func `a checkpoint between two looks does not make a page old`() {
    var table = table(file(), rows: 2_000)
    for _ in 0..<3 { table.look() }
    table.update(1) { $0.cursor = 9 }
    table.markClean()
    table.look()
    Self.leave(&table, after: 3)
    #expect(table.pagesGone == 63)
  }

  /// A page that changed after it was written must not be dropped: the file has what it was.
  @Test func `what changes while it is on its way stays`() {
    var table = table(file(), rows: 2_000)
    for round in 1...3 as ClosedRange<UInt64> {
      Self.release(&table) { table in
        table.update(700) { $0.cursor = round * 1_000_000 }
      }
      #expect(table[700].cursor == round * 1_000_000)
      #expect(table[701].cursor == 700)
    }
    #expect(table.pagesGone > 90)
  }

  @Test func `a table that grows takes nothing out of the file`() throws {
    var table = table(file(), rows: 5_000)
    Self.release(&table)
    let before = table.pagesGone
    table.update(77) { $0.cursor = 1 }
    table.reserve(200_000)
    #expect(table.pagesGone == before)
    // Row 77's, and those that hold no whole page of rows.
    #expect(try Pages.present(table.rows, 5_001 * MemoryLayout<SessionRow>.stride) <= 20)
    for number in 1...5_000 as ClosedRange<UInt32> {
      #expect(table[number].cursor == (number == 77 ? 1 : UInt64(number - 1)))
    }
    #expect(table[5_001].cursor == 0)
  }

  @Test func `a table that goes gives its room in the file to others`() throws {
    let file = file()
    for _ in 0..<20 {
      var table = table(file, rows: 3_000)
      Self.release(&table)
      #expect(table.pagesGone > 100)
    }
    var status = stat()
    fstat(try #require(file.descriptor), &status)
    #expect(status.st_size <= 64 * file.blockBytes)
  }

  @Test(arguments: [ScratchFile.Step.create, .grow, .write, .map])
  func `where a step is refused, pages stay, and leave when it is not`(
    step: ScratchFile.Step
  ) throws {
    let refused = Lock(true)
    let file = file { $0 == step && refused.withLock { $0 } ? ENOSPC : 0 }
    var table = table(file, rows: 3_000)
    let whole = Self.contents(table)
    for round in 1...3 {
      Self.release(&table)
      #expect(table.pagesGone == 0, "round \(round)")
      #expect(Self.contents(table) == whole)
    }
    refused.withLock { $0 = false }
    Self.release(&table)
    #expect(table.pagesGone > 100)
    #expect(Self.contents(table) == whole)
  }

  @Test func `a word's stretches of pages are found`() {
    #expect(PagedMemory.ranges(0).isEmpty)
    #expect(PagedMemory.ranges(.max) == [0..<64])
    #expect(PagedMemory.ranges(1) == [0..<1])
    #expect(PagedMemory.ranges(1 << 63) == [63..<64])
    #expect(PagedMemory.ranges(0b1100_1011) == [0..<2, 3..<4, 6..<8])
    #expect(PagedMemory.ranges(.max << 60 | 1) == [0..<1, 60..<64])
  }
}

/// Which pages of this process the system has in memory, as it says itself.
enum Pages {
  struct Failure: Error {}

  private static func flags(_ start: UnsafeRawPointer, _ bytes: Int) throws -> [UInt64] {
    let descriptor = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure() }
    defer { close(descriptor) }
    let first = Int(bitPattern: start) / 4_096
    let last = (Int(bitPattern: start) + bytes - 1) / 4_096
    var flags = [UInt64](repeating: 0, count: last - first + 1)
    let size = flags.count * 8
    guard pread(descriptor, &flags, size, first * 8) == size else { throw Failure() }
    return flags
  }

  /// Pages that the process has, its own or the file's.
  static func present(_ start: UnsafeRawPointer, _ bytes: Int) throws -> Int {
    try flags(start, bytes).count { $0 >> 63 == 1 }
  }

  /// Pages that the process has and no file.
  static func changed(_ start: UnsafeRawPointer, _ bytes: Int) throws -> Int {
    try flags(start, bytes).count { $0 >> 63 == 1 && $0 >> 61 & 1 == 0 }
  }
}
