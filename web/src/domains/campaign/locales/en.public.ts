// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN.public'

const en: Widen<typeof zh> = {
  title: 'Campaign',
  lead: 'When it takes place, how many hazards were found, and how many were put right.',
  number: 'National Work Safety Month no. {n}',
  theme: 'Theme',
  calendar: 'What happens when',
  month: 'Work Safety Month',
  consultation: 'Consultation day',
  tour: 'Travelling campaign',
  period: '{starts} to {ends}',
  mode: {
    online: 'Online',
    offline: 'On site',
    both: 'Online and on site',
  },
  progress: 'Investigate and rectify, now',
  progressNote: 'Every number is counted from the records of the cases; nobody fills them in.',
  progressEmpty: 'No hazard has been reported during the campaign yet.',
  regions: 'Put right, place by place',
  regionsText: 'Each bar is what was reported, its dark part what was put right and closed. All bars share one scale.',
  place: 'Place',
  parts: 'What it consists of',
  reported: 'Reported',
  closed: 'Closed',
  report: 'Report a hazard now',
  notFound: 'There is no such campaign',
  notFoundText: 'The address may be mistyped, or the campaign has been taken down.',
  home: 'Home page',
}

export default en
