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
func (s *Server) newHandler() (h http.Handler, err error) {
	// The patterns come from a contract: ServeMux panics where two of them clash
	// or one cannot be read.
	defer func() {
		if p := recover(); p != nil {
			h, err = nil, fmt.Errorf("the paths of the API cannot be served: %v", p)
		}
	}()
	mux := http.NewServeMux()
	if s.api.GraphQL != nil {
		graphQL, err := s.newGraphQL()
		if err != nil {
			return nil, err
		}
		mux.Handle(s.api.GraphQL.Path, graphQL)
	}
	paths := map[string]verbs{}
	for _, m := range s.api.methods {
		if m.REST == nil {
			continue
		}
		if paths[m.REST.Path] == nil {
			paths[m.REST.Path] = verbs{}
			mux.Handle(m.REST.Path, paths[m.REST.Path])
		}
		// Several methods of a manifest may be one operation: the first answers.
		if _, twice := paths[m.REST.Path][m.REST.Verb]; !twice {
			paths[m.REST.Path][m.REST.Verb] = s.restHandler(m)
		}
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotFound, "not_found", "Not Found")
	})
	return s.limited(mux), nil
}

// verbs are the operations of one path.
type verbs map[string]http.Handler

func (v verbs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := v[r.Method]
	if h == nil && r.Method == http.MethodHead {
		h = v[http.MethodGet]
	}
	if h != nil {
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
