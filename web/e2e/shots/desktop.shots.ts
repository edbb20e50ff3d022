// SPDX-License-Identifier: Apache-2.0

import { fillReport, sendReport } from '../support/resident.ts'
import { unitNamed } from '../support/server.ts'
import { workbook } from '../support/sheet.ts'
import { beginStep, openHazard, order, submit, takeStep, triage } from '../support/steps.ts'
import { expect, test } from '../support/test.ts'
import { shoot } from './picture.ts'

const firm = '示范恒源化工有限公司'

test('what offices see', async ({ visitor, staff }) => {
  const resident = await visitor()
  await resident.page.goto('/report')
  await fillReport(resident.page, { words: '安全出口门前堆着木箱，人出不去。', town: '安平镇', photo: true })
  const { no } = await sendReport(resident.page)

  const { page } = await staff('anban')
  await page.goto('/console/')
  await expect(page.getByRole('listitem').first()).toBeVisible()
  await shoot(page, 'inbox')
  await page.goto('/console/hazards')
  await expect(page.getByRole('table')).toBeVisible()
  await shoot(page, 'hazards')
  await openHazard(page, no)
  await triage(page, firm)
  await beginStep(page, '责令限期整改')
  await shoot(page, 'order')
  await order(page, '孙安全')

  const safety = await staff('hengyuan-aq')
  await openHazard(safety.page, no)
  await takeStep(safety.page, '开始整改', '整改中')
  await submit(safety.page)
  const officer = await staff('zhifa')
  await openHazard(officer.page, no)
  await expect(officer.page.getByRole('slider')).toBeVisible()
  await beginStep(officer.page, '验收合格')
  await officer.page.getByText('法律依据').first().evaluate((basis) => basis.scrollIntoView())
  await shoot(officer.page, 'accept')

  await page.goto('/console/figures')
  await shoot(page, 'figures')
})

test('what administrators see', async ({ visitor, staff }) => {
  const nobody = await visitor()
  await nobody.page.goto('/console/sign-in')
  await shoot(nobody.page, 'sign-in')

  const clerk = await staff('anban')
  const { page } = clerk
  await page.goto('/console/imports')
  await page.locator('input[type=file]').setInputFiles({
    name: 'units.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: workbook([
      ['单位名称', '单位类型', '统一社会信用代码', '区划代码'],
      ['示范新风机电厂', '企业', '', '990101'],
      ['示范东风机械厂', '公司', '', '990101'],
      ['示范南风轴承厂', '企业', '91350100M000100Y44', '990101'],
      ['示范北风铸造厂', '企业', '', '990199'],
    ]),
  })
  await expect(page.getByText(/没有写入任何内容/)).toBeVisible()
  await shoot(page, 'import-errors')
  await page.goto(`/console/units/${(await unitNamed(clerk, firm)).id}/poster`)
  await page.getByText('先撤离').scrollIntoViewIfNeeded()
  await shoot(page, 'poster')

  const security = await staff('anquan')
  await security.page.goto('/console/roles')
  await shoot(security.page, 'roles')
  const audit = await staff('shenji')
  await audit.page.goto('/console/ledger')
  await shoot(audit.page, 'ledger')
})
