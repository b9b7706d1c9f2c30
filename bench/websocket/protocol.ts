// What the processes of the benchmark say to each other. Times are microseconds, sizes bytes.

export interface Usage {
  cpu: number;
  rss: number;
}

export interface BurstRequest {
  bursts: number;
  perBurst: number;
  size: number;
}

export type ServerRequest = 'usage' | BurstRequest | { connect: number };

/** Echo load: so many messages over so many connections, so many of them on their way at a time. */
export interface LoadRequest {
  port: number;
  connections: number;
  inFlight: number;
  size: number;
  messages: number;
  /** Whether each message's time there and back is wanted. */
  times?: boolean;
  /** Whether the connections stay open until the next request. */
  keep?: boolean;
}

export interface LoadResult {
  times: number[];
}
