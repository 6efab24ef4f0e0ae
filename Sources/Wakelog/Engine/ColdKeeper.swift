import WakelogModel
import WakelogStore

/// Lets pages of the state that nobody changed for a time leave memory, on a thread of its own:
/// callers wait for no more than one step, which writes or lets go 64 pages.
///
/// The thread begins with the first table that is large, so that a small log has none.
final class ColdKeeper: RowMemorySource {
  private struct Work {
    /// Where the state is; nil before the engine is open, and once it is closed.
    var queue: JobQueue?
    var thread: Thread?
    var isNeeded = false
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
  func follow(_ queue: JobQueue) {
    work.withLock { $0.queue = queue }
    startIfNeeded()
  }

  private func startIfNeeded() {
    work.withLock { work in
      guard work.isNeeded, work.thread == nil, work.queue != nil else { return }
      work.thread = Thread.start { [self] in
        // What fails here fails for callers too, who hear of it.
        while !pause.wait(milliseconds: lookMilliseconds), isOpen { try? look() }
      }
    }
  }

  /// Lets the step under way end, and begins no further one.
  func close() {
    let thread = work.withLock { work in
      work.queue = nil
      defer { work.thread = nil }
      return work.thread
    }
    pause.tell()
    thread?.join()
  }

  private var isOpen: Bool { work.withLock { $0.queue != nil } }
}

extension PagedMemory: RowMemory {}

extension Engine {
  /// Looks as often as it takes to let everything go that nobody changes meanwhile.
  package func letColdLeave() throws {
    for _ in 0...ColdKeeper.looks { try cold?.look() }
  }
}

extension ColdKeeper {
  private typealias Place = (table: UInt8, block: Int)

  /// How many blocks are written before the file is flushed.
  private static let blocksAtOnce = 64

  /// Looks once, and lets go what enough looks found unchanged.
  func look() throws {
    try onState { $0.look() }
    var next: Place? = (0, 0)
    while let first = next, isOpen {
      let written = try writeCold(from: first)
      next = written.next
      guard !written.blocks.isEmpty, file.flush() else { return }
      for place in written.blocks where isOpen {
        let pause = Pause()
        try onState { $0.releaseWritten(ofTable: place.table, block: place.block) }
        pause.asLongAgain()
      }
      file.forgetCopies()
    }
  }

  /// Writes some blocks; gives which, and where to go on.
  private func writeCold(from first: Place) throws -> (blocks: [Place], next: Place?) {
    var blocks: [Place] = []
    var place = first
    while blocks.count < Self.blocksAtOnce, isOpen {
      let pause = Pause()
      let from = place
      let outcome = try onState {
        $0.writeCold(fromTable: from.table, block: from.block, after: Self.looks)
      }
      guard case .written(let table, let block) = outcome else { return (blocks, nil) }
      blocks.append((table, block))
      place = (table, block + 1)
      pause.asLongAgain()
    }
    return (blocks, place)
  }

  /// A step on the state, between the calls.
  private func onState<Value>(_ body: @escaping (inout State) -> Value) throws -> Value {
    guard let queue = work.withLock({ $0.queue }) else {
      throw WakelogError(.busy, "the log was closed; open it again")
    }
    return try queue.perform(
      ResultJob(writes: false) { core throws(WakelogError) in body(&core.state) })
  }
}
