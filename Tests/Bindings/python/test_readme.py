"""The README's program runs as it stands."""

import os
import re
import stat
import sys
from pathlib import Path

import wakelog
from conftest import run_python

README = Path(__file__).parents[3] / "README.md"

# Knows the one session that it began; what it was asked is told as its answer.
CLAUDE = """#!{python}
import json, sys
asked = sys.argv[sys.argv.index("--resume") + 1] if "--resume" in sys.argv else None
if asked not in (None, {known!r}):
    sys.exit("No conversation found with session ID: " + asked)
print(json.dumps(dict(type="result", subtype="success", is_error=False, num_turns=1,
    session_id={begun!r}, result="asked for " + str(asked), usage=dict(output_tokens=1))))
"""


def test_the_program_of_the_readme_runs(tmp_path):
    section = README.read_text().split("\n### Python\n")[1].split("\n##")[0]
    [program] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    claude = tmp_path / "claude"
    environment = dict(os.environ, PATH=f"{tmp_path}:{os.environ['PATH']}")

    def run(known, begun):
        claude.write_text(CLAUDE.format(python=sys.executable, known=known, begun=begun))
        claude.chmod(claude.stat().st_mode | stat.S_IXUSR)
        ended = run_python(program, tmp_path / "log", env=environment)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    assert "outcome='succeeded', attempts=1, via='fresh'" in run(None, "id-1")
    assert "outcome='succeeded', attempts=1, via='resume'" in run("id-1", "id-1")
    # Its CLI has forgotten the session.
    assert "outcome='succeeded', attempts=2, via='fallback'" in run(None, "id-2")
    with wakelog.Engine(tmp_path / "log", host=None) as engine:
        [session] = engine.sessions()
        assert session.bound.session_id == "id-2"
        assert [condemned.session_id for condemned in session.condemned] == ["id-1"]
