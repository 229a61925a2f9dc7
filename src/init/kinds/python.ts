import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { healthPath } from './health-path.ts'

/** Makes an environment of the release's own: another release may need other versions. */
function install(folder: FolderSeen): readonly string[] {
  if (folder.has('uv.lock')) return ['uv sync --frozen']
  const make = 'python3 -m venv .venv'
  const listed = ['requirements.txt', 'requirements/production.txt', 'requirements/prod.txt'].find(folder.has)
  if (listed !== undefined) return [make, `.venv/bin/pip install --requirement ${listed}`]
  return folder.has('pyproject.toml') ? [make, '.venv/bin/pip install .'] : [make]
}

/** The texts in which a Python app names what it needs. */
const needed = (folder: FolderSeen): string =>
  [
    'pyproject.toml',
    'Pipfile',
    ...folder.matching(/^(?:requirements\/)?requirements[\w.-]*\.txt$/),
    ...folder.matching(/^requirements\/[\w-]+\.txt$/),
  ]
    .map((path) => folder.text(path) ?? '')
    .join('\n')
    .toLowerCase()

export function django(folder: FolderSeen): Sketch | null {
  if (!/django/i.test(folder.text('manage.py') ?? '')) return null
  const [wsgi] = folder.matching(/^[a-z_][\w]*\/wsgi\.py$/)
  const module = wsgi?.replace('/', '.').replace(/\.py$/, '') ?? null
  const gunicorn = /\bgunicorn\b/.test(needed(folder))
  const start =
    module !== null && gunicorn
      ? `.venv/bin/gunicorn ${module} --bind "127.0.0.1:$PORT"`
      : module === null || !/\b(?:uvicorn|daphne)\b/.test(needed(folder))
        ? null
        : `.venv/bin/uvicorn ${module.replace(/wsgi$/, 'asgi')}:application --host 127.0.0.1 --port "$PORT"`
  return sketch({
    title: 'Django',
    because: 'manage.py',
    running: start === null ? { kind: 'unknown' } : { kind: 'process', start },
    build: install(folder),
    port: 8000,
    migrate: '.venv/bin/python manage.py migrate --noinput',
    missing:
      start === null
        ? [
            'manage.py is there, and no gunicorn or uvicorn in the requirements: the command that serves it in production is missing.',
          ]
        : [],
  })
}

const files = ['main.py', 'app.py', 'app/main.py', 'src/main.py', 'server.py']

/** A FastAPI or Flask app in a file of a usual name. */
export function python(folder: FolderSeen): Sketch | null {
  for (const file of files) {
    const text = folder.text(file) ?? ''
    const [, name, frame] = /^(\w+)(?:: ?\w+)? = (FastAPI|Flask|Starlette)\(/m.exec(text) ?? []
    if (name === undefined) continue
    const module = `${file.replace(/\.py$/, '').replaceAll('/', '.')}:${name}`
    const start =
      frame === 'Flask'
        ? `.venv/bin/gunicorn ${module} --bind "127.0.0.1:$PORT"`
        : `.venv/bin/uvicorn ${module} --host 127.0.0.1 --port "$PORT"`
    const server = frame === 'Flask' ? 'gunicorn' : 'uvicorn'
    const there = new RegExp(`\\b(?:${server}|fastapi\\[)`).test(needed(folder))
    return sketch({
      title: frame === 'Flask' ? 'Flask' : 'FastAPI',
      because: file,
      running: there ? { kind: 'process', start } : { kind: 'unknown' },
      build: install(folder),
      port: 8000,
      health: healthPath(folder),
      migrate: folder.has('alembic.ini') ? '.venv/bin/alembic upgrade head' : null,
      missing: there
        ? []
        : [
            `${file} is there, and no ${server} in the requirements: the command that serves it in production is missing.`,
          ],
    })
  }
  return null
}
