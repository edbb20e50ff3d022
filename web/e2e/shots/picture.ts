// SPDX-License-Identifier: Apache-2.0

import { expect, type Page } from '@playwright/test'
import { settled } from '../support/guard.ts'

const folder = new URL('../../../docs/guide/images/', import.meta.url).pathname

/** Takes a picture of what is in the window, for the guides, without what was said of the step before. */
export async function shoot(page: Page, name: string): Promise<void> {
  for (const close of await page.locator('.el-message__closeBtn').all()) await close.click()
  await expect(page.locator('.el-message')).toHaveCount(0)
  await settled(page)
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' })
}
