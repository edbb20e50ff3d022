// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { isSound } from './support/guard.ts'
import { expect, test } from './support/test.ts'

const pages = ['/', '/report', '/follow', '/about', '/campaign/2026-990101']

/** Words that are data: names of places, campaigns and units, and what people wrote. */
const data = 'noscript, .place, .campaign .what, [lang="zh-CN"], main [data-words]'

async function form(page: Page, answer: string | RegExp): Promise<void> {
  const gate = page.getByRole('button', { name: answer })
  if (await gate.isVisible()) await gate.click()
}

test('large text keeps every public page whole', async ({ visitor }) => {
  const { page } = await visitor()
  await page.goto('/')
  const before = await page.locator('h1').evaluate((h) => parseFloat(getComputedStyle(h).fontSize))
  await page.getByRole('button', { name: '大字版' }).click()
  const after = await page.locator('h1').evaluate((h) => parseFloat(getComputedStyle(h).fontSize))
  expect(after / before).toBeCloseTo(1.375, 1)
  for (const path of pages) {
    await page.goto(path)
    await isSound(page)
  }
  await page.goto('/report')
  await form(page, '没有，我要上报隐患')
  await isSound(page)
  await page.getByRole('button', { name: /请选择地区/ }).click()
  await isSound(page)
})

test('in English no Chinese is left in the words of the interface', async ({ visitor }) => {
  const { page } = await visitor()
  await page.goto('/')
  await page.getByRole('button', { name: 'Switch to English' }).click()
  for (const path of pages) {
    await page.goto(path)
    await form(page, /^No,/)
    await isSound(page)
    expect.soft(await page.locator('html').getAttribute('lang')).toBe('en')
    expect.soft(await chineseOf(page), `Chinese on ${path}`).toEqual([])
  }
})

/** Pieces of text with Chinese in them that are not data. */
async function chineseOf(page: Page): Promise<string[]> {
  return page.evaluate((data) => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = [document.title]
    while (walk.nextNode()) if (!walk.currentNode.parentElement?.closest(data)) found.push(walk.currentNode.textContent ?? '')
    for (const e of document.querySelectorAll('[aria-label], [placeholder], [alt], [title]')) {
      if (!e.closest(data)) found.push(...['aria-label', 'placeholder', 'alt', 'title'].map((name) => e.getAttribute(name) ?? ''))
    }
    return found.map((text) => text.trim()).filter((text) => /\p{Script=Han}/u.test(text))
  }, data)
}
