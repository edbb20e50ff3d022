// SPDX-License-Identifier: Apache-2.0

/**
 * Whom a phone seals to, and why it believes that. A statement names the recipient of a
 * channel and is signed by two of its holders; the list of signers says who holds what
 * and is signed by the directory key; the directory key is pinned (pin.ts).
 */
import { kindOf, type Kind } from './age'
import { split, verifies } from './sign'

export interface Statement {
  origin: string
  channel: string
  office: string
  generation: number
  kind: Kind
  recipient: string
  /** When it began to count, RFC 3339. */
  from: string
}

/** Signers of one deployment: which public keys (base64) speak for which channel. */
export interface Signers {
  origin: string
  entries: readonly { signer: string; channel: string }[]
}

/** Why a statement is not believed. */
export type Doubt = 'form' | 'directory' | 'origin' | 'channel' | 'signatures' | 'kind'

export class Distrust extends Error {
  constructor(readonly doubt: Doubt) {
    super(doubt)
    this.name = 'Distrust'
  }
}

const statementHead = 'anlan-recipients/v1'
const signersHead = 'anlan-signers/v1'

/** How many holders must have signed a statement. */
const needed = 2

/** The text to be signed. */
export function statementText(s: Statement): string {
  return [statementHead, s.origin, s.channel, s.office, s.generation, s.kind, s.recipient, `from ${s.from}`].join('\n') + '\n'
}

/** The text to be signed; entries are sorted and each stands once. */
export function signersText({ origin, entries }: Signers): string {
  const lines = new Set(entries.map(({ signer, channel }) => `${signer} ${channel}`))
  return [signersHead, origin, ...[...lines].sort()].join('\n') + '\n'
}

/** Reads a statement without believing it. Throws Distrust('form'). */
export function readStatement(text: string): Statement {
  const lines = text.split('\n')
  const [, origin = '', channel = '', office = '', generation = '', kind = '', recipient = '', from = ''] = lines
  const s = { origin, channel, office, generation: Number(generation), kind: kind as Kind, recipient, from: from.replace(/^from /, '') }
  if (lines.length !== 9 || !Number.isSafeInteger(s.generation) || statementText(s) !== text) throw new Distrust('form')
  if (kindOf(recipient) !== kind) throw new Distrust('kind')
  return s
}

/** Reads a list of signers without believing it. Throws Distrust('form'). */
export function readSigners(text: string): Signers {
  const [, origin = '', ...rest] = text.split('\n')
  const entries = rest.slice(0, -1).map((line) => {
    const [signer = '', channel = ''] = line.split(' ')
    return { signer, channel }
  })
  if (signersText({ origin, entries }) !== text) throw new Distrust('form')
  return { origin, entries }
}

/** The directory key that a list of signers says to be signed by, base64; the one who asks must know it from elsewhere. */
export function directoryOf(signers: string): string {
  const [signature] = formed(signers).signatures
  if (!signature) throw new Distrust('form')
  return signature.signer
}

/** The list of signers, if the directory key has signed it. Throws Distrust. */
export function trustSigners(signed: string, directory: string): Signers {
  const { text, signatures } = formed(signed)
  if (!signatures.some((s) => s.signer === directory && verifies(text, s))) throw new Distrust('directory')
  return readSigners(text)
}

/** The statement, if two listed holders of its channel have signed it. Throws Distrust. */
export function trustStatement(signed: string, signers: Signers): Statement {
  const { text, signatures } = formed(signed)
  const statement = readStatement(text)
  if (statement.origin !== signers.origin) throw new Distrust('origin')
  const holders = new Set(signers.entries.filter((e) => e.channel === statement.channel).map((e) => e.signer))
  if (holders.size === 0) throw new Distrust('channel')
  const believed = new Set(signatures.filter((s) => holders.has(s.signer) && verifies(text, s)).map((s) => s.signer))
  if (believed.size < needed) throw new Distrust('signatures')
  return statement
}

function formed(signed: string): ReturnType<typeof split> {
  try {
    return split(signed)
  } catch {
    throw new Distrust('form')
  }
}
