import process from 'node:process'
import { openTestServer } from '../dist/index.js'

/** Starts the database server of this run of the tests, or prepares that of DATABASE_URL. */
export default async function globalSetup() {
  const server = await openTestServer({ url: process.env['DATABASE_URL'] || undefined })
  Object.assign(process.env, server.env)
  globalThis.sisyTestServer = server
}
