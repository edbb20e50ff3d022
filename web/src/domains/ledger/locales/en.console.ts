// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN.console'

const en: Widen<typeof zh> = {
  title: 'Ledger',
  lead: 'Every thing that happens is one entry, added and never changed; all numbers are computed from it, for checks and audit.',
  kind: 'Kind',
  actor: 'Done by',
  from: 'from',
  to: 'to',
  at: 'Time',
  what: 'What happened',
  where: 'Region',
  who: 'Done by',
  unit: 'Unit concerned',
  everybody: 'the public or the system',
  empty: 'No entries match',
  emptyTodo: 'Choose other kinds, days or regions.',
  subjectOnly: 'Only entries about the same thing.',
  all: 'See all',
  entry: {
    title: 'Ledger entry',
    lead: 'All public facts of this event. Entries cannot be changed; a mistake is corrected by another entry.',
    id: 'Entry number',
    recorded: 'Recorded',
    happened: 'Happened',
    channel: 'Came by',
    subject: 'About',
    open: 'See the thing',
    same: 'All entries about the same thing',
    facts: 'Facts',
    quantities: 'Quantities',
    corrects: 'Corrects',
    declared: 'Declared',
    yes: 'yes, done outside the system and entered by hand',
  },
  channel: { web: 'web page', h5: 'phone page', qr: 'QR code', api: 'API', cli: 'command line', job: 'the system' },
}

export default en
