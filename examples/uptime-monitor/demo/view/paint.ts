import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Colours a text, or leaves it alone where there are no colours. */
export type Paint = (style: Style, text: string) => string

/** What the stream can show; `NO_COLOR` in the environment is respected. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return stream.isTTY && stream.hasColors() ? styleText : (_style, text) => text
}
