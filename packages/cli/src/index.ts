export { runCli, type Surroundings } from './cli.js'
