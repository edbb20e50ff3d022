// SPDX-License-Identifier: Apache-2.0

/** How far an office is on the way to its key, and what the reader can do about it. */
import type { Candidate, Directory, Generation, Keyed, Mine, Recovery } from './officeKeys'

/** All that the page knows of my office's keys. */
export interface Office {
  channel: Keyed
  people: Candidate[]
  held: Mine[]
  directory: Directory
  recoveries: Recovery[]
}

export type Stage =
  | 'own' // I have no key of my own
  | 'people' // nobody else has
  | 'directory' // there is no directory key
  | 'directory_confirm' // I am to confirm it
  | 'directory_wait'
  | 'list' // two people must stand on the list, and I can write it
  | 'list_wait'
  | 'key' // I can make the channel's key
  | 'confirm' // I am to confirm it
  | 'confirm_wait'
  | 'done'

/** The parts of the way, as the page lists them. */
export const parts = ['own', 'directory', 'list', 'key', 'confirm'] as const
export type Part = (typeof parts)[number]

const partOf: Record<Stage, Part | 'done'> = {
  own: 'own', people: 'own', directory: 'directory', directory_confirm: 'directory', directory_wait: 'directory',
  list: 'list', list_wait: 'list', key: 'key', confirm: 'confirm', confirm_wait: 'confirm', done: 'done',
}

/** Whether a part is behind, under way or ahead. */
export function standingOf(part: Part, stage: Stage): 'done' | 'now' | 'later' {
  const now = partOf[stage]
  if (now === 'done' || parts.indexOf(part) < parts.indexOf(now)) return 'done'
  return part === now ? 'now' : 'later'
}

export const generationIn = (channel: Keyed, state: Generation['state']): Generation | undefined =>
  channel.generations?.find((one) => one.state === state)

/** A ceremony that still waits for its second person. */
export const pendingOf = (channel: Keyed): Generation | undefined =>
  channel.generations?.find((one) => one.state === 'pending' && one.expires > channel.now)

/** Where the office stands for the person `me`; `renew` begins another key although there is one. */
export function stageOf({ channel, people, directory }: Office, me: string, renew = false): Stage {
  const mine = people.find((one) => one.id === me)
  if (!mine?.key_id) return 'own'
  const early = beforeKey(directory, people, mine)
  if (early) return early
  const pending = pendingOf(channel)
  if (pending) return pending.maker.id !== me && holds(pending, me) ? 'confirm' : 'confirm_wait'
  return renew || !generationIn(channel, 'current') ? 'key' : 'done'
}

function beforeKey(directory: Directory, people: readonly Candidate[], mine: Candidate): Stage | undefined {
  if (people.filter((one) => one.key_id).length < 2) return 'people'
  if (directory.state === 'none') return 'directory'
  if (directory.state === 'pending') return directory.to_confirm ? 'directory_confirm' : 'directory_wait'
  if (mine.listed && people.filter((one) => one.listed).length >= 2) return undefined
  return directory.my_wrap ? 'list' : 'list_wait'
}

const holds = (generation: Generation, person: string): boolean =>
  Boolean(generation.holders?.some((one) => one.id === person && !one.revoked))

/** People who can hold a key now: those who have one of their own. */
export const able = (people: readonly Candidate[]): Candidate[] => people.filter((one) => one.key_id)

/** The holders of a generation who count, with their current keys. */
export function holdersNow(generation: Generation, people: readonly Candidate[]): Candidate[] {
  return able(people).filter((one) => holds(generation, one.id))
}

/** Holders of a generation whose share or key is sealed to a former key of theirs, and those who left. */
export const unsure = (generation: Generation): boolean =>
  Boolean(generation.holders?.some((one) => !one.revoked && one.share_set !== generation.share_set))
