// SPDX-License-Identifier: Apache-2.0

import { isSound } from './support/guard.ts'
import { unitNamed } from './support/server.ts'
import { expect, test } from './support/test.ts'

/** Pages by whose they are; what other journeys visit is left out. */
const pagesOf: Record<string, readonly string[]> = {
  anban: ['', 'hazards', 'hazards/new', 'campaigns', 'campaigns/new', 'figures', 'figures/hazard.reported', 'units', 'units/new', 'people', 'regions', 'standards', 'calendar'],
  juzhang: ['rules', 'standards/mem-10-2023'],
  xitong: ['accounts', 'people/new', 'security'],
  anquan: ['roles'],
  shenji: ['ledger', 'access-log'],
  hengyuan: ['', 'hazards', 'hazards/new', 'campaigns', 'units', 'figures'],
}

for (const [login, pages] of Object.entries(pagesOf)) {
  test(`the pages of ${login} are sound`, async ({ staff }) => {
    const { page } = await staff(login)
    for (const path of pages) {
      await page.goto(`/console/${path}`)
      await expect(page.getByRole('heading', { level: 1 }).or(page.getByRole('heading', { level: 2 })).first()).toBeVisible()
      await expect.soft(page.getByText('这一页需要另外的权限')).toHaveCount(0)
      await isSound(page)
    }
  })
}

test('a unit and a campaign are shown whole', async ({ staff }) => {
  const clerk = await staff('anban')
  const unit = await unitNamed(clerk, '示范恒源化工有限公司')
  const answer = await clerk.context.request.get('/api/v1/campaigns')
  const [campaign] = ((await answer.json()) as { items: { id: string }[] }).items
  for (const path of [`units/${unit.id}`, `units/${unit.id}/edit`, `campaigns/${campaign?.id}`]) {
    await clerk.page.goto(`/console/${path}`)
    await isSound(clerk.page)
  }
})

test('a page that does not exist says where to go', async ({ visitor, staff }) => {
  const { page } = await visitor()
  await page.goto('/about')
  await isSound(page)
  await page.goto('/no-such-page')
  await expect(page.getByRole('heading', { name: '没有这个页面' })).toBeVisible()
  await isSound(page)
  const clerk = await staff('anban')
  await clerk.page.goto('/console/no-such-page')
  await expect(clerk.page.getByText('没有这一页')).toBeVisible()
  await isSound(clerk.page)
})
