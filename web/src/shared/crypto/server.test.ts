// SPDX-License-Identifier: Apache-2.0
// @vitest-environment node

import { describe, expect, it } from 'vitest'
import { split, verifies } from './sign'
import { Distrust, trustSigners, trustStatement } from './statement'
import go from './testdata/statement.json' // written by internal/tip/keys

describe('what the server publishes', () => {
  it('is believed', () => {
    const statement = trustStatement(go.statement, trustSigners(go.signers, go.directory))
    expect(statement).toMatchObject({ origin: 'anlan.example', channel: '01channel', office: '示范县应急管理局', generation: 3, kind: 'x25519', from: '2026-11-24T01:02:03Z' })
  })

  it('is not, of another channel', () => {
    const signers = trustSigners(go.signers, go.directory)
    const others = { ...signers, entries: signers.entries.filter((e) => e.channel !== '01channel') }
    expect(() => trustStatement(go.statement, others)).toThrow(Distrust)
  })

  it('has proofs of own keys in the form of other signed texts', () => {
    const { text, signatures } = split(go.own_key)
    expect(text.split('\n').slice(0, 2)).toEqual(['anlan-person-key/v1', '01person'])
    expect(signatures.map((s) => verifies(text, s))).toEqual([true])
  })
})
