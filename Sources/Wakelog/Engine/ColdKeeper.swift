import WakelogModel
import WakelogStore

/// Lets pages of the state that nobody changed for a time leave memory, on a thread of its own:
/// callers wait for no more than one step, which writes or lets go 64 pages.
///
/// The thread begins with the first table that is large, so that a small log has none.
final class ColdKeeper: RowMemorySource {
  private struct Work {
    /// Looks once; false when the engine is gone.
    var look: (@Sendable () -> Bool)?
    var thread: Thread?
    var isNeeded = false
    var isClosed = false
  }

  /// How many looks there are in the time after which pages leave.
  static let looks: UInt8 = 8

  /// Where pages go.
  let file: ScratchFile
  private let lookMilliseconds: Int
  private let smallest: Int
  private let work = Lock(Work())
  private let pause = Parker()

  /// A keeper for tables of some bytes at least; nil for a time that never comes.
  init?(_ file: ScratchFile, afterSeconds seconds: Double, smallest: Int) {
    guard seconds > 0 else { return nil }
    self.file = file
    self.smallest = smallest
    let look = seconds * 1_000 / Double(Self.looks)
    // The longest is some hundred years.
    lookMilliseconds = Int(min(max(look, 1), 1e12))
  }

  func memory(byteCount: Int) -> (any RowMemory)? {
    guard byteCount >= smallest,
      let memory = PagedMemory(byteCount: byteCount, file: file)
    else { return nil }
    work.withLock { $0.isNeeded = true }
    startIfNeeded()
    return memory
  }

  /// Begins to look now and then, once a table is large.
  func follow(_ engine: Engine) {
    work.withLock { work in
      work.look = { [weak engine, weak self] in
        guard let engine, let self else { return false }
        // What fails here fails for callers too, who hear of it.
        try? engine.lookForCold(file) { !self.isClosed }
        return true
      }
    }
    startIfNeeded()
  }

  private func startIfNeeded() {
    work.withLock { work in
      guard work.isNeeded, !work.isClosed, work.thread == nil, let look = work.look else { return }
      work.thread = Thread.start { [self] in
        while !pause.wait(milliseconds: lookMilliseconds), !isClosed, look() {}
      }
    }
  }

  /// Lets the step under way end, and begins no further one.
  func close() {
    let thread = work.withLock { work in
      work.isClosed = true
      defer { work.thread = nil }
      return work.thread
    }
    pause.tell()
    thread?.join()
  }

  private var isClosed: Bool { work.withLock(\.isClosed) }
}

extension PagedMemory: RowMemory {}

extension Engine {
  /// How many blocks are written before the file is flushed.
  private static let blocksAtOnce = 64

  /// Looks as often as it takes to let everything go that nobody changes meanwhile.
  package func letColdLeave() throws {
    guard let cold else { return }
    for _ in 0...ColdKeeper.looks { try lookForCold(cold.file) }
  }

  /// Looks once, and lets go what enough looks found unchanged.
  func lookForCold(_ file: ScratchFile, while goesOn: () -> Bool = { true }) throws {
    try perform(writes: false) { core in core.state.look() }
    var next: (table: UInt8, block: Int)? = (0, 0)
    while let first = next, goesOn() {
      let written = try writeCold(from: first, goesOn)
      next = written.next
      guard !written.blocks.isEmpty, file.flush() else { return }
      for place in written.blocks where goesOn() {
        let pause = Pause()
        try perform(writes: false) { core in
          core.state.releaseWritten(ofTable: place.table, block: place.block)
        }
        pause.asLongAgain()
      }
      file.forgetCopies()
    }
  }

  /// Writes some blocks; gives which, and where to go on.
  private func writeCold(
    from first: (table: UInt8, block: Int), _ goesOn: () -> Bool
  ) throws -> (blocks: [(table: UInt8, block: Int)], next: (table: UInt8, block: Int)?) {
    var blocks: [(table: UInt8, block: Int)] = []
    var place = first
    while blocks.count < Self.blocksAtOnce, goesOn() {
      let pause = Pause()
      let from = place
      let outcome = try perform(writes: false) { core in
        core.state.writeCold(fromTable: from.table, block: from.block, after: ColdKeeper.looks)
      }
      guard case .written(let table, let block) = outcome else { return (blocks, nil) }
      blocks.append((table, block))
      place = (table, block + 1)
      pause.asLongAgain()
    }
    return (blocks, place)
  }
}
