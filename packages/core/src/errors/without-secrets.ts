const password = /\b([a-z][\w+.-]*:\/\/[^\s:@/'"]*):[^\s'"]*@/gi
const parameter = /([?&][^=&\s'"]*(?:pass|key|secret|token)[^=&\s'"]*=)[^&\s'"]+/gi

/** A text fit for messages: where it holds a connection string, its password and what else may be secret become `***`. */
export function withoutSecrets(text: string): string {
  return text.replace(password, '$1:***@').replace(parameter, '$1***')
}
