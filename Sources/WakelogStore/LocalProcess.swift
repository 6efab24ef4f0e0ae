import CWakelogSystem
import Glibc

/// A process of this machine, told from any other that has or will have its number.
public struct LocalProcess: Sendable, Equatable {
  /// Its number.
  public var pid: Int32
  /// When it started, in the kernel's ticks since boot; 0 when that is not known.
  public var started: UInt64
  /// A digest of the machine's boot and of this pid namespace; 0 when that is not known.
  public var machine: UInt64

  /// Takes what was kept of a process.
  public init(pid: Int32, started: UInt64, machine: UInt64) {
    self.pid = pid
    self.started = started
    self.machine = machine
  }

  /// The process that has a number now; nil when there is none.
  public init?(pid: Int32) {
    var started: UInt64 = 0
    guard pid > 0, Self.isThere(pid, &started) else { return nil }
    self.init(pid: pid, started: started, machine: Self.here)
  }

  /// This process.
  public static var own: LocalProcess {
    LocalProcess(pid: getpid()) ?? LocalProcess(pid: getpid(), started: 0, machine: here)
  }

  /// Whether it still runs on this machine; false too for one of another machine or container, and
  /// for one of which only the number is known.
  public var isAlive: Bool {
    guard pid > 0, machine != 0, machine == Self.here, started != 0 else { return false }
    var now: UInt64 = 0
    return Self.isThere(pid, &now) && now == started
  }

  private static func isThere(_ pid: Int32, _ started: inout UInt64) -> Bool {
    let state = unsafe wakelog_process_state(pid, &started)
    return state != 0 && state != Int8(UInt8(ascii: "Z"))
  }

  /// This machine since its boot, as this pid namespace sees it.
  private static let here: UInt64 = {
    var text = [CChar](repeating: 0, count: 64)
    let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    let count = unsafe read(descriptor, &text, text.count)
    Glibc.close(descriptor)
    guard count > 0 else { return 0 }
    let boot = text[..<count].map { UInt8(bitPattern: $0) }
    let namespace = wakelog_holder_self().pid_namespace
    let digest = Digest.short(boot + Array("\(namespace)".utf8))
    return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }()
}
