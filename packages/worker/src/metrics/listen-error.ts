import { ConfigError, oneLine } from '@sisy/core/internal'

const otherPort = 'Choose another with --metrics-port or SISY_METRICS_PORT; 0 takes any free one.'
const otherHost = 'Choose another address with SISY_METRICS_HOST.'

/** Why figures cannot be served there, and what to do. */
export function listenError(error: unknown, port: number, host: string): ConfigError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  const atPort = (message: string) =>
    new ConfigError(message, { setting: 'worker.metricsPort', value: port }, { cause: error })
  const atHost = (message: string) =>
    new ConfigError(message, { setting: 'worker.metricsHost', value: host }, { cause: error })
  switch (code) {
    case 'EADDRINUSE':
      return atPort(`The metrics port ${port} is in use on ${host}, perhaps by another worker. ${otherPort}`)
    case 'EACCES':
    case 'EPERM':
      return atPort(
        `This process is not permitted to open the metrics port ${port} on ${host}; ports below 1024 often need special rights. ${otherPort}`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return atHost(
        `The metrics port ${port} cannot be opened on ${host}, which is no address of this machine. ${otherHost}`,
      )
    default:
      return atPort(`The metrics port ${port} cannot be opened on ${host}: ${oneLine(error)}. ${otherPort}`)
  }
}
