// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'

const guides = '../docs/guide/'
const images = `${guides}images/`

const words = readdirSync(guides).filter((file) => file.endsWith('.md')).map((file) => readFileSync(guides + file, 'utf8')).join('\n')
const shown = [...words.matchAll(/images\/([\w-]+\.png)/g)].map((found) => found[1] ?? '')

it('the guides show each picture that there is, once, and no other', () => {
  expect([...shown].sort()).toEqual(readdirSync(images).sort())
})

it.each(shown)('%s is a small PNG that is said in words too', (name) => {
  expect(readFileSync(images + name).subarray(1, 4).toString()).toBe('PNG')
  expect(statSync(images + name).size).toBeLessThan(160_000)
  expect(words).toMatch(new RegExp(`<img src="images/${name}" width="\\d+" alt="[^"]{3,}">`))
})
