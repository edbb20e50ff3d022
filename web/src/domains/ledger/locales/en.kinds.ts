// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN.kinds'

const en: Widen<typeof zh> = {
  hazard_reported: 'Hazard reported',
  hazard_moved: 'Hazard moved a step',
  hazard_contact_revealed: 'Reporter’s contact shown',
  evidence_attached: 'Evidence attached',
  evidence_origin_read: 'Origin of a photo read',
  campaign_created: 'Campaign created',
  campaign_changed: 'Campaign changed',
  campaign_joined: 'Unit joined a campaign',
  org_unit_added: 'Unit added',
  org_unit_changed: 'Unit changed',
  org_unit_closed: 'Unit closed',
  org_unit_reopened: 'Unit reopened',
  org_unit_arrived: 'Unit moved in',
  org_unit_left: 'Unit moved out',
  org_person_added: 'Person added',
  org_person_changed: 'Person changed',
  org_person_joined: 'Person took a position',
  org_person_left: 'Person left a position',
  org_phone_revealed: 'Phone number shown',
  org_region_added: 'Region added',
  org_region_renamed: 'Region renamed',
  org_region_ended: 'Region ended',
  org_granted: 'Role granted',
  org_revoked: 'Role revoked',
  org_imported: 'Import',
  rules_changed: 'Rule changed',
  rules_calendar_imported: 'Calendar imported',
  rules_standard_saved: 'Standard saved',
  rules_clauses_added: 'Clauses added',
  stats_indicator_added: 'Indicator added',
  auth_installed: 'Installation set up',
  auth_account_created: 'Account opened',
  auth_account_disabled: 'Account closed',
  auth_account_enabled: 'Account reopened',
  auth_account_unlocked: 'Account unlocked',
  auth_password_changed: 'Password changed',
  auth_factor_added: 'Two-step sign-in turned on',
  auth_factor_removed: 'Two-step sign-in turned off',
  auth_token_created: 'API token made',
  auth_token_revoked: 'API token deleted',
}

export default en
