/** Values as the agent reads them. */
import type { Value } from './call'
import { t } from './i18n'

export function valueText(value: Value | null): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  return String(value)
}
