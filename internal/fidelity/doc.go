// Package fidelity measures how much the emulator of sdk/authorizertest is like
// the real server: it sends the requests of the recordings as they were sent,
// and compares each answer with what the real server answered, over each
// protocol.
//
//   - names.go maps the values that change from run to run one for one;
//   - play.go sends the requests of a recording over HTTP and gRPC;
//   - compare.go says where two answers differ;
//   - table.go is the table of exceptions;
//   - report.go puts these together, and counts.
package fidelity
