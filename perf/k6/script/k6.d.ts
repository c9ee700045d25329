// What the scripts use of k6, which npm does not ship.
declare module 'k6' {
  export const check: <T>(value: T, checks: Record<string, boolean | ((value: T) => boolean)>) => boolean
}

declare module 'k6/data' {
  export const SharedArray: new <T>(name: string, make: () => readonly T[]) => readonly T[]
}

declare module 'k6/metrics' {
  export const Counter: new (name: string) => { add: (value: number) => void }
}

declare module 'k6/http' {
  export type Answer = {
    readonly status: number
    readonly error: string
    readonly body: string | null
    readonly headers: Readonly<Record<string, string>>
  }
  export type RequestParameters = {
    headers?: Record<string, string>
    tags: Record<string, string>
    timeout: number
    responseType?: 'text'
  }
  const http: {
    request: (method: string, url: string, body: string | null, parameters: RequestParameters) => Answer
    expectedStatuses: (...statuses: (number | { min: number; max: number })[]) => unknown
    setResponseCallback: (callback: unknown) => void
  }
  export default http
}

declare const __ENV: Readonly<Record<string, string>>
declare const open: (path: string) => string
