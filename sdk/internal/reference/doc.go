// Package reference tests what the reference of the SDK tells people to paste:
// every snippet is run against a loopback server, held against the contracts,
// and compared with what the SDK sends for the same call.
package reference
