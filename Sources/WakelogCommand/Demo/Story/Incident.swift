internal import WakelogModel

// An incident as it was recorded: facts from outside, and what the world answers to an attempt.

extension Demo {
  /// One incident: what happened to a host from outside, whatever it decided.
  struct Incident {
    /// Its name, as `paperclip-6608`.
    var name: String
    /// What went wrong, in a line.
    var title: String
    /// The program that it happened to.
    var host: String
    /// Where it was reported.
    var cites: [String]
    /// What happened, for somebody who knows none of it.
    var story: String
    /// The built-in policy that stands for the host's reset rules.
    var policy: String
    /// The name of the host's own rules of the time.
    var rules: String
    /// The laws that those rules broke.
    var breaks: [Law]
    /// What came from outside, in order.
    var facts: [Fact]
    /// What an attempt meets.
    var world: World
  }

  /// Something that came from outside.
  struct Fact {
    /// When.
    var at: Instant
    /// What.
    var deed: Deed
    /// The line that says so, in the event JSON.
    var line: JSONObject
  }

  /// What a fact is.
  enum Deed {
    /// Somebody or something asked for a run.
    case wake(Wake)
    /// Somebody asked to forget the conversation.
    case reset(session: String, because: String)
    /// A host process began.
    case hostStarted(host: String, version: String)
    /// An upgrade went one step.
    case hostUpgraded(host: String, to: String, step: UpgradeStep, detail: String?)
    /// Something happened that no event is for.
    case note(by: String, text: String)
  }

  /// A request to run.
  struct Wake {
    /// The place of its fact, and its name in both plays.
    var index: Int
    var at: Instant
    var session: String
    var agent: String
    var provider: String
    var source: Source
    var reason: String?
    var scope: String?
    var workspace: Place?
    /// Whether the host saw the session's transcript; nil when it did not look.
    var transcript: Bool?
    /// The run is one that leaves no session.
    var leavesNoSession: Bool
    var host: String?
    /// The line that says so.
    var line: JSONObject
  }

  /// A directory that an agent works in.
  struct Place: Equatable {
    var path: String
    var kind: WorkspaceKind
  }

  /// One try that was begun: what the world is asked.
  struct Attempt {
    var wake: Wake
    /// The session to resume; nil for a fresh one.
    var resume: String?
    var workspace: Place?
    var startedAt: Instant
    /// Counts the attempts of the run from 1.
    var ordinal = 1
    /// The wake of this attempt began a new generation.
    var isAfterReset = false
    /// The number of its event in the play's log.
    var number: UInt64
  }

  /// What the world did with an attempt.
  struct Answer {
    var milliseconds: Int64
    /// Whether the agent did its work.
    var works: Bool
    /// Whether the session could not be resumed, or not there.
    var isDead: Bool
    /// The messages that it adds to a transcript.
    var messages: UInt64
    /// The id that a host gave to a run that never had a session.
    var provisional: String?
    /// What the host got back, as `finish` takes it.
    var leaves: JSONObject

    /// The id that the provider reported.
    var reported: String? { leaves["sessionId"]?.string }
    /// The model turns taken.
    var turns: Int64 { leaves["turns"]?.integer ?? 0 }

    /// The first line of what was printed in error; nil when nothing was.
    var complaint: String? {
      let text = leaves["stderr"]?.string ?? leaves["message"]?.string
      return text?.split(separator: "\n").first.map(String.init)
    }
  }
}
