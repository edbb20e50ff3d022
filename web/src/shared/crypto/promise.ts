// SPDX-License-Identifier: Apache-2.0

/**
 * The log's word in an answer: a signed note (c2sp.org/signed-note) that a leaf will be in
 * the tree by a time. The keys are those of a tlog-policy. It is the same as OpenPromise
 * of the Go package transparency.
 */
import { concat, fromBase64, same, toBase64, toHex, utf8 } from './bytes'
import { sha256 } from './digest'
import { verifyBytes } from './sign'

export interface LogPromise {
  origin: string
  leaf: Uint8Array
  accepted: Date
  due: Date
}

/** Key of a log, from a vkey: name+hash+key. */
export interface LogKey {
  name: string
  /** First four bytes of the hash that names the key. */
  id: Uint8Array
  key: Uint8Array
}

const header = 'tip-promise/v1'
const ed25519 = 1

/** Keys of the logs of a policy. A line that is not a log's is passed over. */
export function logKeys(policy: string): LogKey[] {
  return policy.split('\n').flatMap((line) => {
    const [word, vkey] = line.trim().split(/[ \t]+/)
    return word === 'log' && vkey ? [readVkey(vkey)] : []
  })
}

function readVkey(vkey: string): LogKey {
  const [name = '', id = '', ...rest] = vkey.split('+')
  const bytes = fromBase64(rest.join('+'))
  const hash = sha256(concat(utf8(`${name}\n`), bytes)).slice(0, 4)
  if (bytes[0] !== ed25519 || bytes.length !== 33 || toHex(hash) !== id) throw new Error('no key of a log')
  return { name, id: hash, key: bytes.slice(1) }
}

/** Reads a promise that a log of the policy has signed. Throws for everything else. */
export function openPromise(note: string, keys: readonly LogKey[]): LogPromise {
  const at = note.lastIndexOf('\n\n')
  if (at < 0) throw new Error('no signed note')
  const text = note.slice(0, at + 1)
  const promise = readPromise(text)
  const signed = keys.filter((k) => k.name === promise.origin && signs(k, text, note.slice(at + 2)))
  if (signed.length === 0) throw new Error('not signed by a log of the policy')
  return promise
}

function signs({ name, id, key }: LogKey, text: string, signatures: string): boolean {
  return signatures.split('\n').some((line) => {
    const [dash, who, encoded = ''] = line.split(' ')
    if (dash !== '—' || who !== name) return false
    const bytes = fromBase64(encoded)
    return same(bytes.slice(0, 4), id) && verifyBytes(key, utf8(text), bytes.slice(4))
  })
}

function readPromise(text: string): LogPromise {
  const [, origin = '', leaf = '', accepted = '', due = ''] = text.split('\n')
  const promise = { origin, leaf: fromBase64(leaf), accepted: timeOf(accepted), due: timeOf(due) }
  if (textOf(promise) !== text || promise.leaf.length !== 32) throw new Error('no promise')
  return promise
}

const timeOf = (line: string): Date => new Date(line.slice(line.indexOf(' ') + 1))

/** RFC 3339 to the second, as Go writes it. */
const second = (time: Date): string => time.toISOString().replace('.000Z', 'Z')

function textOf({ origin, leaf, accepted, due }: LogPromise): string {
  return [header, origin, toBase64(leaf), `accepted ${second(accepted)}`, `due ${second(due)}`].join('\n') + '\n'
}
