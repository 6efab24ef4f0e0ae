import Testing

@testable import WakelogCommand

/// When a connection looks for its client's next request, counted in a world with a clock of its own.
struct LookoutTests {
  @Test func `requests that follow closely are looked for, and no thread sleeps any more`() {
    let client = Client(pause: 60_000)
    client.ask(1_000)
    #expect(client.sleeps == Lookout.proof)
    #expect(client.looks > 1_000)
    // The last look of each wait saw the request; before each of the others the core was offered.
    #expect(client.offers == client.looks - (1_000 - client.sleeps))
  }

  @Test(arguments: [Lookout.closeness + 1, 1_000_000, 1_000_000_000])
  func `a client that takes its time is slept for`(pause: UInt64) {
    let client = Client(pause: pause)
    client.ask(1_000)
    #expect((client.looks, client.sleeps) == (0, 1_000))
  }

  @Test func `a look lasts no longer than the patience`() {
    let client = Client(pause: 60_000)
    client.ask(10)
    let before = client.looks
    client.pause = 3_600_000_000_000
    client.ask(1)
    #expect(client.looks - before == Int(Lookout.patience / Client.lookNanoseconds))
    #expect(client.sleeps == Lookout.proof + 1)
  }

  @Test func `looks in vain are rare, and what is found makes them frequent again`() {
    let client = Client(pause: Lookout.patience + 20_000)
    client.ask(10_000)
    let vain = Int(Lookout.patience / Client.lookNanoseconds)
    #expect(client.sleeps == 10_000)
    #expect(client.looks <= (10_000 / Int(Lookout.price) + 1) * vain)
    client.pause = 60_000
    client.ask(1_000)
    #expect(client.sleeps <= 10_000 + Int(Lookout.price))
    let before = client.sleeps
    client.pause = 1_000_000_000
    client.ask(1)
    client.pause = 60_000
    client.ask(1_000)
    #expect(client.sleeps == before + 1 + Int(Lookout.price))
  }

  @Test(arguments: [(250_000, 40), (3_000_000, 480), (3_600_000_000_000, 1_024)])
  func `a look during which others took the core is paid for`(nanoseconds: UInt64, requests: Int) {
    let client = Client(pause: 60_000)
    client.ask(Lookout.proof)
    client.onOffer = nanoseconds
    client.ask(1)
    #expect((client.offers, client.sleeps) == (1, Lookout.proof))
    client.onOffer = 0
    client.ask(requests + 1)
    #expect(client.sleeps == Lookout.proof + requests)
  }

  @Test func `on one core nobody looks`() {
    let client = Client(pause: 60_000, Traffic(cores: 1))
    client.ask(1_000)
    #expect((client.looks, client.sleeps) == (0, 1_000))
  }

  @Test func `while replies are under way nobody looks`() {
    let client = Client(pause: 60_000)
    client.ask(10)
    let before = client.looks
    client.ask(1_000, isAllAnswered: false)
    #expect(client.looks == before)
  }

  @Test func `of clients that ask in turns none is looked for`() {
    let traffic = Traffic(cores: 64)
    let clients = (0..<64).map { _ in Client(pause: 60_000, traffic) }
    for _ in 0..<100 { for client in clients { client.ask(1) } }
    #expect(clients.allSatisfy { $0.looks == 0 && $0.sleeps == 100 })
  }

  @Test func `a look ends when another client asks`() {
    let traffic = Traffic(cores: 2)
    let client = Client(pause: 60_000, traffic)
    client.ask(10)
    let before = (client.looks, client.sleeps)
    client.onLook = { if client.looks == before.0 + 3 { _ = traffic.count() } }
    client.ask(1)
    #expect((client.looks, client.sleeps) == (before.0 + 3, before.1 + 1))
    client.onLook = {}
    client.ask(1)
    #expect(client.sleeps == before.1 + 1)
  }

  @Test func `a server that is to stop is seen by a look and by a sleep`() {
    let client = Client(pause: 60_000)
    client.ask(10)
    let sleeps = client.sleeps
    client.sight = .stop
    #expect(!client.ask(1))
    #expect(client.sleeps == sleeps)
    let sleeper = Client(pause: 60_000)
    sleeper.sight = .stop
    #expect(!sleeper.ask(1))
    #expect(sleeper.looks == 0)
  }
}

/// A client that sends its next request so long after an answer, and the system between.
private final class Client {
  static let lookNanoseconds: UInt64 = 1_000
  static let wakingNanoseconds: UInt64 = 40_000

  /// Nanoseconds between an answer and the next request.
  var pause: UInt64
  var sight = Lookout.Sight.input
  var onLook = {}
  /// Nanoseconds for which others take the core that they are offered.
  var onOffer: UInt64 = 0
  private(set) var looks = 0
  private(set) var sleeps = 0
  private(set) var offers = 0
  private var now: UInt64 = 1
  private var next: UInt64 = 0
  private var lookout: Lookout?

  init(pause: UInt64, _ traffic: Traffic = Traffic(cores: 2)) {
    self.pause = pause
    lookout = Lookout(
      Lookout.World(
        nanoseconds: { [unowned self] in now },
        look: { [unowned self] in look() },
        sleep: { [unowned self] in sleep() },
        giveWay: { [unowned self] in giveWay() }),
      traffic)
  }

  /// So many requests, one after the other; false once the server is to stop.
  @discardableResult func ask(_ count: Int, isAllAnswered: Bool = true) -> Bool {
    for _ in 0..<count {
      next = now + pause
      guard lookout?.wait(isAllAnswered: isAllAnswered) == true else { return false }
    }
    return true
  }

  private func look() -> Lookout.Sight {
    looks += 1
    now += Self.lookNanoseconds
    onLook()
    return now < next ? .nothing : sight
  }

  private func giveWay() {
    offers += 1
    now += onOffer
  }

  private func sleep() -> Lookout.Sight {
    sleeps += 1
    now = max(now, next) + Self.wakingNanoseconds
    return sight
  }
}
