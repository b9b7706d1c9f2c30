// The messages between the processes of the benchmark. Times are microseconds, sizes bytes.

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

/** Echo load: the number of messages, connections and pending messages per connection. */
export interface LoadRequest {
  port: number;
  connections: number;
  inFlight: number;
  size: number;
  messages: number;
  /** Whether to measure the round trip of each message. */
  times?: boolean;
  /** Whether the connections stay open until the next request. */
  keep?: boolean;
}

export interface LoadResult {
  times: number[];
}
