package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// newHandler makes the handler of GraphQL and REST.
func (s *Server) newHandler() (http.Handler, error) {
	operations := newRouter()
	for _, m := range s.api.methods {
		if m.REST == nil {
			continue
		}
		if err := operations.add(m.REST.Verb, m.REST.Path, s.restHandler(m)); err != nil {
			return nil, err
		}
	}
	operations.sort()
	if s.api.GraphQL == nil {
		return s.limited(operations), nil
	}
	graphQL, err := s.newGraphQL()
	if err != nil {
		return nil, err
	}
	return s.limited(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == s.api.GraphQL.Path {
			graphQL.ServeHTTP(w, r)
			return
		}
		operations.ServeHTTP(w, r)
	})), nil
}

// verbs are the operations of one path.
type verbs map[string]http.Handler

func (v verbs) has(verb string) bool { return v.handler(verb) != nil }

// handler is that of a verb; HEAD is answered as GET is.
func (v verbs) handler(verb string) http.Handler {
	if h := v[verb]; h != nil || verb != http.MethodHead {
		return h
	}
	return v[http.MethodGet]
}

func (v verbs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := v.handler(r.Method); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	var allowed []string
	for verb := range v {
		allowed = append(allowed, verb)
	}
	slices.Sort(allowed)
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeError(w, http.StatusMethodNotAllowed, "method_not_allowed", "Method Not Allowed")
}

// limited reads the body of a request before it is looked at, up to the limit.
func (s *Server) limited(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.maxBytes))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			writeError(w, http.StatusRequestEntityTooLarge, runtime.CodeResourceExhausted.String(), fmt.Sprintf("the request is larger than %d bytes", s.maxBytes))
			return
		case err != nil:
			writeError(w, http.StatusBadRequest, runtime.CodeInvalidArgument.String(), "the request's body cannot be read")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.ServeHTTP(w, r)
	})
}

// writeError writes an error that is no method's.
func writeError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]string{"code": code, "message": message})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := appendAny(nil, v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"code":"internal","message":"the answer cannot be written"}`)
	}
	writeBody(w, status, body)
}

func writeBody(w http.ResponseWriter, status int, body []byte) {
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever called is gone
}
