import WakelogModel

/// One call on its way through the queue.
///
/// `@unchecked Sendable`: written by the thread that leads while the caller waits; handing it over
/// and back goes through the queue's mutex and the parker.
final class Job: @unchecked Sendable {
  /// Whether it may append.
  let writes: Bool
  /// What it does, within a transaction.
  private let body: (Core) throws(WakelogError) -> JSONValue
  /// Whom to tell: a waiting thread, or a closure.
  private let completion: ((Result<JSONValue, WakelogError>) -> Void)?
  private let parker: Parker?
  private var result: Result<JSONValue, WakelogError>?
  /// Whether the waiting thread was woken to lead, not because it is done. Guarded by the queue.
  var mustLead = false

  /// A call whose caller waits for it with `wait`.
  init(writes: Bool, body: @escaping (Core) throws(WakelogError) -> JSONValue) {
    self.writes = writes
    self.body = body
    completion = nil
    parker = Parker()
  }

  /// A call that tells a closure, once, on the thread that carried it out.
  init(
    writes: Bool, body: @escaping (Core) throws(WakelogError) -> JSONValue,
    completion: @escaping (Result<JSONValue, WakelogError>) -> Void
  ) {
    self.writes = writes
    self.body = body
    self.completion = completion
    parker = nil
  }

  /// Whether a thread waits for it, which can be asked to lead.
  var hasThread: Bool { parker != nil }
  /// Whether it has a result.
  var isDone: Bool { result != nil }

  /// Carries it out; the result is told by `finish`.
  func run(on core: Core) {
    do {
      result = .success(try body(core))
    } catch {
      result = .failure(error)
    }
  }

  /// Takes the result back, because its transaction was.
  func fail(_ error: WakelogError) { result = .failure(error) }

  /// Tells the result.
  func finish() {
    guard let result else { preconditionFailure("a job is told before it is carried out") }
    completion?(result)
    parker?.tell()
  }

  /// Wakes the waiting thread to lead.
  func askToLead() {
    mustLead = true
    parker?.tell()
  }

  /// Waits to be done or to be asked to lead.
  func wait() { parker?.wait() }

  /// The result, once done.
  func value() throws(WakelogError) -> JSONValue {
    guard let result else { preconditionFailure("a job's value is asked before it is done") }
    return try result.get()
  }
}
