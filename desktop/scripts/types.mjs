// Writes src/wire.ts, the types of every message of the wire, from schema.json; with --check only says whether it is current.
import { readFile, writeFile } from 'node:fs/promises'
import { compile } from 'json-schema-to-typescript'

const target = new URL('../src/wire.ts', import.meta.url)
const schema = JSON.parse(await readFile(new URL('../schema.json', import.meta.url), 'utf8'))

// pydantic gives each property a title, of which the generator would make a named type for every one of them.
// It also knows tuples only by their older name.
function prepare(node) {
  if (Array.isArray(node)) return node.forEach(prepare)
  if (node === null || typeof node !== 'object') return
  for (const property of Object.values(node.properties ?? {})) delete property.title
  if (node.prefixItems) {
    node.items = node.prefixItems
    delete node.prefixItems
  }
  Object.values(node).forEach(prepare)
}
prepare(schema)

const text = await compile(schema, 'Wire', {
  additionalProperties: false,
  bannerComment: '// Generated from schema.json by `npm run types`. Do not edit.',
  style: { semi: false, singleQuote: true, printWidth: 120 },
  unreachableDefinitions: false,
})

if (process.argv.includes('--check')) {
  const current = await readFile(target, 'utf8').catch(() => '')
  if (current !== text) {
    console.error('src/wire.ts is not what schema.json says: run `npm run types` and commit the result.')
    process.exit(1)
  }
} else {
  await writeFile(target, text)
}
