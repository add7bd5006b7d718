/** As much of a client's data model as callables need; Prisma's runtime data model has this shape. */
export interface DataModel {
  readonly models: Readonly<Record<string, ModelShape>>
}

export interface ModelShape {
  readonly fields: readonly FieldShape[]
  /** The database schema it names with `@@schema`. */
  readonly schema?: string | null
}

export interface FieldShape {
  readonly name: string
  /** `scalar`, `enum`, `object` for a relation, `unsupported`. */
  readonly kind: string
  /** Prisma's name of its type: `Int`, or the enum's or model's. */
  readonly type: string
}

/** The property of a model on the client: `subscription` for `Subscription`. */
export function clientProperty(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1)
}
