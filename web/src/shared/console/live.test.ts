// SPDX-License-Identifier: Apache-2.0

import { afterEach, expect, it } from 'vitest'
import { placesHeard } from './live'
import { me, type Me } from './session'

const county = 'cn/99/9901/990101/'
const town = `${county}990101001/`

function sit(places: (string | undefined)[], unitPlace: string): void {
  const roles = places.map((place) => ({ role: 'r', scope: place ? { place } : {} }))
  me.value = { unit: { id: 'u', name: 'U', place: unitPlace }, roles } as Me
}
afterEach(() => (me.value = undefined))

it('an office hears the places of its roles, each once', () => {
  sit([county, town, county], county)
  expect(placesHeard()).toEqual([county])
})

it('an enterprise, whose roles name no place, hears where it lies', () => {
  sit([undefined], town)
  expect(placesHeard()).toEqual([town])
})

it('who has both hears a place only once', () => {
  sit([county, undefined], town)
  expect(placesHeard()).toEqual([county])
  sit(['cn/99/9902/', undefined], town)
  expect(placesHeard()).toEqual(['cn/99/9902/', town])
})

it('nobody hears nothing', () => {
  expect(placesHeard()).toEqual([])
})
