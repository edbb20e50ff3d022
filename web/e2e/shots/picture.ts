// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { settled } from '../support/guard.ts'

const folder = new URL('../../../docs/guide/images/', import.meta.url).pathname

/** Takes a picture of what is in the window, for the guides. */
export async function shoot(page: Page, name: string): Promise<void> {
  await settled(page)
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' })
}
