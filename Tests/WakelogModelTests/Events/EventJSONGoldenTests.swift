import Testing

@testable import WakelogModel

struct EventJSONGoldenTests {
  /// A kind with the fields that its sample shows.
  struct Golden: Sendable, CustomTestStringConvertible {
    var kind: EventKind
    var agent: String
    var fields: String
    var testDescription: String { kind.name }

    init(_ kind: EventKind, agent: String = "ada", _ fields: String) {
      self.kind = kind
      self.agent = agent
      self.fields = fields
    }

    var text: String {
      """
      {"seq":41,"at":"2026-01-18T05:00:00+01:00","kind":"\(kind.name)","session":"session-1",\
      "agent":"\(agent)","run":40,"generation":2,"imported":true,\(fields)}
      """
    }
  }

  @Test("Every kind is shown by its fields' names, and read back", arguments: examples)
  func shown(golden: Golden) throws {
    let event = Event.sample(golden.kind)
    let json = event.json(SampleSymbols.nine, agent: "ada", parse: parseSample)
    #expect(json.text == golden.text)
    var symbols = SampleSymbols.nine
    let imported = try ImportedEvent(json: json, numbers: &symbols) { session in
      #expect(session == event.session)
      return event.previous
    }
    #expect(imported.event == event.withoutSecrets)
    #expect(imported.record == nil)
    #expect(symbols.texts == SampleSymbols.nine.texts)
  }

  @Test("Every kind has its example")
  func complete() { #expect(Self.examples.map(\.kind) == EventKind.allCases) }

  @Test("An event of a host shows what it has not as null")
  func system() {
    let event = Event(
      sequence: SequenceNumber(1), at: Instant(milliseconds: 0)!, session: .none, run: .none,
      generation: Generation(0), previous: .none, body: .hostStarted(HostStarted()))
    #expect(
      event.json(SampleSymbols(), agent: nil).text == """
        {"seq":1,"at":"1970-01-01T00:00:00+00:00","kind":"host.started","session":null,\
        "agent":null,"run":null,"generation":null}
        """)
  }

  static let examples: [Golden] = [
    Golden(
      .wakeRequested, agent: "agent-2",
      """
      "provider":"provider-3","source":"cron","forceFresh":true,"keep":true,\
      "leavesNoSession":true,"interaction":true,"demandingReason":true,"keepGiven":true,\
      "hasPayload":true,"workspaceKind":"project","transcript":"present","reason":"reason-7",\
      "scope":"scope-8","workspace":"workspace-9","fingerprint":{"fingerprint":1},\
      "host":"host-2","epoch":11,"lease":11,\
      "resume":{"sessionId":"id-5","provider":"claude"},\
      "trace":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      """),
    Golden(
      .wakeCoalesced,
      """
      "wake":1
      """),
    Golden(
      .wakeDeferred,
      """
      "wake":1
      """),
    Golden(
      .wakeRefused,
      """
      "wake":1,"because":"paused"
      """),
    Golden(
      .wakeCancelled,
      """
      "by":"actor-2"
      """),
    Golden(
      .runStarted,
      """
      "wake":1,"host":"host-3","epoch":3,"lease":3
      """),
    Golden(
      .attemptStarted,
      """
      "ordinal":1,"mode":"resume","from":"explicit","reset":"rotation","outside":true,\
      "suspendedReset":true,"mintedAnew":true,"vouched":true,"beside":true,"workspaceKind":"home",\
      "workspace":"workspace-7","identity":{"sessionId":"id-8","provider":"claude"},\
      "firstFrom":"agent","firstVerdict":"inUse",\
      "firstIdentity":{"sessionId":"id-2","provider":"claude"},"secondFrom":"agent",\
      "secondVerdict":"unproven",\
      "secondIdentity":{"sessionId":"id-5","provider":"claude"},"thirdFrom":"agent",\
      "thirdVerdict":"reset","thirdIdentity":{"sessionId":"id-8","provider":"claude"},\
      "drift":{"fingerprint":9},"params":{"params":1}
      """),
    Golden(
      .attemptProgressed,
      """
      "attempt":1,"entered":true,"resumed":true,"startedCold":true,"hadOutput":true,\
      "reported":{"sessionId":"id-3","provider":"claude"},"pid":3,"processStarted":4,\
      "machine":"0000000000000005"
      """),
    Golden(
      .attemptFinished,
      """
      "attempt":1,"request":"0000000000000002","outcome":"cancelled",\
      "failure":"poisonedSession","entered":true,"resumed":true,"startedCold":true,\
      "hadOutput":true,"reported":{"sessionId":"id-6","provider":"claude"},"turns":-6,\
      "exitCode":-7,"inputTokens":8,"outputTokens":9,"costMicros":10,"because":"code-3",\
      "signal":-12,"status":-13,"errorCode":"errorCode-6","retryAfterSeconds":14,\
      "displayId":"display-8","params":{"params":9},"cachedTokens":18,\
      "totalInputTokens":true,"totalCachedTokens":true,"totalOutputTokens":true,\
      "totalCostMicros":true,"anewInputTokens":true,"anewCachedTokens":true,\
      "anewOutputTokens":true,"anewCostMicros":true
      """),
    Golden(
      .fallbackTaken,
      """
      "from":1,"to":2,"cause":"failure","failure":"poisonedSession"
      """),
    Golden(
      .sessionOpened, agent: "agent-2",
      """
      "provider":"provider-3"
      """),
    Golden(
      .sessionBound,
      """
      "identity":{"sessionId":"id-2","provider":"claude"},"provider":"provider-3",\
      "provenBy":"operator","workspaceKind":"project","workspace":"workspace-6",\
      "fingerprint":{"fingerprint":7},"host":"host-8","displayId":"display-9",\
      "params":{"params":1},"by":"actor-2"
      """),
    Golden(
      .sessionCleared,
      """
      "identity":{"sessionId":"id-2","provider":"claude"},"because":"rejectedId"
      """),
    Golden(
      .sessionCondemned,
      """
      "identity":{"sessionId":"id-2","provider":"claude"},"cause":"transcript",\
      "failure":"archivedSession","attempt":4
      """),
    Golden(
      .sessionSuspected,
      """
      "identity":{"sessionId":"id-2","provider":"claude"},"failure":"malformedSession",\
      "workspace":"workspace-4","host":"host-5","counts":5
      """),
    Golden(
      .sessionRevived,
      """
      "identity":{"sessionId":"id-2","provider":"claude"},"by":"actor-3","why":"text-4"
      """),
    Golden(
      .sessionReset,
      """
      "cause":"reason","previous":{"sessionId":"id-3","provider":"claude"},\
      "because":"text-4"
      """),
    Golden(
      .runFinished,
      """
      "outcome":"failed","via":"fallback","failure":"archivedSession","cause":"imported",\
      "attempts":5,"because":"code-7","by":"actor-8","why":"text-9"
      """),
    Golden(
      .writeRejected,
      """
      "method":"progress","because":"wrongAttempt","attempt":3,\
      "reported":{"sessionId":"id-5","provider":"claude"}
      """),
    Golden(
      .probeObserved,
      """
      "identity":{"sessionId":"id-2","provider":"claude"},"seen":"missing",\
      "detail":"text-4"
      """),
    Golden(
      .hostStarted,
      """
      "host":"host-2","epoch":2,"version":"version-4","pid":4,"processStarted":5,\
      "machine":"0000000000000006"
      """),
    Golden(
      .hostUpgraded,
      """
      "host":"host-2","to":"version-3","step":"swapped","detail":"text-5"
      """),
    Golden(
      .transcriptFlushed,
      """
      "from":1,"to":2
      """),
    Golden(
      .agentPaused, agent: "agent-2",
      """
      "by":"actor-3"
      """),
    Golden(
      .agentUnpaused, agent: "agent-2",
      """
      "by":"actor-3"
      """),
    Golden(
      .sessionRepaired,
      """
      "by":"actor-2","why":"text-3"
      """),
    Golden(
      .policyAdopted,
      """
      "policy":{"policy":2}
      """),
    Golden(
      .evidenceRedacted,
      """
      "target":1,"by":"actor-3","why":"text-4"
      """),
    Golden(
      .noteAdded,
      """
      "by":"actor-2","text":"text-3"
      """),
    Golden(
      .logTrimmed,
      """
      "through":1,"seal":"text-3","stateHash":"text-4","base":"text-5","by":"actor-6"
      """),
    Golden(
      .sessionForgotten,
      """
      "by":"actor-2","why":"text-3"
      """),
  ]
}
