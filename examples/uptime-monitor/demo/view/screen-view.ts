import { createLogUpdate } from 'log-update'
import { paintFor } from './paint.js'
import { renderScreen } from './render-screen.js'
import type { View } from './view.js'

/** For a terminal: one picture, drawn over and over. */
export function screenView(stream: NodeJS.WriteStream): View {
  const draw = createLogUpdate(stream)
  const paint = paintFor(stream)
  const notices: string[] = []
  return {
    show: (snapshot) =>
      draw(renderScreen(snapshot, { columns: stream.columns, rows: stream.rows, paint, notices })),
    notice: (text) => notices.push(text),
    end: () => draw.done(),
  }
}
