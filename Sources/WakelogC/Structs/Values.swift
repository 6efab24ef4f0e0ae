internal import CWakelog
internal import Wakelog

// Single members of structs, in which a number stands for what is left out.

extension wakelog_truth {
  /// Yes, no, or left out.
  func truth(_ field: String) throws(WakelogError) -> Bool? {
    switch Int(self) {
    case WAKELOG_LEFT_OUT: return nil
    case WAKELOG_TRUE: return true
    case WAKELOG_FALSE: return false
    default:
      throw WakelogError(
        .invalidParameter,
        "`\(field)` is \(self); give WAKELOG_TRUE, WAKELOG_FALSE or WAKELOG_LEFT_OUT",
        field: field)
    }
  }
}

extension Int32 {
  /// The number unless it is not known.
  var ifKnown: Int32? { self == .min ? nil : self }
}

extension FixedWidthInteger {
  /// The number unless it is 0, which stands for left out.
  var ifGiven: Self? { self == 0 ? nil : self }
}

extension Int64 {
  /// A count of what was used, -1 for not known.
  func used(_ field: String) throws(WakelogError) -> UInt64? {
    if self == -1 { return nil }
    guard let count = UInt64(exactly: self) else {
      throw WakelogError(
        .invalidParameter, "`\(field)` is \(self); give a count from 0, or -1 for not known",
        field: field)
    }
    return count
  }

  /// A time in nanoseconds, 0 for the engine's clock.
  var instant: Instant? { ifGiven.map { Instant(nanoseconds: $0) } }
}
