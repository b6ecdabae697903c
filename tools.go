//go:build tools

// Package tools pins, through go.mod, what the generator runs as a program
// rather than as a library.
package tools

import (
	_ "google.golang.org/grpc/cmd/protoc-gen-go-grpc"
)
