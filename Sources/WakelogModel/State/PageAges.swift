/// How long the pages of a table have not been changed, counted in looks, and which of them left.
///
/// Rows are what changes, and rows may lie on two pages. Whoever changes rows says so before the
/// next look and before pages are released; what is not said is lost.
struct PageAges: Sendable {
  /// A page's looks since it was changed.
  private var looks: [UInt8] = []
  /// Pages whose bytes are in the file as they are in memory, a word for each block.
  private var written: [UInt64] = []
  /// Pages that left and were not changed since.
  private var gone: [UInt64] = []

  /// Whether there has been no look yet.
  var isEmpty: Bool { looks.isEmpty }
  /// How many pages left and were not changed since.
  var goneCount: Int { gone.reduce(0) { $0 + $1.nonzeroBitCount } }
  /// How many blocks there are.
  var blocks: Int { written.count }

  /// Counts one more look at the first `count` pages: each becomes a look older.
  mutating func look(atPages count: Int) {
    let missing = count - looks.count
    if missing > 0 { looks += repeatElement(0, count: missing) }
    let blocks = (looks.count + 63) >> 6 - written.count
    if blocks > 0 {
      written += repeatElement(0, count: blocks)
      gone += repeatElement(0, count: blocks)
    }
    for page in looks.indices where looks[page] < .max { looks[page] += 1 }
  }

  /// Pages were changed.
  mutating func change(_ pages: ClosedRange<Int>) {
    for page in pages where page < looks.count {
      looks[page] = 0
      let others = ~(1 << UInt64(page & 63)) as UInt64
      written[page >> 6] &= others
      gone[page >> 6] &= others
    }
  }

  /// The pages of a block among the first `count` that more looks than some found unchanged and
  /// that did not leave.
  func cold(inBlock block: Int, ofPages count: Int, after limit: UInt8) -> UInt64 {
    var found: UInt64 = 0
    let first = block << 6
    for page in first..<max(first, min(first + 64, count, looks.count)) where looks[page] > limit {
      found |= 1 << UInt64(page & 63)
    }
    return block < gone.count ? found & ~gone[block] : 0
  }

  /// Pages of a block are in the file.
  mutating func write(_ pages: UInt64, ofBlock block: Int) { written[block] = pages }

  /// The pages of a block that are in the file and were not changed since; asked for once.
  mutating func takeWritten(ofBlock block: Int) -> UInt64 {
    guard block < written.count else { return 0 }
    defer { written[block] = 0 }
    return written[block]
  }

  /// Pages of a block left.
  mutating func leave(_ pages: UInt64, ofBlock block: Int) { gone[block] |= pages }

  /// All pages are in memory again, which is another.
  mutating func comeBack() {
    for block in written.indices { (written[block], gone[block]) = (0, 0) }
  }
}
