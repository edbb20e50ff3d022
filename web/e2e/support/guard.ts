// SPDX-License-Identifier: Apache-2.0

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, type Response } from '@playwright/test'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** A failed answer that belongs to a journey: a refusal that is meant to be seen. */
export type Expected = (response: Response) => boolean

/**
 * Watches all that a page does: errors in its console (a breach of the content security
 * policy is one), requests to other hosts, and answers that failed. `faults` must be
 * empty at the end, but for what the journey expects.
 */
export class Guard {
  readonly faults: string[] = []
  private readonly expected: Expected[] = []

  constructor(readonly page: Page, host: string) {
    page.on('pageerror', (thrown) => this.faults.push(`${page.url()}: thrown ${thrown.message}`))
    page.on('console', (said) => {
      // A failed answer is judged by its status below; Chromium's own line names neither cause nor page.
      if (said.type() !== 'error' || said.text().startsWith('Failed to load resource')) return
      this.faults.push(`${page.url()}: console ${said.text()}`)
    })
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) this.faults.push(`${page.url()}: asks ${url.host}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400 && !this.expected.some((fits) => fits(response))) {
        this.faults.push(`${page.url()}: ${response.status()} ${response.request().method()} ${response.url()}`)
      }
    })
  }

  /** Answers with this status to addresses that contain path are part of the journey. */
  expects(status: number, path: string): void {
    this.expected.push((response) => response.status() === status && response.url().includes(path))
  }
}

/** What every page must be: whole within its window, and without a breach of WCAG 2.2 AA that a machine can find. */
export async function isSound(page: Page): Promise<void> {
  await settled(page)
  const { scrolls, window } = await page.evaluate(() => ({
    scrolls: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect.soft(scrolls, `${page.url()} is wider than its window`).toBeLessThanOrEqual(window)
  // Legacy mode judges within the page, which has no frames, and opens no window of its own for it.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }).withTags(rules).analyze()
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} (${n.failureSummary?.split('\n')[1]?.trim()})`).join('; ')}`)
  expect.soft(found, `axe on ${page.url()}`).toEqual([])
}

/** Waits until nothing is loading and nothing moves: half a fade has half a contrast. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity))
}
