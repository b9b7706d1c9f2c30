/**
 * The part of HAR 1.2 that winwire writes. Times are milliseconds, sizes bytes; -1 means unknown. Source: W3C Web
 * Performance Working Group, HTTP Archive (HAR) format, version 1.2.
 */

/** A file in HAR format. */
export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly entries: readonly HarEntry[];
  };
}

/** One request and its response. */
export interface HarEntry {
  /** ISO 8601. */
  readonly startedDateTime: string;
  /** The sum of the known timings. */
  readonly time: number;
  readonly request: HarRequest;
  readonly response: HarResponse;
  readonly cache: Record<string, never>;
  readonly timings: HarTimings;
  /** The address of the last opened connection; absent if none was opened. */
  readonly serverIPAddress?: string;
  /** The backend, and the final URL after a redirect. */
  readonly comment: string;
}

/** A name and its value. */
export interface HarField {
  readonly name: string;
  readonly value: string;
}

/** A cookie; attributes that the response does not set are absent. */
export interface HarCookie extends HarField {
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601. */
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

/** The request that was sent. */
export interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  /** The headers set by the program; the backend adds more. */
  readonly headers: readonly HarField[];
  readonly queryString: readonly HarField[];
  readonly postData?: {
    readonly mimeType: string;
    readonly text: string;
    readonly params?: readonly HarField[];
    /** What the format has no field for: that the text is base64, or why it is missing. */
    readonly comment?: string;
  };
  readonly headersSize: number;
  readonly bodySize: number;
}

/** The response. A status of 0 means that there is none; the comment gives the reason. */
export interface HarResponse {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  readonly headers: readonly HarField[];
  readonly content: {
    readonly size: number;
    readonly mimeType: string;
    readonly text?: string;
    readonly encoding?: 'base64';
    readonly comment?: string;
  };
  readonly redirectURL: string;
  readonly headersSize: number;
  readonly bodySize: number;
  readonly comment?: string;
}

/** The timings of a request. */
export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  readonly connect: number;
  /** Part of `connect`. */
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}
