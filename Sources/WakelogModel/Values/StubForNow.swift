public struct Instant: Hashable, Sendable, BitwiseCopyable { public var nanoseconds: Int64; public var offsetMinutes: Int16
 public init(nanoseconds: Int64, offsetMinutes: Int16) { self.nanoseconds = nanoseconds; self.offsetMinutes = offsetMinutes } }
public enum Source: UInt8, CaseIterable, Sendable, BitwiseCopyable { case timer = 1, message, assignment, cron, manual, recovery, event }
