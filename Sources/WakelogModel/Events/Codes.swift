/// A closed set of words that is kept as one byte: 0 stands for none, an unknown number too.
public protocol FieldCode: RawRepresentable, CaseIterable, Sendable, BitwiseCopyable
where RawValue == UInt8 {
  /// The words on the wire by raw value; made once, since spelling a case is slow.
  static var words: [String] { get }
}

extension FieldCode {
  /// The word on the wire.
  public var name: String { Self.words[Int(rawValue)] }

  /// The code of a word.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

extension Source: FieldCode {}
extension FailureKind: FieldCode {}

/// What a workspace is.
public enum WorkspaceKind: UInt8, FieldCode {
  /// The agent works on a project here.
  case project = 1
  /// The agent's fallback directory.
  case home
  /// A worktree; follows the rules of a project.
  case worktree
  /// Anything else; follows the rules of a project.
  case other
}

/// How an attempt begins.
public enum Mode: UInt8, FieldCode {
  /// With a provider session that exists.
  case resume = 1
  /// With a new one.
  case fresh
}

/// Where a candidate for resuming comes from.
public enum CandidateSource: UInt8, FieldCode {
  /// The caller named it.
  case explicit = 1
  /// The key points to it.
  case bound
  /// The agent's latest binding on another key.
  case agent
}

/// What was found of a candidate.
public enum Verdict: UInt8, FieldCode {
  /// It cannot be resumed, as was seen before.
  case condemned = 1
  /// No attempt ever entered it, and nobody vouches for it.
  case unproven
  /// It belongs to another provider.
  case provider
  /// It was made on another host, and the policy binds sessions to theirs.
  case host
  /// It is of before the key's last reset.
  case reset
  /// The policy rotated it out on this wake.
  case rotated
  /// It was made under another configuration.
  case fingerprint
  /// Its transcript is gone.
  case transcript
  /// It lives in another workspace.
  case workspace
  /// An open run holds it.
  case inUse
  /// It is resumed.
  case offered
}

/// Why a generation ended.
public enum ResetCause: UInt8, FieldCode {
  /// The wake demanded it.
  case forceFresh = 1
  /// The wake's reason is one of the policy's.
  case reason
  /// A timer without scope, where the policy says so.
  case unscopedTimer
  /// A fingerprint changed that the policy names.
  case fingerprint
  /// The policy rotated the session out.
  case rotation
  /// Nobody spoke for too long.
  case idle
  /// The day's hour has passed.
  case daily
  /// `reset` was called.
  case asked

  /// Whether somebody wanted it.
  public var wasAsked: Bool { self == .asked || self == .forceFresh || self == .reason }
}

/// Who proved a binding.
public enum Proof: UInt8, FieldCode {
  /// An attempt succeeded in it.
  case success = 1
  /// An attempt entered it.
  case entered
  /// A caller asserted it.
  case caller
  /// An operator asserted it.
  case `operator`
  /// It was imported.
  case imported
}

/// How an attempt or a run ended.
public enum Outcome: UInt8, FieldCode {
  /// It did what was asked.
  case succeeded = 1
  /// It did not.
  case failed
  /// It did not end in time.
  case timedOut
  /// Somebody stopped it.
  case cancelled
  /// Its process or host was lost, or it was abandoned.
  case interrupted
  /// A reset took its place.
  case superseded
}

/// By which way a run ended.
public enum Via: UInt8, FieldCode {
  /// Its only attempt resumed.
  case resume = 1
  /// Its only attempt was fresh.
  case fresh
  /// It took a fallback.
  case fallback
}

/// Why an open run was ended from outside.
public enum EndCause: UInt8, FieldCode {
  /// Its host came back under a new epoch.
  case host = 1
  /// Its lease ran out.
  case lease
  /// Somebody abandoned it.
  case abandoned
  /// Its key was reset.
  case reset
  /// The log was imported while it was open.
  case imported
}

/// Why a wake was refused.
public enum RefusalCause: UInt8, FieldCode {
  /// The agent is paused.
  case paused = 1
  /// The provider asked to wait.
  case notBefore
}

/// Why a binding was cleared.
public enum ClearCause: UInt8, FieldCode {
  /// Its id was condemned.
  case condemned = 1
  /// A fresh success reported no id.
  case noIdReported
  /// A success reported an id that may not be bound.
  case rejectedId
  /// An operator cleared it.
  case `operator`
  /// The run that made it ended as one whose session cannot go on.
  case ended
}

/// Why an id was condemned, beside the failure kinds.
public enum CondemnCause: UInt8, FieldCode {
  /// An attempt failed in a way that says so.
  case failure = 1
  /// It failed too often without a turn.
  case suspect
  /// A probe or wake saw no transcript.
  case transcript
  /// The source of an import says so.
  case imported
}

/// What a fallback answered to.
public enum FallbackCause: UInt8, FieldCode {
  /// The failed attempt's failure kind.
  case failure = 1
  /// The id was condemned as suspect.
  case suspect
  /// The provider started another session than the one asked for.
  case providerReplaced
}

/// Why a write was rejected.
public enum RejectCause: UInt8, FieldCode {
  /// Its fence is stale.
  case staleFence = 1
  /// Its host's epoch is stale.
  case staleEpoch
  /// It names an attempt that is not the current one.
  case wrongAttempt
  /// It reports a condemned id.
  case condemnedId
  /// It reports an id of before the reset.
  case beforeReset
}

/// The step an upgrade has come to.
public enum UpgradeStep: UInt8, FieldCode {
  /// The new version lies ready.
  case staged = 1
  /// It was tried and works.
  case verified
  /// It was tried and does not.
  case failed
  /// It is the version to run.
  case swapped
}

/// A method that writes, as `write.rejected` names it.
public enum WritingMethod: UInt8, FieldCode {
  /// `wake`
  case wake = 1
  /// `progress`
  case progress
  /// `finish`
  case finish
  /// `next`
  case next
  /// `check`
  case check
  /// `flush`
  case flush
}
