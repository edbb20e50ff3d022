// SPDX-License-Identifier: Apache-2.0
// @vitest-environment node

import { bech32 } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { kindOf, makeIdentity, open, openText, recipientOf, seal, sealText } from './age'
import { fromBase64, random, toBase64, toBase64Url, toHex, utf8 } from './bytes'
import { isCode, keysOf, makeCode, readCode, showCode } from './code'
import { commitment, contentHash, evidenceRoot, leafHash, sha256 } from './digest'
import { buckets, padFile, padJSON, padme, readJSON, TooLong, unpadFile } from './padding'
import { makePersonKey, openPersonKey, publicHalves, sealPersonKey } from './person'
import { joinShares, splitIdentity } from './shares'
import go from './testdata/go.json' // made by the Go libraries that the server uses

/** Milliseconds for what multiplies polynomials, on a machine that is busy with other things. */
const patience = 60_000

describe('age', () => {
  it.each(['x25519', 'hybrid'] as const)('%s: opens what Go has sealed', async (kind) => {
    const { identity, recipient, sealed } = go[kind]
    expect(await recipientOf(identity)).toBe(recipient)
    expect(kindOf(recipient)).toBe(kind)
    expect(await openText(sealed, identity)).toBe('来自 Go 的密信')
  })

  it.each(['x25519', 'hybrid'] as const)('%s: each recipient alone can open, another cannot, and no byte may change', async (kind) => {
    const [a, b, c] = await Promise.all([makeIdentity(kind), makeIdentity(kind), makeIdentity(kind)])
    const sealed = await seal(utf8('密'), await recipientOf(a), await recipientOf(b))
    expect([await open(sealed, a), await open(sealed, b)]).toEqual([utf8('密'), utf8('密')])
    await expect(open(sealed, c)).rejects.toThrow()
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    await expect(open(sealed, a)).rejects.toThrow()
  }, patience)

  it('writes text as armor', async () => {
    const id = await makeIdentity('x25519')
    const armored = await sealText('密', await recipientOf(id))
    expect(armored).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/)
    expect(await openText(armored, id)).toBe('密')
  })

  it.each(['', 'age1', 'AGE-SECRET-KEY-1QQQ', 'age1tag1qqq', 'age1pq1qqq'])('knows that %j is no recipient', (text) => expect(kindOf(text)).toBeUndefined())
})

describe('code', () => {
  it('is 24 characters of Crockford, never twice the same, and reads as it is shown', () => {
    const codes = Array.from({ length: 200 }, makeCode)
    expect(new Set(codes).size).toBe(200)
    for (const code of codes) expect([isCode(code), readCode(showCode(code))]).toEqual([true, code])
    expect(new Set(codes.join('')).size).toBe(32)
  })

  it.each([
    ['oiIl-0000 0000—0000.0000 0000', '011100000000000000000000'],
    ['７ｋｑｍ－2xwd', '7KQM2XWD'],
    ['查询码：7KQM', '7KQM'],
  ])('reads %s', (typed, code) => expect(readCode(typed)).toBe(code))

  it.each(['', '7KQM2XWD9H4TAB3C', 'U'.repeat(24), '0'.repeat(25)])('refuses %j', (code) => {
    expect(isCode(code)).toBe(false)
    expect(() => keysOf(code)).toThrow()
  })

  it('gives the lookup and the mailbox that Go derives', async () => {
    const { lookup, mailbox } = keysOf(go.code)
    expect(lookup).toBe(go.lookup)
    expect(toBase64Url(bech32.decodeToBytes(mailbox).bytes)).toBe(go.mailbox)
    expect(kindOf(await recipientOf(mailbox))).toBe('x25519')
  })

  it('is good for three things that are not alike', () => {
    const { lookup, mailbox, reply } = keysOf(makeCode())
    const secrets = [mailbox, reply].map((identity) => toBase64Url(bech32.decodeToBytes(identity).bytes))
    expect(new Set([lookup, ...secrets]).size).toBe(3)
  })
})

describe('padding', () => {
  it('fills JSON with spaces up to a bucket', () => {
    for (const length of [0, 2000, 2047, 5000, 60_000]) {
      const value = { words: 'x'.repeat(length) }
      const padded = padJSON(value)
      expect(buckets).toContain(padded.length)
      expect(readJSON(padded)).toEqual(value)
    }
  })

  it('counts bytes, not characters, and says when it is too long', () => {
    expect(padJSON('险'.repeat(700)).length).toBe(4096)
    expect(() => padJSON('险'.repeat(22_000))).toThrow(TooLong)
    expect(() => padJSON('x'.repeat(20), 20)).toThrow(TooLong)
    expect(padJSON('x', 16_384).length).toBe(16_384)
  })

  it.each([[1, 1], [9, 10], [100, 104], [1000, 1024], [300_000, 303_104], [20 << 20, 20 << 20]])('Padmé pads %d to %d', (n, padded) => {
    expect(padme(n)).toBe(padded)
  })

  it('never adds more than 12 %', () => {
    for (let n = 8; n < 5_000_000; n = Math.ceil(n * 1.07)) expect(padme(n) / n).toBeLessThan(1.12)
    for (let n = 8; n < 5_000_000; n = Math.ceil(n * 1.07)) expect(padme(n)).toBeGreaterThanOrEqual(n)
  })

  it('gives a file back, and does not believe a length that is a lie', () => {
    const bytes = random(1000)
    const padded = padFile(bytes)
    expect(padded.length).toBe(padme(1008))
    expect(unpadFile(padded)).toEqual(bytes)
    padded[5] = 1
    expect(() => unpadFile(padded)).toThrow()
    expect(() => unpadFile(new Uint8Array(7))).toThrow()
  })
})

describe('digests', () => {
  const file = (i: number): Uint8Array => sha256(utf8(`file ${i}`))

  it.each([1, 2, 3, 4, 5])('gives the root over %d files that Go computes', (n) => {
    expect(toHex(evidenceRoot(Array.from({ length: n }, (_, i) => file(i))))).toBe(go.roots[n - 1])
  })

  it('is zero without files', () => expect(evidenceRoot([])).toEqual(new Uint8Array(32)))

  it('depends on the order of the files', () => {
    expect(evidenceRoot([file(1), file(0)])).not.toEqual(evidenceRoot([file(0), file(1)]))
  })

  it('hashes content, commitment and leaf as Go does', () => {
    const content = contentHash(utf8('envelope'), utf8('content'))
    expect(toBase64(content)).toBe(go.content)
    const salt = Uint8Array.from({ length: 32 }, (_, i) => i)
    expect(go.leaf).toContain(`commit ${toBase64(commitment(salt, content, evidenceRoot([])))}\n`)
    expect(toBase64(leafHash(utf8(go.leaf)))).toBe(go.leaf_hash)
  })
})

describe('shares', () => {
  it.each(['x25519', 'hybrid'] as const)('any 3 of 5 give a %s identity back, 2 do not', async (kind) => {
    const identity = await makeIdentity(kind)
    const recipient = await recipientOf(identity)
    const [a = '', b = '', c = '', d = '', e = ''] = await splitIdentity(identity, 5, 3)
    for (const some of [[a, b, c], [e, c, a], [b, d, e]]) expect(await joinShares(some, recipient)).toBe(identity)
    await expect(joinShares([a, b], recipient)).rejects.toThrow()
  }, patience)

  it('does not take shares of another identity', async () => {
    const [one, two] = await Promise.all([makeIdentity('x25519'), makeIdentity('x25519')])
    const [a = ''] = await splitIdentity(one, 2, 2)
    const [, b = ''] = await splitIdentity(two, 2, 2)
    await expect(joinShares([a, b], await recipientOf(one))).rejects.toThrow()
  })
})

it('a person key opens by its passphrase only', async () => {
  const key = await makePersonKey()
  const sealed = await sealPersonKey(key, '春风又绿江南岸')
  expect(sealed).not.toContain(key.sign)
  expect(await openPersonKey(sealed, '春风又绿江南岸')).toEqual(key)
  await expect(openPersonKey(sealed, '春风又绿江北岸')).rejects.toThrow()
  const { recipient, signer } = await publicHalves(key)
  expect([kindOf(recipient), fromBase64(signer).length]).toEqual(['x25519', 32])
})
