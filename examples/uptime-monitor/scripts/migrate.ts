// Creates the tables that are missing in the database of DATABASE_URL.
import { applyMigrations } from '../demo/apply-migrations.js'
import { databaseLocation } from '../src/database-location.js'

const applied = await applyMigrations(databaseLocation(process.env))
console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to do: the tables are there.')
