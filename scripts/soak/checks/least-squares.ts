export interface Point {
  readonly x: number
  readonly y: number
}

/** Slope of the line that lies closest to the points, by least squares. NaN for fewer than two different `x`. */
export function slopeOf(points: readonly Point[]): number {
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const x = meanOf(points.map((point) => point.x))
  const y = meanOf(points.map((point) => point.y))
  const together = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0)
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
  return together / spread
}
