// SPDX-License-Identifier: Apache-2.0

import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { Guard } from './guard.ts'

/** Password of all demo accounts (README.md). */
export const password = 'anlan-demo-2026'

/** Somebody at a window of their own, with nothing in it from others. */
export interface Person {
  page: Page
  context: BrowserContext
  guard: Guard
}

interface Journey {
  /** Opens a window in which nobody is signed in. */
  visitor: () => Promise<Person>
  /** Opens a window in which the holder of a demo account is signed in. */
  staff: (login: string) => Promise<Person>
}

/** A journey of several people. At its end none of their pages may have done what a page must not do. */
export const test = base.extend<Journey>({
  visitor: async ({ browser, baseURL }, use) => {
    const people: Person[] = []
    await use(async () => {
      const context = await browser.newContext()
      const page = await context.newPage()
      const guard = new Guard(page, new URL(baseURL ?? '').host)
      guard.expects(401, '/api/v1/me') // how the console learns that nobody is signed in
      people.push({ page, context, guard })
      return { page, context, guard }
    })
    for (const { context, guard } of people) {
      expect.soft(guard.faults).toEqual([])
      await context.close()
    }
  },
  staff: async ({ visitor }, use) => {
    await use(async (login) => {
      const person = await visitor()
      await signInQuietly(person, login)
      return person
    })
  },
})

/** Signs in by the interface, where the sign-in page is not what the journey is about. */
async function signInQuietly({ context }: Person, login: string): Promise<void> {
  const answer = await context.request.post('/api/v1/auth/sign-in', { data: { login, password } })
  expect(answer.status(), `sign-in of ${login}`).toBe(200)
}

export { expect }
