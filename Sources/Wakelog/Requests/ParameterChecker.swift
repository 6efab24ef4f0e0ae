internal import WakelogModel

/// Sees whether parameters are surely right, and makes nothing on the way.
///
/// What it does not know to be right goes through JSON there and back, which says what is wrong.
private struct ParameterChecker: ParameterVisitor {
  typealias Failure = Never

  var isPlainlyValid = true

  @inline(__always)
  mutating func required<Value>(
    _ name: String, _ value: inout Value, _ form: @autoclosure () -> ParameterForm<Value>
  ) {
    if !form().accepts(value) { isPlainlyValid = false }
  }

  @inline(__always)
  mutating func optional<Value>(
    _ name: String, _ value: inout Value?, _ form: @autoclosure () -> ParameterForm<Value>
  ) {
    if let value, !form().accepts(value) { isPlainlyValid = false }
  }

  @inline(__always)
  mutating func nullable<Value>(
    _ name: String, _ value: inout Given<Value>, _ form: @autoclosure () -> ParameterForm<Value>
  ) {
    if case .value(let value) = value, !form().accepts(value) { isPlainlyValid = false }
  }
}

extension ParameterObject {
  /// Whether the parameters are surely right; `false` says nothing.
  var isPlainlyValid: Bool {
    var copy = self
    var checker = ParameterChecker()
    copy.visit(&checker)
    return checker.isPlainlyValid && conflict() == nil
  }
}
