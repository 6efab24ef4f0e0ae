import Glibc
public import WakelogModel
import WakelogStore

/// One log, opened: the interface for Swift hosts.
///
/// Every call may be made from any thread. A call that writes returns when its events are durable,
/// together with those of other callers where several wait. Calls see those made before them.
/// A log is open once in a process; other processes may have it open too.
public final class Engine: Sendable {
  /// How a log is opened.
  public struct Options: Sendable {
    /// Whether nothing may be written.
    public var readOnly = false
    /// The policy to adopt at opening, for every process on the log; nil keeps the last adopted.
    public var policy: Policy?
    /// The host that this process is: runs of its earlier processes end as interrupted at opening,
    /// and wakes that name no host carry its name. Opening throws `busy` while another process of
    /// this machine has the name and lives.
    public var host: String?
    /// Whether the host's name is taken from a process that lives.
    public var takesOver = false
    /// Whether times ahead of the clock are taken as given; for replays and tests.
    public var givenClock = false
    /// Told how far the conversion of a log of an earlier format has come: events done, and all.
    public var conversionProgress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)?
    /// The size up to which the log may grow before it is mapped anew, in bytes; at least 64 KiB.
    public var mapSizeBytes = 64 << 30
    /// How long a call that writes waits for another process that writes, in seconds, before it
    /// throws `busy`, which names that process.
    public var writerWaitSeconds: Double = 30
    /// How long sessions, and what belongs to them, lie in memory without being changed, in seconds
    /// of the process; a day. Then their rows may leave for a file without a name in the log's
    /// directory, from where the next call that asks for them brings them back as they were. 0 for
    /// never. A small log has too little to leave, and an engine that only reads writes no file.
    public var coldAfterSeconds: Double = 86_400
    /// Whether a directory is taken that others can write to, or that belongs to another user.
    public var trustsFolder = false
    /// Receives a line when the machine stands in the way of calls, such as a stopped process that
    /// holds the log; called from any thread.
    public var warn: (@Sendable (String) -> Void)?

    /// How far the log may grow beyond the checkpoint: what is replayed in about half a second.
    var checkpointEvents: UInt64 = 4_000_000
    /// How a log is archived.
    var archiving = Log.ArchiveOptions()
    /// Is told of the steps of a trim; for tests.
    var onTrimStep: (@Sendable (TrimStep) -> Void)?
    /// From how many bytes on the rows of a table can leave memory.
    var smallestCold = 1 << 20
    /// Lets a test make steps fail by which rows leave memory.
    var coldFault: (@Sendable (ScratchFile.Step) -> Int32)?
    /// From how many events on a checkpoint is worth it at closing.
    var checkpointEventsAtClosing: UInt64 = 100_000

    /// Options for reading and writing.
    public init() {}

    var ofStore: LogOptions {
      var options = LogOptions(readOnly: readOnly, mapSizeBytes: max(mapSizeBytes, 1 << 16))
      options.writerWaitSeconds = writerWaitSeconds
      options.trustsFolder = trustsFolder
      options.warn = warn
      options.progress = conversionProgress
      return options
    }
  }

  let log: Log
  /// The log's own name, in hexadecimal digits.
  let logName: String
  let options: Options
  /// The host's epoch, when this engine speaks for a host.
  let hostClaim: Lock<(host: String, epoch: UInt32)?> = Lock(nil)
  /// What `host` gave at opening.
  private let hostStart: Lock<JSONValue?> = Lock(nil)
  let watch = EventWatch()
  let keeper = Keeper()
  /// Lets leave memory what nobody changed for long; nil for nobody.
  let cold: ColdKeeper?
  private let queue: JobQueue
  private let isClosed = Lock(false)
  private let process = getpid()

  private init(_ log: Log, _ options: Options) {
    self.log = log
    logName = hexadecimal(log.identifier)
    self.options = options
    cold = ColdKeeper(
      ScratchFile(folder: log.path, fault: options.coldFault),
      afterSeconds: options.readOnly ? 0 : options.coldAfterSeconds,
      smallest: options.smallestCold)
    let transactor = Transactor(log, options, watch: watch, memory: cold)
    queue = JobQueue(transactor)
    transactor.afterWriting = { [weak self, keeper] totals, retention in
      keeper.look(totals, retention) { self }
    }
  }

  deinit { close() }

  /// Opens the log in a directory, making it if need be.
  ///
  /// The state is there when this returns. Throws `corrupt` for a directory that is no log, a
  /// damaged file or a newer format, `busy` when this process has it open already, `readOnly` and
  /// `diskFull` when it cannot be written.
  public static func open(
    _ directory: String, options: Options = Options()
  ) throws(WakelogError) -> Engine {
    if let host = options.host { try HostRequest(host: host).validate() }
    do {
      return try open(Log.open(directory, options: options.ofStore), options: options)
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// Opens a log that the store has open, and that the engine closes.
  static func open(_ log: Log, options: Options) throws(WakelogError) -> Engine {
    let engine = Engine(log, options)
    do throws(WakelogError) {
      try engine.start()
      return engine
    } catch {
      engine.close()
      throw error
    }
  }

  /// How many calls were decided and wait for the batch before theirs to be durable.
  var callsAhead: Int { queue.callsAhead }

  private func start() throws(WakelogError) {
    try perform(writes: false) { _ in }
    cold?.follow(queue)
    if !options.readOnly, (try? log.read { try $0.hasRowsBelowBase }) == true {
      keeper.finishTrim(self)
    }
    if let policy = options.policy {
      var request = PolicyRequest()
      request.adopt = policy
      _ = try perform(request) as JSONValue
    }
    if let host = options.host {
      var request = HostRequest(host: host)
      request.takeOver = options.takesOver
      let result: JSONValue = try perform(request)
      let epoch = UInt32(clamping: result["epoch"]?.integer ?? 0)
      hostClaim.withLock { $0 = (host, epoch) }
      hostStart.withLock { $0 = result }
    }
  }

  /// Waits for the calls under way, keeps a checkpoint if that is worth it, and closes the log.
  /// Calls made afterwards throw `busy`. Closing twice does nothing, nor does closing in the child
  /// of a fork, where the log is the parent's.
  public func close() {
    guard getpid() == process else { return }
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return isClosed
    }
    guard !wasClosed else { return }
    queue.close(
      after: ResultJob(writes: !options.readOnly) { core throws(WakelogError) in
        core.wantsCheckpoint = true
      })
    cold?.close()
    keeper.close()
    watch.close()
    log.close()
  }

  /// The host that this process was named at opening; nil for none.
  public var host: String? { hostClaim.withLock { $0?.host } }

  /// The runs that earlier processes of this host had left open, which opening ended: as
  /// `interrupted` of PROTOCOL's `host` has them.
  public var interrupted: [JSONValue] {
    hostStart.withLock { $0?["interrupted"]?.array } ?? []
  }

  /// The directory of the log.
  package var folder: String { log.path }

  /// Whether a call made now has to wait for another, of this process or of another that writes.
  package var mustWait: Bool { queue.isLed || log.writerHolder() != nil }

  /// Carries out a request and waits for it.
  func perform<Form: ResultForm>(_ request: any Executable) throws(WakelogError) -> Form {
    try requireOwnProcess()
    if let request = request as? ForgetRequest { return try forgotten(request) }
    if let request = request as? RedactRequest { return try redacted(request) }
    let call = try prepare(request, as: Form.self)
    return try perform(writes: call.writes, call.body)
  }

  func perform<Value>(
    writes: Bool, _ body: @escaping (Core) throws(WakelogError) -> Value
  ) throws(WakelogError) -> Value {
    try requireOwnProcess()
    return try queue.perform(ResultJob(writes: writes, body: body))
  }

  /// Carries out a request without blocking; the closure is called once.
  func submit<Form: ResultForm>(
    _ request: @autoclosure () throws(WakelogError) -> any Executable,
    completion: @escaping (Result<Form, WakelogError>) -> Void
  ) {
    do throws(WakelogError) {
      try requireOwnProcess()
      let request = try request()
      if let request = request as? ForgetRequest {
        return submitForget(request, completion)
      }
      if let request = request as? RedactRequest {
        return try submitRedact(request, completion)
      }
      let call = try prepare(request, as: Form.self)
      try queue.submit(ResultJob(writes: call.writes, body: call.body, completion: completion))
    } catch {
      completion(.failure(error))
    }
  }

  /// Forgetting walks the whole log, beside the queue and before it enters it.
  private func forgotten<Form: ResultForm>(_ request: ForgetRequest) throws(WakelogError) -> Form {
    let result = try forget(request).json
    return Form(result.object ?? JSONObject())
  }

  private func submitForget<Form: ResultForm>(
    _ request: ForgetRequest, _ completion: @escaping (Result<Form, WakelogError>) -> Void
  ) {
    let noRoom = WakelogError(.busy, "the system has no room for a thread; try again")
    tell(completion, orElse: .failure(noRoom)) { [self] in
      Result { () throws(WakelogError) in try forgotten(request) }
    }
  }

  /// Tells a closure, from a thread of its own, the result of work that takes long; where there is
  /// no room for a thread, another result at once.
  private func tell<Form: ResultForm>(
    _ completion: @escaping (Result<Form, WakelogError>) -> Void,
    orElse other: Result<Form, WakelogError>,
    _ work: @escaping @Sendable () -> Result<Form, WakelogError>
  ) {
    let told = Handed(completion)
    if !Thread.detach({ told.value(work()) }) { completion(other) }
  }

  /// What was redacted is overwritten once the commit is durable, and the result says if that is done.
  private func redacted<Form: ResultForm>(_ request: RedactRequest) throws(WakelogError) -> Form {
    let call = try prepare(request, as: JSONValue.self)
    let result = try perform(writes: call.writes, call.body)
    return Form(sayingIfOverwritten(result, hasOverwritten()))
  }

  private func submitRedact<Form: ResultForm>(
    _ request: RedactRequest, _ completion: @escaping (Result<Form, WakelogError>) -> Void
  ) throws(WakelogError) {
    let call = try prepare(request, as: JSONValue.self)
    let job = ResultJob<JSONValue>(writes: call.writes, body: call.body) { [self] answer in
      guard case .success(let result) = answer else {
        return completion(answer.map { Form($0.object ?? JSONObject()) })
      }
      // The thread that answers is the queue's: overwriting looks at every page.
      tell(completion, orElse: .success(Form(sayingIfOverwritten(result, false)))) { [self] in
        .success(Form(sayingIfOverwritten(result, hasOverwritten())))
      }
    }
    try queue.submit(job)
  }

  /// Overwrites what was removed. Tries twice: the queue may be about it, and is then done. False
  /// while a reader still sees it; then the queue does it later.
  private func hasOverwritten() -> Bool {
    for _ in 0..<2 where (try? log.overwriteRemoved()) == true { return true }
    return false
  }

  private func sayingIfOverwritten(_ result: JSONValue, _ isDone: Bool) -> JSONObject {
    var object = result.object ?? JSONObject()
    object["overwritten"] = .bool(isDone)
    return object
  }

  /// Threads are not copied by fork: a call of the child would wait for ever for its leader.
  ///
  /// Asked before anything else: a global that another thread was making as the process forked is
  /// never made in the child, and whoever asks for it waits for ever.
  func requireOwnProcess() throws(WakelogError) {
    guard getpid() == process else {
      throw WakelogError(.busy, "the log was opened before a fork; open it again in the child")
    }
  }

  /// Waits up to a time for an event after a position, of this process or another; gives the last
  /// position that is durable. In the child of a fork, and once closed, it does not wait.
  public func waitForEvents(after position: UInt64, timeoutMilliseconds: Int) -> UInt64 {
    guard getpid() == process else { return position }
    return watch.wait(after: position, milliseconds: timeoutMilliseconds) {
      (try? self.log.read { try $0.lastSequence }) ?? position
    }
  }
}

/// A value handed to another thread, and used only there.
private struct Handed<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
