// SPDX-License-Identifier: Apache-2.0

import { isSound } from './support/guard.ts'
import { fillReport, followReport, sendReport } from './support/resident.ts'
import { unitNamed } from './support/server.ts'
import { openHazard } from './support/steps.ts'
import { expect, test } from './support/test.ts'

const firm = '示范恒源化工有限公司'

test("the code on a unit's poster leads to a report about that unit", async ({ visitor, staff }) => {
  const clerk = await staff('anban')
  const unit = await unitNamed(clerk, firm)
  await clerk.page.goto(`/console/units/${unit.id}/poster`)
  await expect(clerk.page.getByRole('img', { name: `上报“${firm}”隐患的二维码` })).toBeVisible()
  await isSound(clerk.page)

  const { page } = await visitor()
  await page.goto(`/u/${unit.code}`)
  await fillReport(page, { words: '装卸区的洗眼器没有水。', photo: true })
  await expect(page.getByText(`您扫的是这个单位的二维码：${firm}`)).toBeVisible()
  await expect(page.getByText('在哪个地区')).toHaveCount(0)
  await isSound(page)
  const { no, code } = await sendReport(page)
  await followReport(page, code)
  await expect(page.getByText('收到您的上报').first()).toBeVisible()

  await openHazard(clerk.page, no)
  await expect(clerk.page.getByText(firm).first()).toBeVisible()
})

test('a code of no unit is said, and the place is asked for', async ({ visitor }) => {
  const { page, guard } = await visitor()
  guard.expects(404, '/public/units/')
  await page.goto('/u/ZZZZ9999')
  await page.getByRole('button', { name: '没有，我要上报隐患' }).click()
  await expect(page.getByText('没有找到这个二维码对应的单位')).toBeVisible()
  await expect(page.getByRole('button', { name: /请选择地区/ })).toBeVisible()
  await isSound(page)
})
