// SPDX-License-Identifier: Apache-2.0
// @vitest-environment node

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { makeIdentity, recipientOf } from './age'
import { toBase64, utf8 } from './bytes'
import { leafHash } from './digest'
import { logKeys, openPromise } from './promise'
import { addSignature, makeSeed, signerOf, split, verifies } from './sign'
import { directoryOf, signersText, statementText, trustSigners, trustStatement, type Statement } from './statement'
import { searchAll, type Told } from './search'
import { createChallenge, verifySolution } from 'altcha-lib'
import go from './testdata/go.json' // made by the Go libraries that the server uses

describe('signatures', () => {
  it('are those that Go makes', () => {
    const signed = addSignature(go.signed.text, go.signed.seed)
    expect(signed).toBe(`${go.signed.text}\nsig ${go.signed.signer} ${go.signed.signature}\n`)
    const { text, signatures } = split(addSignature(signed, makeSeed()))
    expect([text, signatures.map((s) => verifies(text, s))]).toEqual([go.signed.text, [true, true]])
    expect(signatures.map((s) => verifies(`${text} `, s))).toEqual([false, false])
  })

  it.each(['no line feed', 'a\n\nsig x y\n', 'a\n\nnonsense\n'])('refuses the form of %j', (signed) => expect(() => split(signed)).toThrow())
})

describe('statement', () => {
  const [zhang, li, wang, directory] = [makeSeed(), makeSeed(), makeSeed(), makeSeed()] as [string, string, string, string]
  const dirKey = signerOf(directory)
  let said: Statement
  beforeEach(async () => {
    said = {
      origin: 'anlan.example', channel: 'c1', office: '示范县应急管理局', generation: 2, kind: 'x25519',
      recipient: await recipientOf(await makeIdentity('x25519')), from: '2026-11-24T08:00:00Z',
    }
  })
  const list = (origin = 'anlan.example', signedBy = directory): string =>
    addSignature(signersText({ origin, entries: [{ signer: signerOf(zhang), channel: 'c1' }, { signer: signerOf(li), channel: 'c1' }, { signer: signerOf(wang), channel: 'c2' }] }), signedBy)
  const signed = (text: string, ...seeds: string[]): string => seeds.reduce(addSignature, text)
  const trust = (statement: string, signers = list()): unknown => {
    try {
      return trustStatement(statement, trustSigners(signers, dirKey))
    } catch (thrown) {
      return (thrown as { doubt?: string }).doubt
    }
  }

  it('is believed with two listed holders of its channel', () => {
    expect(trust(signed(statementText(said), zhang, li))).toEqual(said)
    expect(directoryOf(list())).toBe(dirKey)
  })

  it.each<[string, () => unknown]>([
    ['signatures', () => trust(signed(statementText(said), zhang))],
    ['signatures', () => trust(signed(statementText(said), zhang, zhang))],
    ['signatures', () => trust(signed(statementText(said), zhang, wang))],
    ['signatures', () => trust(signed(statementText(said), zhang, makeSeed()))],
    ['signatures', () => trust(signed(statementText(said), zhang, li).replace('示范县', '示范市'))],
    ['channel', () => trust(signed(statementText({ ...said, channel: 'c9' }), zhang, li))],
    ['origin', () => trust(signed(statementText({ ...said, origin: 'other.example' }), zhang, li))],
    ['directory', () => trust(signed(statementText(said), zhang, li), list('anlan.example', makeSeed()))],
    ['directory', () => trust(signed(statementText(said), zhang, li), list().replace(signerOf(wang), signerOf(zhang)))],
    ['kind', () => trust(signed(statementText({ ...said, kind: 'hybrid' }), zhang, li))],
    ['form', () => trust(signed(statementText(said).replace('\n2\n', '\n02\n'), zhang, li))],
    ['form', () => trust('nonsense')],
  ])('is doubted for its %s', (doubt, attempt) => expect(attempt()).toBe(doubt))

  it('sorts the list of signers, each line once', () => {
    const entries = [{ signer: 'b', channel: 'c' }, { signer: 'a', channel: 'c' }, { signer: 'b', channel: 'c' }]
    expect(signersText({ origin: 'o', entries })).toBe('anlan-signers/v1\no\na c\nb c\n')
  })
})

describe('pin', () => {
  beforeEach(() => vi.resetModules())

  it('believes the first key that this device saw and no other', async () => {
    const { checkPin } = await import('./pin') // node has no IndexedDB: it is remembered as long as the page lives
    expect(await checkPin('a', '')).toBe('first')
    expect(await checkPin('a', '')).toBe('before')
    expect(await checkPin('b', '')).toBe('other')
  })

  it('believes the key that was built in', async () => {
    const { checkPin } = await import('./pin')
    expect([await checkPin('a', 'a'), await checkPin('b', 'a')]).toEqual(['built', 'other'])
  })
})

describe('promise', () => {
  const keys = logKeys(`# whom to believe\nlog ${go.vkey} https://anlan.example\nquorum none\n`)

  it('of Go is opened', () => {
    const promise = openPromise(go.promise, keys)
    expect(promise.origin).toBe('anlan.example/log')
    expect(toBase64(promise.leaf)).toBe(toBase64(leafHash(utf8(go.leaf))))
    expect([promise.accepted, promise.due]).toEqual([new Date('2026-11-24T08:30:00Z'), new Date('2026-11-24T08:31:01Z')])
  })

  it.each([
    ['another due', go.promise.replace('08:31:01', '09:31:01')],
    ['another leaf', go.promise.replace('VjxrkbHA', 'AAxrkbHA')],
    ['another spelling of a time', go.promise.replace('08:30:00Z', '08:30:00.000Z')],
    ['no signature', go.promise.split('\n\n')[0] + '\n\n'],
    ['nothing', ''],
  ])('with %s is refused', (_, note) => expect(() => openPromise(note, keys)).toThrow())

  it('of a log that is not in the policy is refused', () => expect(() => openPromise(go.promise, [])).toThrow())
  it('whose vkey has another hash is refused', () => expect(() => logKeys(`log ${go.vkey.replace('+aaec296c+', '+aaec296d+')}`)).toThrow())
})

describe('work', () => {
  it('finds what altcha takes, and tells how far it is', async () => {
    const challenge = await createChallenge({ hmacKey: 'key', maxnumber: 30_000, number: 20_123 })
    const told: Told[] = []
    searchAll({ ...challenge, maxnumber: 30_000 }, (t) => told.push(t))
    expect(told).toEqual([{ tried: 10_000 }, { tried: 20_000 }, { found: 20_123 }])
    expect(await verifySolution({ ...challenge, number: 20_123 }, 'key')).toBe(true)
  })

  it('says when there is no solution', () => {
    const told: Told[] = []
    searchAll({ challenge: 'ff', salt: 's', maxnumber: 5 }, (t) => told.push(t))
    expect(told.at(-1)).toEqual({ found: undefined })
  })
})
