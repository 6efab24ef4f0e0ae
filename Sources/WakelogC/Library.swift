internal import CWakelog
internal import Glibc
internal import Wakelog

/// See wakelog.h.
@c @implementation
public func wakelog_abi() -> Int32 { WAKELOG_ABI }

/// See wakelog.h.
@c @implementation
public func wakelog_version() -> UnsafePointer<CChar>! { unsafe Library.version }

/// See wakelog.h.
@c @implementation
public func wakelog_free(_ memory: UnsafeMutableRawPointer!) { unsafe free(memory) }

/// What is known of the library itself.
enum Library {
  /// The version, as text for C that is never freed.
  nonisolated(unsafe) static let version = unsafe UnsafePointer(strdup(wakelogVersion)!)
}
