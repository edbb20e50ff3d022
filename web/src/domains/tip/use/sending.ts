// SPDX-License-Identifier: Apache-2.0

/**
 * Sends what is sealed until the server has it: work, permit, files, and then the tip or
 * the message. A broken network repeats a step, never an effect: files have names of our
 * choice and the whole has one key.
 */
import { reactive } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { solve } from '@/shared/crypto/work'
import { persist, waitForHope } from '@/domains/hazard/use/retry'
import { askPermit, askWork, putFile } from '../api'
import type { SealedFile } from './sealing'

export interface Way {
  step: 'work' | 'files' | 'tip'
  /** Part of the step that is done, 0 to 1. */
  part: number
  /** Why it waits before it tries again. */
  waiting: ApiError | undefined
}

export interface Delivery<T> {
  way: Way
  /** Resolves with the server's answer; rejects with an ApiError that trying again cannot cure. */
  done: Promise<T>
  /** Gives up. */
  stop: () => void
  /** Ends a pause. */
  hurry: () => void
}

/** Refusals that a new permit cures: it was over, or spent on a tip that another visit sent. */
const permitGone = new Set(['tip.needs_permit', 'tip.permit_spent', 'tip.bad_work', 'tip.late_work'])

/** Refusals that are cured by sending the files again: they waited too long for their tip, or broke off. */
const fileGone = new Set(['tip.file_missing', 'tip.file_interrupted'])

const mostCures = 5

/** Delivers files and then, with the same permit, what `post` sends. */
export function deliver<T>(files: readonly SealedFile[], post: (permit: string) => Promise<T>): Delivery<T> {
  const stop = new AbortController()
  const hurried = new EventTarget()
  const way = reactive<Way>({ step: 'work', part: 0, waiting: undefined })
  const sent = new Set<string>()
  let permit: string | undefined
  let cures = 0
  const wait = (ms: number, until: AbortSignal): Promise<void> =>
    Promise.race([waitForHope(ms, until), new Promise<void>((go) => hurried.addEventListener('hurry', () => go(), { once: true }))])

  async function attempt(): Promise<T> {
    way.waiting = undefined
    try {
      permit ??= await earnPermit(way, stop.signal)
      await sendFiles(files, permit, sent, way)
      Object.assign(way, { step: 'tip', part: 1 })
      return await post(permit)
    } catch (thrown) {
      if (!cure(asApiError(thrown))) throw asApiError(thrown)
      return attempt()
    }
  }

  /** Undoes what a refusal says to be gone, so that the next attempt does it again; not for ever. */
  function cure({ key }: ApiError): boolean {
    if (stop.signal.aborted || cures++ >= mostCures) return false
    if (permitGone.has(key)) permit = undefined
    else if (fileGone.has(key)) sent.clear()
    else return false
    return true
  }

  const done = persist(attempt, { wait, until: stop.signal, onPause: (why) => (way.waiting = why) })
  return { way, done, stop: () => stop.abort(), hurry: () => hurried.dispatchEvent(new Event('hurry')) }
}

async function earnPermit(way: Way, signal: AbortSignal): Promise<string> {
  Object.assign(way, { step: 'work', part: 0 })
  const work = await solve(await askWork(), (part) => (way.part = part), signal)
  return (await askPermit(work)).permit
}

async function sendFiles(files: readonly SealedFile[], permit: string, sent: Set<string>, way: Way): Promise<void> {
  const all = files.reduce((n, f) => n + f.size, 0)
  let before = 0
  for (const file of files) {
    Object.assign(way, { step: 'files', part: before / all })
    if (!sent.has(file.name)) await putFile(file.name, file.bytes, permit)
    sent.add(file.name)
    before += file.size
  }
}
