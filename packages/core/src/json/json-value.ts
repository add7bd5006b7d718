/** What JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonObject | JsonArray
export type JsonObject = { readonly [member: string]: JsonValue }
export type JsonArray = readonly JsonValue[]
