// SPDX-License-Identifier: Apache-2.0

/**
 * What the console's own types say of the API, held against the OpenAPI document. They are
 * narrower than the generated ones (a status is one of the known statuses), but may name no
 * field that is not there. The type check is the test; there is nothing to run.
 */
import { expect, it } from 'vitest'
import type * as auth from '@/domains/auth/use/account'
import type * as campaign from '@/domains/campaign/use/campaigns'
import type { Export } from '@/domains/hazard/use/export'
import type * as hazard from '@/domains/hazard/use/hazards'
import type { OrderForm } from '@/domains/hazard/use/stepform'
import type { Entry } from '@/domains/ledger/use/ledger'
import type { Import } from '@/domains/org/use/imports'
import type * as people from '@/domains/org/use/people'
import type { Region } from '@/domains/org/use/regions'
import type * as roles from '@/domains/org/use/roles'
import type * as units from '@/domains/org/use/units'
import type * as rules from '@/domains/rules/use/rules'
import type * as standards from '@/domains/rules/use/standards'
import type * as stats from '@/domains/stats/use/figures'
import type { paths } from '@/shared/api'
import type { Answer, Input } from '@/shared/api/types'
import type { Me } from '@/shared/console/session'

type Got<P extends keyof paths> = Answer<P, 'get' & keyof paths[P] & string>
type Item<List> = List extends { items: infer Items } ? NonNullable<Items> extends readonly (infer I)[] ? I : never : never
type Listed<P extends keyof paths> = Item<Got<P>>

/** Fields that ours names and theirs has not. */
type Strange<Ours, Theirs> = Exclude<keyof Ours, keyof NonNullable<Theirs>>
type None<Extra extends never> = [Extra] extends [never] ? true : false

interface Checks {
  me: None<Strange<Me, Got<'/api/v1/me'>>>
  session: None<Strange<auth.Session, Listed<'/api/v1/me/sessions'>>>
  token: None<Strange<auth.Token, Listed<'/api/v1/me/tokens'>>>
  newToken: None<Strange<auth.NewToken, Input<'/api/v1/me/tokens', 'post'>>>
  account: None<Strange<auth.Account, Listed<'/api/v1/accounts'>>>
  access: None<Strange<auth.Access, Listed<'/api/v1/auth/access'>>>
  factor: None<Strange<auth.Factor, Answer<'/api/v1/me/totp', 'post'>>>
  setup: None<Strange<auth.Setup, Input<'/api/v1/setup', 'post'>>>
  campaign: None<Strange<campaign.Campaign, Got<'/api/v1/campaigns/{id}'>>>
  campaignFields: None<Strange<campaign.CampaignFields, Input<'/api/v1/campaigns/{id}', 'put'>>>
  template: None<Strange<campaign.Template, Listed<'/api/v1/campaign-templates'>>>
  member: None<Strange<campaign.Member, Listed<'/api/v1/campaigns/{id}/units'>>>
  progress: None<Strange<campaign.Progress, Got<'/api/v1/campaigns/{id}/progress'>>>
  hazard: None<Strange<hazard.Hazard, Listed<'/api/v1/hazards'>>>
  detail: None<Strange<hazard.Detail, Got<'/api/v1/hazards/{id}'>>>
  clock: None<Strange<hazard.Clock, Got<'/api/v1/hazards/{id}'>['clock']>>
  step: None<Strange<hazard.Step, Got<'/api/v1/hazards/{id}'>['steps'][number]>>
  moved: None<Strange<hazard.Moved, Got<'/api/v1/hazards/{id}'>['timeline'][number]>>
  picture: None<Strange<hazard.Picture, Got<'/api/v1/hazards/{id}'>['evidence'][number]>>
  similar: None<Strange<hazard.Similar, Got<'/api/v1/hazards/{id}'>['similar'][number]>>
  governance: None<Strange<hazard.Governance, Input<'/api/v1/hazards/{id}/steps', 'post'>['governance']>>
  receipts: None<Strange<hazard.Receipts, Input<'/api/v1/hazards/{id}/steps', 'post'>['receipts']>>
  order: None<Exclude<Strange<OrderForm, Input<'/api/v1/hazards/{id}/steps', 'post'>['order']>, 'yuan' | 'owner_unit_name' | 'owner_person_name'>>
  newHazard: None<Strange<hazard.NewHazard, Input<'/api/v1/hazards', 'post'>>>
  waiting: None<Strange<hazard.Waiting, Listed<'/api/v1/inbox'>>>
  savedView: None<Strange<hazard.SavedView, Listed<'/api/v1/hazards/views'>>>
  sealed: None<Strange<hazard.Sealed, Answer<'/api/v1/hazards/{id}/reveal', 'post'>>>
  export: None<Strange<Export, Got<'/api/v1/hazards/exports/{id}'>>>
  entry: None<Strange<Entry, Got<'/api/v1/ledger/{id}'>>>
  import: None<Strange<Import, Got<'/api/v1/imports/{id}'>>>
  person: None<Strange<people.Person, Got<'/api/v1/people/{id}'>>>
  listedPerson: None<Strange<people.Listed, Listed<'/api/v1/people'>>>
  region: None<Strange<Region, Listed<'/api/v1/regions'>>>
  role: None<Strange<roles.Role, Listed<'/api/v1/roles'>>>
  grant: None<Strange<roles.Grant, Listed<'/api/v1/grants'>>>
  newGrant: None<Strange<roles.NewGrant, Input<'/api/v1/grants', 'post'>>>
  unit: None<Strange<units.Unit, Got<'/api/v1/units/{id}'>>>
  unitFields: None<Strange<units.UnitFields, Input<'/api/v1/units', 'post'>>>
  uscc: None<Strange<units.UsccCheck, Got<'/api/v1/units/uscc-check'>>>
  rule: None<Strange<rules.Rule, Listed<'/api/v1/rules'>>>
  ruleKey: None<Strange<rules.RuleKey, Listed<'/api/v1/rules/keys'>>>
  newRule: None<Strange<rules.NewRule, Input<'/api/v1/rules', 'post'>>>
  calendar: None<Strange<rules.CalendarYear, Got<'/api/v1/calendar/{year}'>>>
  standard: None<Strange<standards.Standard, Listed<'/api/v1/standards'>>>
  clause: None<Strange<standards.Clause, NonNullable<Got<'/api/v1/standards/{id}'>['clauses']>[number]>>
  indicator: None<Strange<stats.Indicator, Listed<'/api/v1/indicators'>>>
  figure: None<Strange<stats.Figure, Listed<'/api/v1/figures'>>>
  point: None<Strange<stats.Point, Listed<'/api/v1/figures/{key}/series'>>>
  counted: None<Strange<stats.Counted, Listed<'/api/v1/figures/{key}/entries'>>>
}

it('names only fields that the API has', () => {
  expect<keyof Checks>('me').toBe('me')
})
