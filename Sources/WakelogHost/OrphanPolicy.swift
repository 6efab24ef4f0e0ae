/// What to do with a CLI that lives on while the process that ran it is gone.
public enum OrphanPolicy: String, Sendable, CaseIterable {
  /// Start nothing beside it.
  case refuse
  /// Wait until it has ended.
  case wait
  /// End it.
  case end
}
