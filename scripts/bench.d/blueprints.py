"""Repositories for Render that the benchmark generates."""

import json

MANIFEST = {
    "name": "shop",
    "private": True,
    "type": "module",
    "engines": {"node": "22"},
    "scripts": {"build": "vite build", "start": "node server.js"},
    "dependencies": {"express": "^5.1.0", "vite": "^7.0.0"},
}

LOCK = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {
        "": {"dependencies": MANIFEST["dependencies"]},
        "node_modules/express": {"version": "5.1.0"},
        "node_modules/vite": {"version": "7.0.0", "bin": {"vite": "bin/vite.js"}},
    },
}

FILES = {
    "package.json": json.dumps(MANIFEST, indent=2),
    "package-lock.json": json.dumps(LOCK, indent=2),
    "server.js": "import express from 'express'\nimport { items } from './src/0.js'\n\nconst app = express()\napp.get('/health', (_, answer) => answer.json(items))\napp.listen(process.env.PORT || 3000)\n",
    "index.html": '<div id="root"></div><script type="module" src="/src/0.js"></script>\n',
    "requirements.txt": "celery[redis]==5.4.0\nrequests==2.32.3\n",
    "tasks.py": "import os\n\nfrom celery import Celery\n\napp = Celery('tasks', broker=os.environ['QUEUE'])\n",
    "Dockerfile": 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
}

DATABASES = """databases:
  - name: store
    plan: basic-256mb
    postgresMajorVersion: "17"
    ipAllowList: []
"""

SHARED = """envVarGroups:
  - name: shared
    envVars:
      - key: LOG_LEVEL
        value: info
"""


def service(number):
    """A service of one of five kinds, as text."""
    kinds = [
        ("web", "node", "    plan: starter\n    buildCommand: npm ci && npm run build\n    startCommand: npm start\n    healthCheckPath: /health\n"),
        ("web", "static", "    buildCommand: npm run build\n    staticPublishPath: ./dist\n    routes:\n      - type: rewrite\n        source: /*\n        destination: /index.html\n"),
        ("worker", "python", "    plan: starter\n    buildCommand: pip install -r requirements.txt\n    startCommand: celery -A tasks worker\n"),
        ("pserv", "docker", "    plan: starter\n    dockerfilePath: ./Dockerfile\n"),
        ("cron", "python", '    plan: starter\n    schedule: "0 3 * * *"\n    buildCommand: pip install -r requirements.txt\n    startCommand: python tasks.py\n'),
    ]
    kind, runtime, keys = kinds[number % len(kinds)]
    head = f"  - type: {kind}\n    name: service-{number}\n    runtime: {runtime}\n"
    version = "      - key: PYTHON_VERSION\n        value: 3.12.8\n" if runtime == "python" else ""
    variables = "      - fromGroup: shared\n      - key: DATABASE_URL\n        fromDatabase:\n          name: store\n          property: connectionString\n"
    variables += "      - key: QUEUE\n        fromService:\n          type: keyvalue\n          name: queue\n          property: connectionString\n"
    return head + keys + "    envVars:\n" + version + (variables if runtime != "static" else "      - fromGroup: shared\n")


def files(services, sources):
    """The files of a repository with this many services and modules."""
    queue = "  - type: keyvalue\n    name: queue\n    plan: starter\n    ipAllowList: []\n"
    blueprint = DATABASES + SHARED + "services:\n" + queue + "".join(service(number) for number in range(services))
    modules = {f"src/{number}.js": f"export const items = [{number}]\n" for number in range(sources)}
    return {"render.yaml": blueprint, **FILES, **modules}
