/// What a walk has found of a tree, to compare with what the tree says of itself.
struct PageTally {
  var branchPages: UInt64 = 0
  var leafPages: UInt64 = 0
  var overflowPages: UInt64 = 0
  var entries: UInt64 = 0
}

extension PageCheck {
  typealias Visit = (PageNodes, Int) throws(StoreError) -> Void

  /// Walks a tree in the order of its keys and gives each leaf node to `visit`.
  func walk(_ tree: PageTree, _ name: String, integers: Bool, visit: Visit?) throws(StoreError) {
    if tree.root == PageTree.noRoot {
      guard tree.entries == 0 else { throw .page(header.page, "\(name) has lost its root") }
      return
    }
    guard tree.depth >= 1, tree.depth <= 32 else {
      throw .page(tree.root, "\(name) has an impossible depth")
    }
    var walk = TreeWalk(depth: Int(tree.depth), integers: integers, visit: visit)
    try visitPage(tree.root, ahead: tree.root, level: 1, &walk)
    let tally = walk.tally
    guard tally.entries == tree.entries, tally.leafPages == tree.leafPages,
      tally.branchPages == tree.branchPages, tally.overflowPages == tree.overflowPages
    else { throw .page(tree.root, "\(name) does not have the entries it says") }
  }

  /// The state of one walk.
  struct TreeWalk {
    let depth: Int
    let integers: Bool
    let visit: Visit?
    var tally = PageTally()
    /// The last key seen, and the lowest that may come next.
    var last: [UInt8] = []
    var isFirst = true
    var floor: [UInt8]?
  }

  private func visitPage(_ number: UInt64, ahead: UInt64, level: Int, _ walk: inout TreeWalk)
    throws(StoreError)
  {
    try own(number)
    let page = unsafe try reader.page(number, ahead: ahead)
    let isLeaf = level == walk.depth
    let nodes = unsafe try PageNodes(page, number: number, isLeaf: isLeaf)
    try onUnused?(number, nodes.unused)
    if isLeaf { return try visitLeaf(nodes, number, &walk) }
    guard nodes.count >= (walk.integers ? 1 : 2) else { throw .page(number, "it has no children") }
    walk.tally.branchPages += 1
    // The reader's bytes go away below, so children and keys are copied.
    let children = (0..<nodes.count).map { nodes.child($0) }
    let keys = (0..<nodes.count).map { unsafe Array(nodes.key($0)) }
    for index in children.indices {
      if index > 0 { try raiseFloor(keys[index], number, &walk) }
      let run = runEnd(children, index)
      try visitPage(children[index], ahead: run, level: level + 1, &walk)
    }
  }

  /// The last page of the run of nearby children that starts at `index`.
  private func runEnd(_ children: [UInt64], _ index: Int) -> UInt64 {
    var end = children[index]
    for child in children[(index + 1)...] {
      guard child > end, child - end <= 4, child - children[index] < 64 else { break }
      end = child
    }
    return end
  }

  /// A separator lies above all keys to its left, and not above those to its right.
  private func raiseFloor(_ key: [UInt8], _ number: UInt64, _ walk: inout TreeWalk)
    throws(StoreError)
  {
    guard walk.isFirst || areInOrder(walk.last, key, walk.integers) else {
      throw .page(number, "its keys are out of order")
    }
    walk.floor = key
  }

  private func visitLeaf(_ nodes: PageNodes, _ number: UInt64, _ walk: inout TreeWalk)
    throws(StoreError)
  {
    guard nodes.count > 0 else { throw .page(number, "it is empty") }
    walk.tally.leafPages += 1
    walk.tally.entries += UInt64(nodes.count)
    let first = unsafe Array(nodes.key(0))
    let isInOrder = walk.isFirst || areInOrder(walk.last, first, walk.integers)
    let isAboveFloor = walk.floor.map { !areInOrder(first, $0, walk.integers) } ?? true
    guard isInOrder, isAboveFloor else { throw .page(number, "its keys are out of order") }
    var overflowing: [(UInt64, Int)] = []
    var previous = unsafe nodes.key(0)
    for index in 0..<nodes.count {
      let key = unsafe nodes.key(index)
      guard unsafe index == 0 || isBelow(previous, key, integers: walk.integers) else {
        throw .page(number, "its keys are out of order")
      }
      unsafe previous = unsafe key
      if nodes.flags(index) == PageNodes.bigData {
        let start = unsafe nodes.data(index).littleEndian(UInt64.self, at: 0)
        overflowing.append((start, nodes.dataSize(index)))
      }
      try walk.visit?(nodes, index)
    }
    walk.last = unsafe Array(previous)
    walk.isFirst = false
    walk.floor = nil
    for (start, size) in overflowing {
      walk.tally.overflowPages += try ownRun(start, size)
    }
  }

  private func areInOrder(_ left: [UInt8], _ right: [UInt8], _ integers: Bool) -> Bool {
    unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        unsafe isBelow(left, right, integers: integers)
      }
    }
  }
}
