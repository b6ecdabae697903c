// Package bench compares the SDK with the least that the same call can cost:
// over REST and GraphQL net/http with keep-alive and encoding/json into one
// plain struct, over gRPC a shared connection and the generated stub. Both
// sides call a stub in another process that answers canned bytes.
//
// Everything is in Go benchmarks; "make bench" runs them and prints the table
// of docs/performance.md.
package bench
