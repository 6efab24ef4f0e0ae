"""The real `claude`, without login: an id that it does not know, then the fallback.

`WAKELOG_CLAUDE` is its path (`.ci/claude` prints it); skipped without.
"""

import os
import subprocess

import pytest

import wakelog

CLAUDE = os.environ.get("WAKELOG_CLAUDE")
UNKNOWN = "0badc0de-0000-4000-8000-000000000000"

pytestmark = pytest.mark.skipif(not CLAUDE, reason="WAKELOG_CLAUDE does not name a claude binary")


def attempt(host, woken, number, plan, output, home):
    """Runs one attempt as a host does, and tells its end."""
    # `--verbose` is what claude asks for with stream-json.
    words = [CLAUDE, "-p", "hi", "--output-format", output, "--verbose"]
    call = wakelog.command("claude", words, session_id=plan.session_id)
    environment = {name: os.environ[name] for name in ["PATH"] if name in os.environ}
    environment.update(HOME=str(home), CLAUDE_CONFIG_DIR=str(home / ".claude"), CI="1")
    with wakelog.OutputReader("claude") as reader:
        done = subprocess.run(
            call.command,
            cwd=plan.workspace.path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        reader.feed(done.stdout)
        said = reader.end()
    return host.finish(
        attempt=number,
        fence=woken.fence,
        exit_code=done.returncode,
        stdout=done.stdout.decode(errors="replace"),
        stderr=done.stderr.decode(errors="replace"),
        session_id=said.session_id,
        turns=said.turns,
        usage=said.usage,
    )


@pytest.mark.parametrize(
    "output, asked, kind",
    [
        ("text", UNKNOWN, "unknownSession"),
        ("json", UNKNOWN, "unknownSession"),
        ("stream-json", UNKNOWN, "unknownSession"),
        ("text", "no id", "malformedSession"),
        ("stream-json", "no id", "malformedSession"),
    ],
)
def test_a_dead_id_is_condemned_and_the_fallback_fails_for_lack_of_login(
    host, tmp_path, output, asked, kind
):
    place = tmp_path / "project"
    place.mkdir()
    woken = host.wake(
        session="s",
        agent="a",
        provider="claude",
        source="message",
        resume=asked,
        workspace=wakelog.Workspace(str(place), "project"),
    )
    assert (woken.plan.mode, woken.plan.session_id) == ("resume", asked)
    first = attempt(host, woken, woken.attempt, woken.plan, output, tmp_path)
    assert (first.failure.kind, first.failure.family) == (kind, "session"), first
    assert not first.settled and first.next.plan.mode == "fresh"
    second = attempt(host, woken, first.next.attempt, first.next.plan, output, tmp_path)
    assert second.settled and second.failure.family == "configuration", second
    assert [c.session_id for c in second.session.condemned] == [asked]
    assert second.session.bound is None
    assert host.agent(agent="a").failures.configuration == 1
    again = host.wake(
        session="s", agent="a", provider="claude", source="manual", resume=asked
    )
    assert [(c.from_, c.verdict) for c in again.plan.considered] == [("explicit", "condemned")]
