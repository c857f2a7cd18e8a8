"""What npm's command line says of packages, and how a table of data is renewed by it."""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "src"
PLATFORM = SOURCES / "platform/data"


def view(name, *fields):
    """What npm says of a package."""
    done = subprocess.run(["npm", "view", name, *fields, "--json"], capture_output=True, text=True, check=True)
    # A field that a release does not have is answered by nothing.
    return json.loads(done.stdout or "{}")


def view_all(name, field):
    """A field of every release of a package, by release."""
    answers = view(f"{name}@>=0", "name", "version", field)
    entries = [entry for entry in answers if "version" in entry]
    return {entry["version"]: entry.get(field) for entry in entries}


def released(name):
    """The releases of a package, oldest first, without previews."""
    versions = view(name, "versions")
    plain = [version for version in versions if re.fullmatch(r"\d+\.\d+\.\d+", version)]
    return sorted(plain, key=numbers)


def numbers(version):
    return tuple(map(int, version.split(".")))


def major(version):
    return int(version.split(".")[0])


def newest(name):
    """The release that an installation without a version gets."""
    return view(name, "dist-tags")["latest"]


def read(name, release, path):
    """The text of a file of a release."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{name}@{release}", "--silent", "--pack-destination", folder]
        subprocess.run(command, capture_output=True, check=True)
        archive = next(pathlib.Path(folder).iterdir())
        done = subprocess.run(["tar", "-xzOf", archive, f"package/{path}"], capture_output=True, text=True, check=True)
    return done.stdout


def long(table):
    """A table with every value on a line of its own."""
    return json.dumps(table, indent=2) + "\n"


def lines(key):
    """How a table is written whose member `key`, its last one, holds an entry a line."""

    def text(table):
        head = json.dumps({name: value for name, value in table.items() if name != key}, indent=2)[:-2]
        entries = table[key]
        if isinstance(entries, dict):
            rows = [f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items()]
            opening, closing = "{", "}"
        else:
            rows = [f"    {json.dumps(value)}" for value in entries]
            opening, closing = "[", "]"
        return f'{head},\n  "{key}": {opening}\n' + ",\n".join(rows) + f"\n  {closing}\n}}\n"

    return text


def renew(tables):
    """Rewrites tables, given as (path, what makes the new one of the old one, how it is written), unless told to check;
    says what changed."""
    is_check = sys.argv[1:] == ["--check"]
    changed = False
    for path, renewed, text in tables:
        old = json.loads(path.read_text())
        new = renewed(old)
        if new == old:
            print(f"{path.name}: unchanged since {old['seen']}")
            continue
        changed = True
        print(f"{path.name}: {'would change' if is_check else 'changed'}")
        if not is_check:
            path.write_text(text({**new, "seen": datetime.date.today().isoformat()}))
    sys.exit(1 if is_check and changed else 0)
