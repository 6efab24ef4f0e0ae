"""A CLI that prints what Claude Code prints, and goes wrong as it is told."""

import os
import stat
import sys

# `DO` says what it does: Python that may `say`, with what it was asked and the id to resume.
PROGRAM = '''#!{python}
import json, os, signal, subprocess, sys, time
words = sys.argv[1:]
resumed = words[words.index("--resume") + 1] if "--resume" in words else None
asked = words[words.index("-p") + 1]

def put(**document):
    print(json.dumps(document), flush=True)

def begin(session):
    put(type="system", subtype="init", session_id=session)

def say(session, text):
    begin(session)
    put(type="assistant", message=dict(model="m", content=[dict(type="text", text=text)]))
    put(type="result", is_error=False, num_turns=1, session_id=session, result=text,
        usage=dict(input_tokens=3, output_tokens=2))

def note(*pids):
    with open({folder!r} + "/pids", "w") as file:
        file.write(" ".join(map(str, (os.getpid(), *pids))) + " .")

def wait_for_go():
    while not os.path.exists({folder!r} + "/go"):
        time.sleep(0.02)

{do}
'''


class AgentCLI:
    """`claude`, in a folder of its own, and the environment in which it is found."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir(exist_ok=True)

    def does(self, do):
        """Writes the program."""
        path = self.bin / "claude"
        path.write_text(PROGRAM.format(python=sys.executable, folder=str(self.folder), do=do))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def command(self, turn):
        """Its call, as hosts make it."""
        return {
            "words": ["claude", "-p", turn.text, "--output-format", "stream-json", "--verbose"],
            "environment": {"PATH": f"{self.bin}:{os.environ['PATH']}" if self.exists else "/none"},
        }

    @property
    def exists(self):
        return (self.bin / "claude").exists()

    def go(self):
        """Lets it go on, where it waits for that."""
        (self.folder / "go").touch()

    @property
    def pids(self):
        """The processes that it has written down; None before it has."""
        try:
            text = (self.folder / "pids").read_text()
        except FileNotFoundError:
            return None
        return [int(word) for word in text[:-2].split()] if text.endswith(" .") else None


def lives(pid):
    """Whether a process runs, and is more than its exit status."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return ") Z " not in file.read()
    except FileNotFoundError:
        return False
