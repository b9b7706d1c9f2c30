/**
 * The part of HAR 1.2 that winwire writes. Times are milliseconds, sizes bytes; -1 stands for what is not known.
 * Source: W3C Web Performance Working Group, HTTP Archive (HAR) format, version 1.2.
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
  /** The sum of the timings that are known. */
  readonly time: number;
  readonly request: HarRequest;
  readonly response: HarResponse;
  readonly cache: Record<string, never>;
  readonly timings: HarTimings;
  /** Of the connection that was opened last; left out where none was. */
  readonly serverIPAddress?: string;
  /** The backend, and where the response came from if it was redirected. */
  readonly comment: string;
}

/** A name and its value. */
export interface HarField {
  readonly name: string;
  readonly value: string;
}

/** A cookie; what the response does not say is left out. */
export interface HarCookie extends HarField {
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601. */
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

/** What was sent. */
export interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  /** Those that the program has set; the backend adds its own. */
  readonly headers: readonly HarField[];
  readonly queryString: readonly HarField[];
  readonly postData?: {
    readonly mimeType: string;
    readonly text: string;
    readonly params?: readonly HarField[];
    /** What the format has no field for: that the text is base64, or why it is empty. */
    readonly comment?: string;
  };
  readonly headersSize: number;
  readonly bodySize: number;
}

/** The response; its status is 0 where there is none, and the comment then says why. */
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

/** Where the time went. */
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
