/** Small repositories of different kinds, each as its files by their paths. */
export type Files = Readonly<Record<string, string>>

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const server = `import { createServer } from 'node:http'
const answers = { '/health': 'ok', '/': 'hello' }
createServer(({ url }, response) => {
  response.writeHead(url in answers ? 200 : 404)
  response.end(answers[url])
}).listen(Number(process.env.PORT), '127.0.0.1')
`

/** The manifest of a workload with one container. */
export const workloadText = (kind: string, name: string, image: string): string =>
  `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${image}
`

export const repositories = {
  node: {
    'package.json': json({
      type: 'module',
      scripts: { start: 'node server.js', migrate: 'node migrate.js' },
    }),
    'package-lock.json': json({ lockfileVersion: 3, requires: true, packages: { '': {} } }),
    'server.js': server,
    'migrate.js': "console.log('migrated')\n",
    '.env.example': 'DATABASE_URL=postgres://localhost\nPORT=3000\n',
  },
  compose: {
    'compose.yaml':
      'services:\n  web:\n    build: .\n    ports: ["8080:3000"]\n    depends_on: [db]\n  db:\n    image: postgres:17\n    volumes: ["./data:/var/lib/postgresql/data"]\n',
    Dockerfile: 'FROM node:24\nCOPY . .\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
    'server.js': server,
  },
  dockerfile: {
    Dockerfile: 'FROM golang:1.26 AS build\nFROM scratch\nEXPOSE 8080\nENTRYPOINT ["/server"]\n',
    'go.mod': 'module example.com/server\n',
    'main.go': 'package main\n\nfunc main() { handle("GET /healthz") }\n',
  },
  units: {
    'deploy/shop.service':
      '[Unit]\nDescription=The shop\n\n[Service]\nWorkingDirectory=%h/shop-app/current\nExecStart=/usr/bin/node server.js\n\n[Install]\nWantedBy=default.target\n',
    'package.json': json({ scripts: { build: 'node build.js' }, private: true }),
    'package-lock.json': json({ lockfileVersion: 3, packages: { '': {} } }),
    'server.js': server,
    'build.js': '',
  },
  laravel: {
    artisan: '#!/usr/bin/env php\n<?php\n',
    'composer.json': json({ require: { php: '^8.3', 'laravel/framework': '^12.0' } }),
    'composer.lock': '{}\n',
    'app/Jobs/SendMail.php': '<?php\n',
    'database/migrations/2026_01_01_000000_create_orders.php': '<?php\n',
    'public/index.php': '<?php\n',
    'package.json': json({ scripts: { build: 'vite build', dev: 'vite' }, devDependencies: { vite: '^7' } }),
    'package-lock.json': json({ lockfileVersion: 3, packages: { '': {} } }),
    '.gitattributes': '* text=auto\n',
  },
  rails: {
    Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 8.0'\ngem 'propshaft'\n",
    'Gemfile.lock': 'GEM\n',
    'config.ru': "require_relative 'config/environment'\n",
    'config/routes.rb':
      'Rails.application.routes.draw do\n  get "up" => "rails/health#show", as: :rails_health_check\nend\n',
    'db/migrate/20260101000000_create_orders.rb': 'class CreateOrders < ActiveRecord::Migration[8.0]\nend\n',
    'bin/rails': '#!/usr/bin/env ruby\n',
  },
  django: {
    'manage.py':
      '#!/usr/bin/env python\nimport os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    'requirements.txt': 'Django==5.2\ngunicorn==23.0\n',
    'shop/wsgi.py': 'application = None\n',
    'shop/settings.py': 'DEBUG = False\n',
  },
  kamal: {
    'config/deploy.yml': 'service: shop\nimage: acme/shop\nservers:\n  web:\n    - 192.0.2.1\n',
    Dockerfile: 'FROM ruby:3.4\nEXPOSE 80\nCMD ["./bin/thrust"]\n',
    Gemfile: "gem 'rails'\ngem 'kamal'\n",
  },
  capistrano: {
    Capfile: "require 'capistrano/setup'\nrequire 'capistrano/deploy'\n",
    Gemfile: "gem 'capistrano'\n",
    'config/deploy.rb': "set :application, 'shop'\nset :branch, ENV.fetch('BRANCH', 'main')\n",
    'config/deploy/staging.rb': "server 'stage.example.com', roles: %w[app db web]\n",
    'config/deploy/production.rb': "server 'www.example.com', roles: %w[app db web]\n",
  },
  deployer: {
    'deploy.php':
      "<?php\nnamespace Deployer;\nrequire 'recipe/laravel.php';\nhost('www.example.com')->setLabels(['stage' => 'production']);\n",
    'composer.json': json({ require: { php: '^8.3' }, 'require-dev': { 'deployer/deployer': '^7.5' } }),
  },
  spryker: {
    'composer.json': json({ require: { 'spryker/kernel': '^3', 'spryker-shop/shop-application': '^1' } }),
    'deploy.yml': 'version: 1.0\nregions: { EU: {} }\n',
    'config/install/production.yml': 'sections: {}\n',
    'public/Yves/index.php': '<?php\n',
  },
  pages: {
    'mkdocs.yml': 'site_name: Shop\n',
    'docs/index.md': '# Shop\n',
    'requirements.txt': 'mkdocs==1.6\n',
  },
  go: {
    'go.mod': 'module example.com/shop\n',
    'cmd/shop/main.go': 'package main\n\nfunc main() { mux.HandleFunc("GET /healthz", ok) }\n',
  },
  java: {
    'pom.xml':
      '<project><dependencies><dependency><artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies></project>\n',
    mvnw: '#!/bin/sh\n',
  },
  procfile: {
    Procfile: 'web: uvicorn shop:app --host 0.0.0.0 --port $PORT\nrelease: alembic upgrade head\n',
    'requirements.txt': 'fastapi\nuvicorn\n',
    'shop.py': 'app = None\n',
  },
  monorepo: {
    'package.json': json({ private: true, workspaces: ['apps/*'] }),
    'pnpm-lock.yaml': 'lockfileVersion: 9\n',
    'apps/api/package.json': json({ scripts: { start: 'node server.js' } }),
    'apps/web/package.json': json({ scripts: { build: 'vite build' }, devDependencies: { vite: '^7' } }),
    'packages/ui/package.json': json({ name: 'ui', main: 'index.js' }),
  },
  oneApp: {
    'README.md': '# One app below the root\n',
    'backend/go.mod': 'module example.com/backend\n',
    'backend/main.go': 'package main\n',
  },
  library: {
    'package.json': json({ name: 'left-pad', main: 'index.js', scripts: { test: 'node --test' } }),
    'index.js': '',
  },
  manifests: {
    'k8s/web.yaml': workloadText('Deployment', 'web', 'ghcr.io/acme/shop:latest'),
    'k8s/worker.yaml': workloadText('StatefulSet', 'worker', 'ghcr.io/acme/shop:latest'),
    'k8s/db.yaml': workloadText('StatefulSet', 'db', 'postgres:17'),
    'k8s/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n',
    Dockerfile: 'FROM node:24\nCMD ["node", "server.js"]\n',
    'server.js': server,
  },
  kustomize: {
    'deploy/base/kustomization.yaml': 'resources: [web.yaml]\n',
    'deploy/base/web.yaml': workloadText('Deployment', 'web', 'registry.example.com/team/shop'),
    'deploy/overlays/production/kustomization.yaml': 'namespace: shop\nresources: [../../base]\n',
    'deploy/overlays/production/replicas.yaml':
      'kind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 6\n',
    Dockerfile: 'FROM golang:1.26 AS build\nFROM scratch\nEXPOSE 8080\nENTRYPOINT ["/server"]\n',
  },
  helm: {
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    'charts/shop/values.yaml': 'image: { repository: ghcr.io/acme/shop, tag: latest }\n',
    'charts/shop/templates/deployment.yaml': 'kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n',
    Dockerfile: 'FROM node:24\nCMD ["node", "server.js"]\n',
  },
  swarm: {
    'docker-stack.yml':
      'services:\n  web:\n    image: ghcr.io/acme/shop:${TAG:-latest}\n    deploy:\n      replicas: 3\n      update_config: { order: start-first, parallelism: 2 }\n  db:\n    image: postgres:17\n',
    Dockerfile: 'FROM node:24\nCMD ["node", "server.js"]\n',
    'server.js': server,
  },
  ecs: {
    'deploy/task-definition.json': json({
      family: 'api',
      containerDefinitions: [
        { name: 'app', image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:latest' },
        { name: 'agent', image: 'public.ecr.aws/datadog/agent:7' },
      ],
    }),
    Dockerfile: 'FROM python:3.14\nCMD ["python", "app.py"]\n',
    'app.py': 'app = None\n',
  },
  kubernetes: {
    'k8s/deployment.yaml': 'kind: Deployment\n',
    Dockerfile: 'FROM node:24\nCMD ["node", "server.js"]\n',
  },
} as const satisfies Readonly<Record<string, Files>>

export type RepositoryKind = keyof typeof repositories
