internal import CWakelog
internal import Glibc
internal import Wakelog

/// The texts of a result in one piece of memory, which the caller frees at once.
struct TextBlock {
  /// A text's place within the block; nil for null.
  typealias Place = Int?

  private var bytes: [UInt8] = []

  /// Adds a text.
  mutating func add(_ text: String?) -> Place {
    guard let text else { return nil }
    let place = bytes.count
    bytes.append(contentsOf: text.utf8)
    bytes.append(0)
    return place
  }

  /// The memory that `wakelog_free` frees; nil when there are no texts.
  func allocate() -> UnsafeMutablePointer<CChar>? {
    unsafe bytes.isEmpty ? nil : Text.copy(bytes).start
  }

  /// The places of a plan's texts.
  struct Plan {
    var sessionId: Place = nil
    var path: Place = nil
    var kind: Place = nil
    var params: Place = nil
    var because: Place = nil
    var attempt: UInt64 = 0
    var generation: UInt64 = 0

    /// The plan with its texts in a block.
    func at(_ block: UnsafeMutablePointer<CChar>?) -> wakelog_plan {
      unsafe wakelog_plan(
        attempt: attempt, generation: generation, session_id: sessionId.at(block),
        workspace_path: path.at(block), workspace_kind: kind.at(block), params: params.at(block),
        because: because.at(block))
    }
  }

  /// Adds the texts of a plan; of none when there is nothing to run.
  mutating func add(_ plan: PlanResult?, attempt: UInt64?) -> Plan {
    guard let plan, let attempt else { return Plan() }
    let workspace = plan.workspace
    return Plan(
      sessionId: add(plan.sessionId), path: add(workspace?.path), kind: add(workspace?.kind.name),
      params: add(plan.params.map { JSONValue.object($0).text }), because: add(plan.because),
      attempt: attempt, generation: plan.generation)
  }
}

extension TextBlock.Place {
  /// The text in its block.
  func at(_ block: UnsafeMutablePointer<CChar>?) -> UnsafePointer<CChar>? {
    guard let self, let block = unsafe block else { return nil }
    return unsafe UnsafePointer(block + self)
  }
}
