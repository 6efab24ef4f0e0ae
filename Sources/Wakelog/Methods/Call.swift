import Glibc
import WakelogModel
import WakelogStore

/// A request that the engine can carry out.
protocol Executable: Request, ParameterObject {
  /// Whether it may append events.
  static var writes: Bool { get }
  /// Whether a call is told from others by its digest, also without a key.
  static var isTold: Bool { get }
  /// The idempotency key, of those that have one.
  var onceKey: String? { get }
  /// What it gives.
  associatedtype Output: CallResult
  /// Carries it out within a transaction, and gives the result.
  func execute(_ call: Call, on core: Core) throws(WakelogError) -> Output
}

extension Executable {
  static var isTold: Bool { false }
  var onceKey: String? { nil }
}

extension Executable where Self: WritingRequest {
  var onceKey: String? { key }
}

/// What a method gives: an object, or a list.
protocol CallResult {
  /// The result on the wire.
  var value: JSONValue { get }
}

extension JSONObject: CallResult {
  var value: JSONValue { .object(self) }
}

extension [JSONValue]: CallResult {
  var value: JSONValue { .array(self) }
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
}

extension Engine {
  /// Makes a request ready for the queue; throws what can be said before its turn.
  func prepare(
    _ request: some Request
  ) throws(WakelogError) -> (writes: Bool, body: (Core) throws(WakelogError) -> JSONValue) {
    guard let request = request as? any Executable else {
      throw WakelogError(.unknownMethod, "the method is not carried out here")
    }
    return try prepare(executable: request)
  }

  /// Makes a request ready whose type says that it can be carried out.
  func prepare<R: Executable>(
    executable request: R
  ) throws(WakelogError) -> (writes: Bool, body: (Core) throws(WakelogError) -> JSONValue) {
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
    if R.isTold || request.onceKey != nil { call.digest = request.digest }
    let ready = call
    let writes = R.writes && !(request is PolicyRequest && request.json["adopt"] == nil)
    guard let key = request.onceKey else {
      return (writes, { core throws(WakelogError) in try request.execute(ready, on: core).value })
    }
    return (
      writes,
      { core throws(WakelogError) in try core.once(key, request, ready) }
    )
  }
}

extension Core {
  /// Carries out a call that has an idempotency key: once, however often it is asked.
  func once<R: Executable>(
    _ key: String, _ request: R, _ call: Call
  ) throws(WakelogError) -> JSONValue {
    let digest = Digest.short(Array(key.utf8))
    let asked = call.digest
    let view = try view
    let kept: [UInt8]?
    do { kept = try view.reply(digest) } catch { throw WakelogError(any: error) }
    guard let kept else {
      let result = try request.execute(call, on: self).value
      var bytes = asked
      JSONWriter.write(result, to: &bytes)
      keep(reply: bytes, under: digest, at: call.at)
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
    if R.self == WakeRequest.self, let run = result["run"]?.integer {
      result["open"] = .bool(isOpen(SequenceNumber(UInt64(clamping: run))))
    }
    return .object(result)
  }

  private func isOpen(_ run: SequenceNumber) -> Bool {
    guard let wake = try? event(run) else { return false }
    return state.openRun(of: wake.session)?.run == run
  }
}

extension Request {
  /// Tells two calls apart: a digest of the method and the parameters, time and key aside.
  var digest: [UInt8] {
    var object = json
    object.members.removeAll { $0.name == "at" || $0.name == "key" }
    var bytes = Array(Self.method.utf8) + [0]
    JSONWriter.write(object, to: &bytes)
    return Digest.short(bytes)
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
