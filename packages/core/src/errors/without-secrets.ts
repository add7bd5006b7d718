// Every part is bounded, so that no text takes long; a password may be a token of a few thousand characters.
const password = /\b([a-z][\w+.-]{0,40}:\/\/[^\s:@/'"]{0,200}):[^\s'"]{0,8000}@/gi
const parameter = /([?&][^=&\s'"]{0,60}(?:pass|key|secret|token)[^=&\s'"]{0,60}=)[^&\s'"]+/gi

/** A text fit for messages: where it holds a connection string, its password and what else may be secret become `***`. */
export function withoutSecrets(text: string): string {
  return text.replace(password, '$1:***@').replace(parameter, '$1***')
}
