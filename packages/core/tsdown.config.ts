import { defineConfig } from 'tsdown'

/** The CommonJS build of the users' door; the ES modules come from `tsc -b`. */
export default defineConfig({
  entry: ['src/index.ts'],
  outDir: 'dist/cjs',
  format: 'cjs',
  fixedExtension: true,
  dts: true,
  sourcemap: true,
  target: 'node20.19',
  platform: 'node',
})
