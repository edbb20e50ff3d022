// SPDX-License-Identifier: Apache-2.0

import { expect, type APIRequestContext } from '@playwright/test'
import type { Person } from './test.ts'

/** A unit as the interface shows it. */
interface Unit {
  id: string
  code: string
  name: string
  place: string
}

/** The unit with this name. */
export async function unitNamed(person: Person, name: string): Promise<Unit> {
  const answer = await person.context.request.get('/api/v1/units', { params: { q: name } })
  const { items } = (await answer.json()) as { items: Unit[] }
  const unit = items.find((one) => one.name === name)
  if (!unit) throw new Error(`no unit ${name}`)
  return unit
}

/** Reports a hazard of a unit by the interface, where reporting is not what the journey is about; returns its number. */
export async function reportByUnit(person: Person, name: string, words: string): Promise<string> {
  const { id, place } = await unitNamed(person, name)
  const data = { words, unit_id: id, place, class: 'management', source: 'inspection', evidence: [] }
  const answer = await person.context.request.post('/api/v1/hazards', { data })
  expect(answer.status(), await answer.text()).toBe(201)
  return ((await answer.json()) as { no: string }).no
}

/** Reports a hazard in a place as a resident's phone does; returns its number. */
export async function reportInPlace(request: APIRequestContext, place: string, words: string): Promise<string> {
  const data = { words, place, class: 'environment', danger: false, evidence: [] }
  const answer = await request.post('/api/v1/public/hazards', { data })
  expect(answer.status(), await answer.text()).toBe(201)
  return ((await answer.json()) as { no: string }).no
}
