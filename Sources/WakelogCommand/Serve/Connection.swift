internal import Wakelog
internal import WakelogHost
internal import WakelogModel

/// One client: reads its requests, hands them to the engine as they come, and answers in order.
///
/// Requests are not waited for one by one, so that those of one client share a commit. Only one
/// that comes alone is carried out and answered where it was read: waking two threads for it would
/// cost its client more than the call.
final class Connection: Sendable {
  private let service: Service
  private let input: Int32
  private let output: Output
  private let queue: ReplyQueue
  private let writer = Monitor<Thread?>(nil)
  private let subscription = Monitor(Subscribed())

  private struct Subscribed {
    var isAsked = false
    var current: Subscription?
    var thread: Thread?
  }

  /// Serves a client whose requests come from one descriptor and whose replies go to another.
  init(_ service: Service, input: Int32, output: Int32) {
    self.service = service
    self.input = input
    self.output = Output(output)
    queue = ReplyQueue(service.ledger)
  }

  /// Serves until the client's input ends or `stop` says so; everything accepted is answered.
  func serve() {
    var lookout = Lookout(Lookout.World(input, stop: service.stop), service.traffic)
    var lines = LineReader(input) { lookout.wait(isAllAnswered: self.queue.isIdle) }
    while let item = lines.next() {
      guard accept(item, { lines.isExhausted }) else { break }
    }
    queue.endReading()
    writer.look { $0 }?.join()
    endSubscription()
  }

  /// Takes one line; false when the client has gone.
  private func accept(_ item: LineReader.Item, _ isLast: () -> Bool) -> Bool {
    switch item {
    case .tooLong: return answer(Request.Refusal.tooLarge)
    case .line(let line):
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return true }
      do throws(Request.Refusal) {
        let request = try Request(line)
        let claim = service.claim(request.method, lineBytes: line.count)
        guard queue.isIdle, request.method == "subscribe" || isLast() || !hasWriter() else {
          return carryOut(request, claim)
        }
        return carryOutAlone(request, claim)
      } catch {
        return answer(error)
      }
    }
  }

  private func answer(_ refusal: Request.Refusal) -> Bool {
    let reply = Reply(refusal)
    guard !queue.isIdle else {
      write([reply])
      return true
    }
    guard let place = queue.reserve(reply.bytes) else { return false }
    queue.fill(place, with: reply)
    return true
  }

  private func carryOut(_ request: Request, _ claim: Claim) -> Bool {
    guard let place = queue.reserve(claim.bytes) else { return false }
    if request.method == "subscribe" {
      queue.fill(place, with: subscribe(request))
    } else {
      claim.turnstile?.enter()
      service.engine.submitText(request.method, request.params) { [queue] result in
        claim.turnstile?.leave()
        queue.fill(place, with: Reply(request.id, result))
      }
    }
    return true
  }

  private func carryOutAlone(_ request: Request, _ claim: Claim) -> Bool {
    service.ledger.accept()
    defer { service.ledger.settle(1) }
    guard request.method != "subscribe" else {
      write([subscribe(request)])
      return true
    }
    claim.turnstile?.enter()
    let result = Result { () throws(WakelogError) in
      try service.engine.text(request.method, request.params)
    }
    claim.turnstile?.leave()
    write([Reply(request.id, result)])
    return true
  }

  /// Whether a thread writes the replies, which is started for the first client that does not wait
  /// for them. Where the system has no thread left, each request is carried out alone.
  private func hasWriter() -> Bool {
    writer.change { writer in
      if writer == nil { writer = Thread.start { self.writeReplies() } }
      return writer != nil
    }
  }

  private func writeReplies() {
    while let replies = queue.take() { write(replies) }
  }

  private func write(_ replies: [Reply]) {
    var lines = TextBuffer(capacity: 1 << 10)
    for reply in replies { reply.write(to: &lines) }
    if !output.write(lines.bytes()) { queue.failWriting() }
    replies.last?.afterwards?()
  }
}

extension Connection {
  /// Answers `subscribe`; the events follow once the reply is written.
  private func subscribe(_ request: Request) -> Reply {
    do throws(WakelogError) {
      let from = try SubscribeParams(request.params).from
      let isFirst = subscription.change { state in
        defer { state.isAsked = true }
        return !state.isAsked
      }
      guard isFirst else {
        throw WakelogError(.conflict, "this connection is subscribed already; open another one")
      }
      var reply = Reply(request.id, .success(JSONText(["from": .integer(Int64(clamping: from))])))
      reply.afterwards = { self.startSubscription(from: from) }
      return reply
    } catch {
      return Reply(request.id, .failure(error))
    }
  }

  private func startSubscription(from: UInt64) {
    let events = Subscription(service, output, from: from)
    let thread = Thread.start { events.run() }
    subscription.change { state in
      state.current = events
      state.thread = thread
    }
  }

  /// Ends with the input: a client that asked for events and closed its side still gets those that
  /// are durable by then; a server that is to stop sends no more.
  private func endSubscription() {
    let state = subscription.look { $0 }
    guard let events = state.current, let thread = state.thread else { return }
    let isToStop = Descriptor.wait(for: [(service.stop, 1)], milliseconds: 0)[0] != 0
    if isToStop { events.stop() } else { events.end() }
    thread.join()
  }
}

/// The parameters of `subscribe`.
struct SubscribeParams {
  /// The first event to send; left out, the log's first.
  var from: UInt64 = 1

  init(_ params: JSONObject) throws(WakelogError) {
    for member in params.members where !member.value.isNull {
      switch member.name {
      case "from":
        guard let value = member.value.integer, value > 0 else {
          throw WakelogError(
            .invalidParameter, "from is the number of an event, 1 or more", field: "from")
        }
        from = UInt64(value)
      case "at":
        guard Instant(json: member.value) != nil else {
          throw WakelogError(
            .invalidParameter, "at is an RFC 3339 time or milliseconds since 1970", field: "at")
        }
      default:
        throw WakelogError(
          .invalidParameter, "subscribe has no parameter \(member.name); it takes from",
          field: member.name)
      }
    }
  }
}
