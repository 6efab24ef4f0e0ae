import Synchronization
import WakelogModel

/// One call on its way through the queue.
///
/// `@unchecked Sendable`: written by the thread that leads while the caller waits; handing it over
/// and back goes through the queue's mutex and the parker.
class Job: @unchecked Sendable {
  /// Whether it may append.
  let writes: Bool
  /// Where the thread that waits for it does so; nil when a closure is told.
  fileprivate let parker: Parker?
  /// Whether the waiting thread is to lead when it wakes. Guarded by the queue.
  var mustLead = false
  /// Whether it has been told: its result may be looked at. The thread that waits looks before it
  /// asks the parker.
  var isAnswered: Bool {
    get { answered.load(ordering: .acquiring) }
    set { answered.store(newValue, ordering: .releasing) }
  }
  private let answered = Atomic(false)
  /// Since when it waits for another process's writer; nil when it never had to. Guarded by the
  /// queue.
  var stalledSince: Double?

  fileprivate init(writes: Bool, parker: Parker?) {
    self.writes = writes
    self.parker = parker
  }

  /// Whether a thread waits for it, which can be asked to lead.
  var hasThread: Bool { parker != nil }
  /// Carries it out; the result is told by `finish`.
  func run(on core: Core) { preconditionFailure("a job has a result of some kind") }

  /// Takes the result back, because its transaction was.
  func fail(_ error: WakelogError) { preconditionFailure("a job has a result of some kind") }

  /// Tells the result.
  func finish() {
    isAnswered = true
    parker?.tell()
  }

  /// Wakes the waiting thread.
  func wake() { parker?.tell() }

  /// Waits to be done or to have to lead.
  func wait() { parker?.wait() }

  /// Whether the thread was woken to lead.
  func takeLead() -> Bool {
    defer { mustLead = false }
    return mustLead
  }
}

/// A call with its result.
final class ResultJob<Value>: Job, @unchecked Sendable {
  /// What it does, within a transaction.
  private let body: (Core) throws(WakelogError) -> Value
  private let completion: ((Result<Value, WakelogError>) -> Void)?
  private var result: Result<Value, WakelogError>?

  /// A call whose caller waits for it with `wait`.
  init(writes: Bool, body: @escaping (Core) throws(WakelogError) -> Value) {
    self.body = body
    completion = nil
    super.init(writes: writes, parker: Parker())
  }

  /// A call that tells a closure, once, on the thread that carried it out.
  init(
    writes: Bool, body: @escaping (Core) throws(WakelogError) -> Value,
    completion: @escaping (Result<Value, WakelogError>) -> Void
  ) {
    self.body = body
    self.completion = completion
    super.init(writes: writes, parker: nil)
  }

  override func run(on core: Core) {
    do {
      let value = try body(core)
      result = .success(value)
    } catch {
      result = .failure(error)
    }
    guard let damage = core.names.damage else { return }
    result = .failure(WakelogError(damage))
    // What writes is taken back with its batch.
    if !writes { core.names.forgetDamage() }
  }

  override func fail(_ error: WakelogError) { result = .failure(error) }

  override func finish() {
    guard let result else { preconditionFailure("a job is told before it is carried out") }
    completion?(result)
    super.finish()
  }

  /// The result, once done.
  func value() throws(WakelogError) -> Value {
    guard let result else { preconditionFailure("a job's value is asked before it is done") }
    return try result.get()
  }
}
