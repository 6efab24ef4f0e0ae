internal import CWakelogSystem
internal import Glibc

/// The variables of this process.
package enum ProcessEnvironment {
  /// A variable's value; nil where it is not set.
  package static func value(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// All variables as `NAME=value`, with some set or, where nil, left out.
  package static func all(changing changes: [String: String?]) -> [String] {
    var kept: [String] = []
    var next = unsafe wakelog_environment()
    while let variables = unsafe next, let text = unsafe variables.pointee {
      let variable = unsafe String(cString: text)
      let name = String(variable.prefix { $0 != "=" })
      if changes.index(forKey: name) == nil { kept.append(variable) }
      unsafe next = variables + 1
    }
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      if let value { kept.append("\(name)=\(value)") }
    }
    return kept
  }
}
