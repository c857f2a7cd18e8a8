"""Repositories that the benchmark measures and that a release is trained on."""

import json
import shutil
import subprocess

import blueprints

TOML = """[build]
command = "npm run build"
publish = "dist"

[build.environment]
NODE_VERSION = "22"

[[redirects]]
from = "/old/*"
to = "/new/:splat"
status = 301

[[redirects]]
from = "/*"
to = "/index.html"
status = 200

[[headers]]
for = "/assets/*"
[headers.values]
Cache-Control = "public, max-age=31536000"

[context.deploy-preview]
command = "npm run build"
"""

MANIFEST = {
    "name": "site",
    "private": True,
    "type": "module",
    "scripts": {"dev": "vite", "build": "vite build"},
    "dependencies": {"react": "^19.0.0", "react-dom": "^19.0.0"},
    "devDependencies": {"vite": "^7.0.0", "@vitejs/plugin-react": "^5.0.0"},
}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def site(folder, files):
    """A Vite site of about this many files."""
    lock = {"name": "site", "lockfileVersion": 3, "packages": {"": {key: MANIFEST[key] for key in ("dependencies", "devDependencies")}}}
    for kind in ("dependencies", "devDependencies"):
        for name, wanted in MANIFEST[kind].items():
            entry = {"version": wanted[1:], "dev": kind == "devDependencies"}
            if name == "vite":
                entry["bin"] = {"vite": "bin/vite.js"}
            lock["packages"][f"node_modules/{name}"] = entry
    write(folder / "netlify.toml", TOML)
    write(folder / "package.json", json.dumps(MANIFEST, indent=2))
    write(folder / "package-lock.json", json.dumps(lock, indent=2))
    write(folder / "index.html", '<div id="root"></div><script type="module" src="/src/main.jsx"></script>\n')
    write(folder / "vite.config.js", "import react from '@vitejs/plugin-react'\nexport default { plugins: [react()] }\n")
    write(folder / "src/main.jsx", "import './part/0.jsx'\n")
    write(folder / "netlify/functions/hello.mjs", "export default async () => new Response('hello')\n")
    for number in range(files - 7):
        write(folder / f"src/part/{number // 100}/{number}.jsx", f"export const part{number} = {number}\n")
    write(folder / "src/part/0.jsx", "export const zero = 0\n")


COMPONENT = """import { useState } from 'react'
import type { Part } from '../../types'
%(imports)s

interface Props extends Part {
  title: string
  onChoose?: (index: number) => void
}

const LABELS: Record<string, string> = { open: 'Open', close: 'Close', more: 'Show more', less: 'Show less' }

export function part%(number)d({ title, items, onChoose }: Props) {
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen ? items : items.slice(0, 3)
  const choose = (index: number) => {
    if (onChoose) onChoose(index)
    else console.log(`chosen ${title}: ${items[index]?.name ?? 'none'}`)
  }
  return (
    <section className="part" aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {shown.map((item, index) => (
          <li key={item.id} onClick={() => choose(index)}>
            {item.name} <small>{item.count > 1 ? `${item.count} pieces` : 'one piece'}</small>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => setOpen(!isOpen)}>{isOpen ? LABELS.less : LABELS.more}</button>
%(uses)s
    </section>
  )
}

export function sum%(number)d(list: Part['items']): number {
  return list.filter((item) => item.count > 0 && !/hidden|gone/.test(item.name)).reduce((all, item) => all + item.count, 0)
}
"""


def sources(folder, files):
    """A Vite site whose sources import each other, each of them reached from the page."""
    site(folder, 8)
    shutil.rmtree(folder / "src")
    place = lambda number: f"part{number // 100}/p{number}"
    write(folder / "index.html", '<div id="root"></div><script type="module" src="/src/main.tsx"></script>\n')
    write(folder / "src/types.ts", "export interface Part { items: { id: number; name: string; count: number }[] }\n")
    write(folder / "src/main.tsx", "import { part0 } from './parts/part0/p0'\n\nconsole.log(part0)\n")
    for number in range(files):
        below = [one for one in (2 * number + 1, 2 * number + 2) if one < files]
        imports = "\n".join(f"import {{ part{one}, sum{one} }} from '../{place(one)}'" for one in below)
        uses = "\n".join(f"      {{part{one}({{ title: '{one}', items }})}} {{sum{one}(items)}}" for one in below)
        write(folder / f"src/parts/{place(number)}.tsx", COMPONENT % {"number": number, "imports": imports, "uses": uses})


def repository(root, sites, files, make=site):
    """A folder that git tracks, with so many sites of so many files each."""

    def fill(root):
        if sites == 1:
            make(root, files)
        for number in range(sites if sites > 1 else 0):
            site(root / f"sites/s{number:04}", files)

    return tracked(root, fill)


def blueprint(root, services, sources):
    """A Blueprint of so many services beside so many sources."""

    def fill(root):
        for path, text in blueprints.files(services, sources).items():
            write(root / path, text)

    return tracked(root, fill)


def tracked(root, fill):
    """This folder, tracked by git; it is filled when it is not there yet."""
    if not (root / ".git").exists():
        shutil.rmtree(root, ignore_errors=True)
        fill(root)
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    return root
