/// Memory for the rows of one table whose pages can leave for a file. They come back by themselves
/// when they are read or changed, so that what the rows are never depends on where they lie.
///
/// The model knows no system: whoever keeps a state for long hands this in. Pages are counted in
/// blocks of 64. Used by one thread at a time.
public protocol RowMemory: AnyObject {
  /// Where it begins, until it grows.
  var start: UnsafeMutableRawPointer { get }
  /// How large it is.
  var byteCount: Int { get }
  /// How large a page is, which can leave by itself.
  var pageBytes: Int { get }
  /// Makes it larger, perhaps at another place; false, and nothing has changed, without room.
  func grow(to byteCount: Int) -> Bool
  /// Writes pages of a block to the file; false where that cannot be done.
  func write(_ pages: UInt64, ofBlock block: Int) -> Bool
  /// Lets those pages of a block go that are in the file as they are in memory; gives which went.
  func release(_ pages: UInt64, ofBlock block: Int) -> UInt64
}

/// Where tables find memory whose pages can leave.
public protocol RowMemorySource: AnyObject, Sendable {
  /// Memory of at least that many bytes; nil where the process's own will do, or there is none.
  func memory(byteCount: Int) -> (any RowMemory)?
}

/// Where rows lie: in the process's own memory, or in such as its pages can leave.
///
/// Holds no more than the place: which of the rows mean something is the table's to know.
@safe final class RowRoom<Row: StateRow> {
  private(set) var start: UnsafeMutablePointer<Row>
  /// How many rows fit.
  private(set) var capacity: Int
  let memory: (any RowMemory)?

  /// Room for some rows, which are not there yet.
  init(capacity: Int, _ source: (any RowMemorySource)? = nil) {
    memory = source?.memory(byteCount: capacity * MemoryLayout<Row>.stride)
    self.capacity = capacity
    if let memory {
      unsafe start = memory.start.bindMemory(to: Row.self, capacity: capacity)
    } else {
      unsafe start = .allocate(capacity: capacity)
    }
  }

  deinit {
    if memory == nil { unsafe start.deallocate() }
  }

  /// Makes room for more rows without copying those that are there; false where only other room
  /// can have them.
  func grow(to capacity: Int) -> Bool {
    guard let memory, memory.grow(to: capacity * MemoryLayout<Row>.stride) else { return false }
    unsafe start = memory.start.bindMemory(to: Row.self, capacity: capacity)
    self.capacity = capacity
    return true
  }
}
