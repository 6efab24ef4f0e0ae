import Glibc
import WakelogModel
import WakelogStore

/// A request that the engine can carry out.
protocol Executable: Request, ParameterObject {
  /// Whether it may append events.
  var writes: Bool { get }
  /// Whether a call is told from others by its digest, also without a key.
  var isTold: Bool { get }
  /// The idempotency key, of those that have one.
  var onceKey: String? { get }
  /// What it gives.
  associatedtype Output: CallResult
  /// Carries it out within a transaction, and gives the result.
  func execute(_ call: Call, on core: Core) throws(WakelogError) -> Output
  /// Carries it out, and gives the result as a value.
  func value(_ call: Call, on core: Core) throws(WakelogError) -> JSONValue
  /// Carries it out, and appends the result as text.
  func write(_ call: Call, on core: Core, to text: inout TextBuffer) throws(WakelogError)
}

extension Executable {
  var isTold: Bool { false }
  var onceKey: String? { nil }

  func value(_ call: Call, on core: Core) throws(WakelogError) -> JSONValue {
    try execute(call, on: core).value
  }

  func write(_ call: Call, on core: Core, to text: inout TextBuffer) throws(WakelogError) {
    try execute(call, on: core).write(to: &text)
  }
}

extension Executable where Self: WritingRequest {
  var onceKey: String? { key }
}

/// What a call brings along beside its parameters.
struct Call {
  /// The time of the call: given, or read from the clock.
  var at: Instant
  /// The host that the engine speaks for.
  var host: (host: String, epoch: UInt32)?
  /// Whether nothing may be written.
  var readOnly = false
  /// The log's own name.
  var log = ""
  /// Tells this call from others, for those that may be repeated; see `Request.digest`.
  var digest: [UInt8] = []
  /// What of the machine an operator should look at, for a call that asks for that.
  var machine: [JSONValue] = []
  /// What takes time and asks nothing of the state, done before the call's turn: the secret of a
  /// fence, and what an attempt's texts say.
  private var secret: [UInt8]?
  private var reading: AttemptReading?

  init(at: Instant, readOnly: Bool = false) {
    self.at = at
    self.readOnly = readOnly
  }

  /// Does it.
  mutating func prepare(for request: any Executable) {
    switch request {
    case is WakeRequest, is NextRequest: secret = FenceText.draw()
    case let finish as FinishRequest: reading = AttemptReading(finish)
    default: break
    }
  }

  /// A secret for the run that the call may start.
  var fenceSecret: [UInt8] { secret ?? FenceText.draw() }

  /// What the texts of an attempt say.
  func reading(of finish: FinishRequest) -> AttemptReading { reading ?? AttemptReading(finish) }
}

/// The texts of a `finish` as they are kept, and as traces to classify.
struct AttemptReading {
  let evidence: [UInt8]?
  let traces: Traces

  init(_ request: FinishRequest) {
    evidence =
      EvidenceText(message: request.message, stderr: request.stderr, stdout: request.stdout).bytes
    traces = request.traces
  }
}

extension Engine {
  /// Makes a request ready for the queue, its result in a form; throws what can be said before its
  /// turn.
  func prepare<Form: ResultForm>(
    _ request: any Executable, as form: Form.Type
  ) throws(WakelogError) -> (writes: Bool, body: (Core) throws(WakelogError) -> Form) {
    let now = Clock.now()
    if let at = request.at, !options.givenClock,
      at.nanoseconds > now.adding(seconds: 3_600).nanoseconds
    {
      throw WakelogError(
        .invalidParameter,
        "is more than an hour ahead of this machine's clock; correct it, or open the log with "
          + "the given clock", field: "at")
    }
    var call = Call(at: request.at ?? now)
    call.host = hostClaim.withLock { $0 }
    call.readOnly = options.readOnly
    call.log = logName
    // Here, where callers do not wait for each other.
    call.prepare(for: request)
    if request.isTold || request.onceKey != nil { call.digest = request.digest }
    if request is AttentionRequest { call.machine = MachineView.attention(log) }
    let ready = call
    guard let key = request.onceKey else {
      return (
        request.writes,
        { core throws(WakelogError) in try Form(carryingOut: request, ready, on: core) }
      )
    }
    return (
      request.writes, { core throws(WakelogError) in try core.once(key, request, ready) }
    )
  }
}

extension Core {
  /// Carries out a call that has an idempotency key: once, however often it is asked.
  func once<Form: ResultForm>(
    _ key: String, _ request: any Executable, _ call: Call
  ) throws(WakelogError) -> Form {
    let digest = Digest.short(Array(key.utf8))
    let asked = call.digest
    guard let kept = try reply(digest) else {
      let result = try Form(carryingOut: request, call, on: self)
      var reply = TextBuffer(capacity: 1_000)
      reply.append(asked)
      if let without = try withoutPayloads(result, of: request) {
        without.write(to: &reply)
      } else {
        result.write(to: &reply)
      }
      keep(reply: reply.bytes(), under: digest, at: call.at)
      return result
    }
    guard Array(kept.prefix(asked.count)) == asked else {
      throw WakelogError(
        .conflict,
        "this key was used for another call; take a new key for each call that differs",
        field: "key")
    }
    let text = String(decoding: kept.dropFirst(asked.count), as: UTF8.self)
    guard let parsed = try? JSONParser.parse(text), var result = parsed.object else {
      throw WakelogError(.corrupt, "the reply kept under this key is damaged; run verify")
    }
    result["duplicate"] = true
    if request is WakeRequest || request is NextRequest, let run = result["run"]?.integer {
      try bringUpToDate(&result, SequenceNumber(UInt64(clamping: run)))
    }
    if let ended = result["interrupted"]?.array, request is HostRequest {
      var items: [JSONValue] = []
      for item in ended {
        var item = item.object ?? JSONObject()
        let run = SequenceNumber(UInt64(clamping: item["run"]?.integer ?? 0))
        item["payloads"] = .array(try payloads(of: try events(ofRun: run)).map(\.json))
        items.append(.object(item))
      }
      result["interrupted"] = .array(items)
    }
    return Form(result)
  }

  /// A result without the payloads in it, which are to be kept in one place alone, from where they
  /// can be removed; nil when there are none.
  private func withoutPayloads(
    _ result: some ResultForm, of request: any Executable
  ) throws(WakelogError) -> JSONObject? {
    guard request is WakeRequest || request is NextRequest || request is HostRequest else {
      return nil
    }
    var text = TextBuffer(capacity: 1_000)
    result.write(to: &text)
    let parsed = try? JSONParser.parse(String(decoding: text.bytes(), as: UTF8.self))
    guard var object = parsed?.object else { return nil }
    if object["payloads"]?.array?.isEmpty == false { object["payloads"] = JSONValue.array([]) }
    if let ended = object["interrupted"]?.array {
      object["interrupted"] = .array(
        ended.map { item in
          var item = item.object ?? JSONObject()
          item["payloads"] = JSONValue.array([])
          return .object(item)
        })
    }
    return object
  }

  /// Says what became of the run of a wake that is asked for again: one that has ended is not to be
  /// carried out once more.
  private func bringUpToDate(
    _ result: inout JSONObject, _ run: SequenceNumber
  ) throws(WakelogError) {
    let isOpen = try event(run).map { state.openRun(of: $0.session)?.run == run } ?? false
    result["open"] = .bool(isOpen)
    if result["payloads"] != nil {
      result["payloads"] = .array(try payloads(of: try events(ofRun: run)).map(\.json))
    }
    guard !isOpen, let end = try events(ofRun: run).last,
      case .runFinished(let finished) = end.body
    else { return }
    for name in ["attempt", "fence", "plan"] { result[name] = JSONValue.null }
    result["now"] = [
      "outcome": .word(finished.outcome), "via": .word(finished.via),
      "at": .string(end.at.description),
    ]
  }
}

extension Request {
  /// Tells two calls apart: a digest of the method and the parameters, time and key aside.
  var digest: [UInt8] {
    var object = json
    object.members.removeAll { $0.name == "at" || $0.name == "key" }
    var text = TextBuffer()
    text.append(Self.method)
    text.append(0)
    JSONWriter.write(object, to: &text)
    return Digest.short(text.bytes())
  }
}

/// The machine's clock.
enum Clock {
  /// The time, with the offset of the local zone.
  static func now() -> Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    var local = unsafe tm()
    var seconds = time.tv_sec
    unsafe localtime_r(&seconds, &local)
    return Instant(
      nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
      offsetMinutes: unsafe Int16(clamping: local.tm_gmtoff / 60))
  }
}

/// Two digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits: StaticString = "0123456789abcdef"
  return unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { text in
    for (index, byte) in bytes.enumerated() {
      unsafe text[index * 2] = digits.utf8Start[Int(byte >> 4)]
      unsafe text[index * 2 + 1] = digits.utf8Start[Int(byte & 15)]
    }
    return bytes.count * 2
  }
}
