internal import CWakelog
internal import Wakelog

extension WakelogError {
  /// The error's number in C.
  var status: wakelog_status {
    let value =
      switch code {
      case .invalidParameter: WAKELOG_INVALID_PARAMETER
      case .unknownMethod: WAKELOG_UNKNOWN_METHOD
      case .staleFence: WAKELOG_STALE_FENCE
      case .notFound: WAKELOG_NOT_FOUND
      case .conflict: WAKELOG_CONFLICT
      case .busy: WAKELOG_BUSY
      case .corrupt: WAKELOG_CORRUPT
      case .diskFull: WAKELOG_DISK_FULL
      case .readOnly: WAKELOG_READ_ONLY
      case .tooLarge: WAKELOG_TOO_LARGE
      case .hostSuperseded: WAKELOG_HOST_SUPERSEDED
      }
    return wakelog_status(value)
  }

  /// A parameter of a function that must not be null.
  static func null(_ field: String) -> WakelogError {
    WakelogError(.invalidParameter, "`\(field)` is null; give an address", field: field)
  }
}

/// Carries out the body of a function of the header. What it throws is its status, and the last
/// error of this thread.
func answer(_ body: () throws(WakelogError) -> Void) -> wakelog_status {
  do throws(WakelogError) {
    try body()
    return wakelog_status(WAKELOG_OK)
  } catch {
    LastError.keep(error)
    return error.status
  }
}
