/// A process, told from any other that has or will have its number.
public struct ProcessMark: Hashable, Sendable, BitwiseCopyable {
  /// When it started, in the kernel's ticks since boot; 0 when that is not known.
  public var started: UInt64
  /// A digest of the machine's boot and of the pid namespace in which the number counts; 0 when that
  /// is not known.
  public var machine: UInt64
  /// Its number; 0 for no process.
  public var pid: UInt32

  /// Names a process.
  public init(pid: UInt32, started: UInt64 = 0, machine: UInt64 = 0) {
    self.pid = pid
    self.started = started
    self.machine = machine
  }

  /// No process.
  public static let none = ProcessMark(pid: 0)

  /// Whether it is one.
  public var exists: Bool { pid != 0 }
}
