// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { standingOf, stageOf, type Office } from './guide'
import type { Candidate, Directory, Generation } from './officeKeys'

const person = (id: string, more: Partial<Candidate> = {}): Candidate => ({ id, name: id, key_id: `k-${id}`, recipient: 'age1', signer: 's', listed: true, holds: [], ...more })

const directory: Directory = {
  state: 'active', origin: 'o', vkey: 'v', maker: { id: '', name: '' }, confirmer: { id: '', name: '' }, expires: null, list: '', listed: null, in_use: [], holders: [], my_key_id: '', my_wrap: '', to_confirm: '',
}

const generation = (state: Generation['state'], more: Partial<Generation> = {}): Generation => ({
  generation: 1, state, kind: 'x25519', recipient: 'age1', threshold: 2, share_set: 1, sealed: 0, text: '', statement: '', maker: { id: 'a', name: 'a' }, confirmer: { id: '', name: '' },
  made: '2026-11-24T00:00:00Z', expires: '2026-11-25T00:00:00Z', confirmed: null, rotate: false,
  holders: ['a', 'b'].map((id) => ({ id, name: id, key_id: `k-${id}`, share_set: 1, revoked: null })), ...more,
})

function office(generations: Generation[], more: Partial<Office> = {}): Office {
  const channel = { id: 'c', unit_id: 'u', office_name: '', origin: 'o', kind: 'x25519' as const, next: 1, now: '2026-11-24T12:00:00Z', max_holders: 20, generations }
  return { channel, people: [person('a'), person('b'), person('c')], held: [], directory, recoveries: [], ...more }
}

it.each<[string, Office, string]>([
  ['nobody knows a key of mine', office([], { people: [person('a', { key_id: '' }), person('b')] }), 'own'],
  ['I am alone', office([], { people: [person('a')] }), 'people'],
  ['no directory key', office([], { directory: { ...directory, state: 'none' } }), 'directory'],
  ['I am to confirm it', office([], { directory: { ...directory, state: 'pending', to_confirm: 'text' } }), 'directory_confirm'],
  ['another is', office([], { directory: { ...directory, state: 'pending' } }), 'directory_wait'],
  ['I am not listed', office([], { people: [person('a', { listed: false }), person('b'), person('c')] }), 'list_wait'],
  ['and could list myself', office([], { people: [person('a', { listed: false }), person('b')], directory: { ...directory, my_wrap: 'w' } }), 'list'],
  ['no key', office([]), 'key'],
  ['my own waits', office([generation('pending')]), 'confirm_wait'],
  ['another waits for me', office([generation('pending', { maker: { id: 'b', name: 'b' } })]), 'confirm'],
  ['it waited too long', office([generation('pending', { expires: '2026-11-24T11:00:00Z' })]), 'key'],
  ['there is one', office([generation('current')]), 'done'],
])('%s', (_, now, stage) => {
  expect(stageOf(now, 'a')).toBe(stage)
})

it('begins anew when a key is to be renewed, and is no second person for strangers', () => {
  expect(stageOf(office([generation('current')]), 'a', true)).toBe('key')
  expect(stageOf(office([generation('pending')]), 'c')).toBe('confirm_wait')
})

it('knows what is behind and ahead', () => {
  expect(['own', 'list', 'confirm'].map((part) => standingOf(part as 'own', 'list_wait'))).toEqual(['done', 'now', 'later'])
})
