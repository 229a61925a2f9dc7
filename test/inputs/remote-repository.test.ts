import { expect, test } from 'vitest'
import { remoteRepository } from '../../src/inputs/remote-repository.ts'

test.each([
  ['https://github.com/acme/shop.git', 'acme/shop', 'https://api.github.com'],
  ['https://github.com/acme/shop', 'acme/shop', 'https://api.github.com'],
  ['https://user:secret@github.com/acme/shop.git', 'acme/shop', 'https://api.github.com'],
  ['https://www.github.com/acme/shop/', 'acme/shop', 'https://api.github.com'],
  ['git@github.com:acme/shop.git', 'acme/shop', 'https://api.github.com'],
  ['github.com:acme/shop', 'acme/shop', 'https://api.github.com'],
  ['ssh://git@github.com/acme/shop.git', 'acme/shop', 'https://api.github.com'],
  ['ssh://git@ssh.github.com:443/acme/shop.git', 'acme/shop', 'https://api.github.com'],
  ['git@github.com:acme/shop.js', 'acme/shop.js', 'https://api.github.com'],
  ['https://acme.ghe.com/acme/shop', 'acme/shop', 'https://api.acme.ghe.com'],
  ['git@acme.ghe.com:acme/shop.git', 'acme/shop', 'https://api.acme.ghe.com'],
  ['https://git.example.com/acme/shop.git', 'acme/shop', 'https://git.example.com/api/v3'],
  ['https://git.example.com:8443/acme/shop.git', 'acme/shop', 'https://git.example.com:8443/api/v3'],
  ['ssh://git@git.example.com:7999/acme/shop.git', 'acme/shop', 'https://git.example.com/api/v3'],
  ['git@git.example.com:acme/shop.git', 'acme/shop', 'https://git.example.com/api/v3'],
  ['http://git.example.com:8080/acme/shop.git', 'acme/shop', 'https://git.example.com/api/v3'],
])('the remote %s is %s at %s', (address, repository, apiUrl) => {
  expect(remoteRepository(address)).toMatchObject({ repository, apiUrl })
})

test.each([
  '/srv/git/shop.git',
  '../shop',
  'C:\\work\\shop',
  'file:///srv/shop.git',
  'https://github.com/acme',
  'x',
  '',
])('the remote %j is no repository at GitHub', (address) => {
  expect(remoteRepository(address)).toBeNull()
})
