internal import Synchronization

/// How a connection waits for its client's next request: asleep, or looking for it first.
///
/// Waking a thread that sleeps takes tens of microseconds on many a machine, longer than most calls.
/// So where requests follow each other closely, the thread looks for the next without sleeping,
/// though for `patience` at most. What that may cost others is bounded:
///
/// - An idle connection sleeps, and one whose client takes its time never looks.
/// - One thread of a server looks, that of the connection which was asked last, once all is
///   answered. Where several clients ask at a time, the cores have work, and nobody looks.
/// - Between two glances the core is offered to whoever wants it. Who takes it keeps it for longer
///   than waking would have taken: then the look was in vain, as if nothing had come.
/// - A look in vain is paid for: the longer it took, the more requests have to come closely before
///   the next look.
/// - On a single core, or on a quota for less than two, the client could not run meanwhile: there
///   nobody looks.
struct Lookout {
  /// What there is to see.
  enum Sight {
    case nothing
    /// Input, or its end.
    case input
    /// The server is to stop.
    case stop
  }

  /// The system as the look-out needs it; a test's own in its place.
  struct World {
    /// A clock that only goes forward.
    var nanoseconds: () -> UInt64
    /// What there is now.
    var look: () -> Sight
    /// What comes next, slept for.
    var sleep: () -> Sight
    /// Lets other threads have the core.
    var giveWay: () -> Void
  }

  /// How long a request is looked for, in nanoseconds.
  static let patience: UInt64 = 100_000
  /// The longest wait, slept through and woken from, after which a request has come closely.
  static let closeness: UInt64 = 250_000
  /// How many requests have to come closely, one after the other, before the next is looked for.
  static let proof = 4
  /// As many as that after a look in vain, for each `patience` that it took; at most `longestProof`.
  static let price: UInt64 = 16
  static let longestProof: UInt64 = 1_024

  private let world: World
  private let traffic: Traffic
  private var turn = 0
  private var closeOnes = 0
  private var needed = proof

  init(_ world: World, _ traffic: Traffic) {
    self.world = world
    self.traffic = traffic
  }

  /// Waits for input; false once the server is to stop. `isAllAnswered`: whether nothing that was
  /// asked before is still under way.
  mutating func wait(isAllAnswered: Bool) -> Bool {
    guard traffic.allowsLooking else { return world.sleep() != .stop }
    let start = world.nanoseconds()
    var sight = Sight.nothing
    if isAllAnswered, closeOnes >= needed { sight = look(from: start) }
    if sight == .nothing {
      sight = world.sleep()
      let isClose = world.nanoseconds() - start <= Self.closeness
      closeOnes = isClose ? closeOnes + 1 : 0
    }
    turn = traffic.count()
    return sight != .stop
  }

  private mutating func look(from start: UInt64) -> Sight {
    while traffic.isLast(turn) {
      let sight = world.look()
      let duration = world.nanoseconds() - start
      guard duration < Self.patience else {
        needed = Int(min(duration / (Self.patience / Self.price), Self.longestProof))
        closeOnes = 0
        return sight
      }
      guard sight == .nothing else {
        needed = Self.proof
        return sight
      }
      world.giveWay()
    }
    return .nothing
  }
}

/// What the connections of a server know of one another: whose client asked last.
final class Traffic: Sendable {
  /// Whether a thread may look while its client runs.
  let allowsLooking: Bool
  private let requests = Atomic(0)

  init(cores: Int) { allowsLooking = cores > 1 }

  /// Counts a request, or several that came at once; gives its number.
  func count() -> Int { requests.add(1, ordering: .relaxed).newValue }

  /// Whether no other request came after that of a number.
  func isLast(_ number: Int) -> Bool { requests.load(ordering: .relaxed) == number }
}
