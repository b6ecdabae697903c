package sdktest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// Request is a call as the server sees it, alike over every protocol.
type Request struct {
	// Context ends when the caller goes away.
	Context context.Context
	// Protocol is "graphql", "rest" or "grpc"; Method the name in lower case
	// without underscores, "verifyotp".
	Protocol, Method string
	// Nth counts the calls of the method from 1.
	Nth int
	// Header are the headers or the metadata, under canonical names.
	Header http.Header
	// Input is the request under the names of its fields. Numbers are
	// json.Number or, where the wire has them as text, strings.
	Input map[string]any
	// Text is the request's body as a text.
	Text string
	// Remote is the address of the caller's end of the connection.
	Remote string
}

// Cookie is the value of a cookie that was sent, or empty.
func (r *Request) Cookie(name string) string {
	for pair := range strings.SplitSeq(r.Header.Get("Cookie"), ";") {
		if n, value, _ := strings.Cut(strings.TrimSpace(pair), "="); n == name {
			return value
		}
	}
	return ""
}

// Value is the input at a path, as a text; empty if there is none.
func (r *Request) Value(path ...string) string {
	var at any = r.Input
	for _, name := range path {
		object, _ := at.(map[string]any)
		at = object[name]
	}
	switch v := at.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// Answer is what a handler answers. The zero value is a result with nothing in
// it.
type Answer struct {
	// Result is the message that gRPC answers; the others are made of it. Nil
	// is an empty one.
	Result proto.Message
	// JSON is the body for methods that only HTTP has.
	JSON any
	// Code and Message are a failure, if Code is not OK. Details go with it
	// over gRPC.
	Code    codes.Code
	Message string
	Details []proto.Message
	// Status is the HTTP status in place of the one that belongs to Code. With
	// Body, it is the whole answer.
	Status int
	Body   string
	// Header goes out as headers, over gRPC as header metadata.
	Header http.Header
	// HTTP writes the whole answer over HTTP, if it is not nil.
	HTTP func(w http.ResponseWriter)
}

// Handler answers calls. It is called from many goroutines.
type Handler func(r *Request) *Answer

// Fail is the answer of a method that fails.
func Fail(code codes.Code, message string) *Answer { return &Answer{Code: code, Message: message} }

// SetCookies is an answer that sets cookies, each as a Set-Cookie header has it.
func SetCookies(cookies ...string) *Answer {
	return &Answer{Header: http.Header{"Set-Cookie": cookies}}
}
