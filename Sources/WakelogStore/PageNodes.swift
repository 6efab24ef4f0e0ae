import Glibc

/// The nodes of one branch or leaf page, after its bounds were checked.
///
/// LMDB's page: number u64, pad u16, flags u16, lower u16, upper u16, then from byte 16 to `lower`
/// an offset u16 for each node, and from `upper` to the end the nodes without gaps. A node: low and
/// high u16, flags u16, key size u16, the key, and on leaves the data. All little-endian.
@safe struct PageNodes {
  static let branch: UInt16 = 0x01
  static let leaf: UInt16 = 0x02
  static let overflow: UInt16 = 0x04
  static let headerSize = 16
  static let nodeSize = 8

  static let bigData: UInt16 = 1
  static let subTree: UInt16 = 2

  let bytes: Bytes
  let count: Int
  let isLeaf: Bool

  /// Checks the page's header and every node's place and size.
  init(_ bytes: Bytes, number: UInt64, isLeaf: Bool) throws(StoreError) {
    unsafe self.bytes = unsafe bytes
    self.isLeaf = isLeaf
    guard unsafe bytes.littleEndian(UInt64.self, at: 0) == number else {
      throw .page(number, "it carries another page's number")
    }
    let flags = unsafe bytes.littleEndian(UInt16.self, at: 10)
    guard flags == (isLeaf ? Self.leaf : Self.branch) else {
      throw .page(number, "it is of another kind than its parent says")
    }
    let lower = Int(unsafe bytes.littleEndian(UInt16.self, at: 12))
    let upper = Int(unsafe bytes.littleEndian(UInt16.self, at: 14))
    guard lower >= Self.headerSize, lower & 1 == 0, lower <= upper, upper <= bytes.count else {
      throw .page(number, "its bounds are impossible")
    }
    count = (lower - Self.headerSize) / 2
    try checkNodes(number, upper)
  }

  private func checkNodes(_ number: UInt64, _ upper: Int) throws(StoreError) {
    var used = 0
    for index in 0..<count {
      let offset = offset(index)
      guard offset >= upper, offset & 1 == 0, unsafe offset + Self.nodeSize <= bytes.count else {
        throw .page(number, "node \(index) lies outside")
      }
      let node = unsafe bytes.littleEndian(UInt64.self, at: offset)
      var size = Self.nodeSize + Int(node >> 48)
      guard node >> 48 <= UInt64(LogFormat.maximumKey) else {
        throw .page(number, "the key of node \(index) is too long")
      }
      if isLeaf {
        let flags = UInt16(truncatingIfNeeded: node >> 32)
        guard flags <= Self.subTree else { throw .page(number, "node \(index) has odd flags") }
        size += flags == Self.bigData ? 8 : Int(node & 0xFFFF_FFFF)
      }
      guard unsafe offset + size <= bytes.count else {
        throw .page(number, "node \(index) is longer than its page")
      }
      used += (size + 1) & ~1
    }
    guard unsafe used == bytes.count - upper else { throw .page(number, "its nodes overlap") }
  }

  @inline(__always)
  private func offset(_ index: Int) -> Int {
    Int(unsafe bytes.littleEndian(UInt16.self, at: Self.headerSize + 2 * index))
  }

  /// The part between the offsets and the nodes.
  var unused: Range<Int> {
    let upper = Int(unsafe bytes.littleEndian(UInt16.self, at: 14))
    return Self.headerSize + 2 * count..<upper
  }

  @inline(__always)
  func key(_ index: Int) -> Bytes {
    let offset = offset(index)
    let size = Int(unsafe bytes.littleEndian(UInt16.self, at: offset + 6))
    let start = offset + Self.nodeSize
    return unsafe Bytes(rebasing: bytes[start..<(start + size)])
  }

  /// The page that a branch's node points to.
  func child(_ index: Int) -> UInt64 {
    unsafe bytes.littleEndian(UInt64.self, at: offset(index)) & 0xFFFF_FFFF_FFFF
  }

  func flags(_ index: Int) -> UInt16 {
    unsafe bytes.littleEndian(UInt16.self, at: offset(index) + 4)
  }

  /// How long a leaf's data is, wherever it lies.
  func dataSize(_ index: Int) -> Int {
    Int(unsafe bytes.littleEndian(UInt32.self, at: offset(index)))
  }

  /// The data on the page itself: all of it, or the number of the first overflow page.
  func data(_ index: Int) -> Bytes {
    let offset = offset(index)
    let start = unsafe offset + Self.nodeSize + key(index).count
    let size = flags(index) == Self.bigData ? 8 : dataSize(index)
    return unsafe Bytes(rebasing: bytes[start..<(start + size)])
  }
}

/// LMDB's order of keys: bytes, then length; or native integers for the list of free pages.
@inline(__always)
func isBelow(_ left: Bytes, _ right: Bytes, integers: Bool) -> Bool {
  if left.count == 8, right.count == 8 {
    let (left, right) = unsafe (
      left.loadUnaligned(as: UInt64.self), right.loadUnaligned(as: UInt64.self)
    )
    return integers ? left < right : left.bigEndian < right.bigEndian
  }
  let common = min(left.count, right.count)
  let order = common == 0 ? 0 : unsafe memcmp(left.baseAddress!, right.baseAddress!, common)
  return order == 0 ? left.count < right.count : order < 0
}
