public import WakelogModel

/// A host's own rules of a time, as its sources and reports tell them: pure functions of what its
/// log says, put around the engine's reading of facts. The engine's code knows none of them.
public protocol HostAsItWas: Sendable {
  /// Its name with the version or the change before which it was so: `archon@before-1294`.
  var name: String { get }
  /// The rules, each in a sentence with its source.
  var rules: [String] { get }
  /// The built-in policy that stands for its reset rules.
  var policy: String { get }

  /// What it begins a run with.
  func choose(_ run: RunAsItWas) -> ChoiceAsItWas
  /// What it tries next within the run; nil when the run has ended.
  func retry(_ run: RunAsItWas, after finish: AttemptFinished) -> ChoiceAsItWas?
  /// What it makes of a run that has ended.
  func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas

  /// Whether a reset closes the run that is open, and what is in memory forgets the session.
  var obeysResets: Bool { get }
  /// What becomes of a run whose process is lost when its host starts anew; nil for what the
  /// engine makes of it.
  var endingOfLostRun: EndingAsItWas? { get }
  /// What somebody does about an agent that failed so often in a row, in words; nil for nothing.
  func answer(toFailuresInARow failures: Int, of agent: String) -> String?
  /// The rules after a change was deployed, as a note in the log says by its author.
  func following(noteBy author: String) -> (any HostAsItWas)?
}

extension HostAsItWas {
  /// It does not try again.
  public func retry(_ run: RunAsItWas, after finish: AttemptFinished) -> ChoiceAsItWas? { nil }
  /// It does.
  public var obeysResets: Bool { true }
  /// As the engine.
  public var endingOfLostRun: EndingAsItWas? { nil }
  /// Nobody does.
  public func answer(toFailuresInARow failures: Int, of agent: String) -> String? { nil }
  /// They stay.
  public func following(noteBy author: String) -> (any HostAsItWas)? { nil }
}

/// What a host knows of a run.
public struct RunAsItWas {
  /// The run with its current attempt, if there is one yet.
  public var run: RunRow
  /// The key as it was when the run began or its attempt ended.
  public var key: SessionRow
  let context: any Context
  /// The workspace that the key's session was last bound in.
  public var boundWorkspace: Workspace?
  /// The wake's reason is one of the policy's demands for a fresh session.
  public var isFreshDemanded: Bool
  /// The directory that the wake names.
  public var wakeWorkspace: Workspace? {
    run.wakeWorkspaceKind.map { Workspace(path: run.wakeWorkspace, kind: $0) }
  }

  /// Whether an entry of the classifier's table told why an attempt failed.
  public func isTold(_ finish: AttemptFinished, by entry: String) -> Bool {
    finish.because.exists && finish.because == context.symbol(ofCode: entry)
  }

  /// Resumes what the key points to, in the wake's directory.
  public var resumeBound: ChoiceAsItWas {
    ChoiceAsItWas(resume: key.bound, workspace: wakeWorkspace)
  }
}

/// What a host begins an attempt with.
public struct ChoiceAsItWas {
  /// The id to resume; none to start fresh.
  public var resume = IdentitySymbol.none
  /// Where.
  public var workspace: Workspace?
  /// Why this wake begins a new generation.
  public var reset: ResetCause?

  /// A fresh start anywhere, unless said otherwise.
  public init(
    resume: IdentitySymbol = .none, workspace: Workspace? = nil, reset: ResetCause? = nil
  ) {
    self.resume = resume
    self.workspace = workspace
    self.reset = reset
  }
}

/// What a host makes of a run.
public struct EndingAsItWas: Sendable {
  /// How the run ended.
  public var outcome: Outcome
  /// Why, if it failed.
  public var failure: FailureKind?
  /// The id that is stored now; none when what is stored stays.
  public var stores: IdentitySymbol
  /// What is stored is taken away.
  public var clears = false

  /// An end that stores nothing unless said otherwise.
  public init(outcome: Outcome, failure: FailureKind? = nil, stores: IdentitySymbol = .none) {
    self.outcome = outcome
    self.failure = failure
    self.stores = stores
  }

  /// The last attempt's end is the run's, and whatever id it reports is stored.
  public init(of finish: AttemptFinished) {
    self.init(
      outcome: finish.outcome ?? .failed, failure: finish.failure, stores: finish.reported)
  }
}
